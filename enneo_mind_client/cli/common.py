"""What the reading commands share: their options, their exit codes, and one line for each error.

| exit code | means |
|---|---|
| 0 | everything was done |
| 1 | nothing was: the line on standard error says why |
| 2 | the command was called wrongly |
| 3 | a part was done; what was not is on standard error |
| 4 | the credential is missing, refused or expired |
| 130 | Ctrl-C |
"""

import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Annotated, Final, TypeAlias

import typer
from rich.console import Console

from enneo_mind_client.cli import stop
from enneo_mind_client.errors import AuthenticationError, ConfigurationError, EnneoMindError
from enneo_mind_client.text import printable

ERROR: Final = 1
PARTIAL: Final = 3
AUTH: Final = 4
WIDTH: Final = 120
"""Columns where neither a terminal nor `COLUMNS` says how many there are."""

Ticket: TypeAlias = Annotated[int, typer.Argument(min=1, help="The ticket's number.")]
Where: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--instance",
        metavar="NAME",
        help="A short name, a host or a base URL; else ENNEO_INSTANCE, else the vendor's files.",
    ),
]


@contextmanager
def reporting() -> Generator[None, None, None]:
    """End the command with one line where something of ours is raised in the block."""
    try:
        yield
    except EnneoMindError as error:
        stop(line_of(error), code_of(error))


def line_of(error: EnneoMindError) -> str:
    """Return an error as one line."""
    return printable(str(error))


def code_of(error: EnneoMindError) -> int:
    """Return the exit code for an error."""
    no_token = isinstance(error, ConfigurationError) and str(error).startswith("No token")
    return AUTH if no_token or isinstance(error, AuthenticationError) else ERROR


def end(done: int, errors: Sequence[EnneoMindError]) -> None:
    """End a command that did several things, of which some may have failed."""
    if errors:
        raise typer.Exit(PARTIAL if done else max(map(code_of, errors)))


def say(text: str) -> None:
    """Write a line for people."""
    sys.stderr.write(f"{printable(text)}\n")


def console() -> Console:
    """Return where readable results are written: as wide as the terminal, or as `COLUMNS` says for a pipe."""
    wide = Console(highlight=False)
    is_known = wide.is_terminal or os.environ.get("COLUMNS", "").isdecimal()
    return wide if is_known else Console(highlight=False, width=WIDTH)
