"""`make httpx2`: would the client run on httpx2, and what holds it on httpx? Only a check that does not work fails."""

import ast
import subprocess
import sys
import sysconfig
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import Distribution, distributions
from pathlib import Path

from attrs import frozen
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PLACE = ROOT / "build" / "httpx2"
TESTS = ("tests/core", "tests/attachments")
SECONDS = 1200
_ALIAS = "import httpx2\n\nhttpx2.alias_httpx()\n"


class CheckError(Exception):
    """The check itself does not work."""


@frozen
class Failure:
    """A test that failed: its id, and the first line of why."""

    test: str
    reason: str


def environment(place: Path, package: str = "httpx2") -> str | None:
    """Make an environment with httpx2 beside all that the tests need; return its interpreter, or None without httpx2.

    Raises:
        CheckError: There can be no environment.
    """
    uv = [str(Path(sys.executable).parent / "uv"), "--quiet", "--no-python-downloads"]
    made = _run([*uv, "venv", "--clear", "--python", sys.executable, str(place / "env")])
    if made.returncode:
        raise CheckError(made.stderr)
    use = place / "env" / "bin" / "python"
    got = _run([*uv, "pip", "install", "--python", str(use), package])
    if got.returncode:
        print(f"{package} cannot be had here: {(got.stderr.strip() or 'no reason given').splitlines()[0]}")
        return None
    (site,) = (place / "env" / "lib").glob("python*/site-packages")
    (site / "tools_of_the_project.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    (site / "on_httpx2.py").write_text(_ALIAS, "utf-8")
    return str(use)


def failures(use: str, place: Path, tests: Sequence[str], *switches: str) -> tuple[int, list[Failure]]:
    """Run tests, and return how many ran and which failed.

    Raises:
        CheckError: They cannot be run.
    """
    report = place / "report.xml"
    report.unlink(missing_ok=True)
    options = ["-q", "-n", "2", "-p", "no:cacheprovider", "-o", "junit_family=xunit1", f"--junit-xml={report}"]
    done = _run([use, "-m", "pytest", *switches, *options, *tests])
    if done.returncode not in (0, 1) or not report.exists():
        raise CheckError(f"pytest ends with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return read_report(report.read_text("utf-8"))


def read_report(text: str) -> tuple[int, list[Failure]]:
    """Return how many tests a report in JUnit's form has, and which failed."""
    cases = list(ElementTree.fromstring(text).iter("testcase"))  # noqa: S314 - pytest wrote it
    return len(cases), [_failure(case, why) for case in cases for why in [*case.iter("failure"), *case.iter("error")]]


def _failure(case: ElementTree.Element, why: ElementTree.Element) -> Failure:
    lines = (why.get("message") or "").strip().splitlines() or ["no reason given"]
    return Failure(f"{case.get('file')}::{case.get('name')}", lines[0][:160])


def importers(package: Path, names: Iterable[str] = ("httpx", "httpcore")) -> list[str]:
    """Return the modules of a package that import one of the libraries, at any depth."""
    wanted = set(names)
    found = [path for path in package.rglob("*.py") if wanted & set(_imports(ast.parse(path.read_text("utf-8"))))]
    return sorted(path.relative_to(package.parent).as_posix() for path in found)


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def dependants(installed: Iterable[Distribution], name: str = "httpx") -> list[str]:
    """Return which packages need a library, whatever their extras, and in which versions of it."""
    found: set[str] = set()
    for each in installed:
        for needed in map(Requirement, each.requires or ()):
            if needed.name == name and (needed.marker is None or needed.marker.evaluate({"extra": ""})):
                found.add(f"{each.metadata['Name']} ({needed.name}{needed.specifier})")
    return sorted(found)


def compare(use: str, place: Path) -> list[Failure]:
    """Run the tests on httpx2, and return those failures that come again there and do not come on httpx.

    Raises:
        CheckError: They cannot be run.
    """
    count, failed = failures(use, place, TESTS, "-p", "on_httpx2")
    if not count:
        raise CheckError("no test ran")
    if failed:
        again = sorted({each.test for each in failed})
        _, failed = failures(use, place, again, "-p", "on_httpx2")
        known = {each.test for each in failures(use, place, again)[1]}
        failed = [each for each in failed if each.test not in known]
    print(f"{count} tests of {', '.join(TESTS)} ran on httpx2, {len(failed)} fail there and not on httpx")
    for each in failed:
        print(f"  {each.test}\n    {each.reason}")
    return failed


def main(place: Path = PLACE) -> int:
    """Run from the command line, and return the exit status: 0 whatever the verdict."""
    try:
        use = environment(place)
        failed = compare(use, place) if use else None
    except (CheckError, subprocess.TimeoutExpired) as error:
        print(f"the check does not work: {error}", file=sys.stderr)
        return 1
    print("packages that need httpx:", *dependants(distributions()), sep="\n  ")
    print("modules that import it:", *importers(ROOT / "enneo_mind_client"), sep="\n  ")
    if failed is not None:
        print(f"verdict: {'the engines run on httpx2 as they are' if not failed else 'not yet on httpx2, see above'}")
    return 0


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=SECONDS)


if __name__ == "__main__":
    sys.exit(main())
