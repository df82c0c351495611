"""Installs the package into an environment of its own, and uses it there as a newcomer would."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeAlias

ROOT = Path(__file__).parent.parent
Resolution: TypeAlias = Literal["highest", "lowest-direct"]

BARE = """
import sys, enneo_mind_client as package
heavy = {"httpx", "aiohttp", "starlette", "typer"} & set(sys.modules)
assert not heavy, f"importing the package imports {heavy}"
from enneo_mind_client import AsyncEnneoMind, EnneoMind
with EnneoMind("demo", token="not-a-real-token") as mind:
    assert mind.base_url == "https://demo.enneo.ai/api/mind"
AsyncEnneoMind("demo", token="not-a-real-token")
"""
WITH_EXTRAS = """
import asyncio
from enneo_mind_client import AsyncEnneoMind, EnneoMind, NotFoundError
from enneo_mind_client.testing import LocalMind

async def read(local, transport):
    async with AsyncEnneoMind(local.base_url, token=local.token, transport=transport) as mind:
        assert await mind.conversations.list(1) is not None
        assert len([ticket async for ticket in mind.conversations.stream(range(1, 9))]) == 8

with LocalMind() as local:
    with EnneoMind(local.base_url, token=local.token) as mind:
        assert mind.conversations.list(1) is not None
    for transport in ("aiohttp", "httpx"):
        asyncio.run(read(local, transport))
"""


class InstallError(Exception):
    """The package cannot be installed, or does not work where it is."""


def pythons(version: str) -> Iterator[str]:
    """Yield the interpreters of a version that are found and start: a name on PATH may be a shim that leads nowhere."""
    name = f"python{version}"
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [shutil.which(name), *sorted(map(str, versions.glob(f"{version}.*/bin/{name}")))]
    for candidate in filter(None, candidates):
        if subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode == 0:
            yield candidate


def check(package: Path, python: str = sys.executable, resolution: Resolution = "highest") -> None:
    """Install a wheel or an sdist, first as it is and then with its extras, and use it.

    Raises:
        InstallError: It cannot be installed, or does not work.
    """
    with tempfile.TemporaryDirectory() as folder:
        use = environment(Path(folder) / "env", package, python, resolution, [])
        run(use, "-I", "-W", "error", "-c", BARE, cwd=folder)
        command = subprocess.run([Path(use).parent / "enneo-mind"], capture_output=True, text=True, check=False)
        if command.returncode != 1 or "enneo-mind-client[cli]" not in command.stderr:
            raise InstallError(f"enneo-mind without its extra must say which to install, not: {command.stderr}")
        use = environment(Path(folder) / "env", package, python, resolution, ["testing", "cli"])
        run(use, "-I", "-c", WITH_EXTRAS, cwd=folder)
        run(str(Path(use).parent / "enneo-mind"), "--help", cwd=folder)


def check_types(package: Path) -> None:
    """Type-check the calls of the interface as a project that has installed the package would.

    Raises:
        InstallError: The package has no types, or others than promised.
    """
    with tempfile.TemporaryDirectory() as folder:
        use = environment(Path(folder) / "env", package, sys.executable, "highest", [])
        shutil.copy(ROOT / "tests" / "typing" / "api.py", Path(folder) / "consumer.py")
        options = ("--strict", "--config-file=", "--cache-dir=cache", f"--python-executable={use}")
        run(sys.executable, "-m", "mypy", *options, "consumer.py", cwd=folder)


def environment(where: Path, package: Path, python: str, resolution: Resolution, extras: list[str]) -> str:
    """Make an environment with the package and its dependencies, and return its interpreter."""
    use = str(where / "bin" / "python")
    if not where.exists():
        run(*uv(), "venv", "--python", python, str(where))
    asked = [f"--extra={extra}" for extra in extras]
    pip = [*uv(), "pip", "install", "--python", use]
    # The dependencies first: those of a package that is asked for by name are not direct ones to uv.
    run(*pip, f"--resolution={resolution}", "-r", str(ROOT / "pyproject.toml"), *asked)
    run(*pip, "--no-deps", str(package))
    return use


def uv() -> list[str]:
    """Return the beginning of a command for uv."""
    return [str(Path(sys.executable).parent / "uv"), "--quiet", "--no-python-downloads"]


def run(*command: str, cwd: str | Path = ROOT) -> None:
    """Run a command.

    Raises:
        InstallError: It fails; with all that it said.
    """
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ENNEO_", "VIRTUAL"))
    }
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, env=variables, timeout=600)
    if done.returncode:
        raise InstallError(f"{' '.join(command)[:200]} ends with {done.returncode}:\n{done.stdout}{done.stderr}")
