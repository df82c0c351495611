"""`make dist`: build what is published, twice the same, and prove that it can be installed, used and passed on."""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

from enneo_mind_client import __version__
from tools import clean_install, dependencies
from tools.clean_install import InstallError, Resolution
from tools.supported import supported
from tools.unpack import unpack

ROOT = clean_install.ROOT
DIST = ROOT / "dist"
REPORTS = ROOT / "build" / "reports"


class DistError(Exception):
    """What was built must not be published."""


def epoch() -> int:
    """Return the time that goes into what is built: the caller's, or that of the last commit."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    command = ["git", "log", "-1", "--format=%ct"]
    return int(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def build(folder: Path) -> list[Path]:
    """Build sdist and wheel into a folder; the wheel from the sdist, so that the sdist is whole.

    Raises:
        DistError: Building fails.
    """
    _hatchling(ROOT, "sdist", folder)
    (sdist,) = folder.glob("*.tar.gz")
    with tempfile.TemporaryDirectory() as scratch, tarfile.open(sdist) as packed:
        unpack(packed, scratch)
        (unpacked,) = Path(scratch).iterdir()
        _hatchling(unpacked, "wheel", folder)
    return [sdist, *folder.glob("*.whl")]


def _hatchling(source: Path, target: str, folder: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    variables = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch())}
    done = subprocess.run(command, cwd=source, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DistError(f"the {target} cannot be built:\n{done.stdout}{done.stderr}")


def build_twice() -> list[Path]:
    """Build into dist/, once more elsewhere, and compare.

    Raises:
        DistError: The two differ.
    """
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    with tempfile.TemporaryDirectory() as scratch:
        again = {path.name: digest(path) for path in build(Path(scratch))}
        packages = build(DIST)
    for path in packages:
        if digest(path) != again.get(path.name):
            raise DistError(f"{path.name} is not the same when it is built again; or the tree changed meanwhile")
        print(f"{digest(path)}  {path.name}")
    return packages


def digest(path: Path) -> str:
    """Return the hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_metadata(packages: Sequence[Path]) -> None:
    """Check the metadata, and that the README can be shown.

    Raises:
        DistError: An index would refuse it.
    """
    command = [sys.executable, "-m", "twine", "--no-color", "check", "--strict", *map(str, packages)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DistError(f"the metadata is not in order:\n{done.stdout}{done.stderr}")
    print("metadata and README are in order")


def report_dependencies() -> None:
    """Write the bill of materials and the licences of what is needed at run time.

    Raises:
        DistError: A licence is not allowed.
    """
    found = dependencies.runtime(ROOT / "requirements-dev.lock")
    REPORTS.mkdir(parents=True, exist_ok=True)
    bom = dependencies.bill_of_materials(found, __version__, epoch())
    (REPORTS / "sbom.cdx.json").write_text(bom, encoding="utf-8")
    (REPORTS / "licences.md").write_text(dependencies.report(found), encoding="utf-8")
    refused = [f"{one.name} {one.version}: {one.licence or 'no licence'}" for one in found if not one.is_allowed]
    if refused:
        raise DistError("these licences are not allowed, see tools/dependencies.py:\n" + "\n".join(refused))
    print(f"{len(found)} dependencies at run time, all under licences that are allowed: {REPORTS.relative_to(ROOT)}/")


def install_everywhere(packages: Sequence[Path]) -> None:
    """Install and use both packages on every Python that is found: with the newest and with the oldest dependencies.

    Raises:
        InstallError: One of them does not work.
    """
    sdist, wheel = packages
    combinations: tuple[tuple[Path, Resolution], ...] = (
        (wheel, "highest"),
        (wheel, "lowest-direct"),
        (sdist, "highest"),
    )
    for version in supported():
        python = next(clean_install.pythons(version), None)
        if python is None:
            print(f"Python {version}: not found here, skipped")
            continue
        for package, resolution in combinations:
            clean_install.check(package, python, resolution)
            print(f"Python {version}: {package.name} works, dependencies: {resolution}", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line, and return the exit status."""
    parser = argparse.ArgumentParser(prog="make dist", description=__doc__)
    parser.add_argument("--build-only", action="store_true", help="build and check, but install nothing")
    given = parser.parse_args(arguments)
    try:
        packages = build_twice()
        check_metadata(packages)
        report_dependencies()
        if not given.build_only:
            install_everywhere(packages)
            clean_install.check_types(packages[1])
            print("a project that installs the wheel has its types")
    except (DistError, InstallError) as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
