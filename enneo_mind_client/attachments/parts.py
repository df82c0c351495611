"""A file while it is being downloaded: what has come, and the mark by which the server knows the rest of the same file.

Beside `bill.pdf.1f0c9a3e.part` stands `bill.pdf.1f0c9a3e.part.mark` with the server's `ETag` or `Last-Modified`. Only
with it is a part carried on; without it, or where another process holds the part, it is downloaded anew.
"""

import os
import stat
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

from enneo_mind_client.attachments.folder import Folder, disk

_CREATE: Final = os.O_RDWR | os.O_CREAT
_NOT_WAITING: Final = getattr(os, "O_NONBLOCK", 0)  # for somebody at the other end of a pipe
_LONGEST_MARK: Final = 1000


class Lock(Protocol):
    """Takes an open file for itself, or raises `OSError` or `ImportError` where it cannot."""

    def __call__(self, fd: int, /) -> None:
        """Take it."""
        ...


def lock_alone(fd: int, /) -> None:
    """Take an open file until it is closed; where there is no `flock`, as on Windows, this always fails."""
    import fcntl

    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Part:
    """The bytes that have come of one file; `open`, `append` and `finish` may be called in any thread.

    Args:
        folder: Where it is.
        name: What the file will be called.
        key: Tells this file from others of the same name.
        lock: Keeps others away from it.
    """

    def __init__(self, folder: Folder, name: str, key: str, lock: Lock = lock_alone) -> None:
        self._folder, self._final, self._name, self._take = folder, name, f"{name}.{key}.part", lock
        self._guard = threading.Lock()
        self._fd: int | None = None
        self._closed = self._passing = False
        self.size = 0
        self.mark: str | None = None

    def open(self) -> None:
        """Open what an earlier call left, or begin.

        Raises:
            DownloadError: The disk refuses.
        """
        with self._guard, disk(self._final):
            if not self._closed and not self._open_kept():
                self._name = f"{self._name.removesuffix('.part')}.{os.urandom(4).hex()}.part"
                self._fd, self._passing = self._folder.open(self._name, _CREATE | os.O_EXCL), True

    def restart(self, mark: str | None) -> None:
        """Forget what has come; the next bytes are the first ones of the file that the mark is of."""
        with disk(self._final):
            self._folder.remove(self._mark_name)
            os.ftruncate(self._opened, 0)
            os.lseek(self._opened, 0, os.SEEK_SET)
            self.size, self.mark = 0, mark
            if mark is not None:
                self._write_mark(mark)

    def forget_mark(self) -> None:
        """Have the next download begin anew: these bytes are not what they should be."""
        self._folder.remove(self._mark_name)
        self.mark = None

    def append(self, data: bytes) -> None:
        """Add the next bytes."""
        with disk(self._final):
            rest = memoryview(data)
            while rest:
                written = os.write(self._opened, rest)
                self.size += written
                rest = rest[written:]

    def finish(self) -> Path:
        """Give the whole file its name and return its path; it is on the disk then.

        Raises:
            DownloadError: The disk refuses.
        """
        with self._guard, disk(self._final):
            os.fsync(self._opened)
            self._folder.remove(self._mark_name)
            path = self._folder.publish(self._name, self._final)
            self._passing = True
            return path

    def close(self) -> None:
        """Leave the part to a later call; remove it if it is finished, or no later call would find it."""
        with self._guard:
            self._closed = True
            if self._fd is not None:
                os.close(self._fd)
                self._fd = None
                if self._passing:
                    self._folder.remove(self._name)
                    self._folder.remove(self._mark_name)

    @property
    def _opened(self) -> int:
        self._folder.check()
        if self._fd is None:
            raise OSError("the download was ended")
        return self._fd

    @property
    def _mark_name(self) -> str:
        return f"{self._name}.mark"

    def _open_kept(self) -> bool:
        """Open the part under its lasting name, unless it is another's, or no file of ours: then it is left alone."""
        try:
            fd = self._folder.open(self._name, _CREATE | _NOT_WAITING)
        except IsADirectoryError:
            return False
        except OSError:
            if not self._is_link():
                raise
            return False
        if not self._is_ours(fd):
            os.close(fd)
            return False
        self._fd, self.mark = fd, self._read_mark()
        self.size = os.lseek(fd, 0, os.SEEK_END)
        return True

    def _is_link(self) -> bool:
        with suppress(OSError):
            return stat.S_ISLNK(self._folder.stat(self._name).st_mode)
        return False

    def _is_ours(self, fd: int) -> bool:
        try:
            self._take(fd)
            kept, named = os.fstat(fd), self._folder.stat(self._name)
        except (OSError, ImportError):
            return False
        alone = stat.S_ISREG(kept.st_mode) and kept.st_nlink == 1 and os.path.samestat(kept, named)
        return alone and kept.st_uid == getattr(os, "geteuid", lambda: kept.st_uid)()

    def _read_mark(self) -> str | None:
        try:
            fd = self._folder.open(self._mark_name, os.O_RDONLY | _NOT_WAITING)
        except OSError:
            return None
        with os.fdopen(fd, encoding="latin-1") as file:
            mark = file.read(_LONGEST_MARK)
        return mark if mark.isascii() and mark.isprintable() and mark else None

    def _write_mark(self, mark: str) -> None:
        fd = self._folder.open(self._mark_name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        with os.fdopen(fd, "w", encoding="latin-1") as file:
            file.write(mark)
