"""`make interface`: hold the public interface against the last release; what breaks it needs a version that says so.

The interface is every name of the package's door, `models`, `errors` and `testing`, the generated functions, and the
classes that these lead to. Besides, the calls which the last release promised (its tests/typing/api.py) must still
type-check.
"""

import argparse
import io
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import griffe

from tools.public_names import PACKAGE, public_names
from tools.unpack import unpack

VERSION = f"{PACKAGE}/_version.py"
CALLS = "tests/typing/api.py"


def last_release(root: Path) -> str | None:
    """Return the tag of the last release, if there is one; of a release itself, that before it."""
    tags = _git(root, "tag", "--list", "v*", "--merged", "HEAD", "--sort=-version:refname").decode().split()
    releases = [tag for tag in tags if re.fullmatch(r"v\d+\.\d+\.\d+", tag)]
    others = (tag for tag in releases if _git(root, "diff", "--name-only", tag, "--", PACKAGE))
    return next(others, releases[0] if releases else None)


def breakages(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Return what of an old interface a new one does not keep, each in a line."""
    said: list[str] = []
    for name, member in old.items():
        if name not in new:
            said.append(f"{name}: is gone")
        elif member.kind != new[name].kind:
            said.append(f"{name}: was a {member.kind.value} and is a {new[name].kind.value}")
        else:
            said += [_told(name, breakage) for breakage in griffe.find_breaking_changes(*_holders(member, new[name]))]
            said += _retyped(name, member, new[name])
    return sorted(set(said))


def _holders(old: Any, new: Any) -> tuple[Any, Any]:
    """Return modules that hold one object each, since griffe compares the members of what it is given."""
    holders = griffe.Module("interface"), griffe.Module("interface")
    for holder, member in zip(holders, (old, new), strict=True):
        holder.members[member.name] = member
    return holders


def _told(name: str, breakage: griffe.Breakage) -> str:
    member = "" if breakage.obj.name == name.rpartition(".")[2] else f".{breakage.obj.name}"
    given = (value for value in (breakage.old_value, breakage.new_value) if value is not None)
    named = [str(getattr(value, "name", value)) for value in given]
    return f"{name}{member}: {breakage.kind.value.lower()}: {' to '.join(dict.fromkeys(named))}"


def _retyped(name: str, old: Any, new: Any) -> list[str]:
    """Return which fields of a model may hold what they could not, which griffe does not look at."""
    if not name.startswith("models.") or not old.is_class:
        return []
    fields = {key: member for key, member in old.members.items() if member.is_attribute and key in new.members}
    pairs = {key: (str(member.annotation), str(new.members[key].annotation)) for key, member in fields.items()}
    return [
        f"{name}.{key}: the type changed from {before} to {after}"
        for key, (before, after) in pairs.items()
        if not set(after.split(" | ")) <= set(before.split(" | "))
    ]


def broken_calls(root: Path, calls: bytes) -> list[str]:
    """Return the calls of the last release that do not type-check any more."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "api.py"
        path.write_bytes(calls)
        options = ("--strict", "--follow-imports=silent", "--no-error-summary", "--config-file=", "--cache-dir")
        command = [sys.executable, "-m", "mypy", *options, str(Path(scratch) / "cache"), str(path)]
        environment = {**os.environ, "MYPYPATH": str(root)}
        done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False, env=environment)
    lines = (done.stdout + done.stderr).replace("api.py", f"{CALLS} of the last release", 1).splitlines()
    return [line for line in lines if ": note:" not in line] if done.returncode else []


def allows_breaking(old: str, new: str) -> bool:
    """Return whether a version says that it breaks what another promised: by its major number, or its minor in 0.x."""
    before, after = ([int(number) for number in version.split(".")[:2]] for version in (old, new))
    return after[0] > before[0] or (before[0] == after[0] == 0 and after[1] > before[1])


def _version(content: bytes) -> str:
    found = re.search(rb"__version__[^\"']*[\"'](\d+\.\d+\.\d+)", content)
    return found[1].decode() if found else "0.0.0"


def _git(root: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=True).stdout  # noqa: S607


def _interface_at(root: Path, revision: str) -> dict[str, Any]:
    archive = io.BytesIO(_git(root, "archive", "--format=tar", revision, PACKAGE))
    with tempfile.TemporaryDirectory() as scratch, tarfile.open(fileobj=archive) as packed:
        unpack(packed, scratch)
        return public_names(Path(scratch))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line, and return the exit status."""
    parser = argparse.ArgumentParser(prog="make interface", description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).parent.parent)
    root: Path = parser.parse_args(arguments).root
    release = last_release(root)
    if release is None:
        found = breakages(_interface_at(root, "HEAD"), public_names(root))
        print("No release yet: nothing can break. Against the last commit:", *(found or ["nothing breaks"]), sep="\n  ")
        return 0
    return _judge(root, release)


def _judge(root: Path, release: str) -> int:
    found = breakages(_interface_at(root, release), public_names(root))
    found += broken_calls(root, _git(root, "show", f"{release}:{CALLS}"))
    old, new = _version(_git(root, "show", f"{release}:{VERSION}")), _version((root / VERSION).read_bytes())
    if not found:
        print(f"{new} keeps the interface of {release}.")
        return 0
    print(f"{new} breaks the interface of {release}:", *found, sep="\n  ")
    if allows_breaking(old, new):
        return 0
    print(f"That needs a version with a higher {'minor' if old.startswith('0.') else 'major'} number.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
