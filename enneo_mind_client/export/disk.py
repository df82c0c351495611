"""What an export does to the disk: in few steps, which a crash can fall between. What it refuses becomes our error."""

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from enneo_mind_client.errors import ExportError

MODE: Final = 0o600
"""Customers' data is for its owner; the umask may take away more."""

NO_PART: Final = "is no part of an export, or is damaged"
"""What is said of a file that stands where a part should be."""

_FLAGS: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class Disk:
    """The steps. Replace it by a subclass to have one of them fail, or be the last."""

    def open(self, path: Path) -> int:
        """Open a file to read it and to add to it; it is made if it is not there."""
        return os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | _FLAGS, MODE)

    def append(self, fd: int, data: bytes) -> None:
        """Add to a file."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(fd, rest) :]

    def cut(self, fd: int, size: int) -> None:
        """Shorten a file."""
        os.ftruncate(fd, size)

    def sync(self, fd: int) -> None:
        """Have a file outlive a loss of power."""
        os.fsync(fd)

    def flush(self, path: Path) -> None:
        """Have a file that is written and closed outlive a loss of power."""
        with path.open("r+b") as file:
            os.fsync(file.fileno())

    def rename(self, source: Path, target: Path) -> None:
        """Give a file another name, in place of what has it, so that it outlives a loss of power."""
        source.replace(target)
        for folder in {source.parent, target.parent}:
            self._sync_folder(folder)

    def remove(self, path: Path) -> None:
        """Remove a file, if it is there."""
        path.unlink(missing_ok=True)

    def _sync_folder(self, folder: Path) -> None:
        with suppress(PermissionError):  # Windows opens no folders, and keeps names by itself
            fd = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(fd)
            finally:
                os.close(fd)


@contextmanager
def writing(path: Path) -> Generator[None, None, None]:
    """Have what the disk refuses in the block raised as our error.

    Raises:
        ExportError: The disk is full, the folder is read-only, or the like.
    """
    try:
        yield
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) else str(path)
        said = (
            f"{where} cannot be written: {error.strerror or error}. What is exported stays: mend that and run it again."
        )
        raise ExportError(said, kind="disk", path=where) from error


def foreign(path: Path, what: str) -> ExportError:
    """Return the error for what is not of this export."""
    return ExportError(f"{path} {what}: move it away, or export to another folder.", kind="foreign", path=str(path))
