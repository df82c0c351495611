"""What the disk can do to an export: be full, be read-only, be somebody else's, or hold what a crash left."""

import errno
import fcntl
import logging
import multiprocessing
import os
import resource
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from enneo_mind_client.errors import ConfigurationError, ExportError
from enneo_mind_client.export.disk import Disk
from enneo_mind_client.export.folder import Folder
from enneo_mind_client.models import Conversation

from ..bulk.fakes import FakeApi
from .exporting import FORMATS, Export, failed, lines, names, rows, thread, tickets

ROWS = [(ticket, 10 * ticket + number) for ticket in range(1, 21) if ticket % 7 for number in range(ticket % 3)]


class FailingDisk(Disk):
    """A disk on which the n-th step of a kind fails."""

    def __init__(self, step: str, number: int) -> None:
        self._step, self._number = step, number

    def _count(self, name: str) -> None:
        if name == self._step:
            self._number -= 1
            if self._number == 0:
                raise OSError(errno.ENOSPC, "No space left on device")

    def open(self, path: Path) -> int:
        """Open, or fail."""
        self._count("open")
        return super().open(path)

    def append(self, fd: int, data: bytes) -> None:
        """Add, or fail after a few bytes."""
        if self._step == "append" and self._number == 1:
            super().append(fd, data[:10])
        self._count("append")
        super().append(fd, data)

    def sync(self, fd: int) -> None:
        """Sync, or fail."""
        self._count("sync")
        super().sync(fd)

    def flush(self, path: Path) -> None:
        """Flush, or fail."""
        self._count("flush")
        super().flush(path)

    def rename(self, source: Path, target: Path) -> None:
        """Rename, or fail."""
        self._count("rename")
        super().rename(source, target)

    def remove(self, path: Path) -> None:
        """Remove, or fail."""
        self._count("remove")
        super().remove(path)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("step", "number"),
    [("open", 1), ("open", 2), ("append", 7), ("sync", 1), ("flush", 2), ("rename", 2), ("remove", 1), ("remove", 3)],
)
def test_a_disk_that_refuses(export: Export, tmp_path: Path, form: str, step: str, number: int) -> None:
    """Each step that fails is a typed error; what was written stays, and the next run goes on."""
    with pytest.raises(
        ExportError, match=r"cannot be written: No space left on device. What is exported stays"
    ) as raised:
        export(range(1, 21), tmp_path, form, disk=FailingDisk(step, number))
    assert (raised.value.kind, raised.value.path.startswith(str(tmp_path))) == ("disk", True)
    assert isinstance(raised.value.__cause__, OSError)
    export(range(1, 21), tmp_path, form)

    assert (rows(tmp_path, form), failed(tmp_path)) == (ROWS, [7, 14])


def in_child(work: Callable[[], Any]) -> str:
    """Do something in a forked process with limits of its own; return the error's kind and text."""
    reader, writer = multiprocessing.Pipe(duplex=False)

    def child() -> None:
        try:
            work()
            writer.send("done")
        except ExportError as error:
            writer.send(f"{error.kind}: {error}")

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    said: str = reader.recv() if reader.poll(60) else "nothing"
    process.join(60)
    return said


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("form", FORMATS)
def test_a_file_that_may_not_grow(once: Export, tmp_path: Path, form: str) -> None:
    """A limit of the system is met in the middle of a file; without it the next run goes on."""

    def answer(ticket: int) -> list[Conversation]:
        return [Conversation.from_dict({"id": ticket, "channelId": os.urandom(6000).hex()})]

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))
        once(range(1, 41), tmp_path, form, answer, part_size=30)

    assert in_child(work).startswith("disk: ")
    result = once(range(1, 41), tmp_path, form, answer, part_size=30)

    assert [ticket for ticket, _ in rows(tmp_path, form)] == [*range(1, 41)]
    assert 0 < result.fetched < 40


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_folder_that_may_not_be_written_to(once: Export, tmp_path: Path) -> None:
    """It is said before anything is asked for."""
    api = FakeApi(thread)
    tmp_path.chmod(0o555)

    def work() -> None:
        if os.geteuid() == 0:
            os.chdir(tmp_path)  # the folders above are the owner's
            os.setuid(65534)
        once([1], Path("x") if os.geteuid() == 65534 else tmp_path / "x", api=api)

    try:
        assert in_child(work).startswith("disk: ")
    finally:
        tmp_path.chmod(0o755)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of half a megabyte; only where this process may."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(tmp_path)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("nothing can be mounted here")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk(export: Export, small_disk: Path, form: str) -> None:
    """An export ends typed; given more space it goes on, and nothing has to be asked for again."""

    def answer(ticket: int) -> list[Conversation]:
        return [Conversation.from_dict({"id": ticket, "channelId": os.urandom(5000).hex()})]

    with pytest.raises(ExportError, match=r"No space left|cannot be written"):
        export(range(1, 101), small_disk, form, answer, part_size=20)
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    result = export(range(1, 101), small_disk, form, answer, part_size=20)

    assert [ticket for ticket, _ in rows(small_disk, form)] == [*range(1, 101)]
    assert 0 < result.fetched < 100


def test_a_read_only_disk(once: Export, small_disk: Path) -> None:
    """It is an error with the system's words."""
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)

    with pytest.raises(ExportError, match="Read-only file system"):
        once([1], small_disk / "x")


@pytest.mark.parametrize("form", FORMATS)
def test_a_second_export_is_refused(export: Export, tmp_path: Path, form: str) -> None:
    """While one writes to a folder another one ends at once, and touches nothing."""
    said = list[ExportError]()

    def answer(ticket: int) -> list[Conversation]:
        if ticket == 10:
            with pytest.raises(ExportError, match="Another export is writing to") as raised:
                Export(blocking=True)([50], tmp_path, form)
            said.append(raised.value)
        return thread(ticket)

    export(range(1, 21), tmp_path, form, answer)

    assert [(error.kind, error.path) for error in said] == [("locked", str(tmp_path))]
    assert rows(tmp_path, form) == ROWS


def test_the_lock_of_a_dead_process_is_none(once: Export, tmp_path: Path) -> None:
    """The system lets go of it, however the process ended."""
    hold = (
        "import fcntl, sys, time; f = open(sys.argv[1], 'w'); fcntl.flock(f, 2); print(1, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", hold, str(tmp_path / ".lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(ExportError, match="Another export"):
            once([1], tmp_path)
        process.kill()
        process.wait()

    assert once([1], tmp_path).tickets == 1


def test_where_there_are_no_locks(once: Export, tmp_path: Path) -> None:
    """A system without them is trusted; one that fails is not."""

    def none(_: int) -> None:
        raise ImportError("no fcntl")

    def broken(_: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    assert once([1], tmp_path, lock=none).tickets == 1
    with pytest.raises(ExportError, match="No locks available"):
        once([1], tmp_path, lock=broken)


@pytest.mark.parametrize("torn", [b'{"ticketId":6', b'{"ticketId":6,"conversations":[]}', b"\0" * 4096])
def test_a_torn_end_is_cut(export: Export, tmp_path: Path, torn: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """What a crash left of a line is cut off, and that is said once; the ticket is asked for again."""
    for name, ticket in ("tickets.jsonl.part", 5), ("failures.jsonl", 3):
        (tmp_path / name).write_bytes(b'{"ticketId":%d,"conversations":[]}\n' % ticket + torn)
    with caplog.at_level(logging.WARNING):
        export([3, 5, 6, 8], tmp_path)

    assert (tickets(tmp_path), failed(tmp_path)) == ([5, 6, 8], [3])
    assert [record.getMessage().partition(" ended in")[0] for record in caplog.records] == [
        str(tmp_path / "tickets.jsonl.part"),
        str(tmp_path / "failures.jsonl"),
    ]


BROKEN = [b"hello\n", b'{"ticketId":"6"}\n', b"\n"]
TORN = b'{"ticketId":6,"conversations":['
WITHIN = b'{"ticketId":6,"conversations":[}\n'


@pytest.mark.parametrize(
    ("name", "line"),
    [
        *(("tickets.jsonl.part", line) for line in [*BROKEN, WITHIN]),
        *(("failures.jsonl", line) for line in [*BROKEN, WITHIN]),
        *(("conversations/part-000000.jsonl", line) for line in [*BROKEN, TORN, TORN + b"]}"]),
    ],
)
def test_a_file_of_somebody_else(once: Export, tmp_path: Path, name: str, line: bytes) -> None:
    """What no export wrote is not cut, but named."""
    (tmp_path / "conversations").mkdir()
    (tmp_path / name).write_bytes(b'{"ticketId":1,"conversations":[]}\n' + line)
    with pytest.raises(ExportError, match=r"is no part of an export|is not of an export, number 2") as raised:
        once([1], tmp_path)

    assert (raised.value.kind, raised.value.path) == ("foreign", str(tmp_path / name))


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("conversations/notes.txt", "parquet"),
        ("conversations/part-000000.jsonl", "parquet"),
        ("conversations/part-000000.parquet", "parquet"),
        ("conversations/part-000000.jsonl.zst", "jsonl.zst"),
        ("conversations.duckdb", "duckdb"),
        ("conversations.duckdb", "jsonl"),
        ("conversations.duckdb.parts/part-000000.parquet", "jsonl"),
        ("conversations/part-000000.jsonl", "duckdb"),
    ],
)
def test_a_folder_of_something_else(once: Export, tmp_path: Path, name: str, form: str) -> None:
    """Another format, or no export at all, is left as it is."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(b"something else")
    with pytest.raises(ExportError):
        once([1], tmp_path, form)

    assert (tmp_path / name).read_bytes() == b"something else"
    assert {*names(tmp_path)} == {name, ".lock"}


@pytest.mark.parametrize(
    "name", ["conversations.part", "conversations/part-000000.jsonl", "tickets.jsonl.part", "failures.jsonl"]
)
def test_a_folder_in_the_way(once: Export, tmp_path: Path, name: str) -> None:
    """It is named, and not only the folder that it is in."""
    (tmp_path / name).mkdir(parents=True)
    with pytest.raises(ExportError, match=rf"{name} cannot be written: Is a directory") as raised:
        once([1], tmp_path)

    assert (raised.value.kind, raised.value.path) == ("disk", str(tmp_path / name))


def test_what_the_system_leaves_is_overlooked(once: Export, tmp_path: Path) -> None:
    """Files that nobody reads as data do not stop an export."""
    (tmp_path / "conversations").mkdir()
    for name in (".DS_Store", "_SUCCESS"):
        (tmp_path / "conversations" / name).write_bytes(b"x")

    assert once([1], tmp_path).tickets == 1


@pytest.mark.parametrize("form", ["parquet", "jsonl", "jsonl.zst"])
def test_a_part_that_was_cut_short(once: Export, tmp_path: Path, form: str) -> None:
    """It is named, not counted as whole; once it is moved away its tickets are asked for again."""
    once(range(1, 21), tmp_path, form)
    part = tmp_path / "conversations" / f"part-000001.{form}"
    os.truncate(part, part.stat().st_size - 3)
    with pytest.raises(ExportError, match=r"is damaged: move it away") as raised:
        once(range(1, 21), tmp_path, form)
    part.unlink()
    once(range(1, 21), tmp_path, form)

    assert (raised.value.kind, raised.value.path) == ("foreign", str(part))
    assert sorted(rows(tmp_path, form)) == ROWS


def test_a_part_that_was_put_back(once: Export, tmp_path: Path) -> None:
    """A tail that has tickets of its own beside those of the part is kept."""
    for name, ids in ("conversations/part-000000.jsonl", [1, 2]), ("tickets.jsonl.part", [8, 2]):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("".join(f'{{"ticketId":{number},"conversations":[]}}\n' for number in ids))
    once([1, 2, 8], tmp_path)

    assert lines(tmp_path) == [[1, 2], [8, 2]]


@pytest.mark.parametrize("left", [b"", b"not whole"])
def test_what_was_not_finished_is_removed(export: Export, tmp_path: Path, left: bytes) -> None:
    """A part that a crash came into is made anew."""
    (tmp_path / "conversations.part").write_bytes(left)
    export([1], tmp_path)

    assert "conversations.part" not in names(tmp_path)


def test_what_a_database_spilled_is_removed(once: Export, tmp_path: Path) -> None:
    """A crash leaves what DuckDB put aside while it made the file; the next run does not."""
    spilled = tmp_path / "conversations.part.tmp" / "duckdb_temp_storage_DEFAULT-0.tmp"
    spilled.parent.mkdir()
    spilled.write_bytes(b"x" * 4096)
    once([1], tmp_path, "duckdb")

    assert not spilled.parent.exists()


@pytest.mark.parametrize("name", ["a[1]", "it's *", "{n} $x"])
def test_a_folder_with_an_odd_name(once: Export, tmp_path: Path, name: str) -> None:
    """DuckDB reads it as it is, and not as a pattern that another folder fits."""
    once([2], tmp_path / "a1", "duckdb")
    once([1], tmp_path / name, "duckdb")
    once([5], tmp_path / name, "duckdb")

    assert rows(tmp_path / name, "duckdb") == [(1, 10), (5, 50), (5, 51)]


@pytest.mark.parametrize(("name", "says"), [("a?", "without a question mark"), ("a\udcff", "whose name is UTF-8")])
def test_a_folder_that_a_database_cannot_be_in(once: Export, tmp_path: Path, name: str, says: str) -> None:
    """It is refused before anything is asked for."""
    with pytest.raises(ConfigurationError, match=says):
        once([1], tmp_path / name, "duckdb")
    assert names(tmp_path) == []


def test_a_link_is_not_followed(once: Export, tmp_path: Path) -> None:
    """Nobody can have an export write to somewhere else."""
    victim = tmp_path / "victim"
    victim.write_text("precious\n")
    to = tmp_path / "to"
    to.mkdir()
    (to / "tickets.jsonl.part").symlink_to(victim)
    with pytest.raises(ExportError, match="cannot be written"):
        once([1], to)

    assert victim.read_text() == "precious\n"


@pytest.mark.parametrize("form", FORMATS)
def test_files_are_for_their_owner(once: Export, tmp_path: Path, form: str) -> None:
    """Customers' data is not for others on the machine."""
    once(range(1, 21), tmp_path / "new", form)
    modes = {path.relative_to(tmp_path).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}

    assert {mode for name, mode in modes.items() if (tmp_path / name).is_dir()} == {0o700}
    assert {mode for name, mode in modes.items() if (tmp_path / name).is_file()} == {0o600}


def test_a_tail_that_is_full_is_made_a_part(export: Export, tmp_path: Path) -> None:
    """A crash before that changes no part's size."""
    (tmp_path / "tickets.jsonl.part").write_bytes(
        b"".join(b'{"ticketId":%d,"conversations":[]}\n' % n for n in range(1, 4))
    )
    export(range(1, 6), tmp_path, part_size=3)

    assert lines(tmp_path) == [[1, 2, 3], [4, 5]]


def test_a_folder_in_a_file_is_refused(once: Export, tmp_path: Path) -> None:
    """What is no folder is said to be none."""
    (tmp_path / "x").write_text("")
    with pytest.raises(ExportError, match="cannot be written"):
        once([1], tmp_path / "x")


def test_locks_are_the_systems(tmp_path: Path) -> None:
    """An open folder is locked for every process, until it is closed; both may be done twice."""
    folder = Folder(tmp_path, "jsonl", Disk())
    folder.close()
    folder.open()
    with (tmp_path / ".lock").open() as other:
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        folder.close()
        folder.close()
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
