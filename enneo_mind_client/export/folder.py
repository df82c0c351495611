"""The folder of an export: which file is what, which tickets are in it, and that one export at a time writes to it.

    tickets/
      conversations/part-000000.parquet   so many tickets each, only ever whole; the last one may have fewer
      tickets.jsonl.part                  the tickets that are not enough for a part yet, a line each
      failures.jsonl                      the tickets that could not be had, a line each
      failures.jsonl.retrying             those of them that are being tried again
      .lock                               held while an export runs; the system lets go of it with the process

With DuckDB the parts are in `conversations.duckdb.parts/` until `conversations.duckdb` is made of them. Nothing else is
kept: what is done is read from these files.
"""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from enneo_mind_client.attachments.parts import Lock, lock_alone
from enneo_mind_client.errors import ConfigurationError, ExportError
from enneo_mind_client.export.disk import Disk, foreign, writing
from enneo_mind_client.export.formats import Format, FormatName, form_of
from enneo_mind_client.export.lines import Lines
from enneo_mind_client.ids import Seen

_DATABASE: Final = "conversations.duckdb"
_NUMBERED: Final = re.compile(r"part-(\d{6,18})\.(.+)")


class Folder:
    """The folder of an export, from `open` to `close`; both do no harm twice.

    Attributes:
        tail: The tickets that are not enough for a part yet.
        failures: The tickets that could not be had.
        retried: Those that are tried again.
        result: What the export is for: the folder with the parts, or the database.

    Args:
        path: The folder.
        name: The format.
        disk: What does the steps that a crash can fall between.
        lock: Keeps other exports away.
    """

    def __init__(self, path: Path, name: FormatName, disk: Disk, lock: Lock = lock_alone) -> None:
        path = path.absolute()  # whatever folder the process goes to meanwhile
        self.path, self._disk, self._take = path, disk, lock
        self._form: Format = form_of(name)
        if name == "duckdb":
            _refuse_for_database(str(path))
        self._database = path / _DATABASE if name == "duckdb" else None
        self._parts = path / (f"{_DATABASE}.parts" if name == "duckdb" else "conversations")
        self._new = path / "conversations.part"
        self.result = self._database or self._parts
        self.tail = Lines(path / "tickets.jsonl.part", disk)
        self.failures = Lines(path / "failures.jsonl", disk)
        self.retried = Lines(path / "failures.jsonl.retrying", disk)
        self._lock: int | None = None
        self._count = 0

    def open(self) -> None:
        """Take the folder; it is made if it is not there.

        Raises:
            ExportError: Another export has it, it holds an export in another format, or the disk refuses.
        """
        with writing(self.path):
            self.path.mkdir(0o700, parents=True, exist_ok=True)
            self._lock = self._disk.open(self.path / ".lock")
            self._lock_alone(self._lock)
            self._refuse_other_formats()
            self._parts.mkdir(0o700, exist_ok=True)
            self._disk.remove(self._new)

    def close(self) -> None:
        """Give the folder free; what was written outlives a loss of power, if the disk lets it."""
        for lines in (self.tail, self.failures, self.retried):
            with suppress(ExportError):
                lines.sync()
            lines.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def read(self, done: Seen) -> int:
        """Return how many tickets are there, and add them to others; what a crash left to tidy up is tidied up.

        Raises:
            ExportError: A file is not of an export, or the disk refuses.
        """
        with writing(self.path):
            return sum(map(done.add, self._sealed())) + self._read_tail(done)

    def seal(self) -> None:
        """Make a part of the tail.

        Raises:
            ExportError: The disk refuses. The tail stays.
        """
        with writing(self._parts):
            self.failures.sync()
            self.tail.close()
            made = self._form.write(self.tail.path, self._new)
            self._disk.flush(made)
            self._disk.rename(made, self._parts / f"part-{self._count:06}.{self._form.extension}")
            self._disk.remove(self.tail.path)
        self._count += 1

    def finish(self) -> None:
        """Make what the export is for of the parts, where these are not it, and forget what was tried again.

        Raises:
            ExportError: The disk refuses. The parts stay.
        """
        with writing(self.path):
            self.failures.sync()
            self._merge()
            self._disk.remove(self.retried.path)
            if self._database:
                self._parts.rmdir()

    def retry(self) -> None:
        """Have the failures tried again; those of a retry that was ended by a crash still are."""
        with writing(self.failures.path):
            if self.failures.path.exists() and not self.retried.path.exists():
                self._disk.rename(self.failures.path, self.retried.path)

    def _sealed(self) -> Iterator[int]:
        parts = self._numbered()
        self._count = max(parts, default=-1) + 1
        if self._database and self._database.exists():
            yield from self._merged(self._database, parts)
        for number in sorted(parts):
            yield from self._form.ids(parts[number])

    def _merged(self, database: Path, parts: dict[int, Path]) -> Iterator[int]:
        """Yield the tickets of the database, and drop the parts that a crash left after they were put into it."""
        from enneo_mind_client.export.database import check, ids

        check(database)
        first = {next(self._form.ids(part)): number for number, part in parts.items()}
        for ticket in [*ids(database, first)]:
            self._disk.remove(parts.pop(first[ticket]))
        yield from ids(database)

    def _read_tail(self, done: Seen) -> int:
        for ticket in self.tail.ids():
            if not done.add(ticket) and self.tail.count == 1:  # a crash came after a part was made of it
                self._disk.remove(self.tail.path)
                self.tail.count = 0
                break
        return self.tail.count

    def _merge(self) -> None:
        parts = self._numbered()
        if not self._database or not (parts or not self._database.exists()):
            return
        from enneo_mind_client.export.database import merge

        ordered = [parts[number] for number in sorted(parts)]
        merge(self._database, ordered, (ticket for part in ordered for ticket in self._form.ids(part)), self._new)
        self._disk.flush(self._new)
        self._disk.rename(self._new, self._database)
        for part in ordered:
            self._disk.remove(part)

    def _lock_alone(self, fd: int) -> None:
        try:
            with suppress(ImportError):  # on Windows nobody else can replace an open file
                self._take(fd)
        except BlockingIOError:
            said = f"Another export is writing to {self.path}: wait for it, or export to another folder."
            raise ExportError(said, kind="locked", path=str(self.path)) from None

    def _refuse_other_formats(self) -> None:
        if self._database is None and ((self.path / _DATABASE).exists() or (self.path / f"{_DATABASE}.parts").exists()):
            raise foreign(self.path, "holds an export in another format")
        if self._database and (self.path / "conversations").exists():
            raise foreign(self.path, "holds an export in another format")

    def _numbered(self) -> dict[int, Path]:
        """Return the parts by their numbers."""
        there = [path.name for path in self._parts.iterdir() if path.name[0] not in "._"]  # which nobody reads as data
        found = {name: _NUMBERED.fullmatch(name) for name in there}
        for name, match in found.items():
            if match is None or match[2] != self._form.extension:
                raise foreign(self._parts / name, "is no part of an export in this format")
        return {int(match[1]): self._parts / name for name, match in found.items() if match}


def _refuse_for_database(path: str) -> None:
    if "?" in path:  # behind which it looks for options of its own
        raise ConfigurationError(f"DuckDB cannot make a file in {path}: take a folder without a question mark.")
    try:
        path.encode()
    except UnicodeEncodeError:
        said = f"DuckDB cannot make a file in {path!a}: take a folder whose name is UTF-8."
        raise ConfigurationError(said) from None
