"""The folder and the parts in it: new files only, never through a link, and private."""

import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from enneo_mind_client import DownloadError
from enneo_mind_client.attachments.folder import Folder
from enneo_mind_client.attachments.parts import Part

from .asking import names


def store(path: Path, name: str = "bill.pdf", data: bytes = b"new", **options: Any) -> Path:
    """Store a file at once."""
    with Folder(path, **options) as folder:
        part = Part(folder, name, "key")
        part.open()
        part.restart(None)
        part.append(data)
        stored = part.finish()
        part.close()
    return stored


def refusing(number: int) -> Any:
    """Return what cannot give a file a second name, for some reason of the system."""

    def link(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    return link


WAYS: list[dict[str, Any]] = [{}, {"stay": False}, {"link": refusing(errno.EPERM)}]


@pytest.mark.parametrize("way", WAYS, ids=["opened", "by path", "no links"])
def test_a_taken_name_gets_a_number(tmp_path, way):
    """What is there is kept: a file, a folder, a link that leads nowhere, or a twin in another case."""
    (tmp_path / "bill.pdf").write_bytes(b"old")
    (tmp_path / "BILL (2).pdf").mkdir()
    (tmp_path / "bill (3).pdf").symlink_to(tmp_path / "elsewhere")

    stored = store(tmp_path, **way)

    assert (stored.name, stored.read_bytes()) == ("bill (4).pdf", b"new")
    assert (tmp_path / "bill.pdf").read_bytes() == b"old"
    assert not (tmp_path / "elsewhere").exists()
    assert names(tmp_path) == ["BILL (2).pdf", "bill (3).pdf", "bill (4).pdf", "bill.pdf"]


@pytest.mark.parametrize("way", WAYS, ids=["opened", "by path", "no links"])
def test_a_name_that_is_taken_meanwhile(tmp_path, way):
    """A file that somebody else makes during the download is not replaced."""
    with Folder(tmp_path, **way) as folder:
        part = Part(folder, "bill.pdf", "key")
        part.open()
        (tmp_path / "bill.pdf").write_bytes(b"theirs")
        stored = part.finish()
        part.close()

    assert (stored.name, names(tmp_path)) == ("bill (2).pdf", ["bill (2).pdf", "bill.pdf"])


def test_only_the_owner_reads_what_is_stored(tmp_path):
    """A file is readable by its owner alone, and so is a folder that had to be made."""
    stored = store(tmp_path / "a" / "inbox")

    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert stat.S_IMODE(stored.parent.stat().st_mode) == 0o700


def test_the_umask_may_take_more_away(tmp_path):
    """A stricter umask is respected."""
    kept = os.umask(0o277)
    try:
        with Folder(tmp_path) as folder:
            os.close(folder.open("x", os.O_CREAT | os.O_EXCL))
    finally:
        os.umask(kept)

    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o400


def test_the_folder_may_be_a_link(tmp_path):
    """Where to store is the caller's choice, and a link to it too."""
    (tmp_path / "real").mkdir()
    (tmp_path / "inbox").symlink_to("real")

    assert store(tmp_path / "inbox") == tmp_path / "inbox" / "bill.pdf"
    assert names(tmp_path / "real") == ["bill.pdf"]


def test_a_folder_that_is_none(tmp_path):
    """A file where the folder should be is named in one line."""
    (tmp_path / "inbox").write_text("")

    with pytest.raises(DownloadError, match=r"The folder .*inbox cannot be written: File exists") as caught:
        store(tmp_path / "inbox")

    assert caught.value.kind == "disk"


def test_another_refusal_of_a_second_name(tmp_path):
    """A disk that is full, or the like, is said; the part is kept."""
    with pytest.raises(DownloadError, match=r"bill.pdf cannot be written: No space left"):
        store(tmp_path, link=refusing(errno.ENOSPC))

    assert names(tmp_path) == ["bill.pdf.key.part"]


def link_elsewhere(part: Path) -> None:
    """Put a link in the place of a part."""
    (part.parent / "elsewhere").write_bytes(b"theirs")
    part.symlink_to(part.parent / "elsewhere")


def second_name(part: Path) -> None:
    """Put another name of a file in the place of a part."""
    (part.parent / "elsewhere").write_bytes(b"theirs")
    part.hardlink_to(part.parent / "elsewhere")


@pytest.mark.parametrize("plant", [link_elsewhere, second_name, Path.mkdir, os.mkfifo])
def test_what_is_no_part_of_ours_is_left_alone(tmp_path, plant):
    """A link, a second name of another file, a folder or a pipe in the place of a part is not written to."""
    plant(tmp_path / "bill.pdf.key.part")
    before = names(tmp_path)

    assert store(tmp_path).read_bytes() == b"new"
    assert names(tmp_path) == sorted([*before, "bill.pdf"])
    assert not (tmp_path / "elsewhere").exists() or (tmp_path / "elsewhere").read_bytes() == b"theirs"


def test_two_at_once(tmp_path):
    """A part that another call holds is left to it; both get a whole file."""
    with Folder(tmp_path) as folder:
        one, two = Part(folder, "bill.pdf", "key"), Part(folder, "bill.pdf", "key")
        for part in (one, two):
            part.open()
            part.restart('"mark"')
        one.append(b"one")
        two.append(b"two")
        paths = [part.finish() for part in (two, one)]
        one.close()
        two.close()

    assert [path.read_bytes() for path in paths] == [b"two", b"one"]
    assert names(tmp_path) == ["bill (2).pdf", "bill.pdf"]


def test_an_unfinished_part_that_no_call_would_find_is_removed(tmp_path):
    """Only under its lasting name a part is of use later."""
    with Folder(tmp_path) as folder:
        one, two = Part(folder, "bill.pdf", "key"), Part(folder, "bill.pdf", "key")
        for part in (one, two):
            part.open()
            part.restart('"mark"')
        one.close()
        two.close()

    assert names(tmp_path) == ["bill.pdf.key.part", "bill.pdf.key.part.mark"]


def test_a_system_without_locks(tmp_path):
    """Where nobody can be kept away from a part, each download has its own."""

    def no_lock(_: int) -> None:
        raise OSError

    (tmp_path / "bill.pdf.key.part").write_bytes(b"kept")
    with Folder(tmp_path) as folder:
        part = Part(folder, "bill.pdf", "key", no_lock)
        part.open()
        assert part.size == 0
        part.close()

    assert names(tmp_path) == ["bill.pdf.key.part"]


@pytest.mark.parametrize("mark", [b"", b"a\r\nCookie: b", b"\xff", b"x" * 5000])
def test_a_mark_that_is_none(tmp_path, mark):
    """What cannot stand in a header is not sent in one."""
    (tmp_path / "bill.pdf.key.part").write_bytes(b"kept")
    (tmp_path / "bill.pdf.key.part.mark").write_bytes(mark)
    with Folder(tmp_path) as folder:
        part = Part(folder, "bill.pdf", "key")
        part.open()
        part.close()

    assert part.mark is None or part.mark == "x" * 1000


def test_a_folder_that_lets_nothing_in(tmp_path):
    """A part that cannot be made is said in our words, and not taken for another's."""
    with Folder(tmp_path) as folder:
        part = Part(folder, "bill.pdf" + "x" * 300, "key")
        with pytest.raises(DownloadError, match="File name too long"):
            part.open()
        part.close()


def test_ended_before_it_began(tmp_path):
    """A download that is cancelled while a thread is about to open its part opens nothing."""
    with Folder(tmp_path) as folder:
        part = Part(folder, "bill.pdf", "key")
        part.close()
        part.open()
        with pytest.raises(DownloadError, match="the download was ended"):
            part.append(b"late")

    assert names(tmp_path) == []
