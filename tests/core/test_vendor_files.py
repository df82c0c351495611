"""The vendor's files are read without a shell and written back whole, with everything else in them."""

import os
import stat
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.vendor_files import InsecureFileWarning, read_browser_tokens, read_env_file, update_env_file

LINES = [
    ('export A="x"', {"A": "x"}),
    ("A=x", {"A": "x"}),
    ("A='x y'", {"A": "x y"}),
    ("  export A=x  # the token", {"A": "x"}),
    ("A=x#y", {"A": "x#y"}),
    ('A="x # y"', {"A": "x # y"}),
    ("A=", {"A": ""}),
    ("A=x=y==", {"A": "x=y=="}),
    ("# A=x", {}),
    ("", {}),
    ("A = x", {}),
    ("A=x y", {}),
    ("export A", {}),
    ("unset A=x", {}),
    ("9A=x", {}),
    ("A-B=x", {}),
    ('A="x', {}),
    ("A=$(touch /tmp/pwned)", {}),
    ('A="$(id)"', {"A": "$(id)"}),
    ("A=`id`", {"A": "`id`"}),
    ('A="$HOME"', {"A": "$HOME"}),
    ("A=x; # the token", {"A": "x"}),
    ("A=x;B=y", {}),
    ("\ufeffA=x", {"A": "x"}),
    ("A=x\nA=y", {"A": "y"}),
    ("A=x\r\nB=y\r\n", {"A": "x", "B": "y"}),
    ("if true; then\nA=x\nfi", {"A": "x"}),
]


def private(path: Path, text: str | bytes) -> Path:
    """Write a file as the vendor's tools do."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    path.chmod(0o600)
    return path


@pytest.mark.parametrize(("text", "found"), LINES)
def test_assignments_are_read_without_a_shell(tmp_path: Path, text: str, found: dict[str, str]) -> None:
    """Quotes, comments and `export` are understood, malformed lines skipped, substitutions left as text."""
    assert read_env_file(private(tmp_path / "env", text)) == found


@given(text=st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_read(tmp_path: Path, text: str) -> None:
    """No content of the file makes another error than ours."""
    path = private(tmp_path / "env", text.encode("utf-8", "surrogatepass"))
    try:
        found = read_env_file(path)
    except ConfigurationError:
        return

    assert all(name.isidentifier() for name in found)


@pytest.mark.parametrize("reads", [read_env_file, read_browser_tokens])
@pytest.mark.parametrize("place", ["nothing", "file/nothing"])
def test_a_missing_file_is_an_empty_one(tmp_path: Path, place: str, reads: object) -> None:
    """Nobody needs the vendor's tools; a home that is no folder has none of their files."""
    (tmp_path / "file").touch()

    assert reads(tmp_path / place) == {}  # type: ignore[operator]


@pytest.mark.parametrize("reads", [read_env_file, read_browser_tokens])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, reads: object) -> None:
    """A folder in its place is told of in one line, with what to do."""
    with pytest.raises(ConfigurationError, match=r"cannot be read \(IsADirectoryError\): mend or remove it"):
        reads(tmp_path)  # type: ignore[operator]


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are no credentials."""
    with pytest.raises(ConfigurationError, match="UnicodeDecodeError"):
        read_env_file(private(tmp_path / "env", b"A=\xff"))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_an_open_file_is_warned_of(tmp_path: Path, mode: int) -> None:
    """Others on the machine could read it: the warning names the file and the command that mends it."""
    path = private(tmp_path / "env", "A=x")
    path.chmod(mode)

    with pytest.warns(InsecureFileWarning, match=f"chmod 600 {path}"):
        assert read_env_file(path) == {"A": "x"}


def test_tokens_are_read_by_origin(tmp_path: Path) -> None:
    """The newer file has one entry for each instance."""
    text = '{"https://demo.enneo.ai": {"token": "t1", "exp": 1, "userId": 2}, "https://b.enneo.ai": {"token": "t2"}}'

    assert read_browser_tokens(private(tmp_path / "tokens", text)) == {
        "https://demo.enneo.ai": "t1",
        "https://b.enneo.ai": "t2",
    }


def test_a_mark_of_an_editor_is_no_part_of_the_tokens(tmp_path: Path) -> None:
    """Editors of Windows begin a file with the mark of its encoding."""
    assert read_browser_tokens(private(tmp_path / "tokens", '\ufeff{"a": {"token": "t"}}')) == {"a": "t"}


@pytest.mark.parametrize("text", ["[]", "{", "null", '{"a": 1}', '{"a": {}}', '{"a": null}', '"x"', "[" * 100_000])
def test_another_file_of_tokens_is_refused(tmp_path: Path, text: str) -> None:
    """What the vendor's tools did not write is refused in one line, with what to do."""
    with pytest.raises(ConfigurationError, match="remove it or log in again"):
        read_browser_tokens(private(tmp_path / "tokens", text))


def test_an_update_keeps_every_other_line(tmp_path: Path) -> None:
    """Comments, other variables and lines that are no assignment stay as they are."""
    path = private(tmp_path / "env", "# mine\nexport A=\"x\"\nB='y z'\nfi\n")

    update_env_file(path, {"A": "new", "C": "c d"})

    assert path.read_text() == "# mine\nB='y z'\nfi\nexport A=\"new\"\nexport C='c d'\n"


def test_an_update_is_private_and_leaves_nothing_behind(home: Path) -> None:
    """The file has mode 600, whatever the umask, and no temporary file stays."""
    path = home / ".enneo" / "env"
    before = os.umask(0)
    try:
        update_env_file(path, {"A": "x"})
    finally:
        os.umask(before)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_an_update_follows_a_link(tmp_path: Path) -> None:
    """A file that is kept elsewhere stays there."""
    real = private(tmp_path / "real", "A=x\n")
    (tmp_path / "env").symlink_to(real)

    update_env_file(tmp_path / "env", {"A": "y"})

    assert (tmp_path / "env").is_symlink()
    assert read_env_file(real) == {"A": "y"}


def test_a_failed_update_leaves_the_file_as_it_was(home: Path) -> None:
    """Text that cannot be written, here a lone surrogate, costs neither the file nor its folder's tidiness."""
    path = private(home / ".enneo" / "env", "A=x\n")

    with pytest.raises(UnicodeEncodeError):
        update_env_file(path, {"A": "\ud800"})

    assert path.read_text() == "A=x\n"
    assert list(path.parent.iterdir()) == [path]


def test_an_update_in_no_folder_fails(tmp_path: Path) -> None:
    """Where the folder is gone there is nothing to update."""
    with pytest.raises(FileNotFoundError):
        update_env_file(tmp_path / "gone" / "env", {"A": "x"})


@given(value=st.text(st.characters(min_codepoint=32, max_codepoint=126)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_what_is_written_is_read_again(tmp_path: Path, value: str) -> None:
    """Any credential survives the way through the file, and a shell reads the same."""
    path = private(tmp_path / "env", "")

    update_env_file(path, {"A": value})

    assert read_env_file(path) == {"A": value}
    shell = subprocess.run(["sh", "-c", '. "$0"; printf %s "$A"', path], capture_output=True, text=True, check=True)
    assert shell.stdout == value
