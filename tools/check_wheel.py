"""Builds the wheel, installs it without extras into an environment of its own, and uses it there."""

import subprocess
import sys
import tempfile
from pathlib import Path
from venv import EnvBuilder

ROOT = Path(__file__).parent.parent
USE = """
import sys, enneo_mind_client as package
heavy = {"httpx", "aiohttp", "starlette", "typer"} & set(sys.modules)
assert not heavy, f"importing the package imports {heavy}"
from enneo_mind_client import AsyncEnneoMind, EnneoMind
with EnneoMind("demo", token="not-a-real-token") as mind:
    assert mind.base_url == "https://demo.enneo.ai/api/mind"
AsyncEnneoMind("demo", token="not-a-real-token")
print("the wheel imports without extras, version", package.__version__)
"""


def main() -> None:
    """Build, install, use; fail loudly."""
    with tempfile.TemporaryDirectory() as folder:
        run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
        (wheel,) = Path(folder).glob("*.whl")
        EnvBuilder(with_pip=True).create(Path(folder) / "env")
        python = str(Path(folder) / "env" / "bin" / "python")
        run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel), cwd=folder)
        run(python, "-I", "-c", USE, cwd=folder)
        command = subprocess.run([Path(python).parent / "enneo-mind"], capture_output=True, text=True, check=False)
        if command.returncode != 1 or "enneo-mind-client[cli]" not in command.stderr:
            sys.exit(f"enneo-mind without its extra must say which to install, not: {command.stderr}")


def run(*command: str, cwd: str | Path = ROOT) -> None:
    """Run a command, or end with its failure."""
    subprocess.run(command, check=True, cwd=cwd)


if __name__ == "__main__":
    main()
