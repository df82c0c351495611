"""The guard of the public interface, in a copy of the project that has a release, with planted changes."""

from pathlib import Path
from typing import Any

import pytest

from tests.spec_tools.conftest import Project
from tools import interface
from tools.public_names import public_names

CALLS = "from enneo_mind_client import EnneoMind\n\nEnneoMind('demo').conversations.list(1)\n"
WIDTH = "    width: int | None | Unset"
RAW = "include_raw_data: bool = False"
ERROR = "class DownloadError("
MODEL = "enneo_mind_client/_generated/models/attachment.py"


@pytest.fixture(scope="module")
def before(pristine: Path) -> dict[str, Any]:
    """The interface as it is."""
    return public_names(pristine)


@pytest.fixture
def released(project: Project) -> Project:
    """A copy of the project whose release is tagged; nothing is type-checked but where a test is about that."""
    (project.root / interface.CALLS).write_text("")
    project.commit("Release")
    project.git("tag", "v0.1.0")
    return project


def judge(project: Project, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """What the guard says of the project."""
    status = interface.main(["--root", str(project.root)])
    captured = capsys.readouterr()
    return status, captured.out + captured.err


def test_no_release(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Before the first release nothing can break, and the guard says so."""
    status, said = judge(project, capsys)

    assert status == 0
    assert "No release yet" in said
    assert "nothing breaks" in said


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            MODEL,
            "    width: int | None | Unset = UNSET",
            "    breadth: int | None | Unset = UNSET",
            "models.Attachment.width",
        ),
        (
            MODEL,
            "    width: int | None | Unset",
            "    width: str | None | Unset",
            "models.Attachment.width: the type changed",
        ),
        (
            "enneo_mind_client/conversations.py",
            "include_raw_data: bool = False",
            "with_raw_data: bool = False",
            "include_raw_data",
        ),
        ("enneo_mind_client/errors.py", "class DownloadError(", "class FetchError(", "errors.DownloadError: is gone"),
        (
            "enneo_mind_client/__init__.py",
            "RetryPolicy as RetryPolicy",
            "RetryPolicy as Policy",
            "RetryPolicy: is gone",
        ),
        ("enneo_mind_client/testing/__init__.py", '"Quirks", ', "", "testing.Quirks: is gone"),
        (
            "enneo_mind_client/_generated/api/conversation/get_conversations.py",
            "def sync(\n    ticket_id: int,",
            "def sync(\n    ticket: int,",
            "_generated.api.conversation.get_conversations.sync",
        ),
    ],
    ids=["field gone", "field retyped", "argument renamed", "error gone", "name gone", "testing", "operation"],
)
def test_breaking(project: Project, before: dict[str, Any], file: str, old: str, new: str, said: str) -> None:
    """What breaks callers of the release is named."""
    project.edit(file, old, new)

    assert any(said in line for line in interface.breakages(before, public_names(project.root)))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (MODEL, WIDTH, f"    pages: int | None | Unset = UNSET\n{WIDTH}"),
        (MODEL, WIDTH, "    width: Unset | None | int"),
        (
            "enneo_mind_client/errors.py",
            "class DownloadError(",
            "class Another(EnneoMindError):\n    pass\n\n\nclass DownloadError(",
        ),
        (
            "enneo_mind_client/conversations.py",
            "include_raw_data: bool = False",
            "include_raw_data: bool = False, more: int = 0",
        ),
        ("enneo_mind_client/text.py", "\ndef ", "\ndef not_of_the_interface() -> None: ...\n\n\ndef "),
    ],
    ids=["field", "order", "error", "argument", "private"],
)
def test_harmless(project: Project, before: dict[str, Any], file: str, old: str, new: str) -> None:
    """What callers of the release do not notice is no break."""
    project.edit(file, old, new)

    assert interface.breakages(before, public_names(project.root)) == []


def test_a_break_needs_a_version(released: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """A break fails until the version says so."""
    released.edit("enneo_mind_client/errors.py", "class DownloadError(", "class FetchError(")

    status, told = judge(released, capsys)

    assert status == 1
    assert "needs a version with a higher minor number" in told
    released.edit(interface.VERSION, "0.1.0", "0.2.0")
    assert judge(released, capsys)[0] == 0


def test_calls_of_the_release(released: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """A call that the release promised must still type-check, whatever the present file says."""
    (released.root / interface.CALLS).write_text(CALLS + "EnneoMind().conversations.gone()\n")
    released.commit()
    released.git("tag", "v0.1.1")
    (released.root / interface.CALLS).write_text("")

    status, said = judge(released, capsys)

    assert status == 1
    (told,) = (line for line in said.splitlines() if "api.py" in line)
    assert "tests/typing/api.py of the last release:4: error" in told
    assert '"gone"' in told


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        ("0.1.0", "0.1.1", False),
        ("0.1.9", "0.2.0", True),
        ("0.9.0", "1.0.0", True),
        ("1.2.0", "1.3.0", False),
        ("1.2.0", "2.0.0", True),
        ("2.0.0", "1.9.0", False),
    ],
)
def test_version(old: str, new: str, allowed: bool) -> None:
    """A version says that it breaks something by its major number, and below 1.0 by its minor one."""
    assert interface.allows_breaking(old, new) is allowed


def test_newest_release(project: Project) -> None:
    """The last release is the highest version, not the last tag in the alphabet or in time."""
    for tag in ("v0.9.0", "v0.10.0", "v0.2.0", "v1.0.0rc1", "vendored"):
        project.git("tag", tag)

    assert interface.last_release(Path(project.root)) == "v0.10.0"


def test_a_release_itself(released: Project) -> None:
    """A release is held against that before it, not against itself."""
    released.edit(interface.VERSION, "0.1.0", "0.2.0")
    released.commit()
    released.git("tag", "v0.2.0")

    assert interface.last_release(released.root) == "v0.1.0"
