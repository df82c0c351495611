"""The command `enneo-mind`. Needs the extra `cli`; says so in one line where that is not installed."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NoReturn

INTERRUPTED: Final = 130
"""The exit code of what Ctrl-C ended."""


def main() -> None:
    """Run the command (the entry point of the package)."""
    # Where it was closed, nobody listens, and nothing has to fail for it.
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until Python ends
    require("cli", "typer", "rich")
    try:
        # Only now: without the extra this import is a traceback, and no user should have to read one.
        from enneo_mind_client.cli.commands import run

        run()
    except KeyboardInterrupt:  # while it is imported, which takes a moment
        sys.exit(INTERRUPTED)


def require(extra: str, *modules: str) -> None:
    """End with one line that says which extra to install, unless its modules are there."""
    if any(find_spec(module) is None for module in modules):
        stop(f"this needs an extra; install it with: pip install 'enneo-mind-client[{extra}]'")


def stop(message: str, code: int = 1) -> NoReturn:
    """End the command with one line that says why."""
    sys.stderr.write(f"enneo-mind: {message}\n")
    sys.exit(code)
