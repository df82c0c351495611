"""CONTRIBUTING.md says what there is: rooms, verbs, dependencies and places."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FOLDERS, DEPENDENCIES = PAGE.partition("\n## ")[0], PAGE.partition("\n## Dependencies")[2]
REASONS = {name for row in re.findall(r"^\| (.+?) \|", DEPENDENCIES, re.MULTILINE) for name in row.split(", ")}
COMMANDS = [*re.findall(r"^ *\$ ([^#\n]+)", PAGE, re.MULTILINE), *re.findall(r"`(make [^`\n]+)`", PAGE)]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TO_BE_MADE = {"tickets.py"}


def packages() -> list[str]:
    """Return the name of every dependency that pyproject.toml asks for."""
    groups = [one for group in PROJECT["dependency-groups"].values() for one in group if isinstance(one, str)]
    asked = [*PROJECT["project"]["dependencies"], *groups]
    asked += [one for extra in PROJECT["project"]["optional-dependencies"].values() for one in extra]
    names = {re.match(r"[\w.-]+", one)[0] for one in asked}
    return sorted(names - {PROJECT["project"]["name"]})


def rooms() -> list[str]:
    """Return the folders of the package, each a room."""
    return sorted(path.parent.name for path in (ROOT / "enneo_mind_client").glob("*/__init__.py"))


@pytest.mark.parametrize("room", rooms())
def test_every_room_is_told(room):
    """The table of folders leads to each room."""
    assert re.search(rf"\b{room}/`", FOLDERS)


@pytest.mark.parametrize("package", packages())
def test_every_dependency_has_its_reason(package):
    """Whoever asks for a package says why."""
    assert package in REASONS


def test_no_reason_outlives_its_dependency():
    """What is not asked for any more has no row."""
    assert REASONS - {"package"} <= set(packages())


def test_every_verb_is_one():
    """What the page has make do, the Makefile can."""
    known = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    calls = [part.split() for line in COMMANDS for part in line.split("&&")]
    made = [word for call in calls if call[0] == "make" for word in call[1:] if "=" not in word]

    assert len(made) > 8
    assert set(made) <= known


@pytest.mark.parametrize("name", sorted({*re.findall(r"`(\w+\.(?:py|yaml))`", PAGE)} - TO_BE_MADE))
def test_every_file_is_there(name):
    """A file that the page names is to be found."""
    assert any([*place.rglob(name)] for place in (ROOT / "enneo_mind_client", ROOT / "tests", ROOT / "openapi"))
