"""Each extra alone: which there are, what is used with each, and what is said where a room does not do as it should."""

import sys
from pathlib import Path

import pytest

from enneo_mind_client.testing import LocalMind
from tools import extras
from tools.clean_install import InstallError


def project(folder: Path, needs: str) -> Path:
    """Write a project with these extras."""
    path = folder / "pyproject.toml"
    path.write_text(f"[project]\n[project.optional-dependencies]\n{needs}\n", encoding="utf-8")
    return path


def test_every_extra_has_its_use() -> None:
    """An extra that is added without lines that use it is found, and so are lines without an extra."""
    assert sorted(path.stem for path in extras.SCRIPTS.glob("*.py")) == sorted(extras.extras())


def test_needs_are_read_from_the_project(tmp_path: Path) -> None:
    """What each extra needs, by name; `all` is none of its own."""
    path = project(tmp_path, 'a = ["one>=1", "two[x]"]\nb = ["two"]\nall = ["p[a,b]"]')

    assert extras.extras(path) == {"a": {"one", "two"}, "b": {"two"}}


@pytest.mark.parametrize("every", ["p[a]", "p[a,b,c]"])
def test_all_means_all(tmp_path: Path, every: str) -> None:
    """An extra that `all` forgets, or one that it invents, is named."""
    path = project(tmp_path, f'a = ["one"]\nb = ["two"]\nall = ["{every}"]')

    with pytest.raises(InstallError, match=r"must name every other: [bc]$"):
        extras.extras(path)


SCRIPTS = {
    "works": "import sys; assert sys.argv[1].startswith('http') and sys.argv[2]",
    "silent": "raise ModuleNotFoundError('no module named silent')",
    "honest": "raise ModuleNotFoundError(\"pip install 'enneo-mind-client[honest]'\")",
    "chatty": "import sys; sys.exit(\"pip install 'enneo-mind-client[chatty]'\\nor not\")",
}


@pytest.mark.parametrize(("present", "complaints"), [
    (set(), ["works", "silent", "chatty"]),
    ({"works"}, ["silent", "chatty"]),
    ({"works", "honest"}, ["silent", "honest", "chatty"]),
])  # fmt: skip
def test_a_room_that_does_not_do_as_it_should(tmp_path: Path, present: set[str], complaints: list[str]) -> None:
    """It must work with its extra, and without it fail, with a last line that names it."""
    for name, text in SCRIPTS.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    rooms = extras.Rooms({name: {name} for name in SCRIPTS}, LocalMind(), tmp_path)

    wrong = rooms.wrong(sys.executable, present)
    assert [text.split()[2] for text in wrong] == complaints


def test_sizes_are_without_what_python_compiles(tmp_path: Path) -> None:
    """What is installed is measured, and not what was used of it."""
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "a.py").write_bytes(b"x" * 500_000)
    (tmp_path / "package" / "a.pyc").write_bytes(b"x" * 500_000)

    assert extras.megabytes(tmp_path) == 0.5
