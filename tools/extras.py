"""`make extras`: each extra alone in an environment of its own; its room works, and every other says what it needs.

With the newest versions of what it needs, and with the oldest. `tests/extras/<extra>.py` uses a room; without its extra
that must end in a line that names it.
"""

import argparse
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from packaging.requirements import Requirement

from enneo_mind_client.testing import LocalMind
from tools import clean_install
from tools.clean_install import ROOT, InstallError
from tools.supported import supported

SCRIPTS = ROOT / "tests" / "extras"
PACKAGE = "enneo-mind-client"
Make: TypeAlias = Callable[[Path, Path, str | None], str | None]


def extras(pyproject: Path = ROOT / "pyproject.toml") -> dict[str, set[str]]:
    """Return what each extra needs, by name; without `all`, which only has to name the others.

    Raises:
        InstallError: `all` names others.
    """
    project: Any = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    asked = {name: [Requirement(text) for text in needs] for name, needs in project["optional-dependencies"].items()}
    every = {extra for needed in asked.pop("all") for extra in needed.extras}
    if every != asked.keys():
        raise InstallError(f"the extra `all` must name every other: {', '.join(sorted(every ^ asked.keys()))}")
    return {extra: {needed.name for needed in needs} for extra, needs in asked.items()}


def install(where: Path, wheel: Path, extra: str | None) -> str:
    """Make an environment with the wheel and one extra, as a user does, and return its interpreter."""
    use, uv = str(where / "env" / "bin" / "python"), clean_install.uv()
    clean_install.run(*uv, "venv", "--python", sys.executable, str(where / "env"))
    asked = f"{PACKAGE}[{extra}]" if extra else PACKAGE
    clean_install.run(*uv, "pip", "install", "--python", use, f"{asked} @ {wheel.resolve().as_uri()}")
    return use


def install_oldest(where: Path, wheel: Path, extra: str | None) -> str | None:
    """Make one with the oldest Python and the oldest versions that are promised; None if there is no such Python."""
    python = next(clean_install.pythons(supported()[0]), None)
    asked = [extra] if extra else []
    return python and clean_install.environment(where / "env", wheel, python, "lowest-direct", asked)


def megabytes(where: Path) -> float:
    """Return the size of what is installed, in millions of bytes; without what Python compiles when it is used."""
    files = (path for path in where.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return sum(path.stat().st_size for path in files) / 1e6


class Rooms:
    """The rooms of the package, to be used in one environment after the other against one server.

    Args:
        needs: What each room's extra needs.
        local: The server; it runs in this process, and so in another environment.
        scripts: Where the lines are that use the rooms.
    """

    def __init__(self, needs: Mapping[str, set[str]], local: LocalMind, scripts: Path = SCRIPTS) -> None:
        self._needs, self._local, self._scripts = needs, local, scripts

    def working(self, present: set[str]) -> list[str]:
        """Return the rooms that work with what is there, which may be that of another extra."""
        return [room for room, needed in self._needs.items() if needed <= present]

    def wrong(self, python: str, present: set[str]) -> list[str]:
        """Use every room, and return what each does that it should not."""
        working = self.working(present)
        found = (self._wrong(room, python, works=room in working) for room in self._needs)
        return [text for text in found if text is not None]

    def _wrong(self, room: str, python: str, *, works: bool) -> str | None:
        command = [python, "-I", str(self._scripts / f"{room}.py"), self._local.base_url, self._local.token]
        with tempfile.TemporaryDirectory() as cwd:
            done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=300)
        last = (done.stderr.strip().splitlines() or [""])[-1]
        if works and done.returncode:
            return f"the room {room} does not work with its extra:\n{done.stdout}{done.stderr}"
        if not works and not (done.returncode and f"'{PACKAGE}[{room}]'" in last):
            return f"the room {room} must end in a line that names its extra, not {done.returncode}:\n{done.stderr}"
        return None


def check(wheel: Path, chosen: Sequence[str | None] | None = None) -> None:
    """Check the core alone (None) and each extra alone, or those that are chosen; print a line on each.

    Raises:
        InstallError: A room does not work whose extra is there, or another one does not say what it needs; or it is
            not known how all of them are used.
    """
    needs = extras()
    unknown = [extra for extra in needs if not (SCRIPTS / f"{extra}.py").exists()]
    known = {extra: needed for extra, needed in needs.items() if extra not in unknown}
    with LocalMind() as local:
        for extra in [None, *needs] if chosen is None else chosen:
            present = needs[extra] if extra else set[str]()
            for make in (install, install_oldest) if extra else (install,):
                print(_check(wheel, extra, present, Rooms(known, local), make), flush=True)
    if unknown and chosen is None:
        raise InstallError(f"tests/extras/ has nothing that uses {', '.join(unknown)}")


def _check(wheel: Path, extra: str | None, present: set[str], rooms: Rooms, make: Make) -> str:
    began, shown = time.monotonic(), f"{extra or 'no extra'}{', oldest' if make is install_oldest else ''}"
    with tempfile.TemporaryDirectory() as folder:
        python = make(Path(folder), wheel, extra)
        if python is None:
            return f"{shown}: Python {supported()[0]} not found here, skipped"
        size = megabytes(next(Path(folder).rglob("site-packages")))
        if wrong := rooms.wrong(python, present):
            raise InstallError("\n".join([f"where there is {shown}:", *wrong]))
    what = ", ".join(rooms.working(present)) or "the core"
    return f"{shown}: {size:.1f} MB, works: {what} ({time.monotonic() - began:.0f} s)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line, and return the exit status."""
    parser = argparse.ArgumentParser(prog="make extras", description=__doc__)
    parser.add_argument("extras", nargs="*", metavar="EXTRA", help="one to check; all, and none, if none is named")
    given = parser.parse_args(arguments)
    if unknown := set(given.extras) - extras().keys():
        parser.error(f"there is no extra {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as folder:
        try:
            clean_install.run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
            (wheel,) = Path(folder).glob("*.whl")
            check(wheel, given.extras or None)
        except InstallError as failure:
            print(failure, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
