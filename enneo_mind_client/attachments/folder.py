"""The folder that attachments are stored in: new files only, never over another one nor through a link.

Names are looked up in the opened folder and not by its path, where the system can do that, so nobody can put another
folder in its place meanwhile. The folder itself may be a link: the caller chose it.
"""

import errno
import os
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Self

from enneo_mind_client.attachments.names import alternatives, twin_key
from enneo_mind_client.errors import DownloadError

MODE: Final = 0o600
"""Customers' data is for its owner; the umask may take away more."""

_FLAGS: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EACCES, errno.EMLINK})
_CAN_STAY: Final = {os.open, os.stat, os.unlink, os.link, os.rename} <= os.supports_dir_fd


class Folder:
    """A folder, open as long as the `with` block lasts; made if it is not there, for its owner only.

    Args:
        path: The folder.
        stay: Whether to look names up in the opened folder.
        link: Gives a file a second name, as `os.link`, which some file systems cannot.

    Raises:
        DownloadError: It cannot be made or opened.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, stay: bool = _CAN_STAY, link: Callable[..., None] = os.link
    ) -> None:
        self.path = Path(path)
        self._stay, self._link = stay, link
        self._fd: int | None = None
        self._lock, self._taken = threading.Lock(), set[str]()
        self._left = False

    def __enter__(self) -> Self:
        with disk(f"The folder {self.path}"):
            self.path.mkdir(0o700, parents=True, exist_ok=True)
            self._fd = os.open(self.path, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)) if self._stay else None
            self._taken = {twin_key(name) for name in os.listdir(self.path)}  # noqa: PTH208 - names, not paths
        return self

    def __exit__(self, *_: object) -> None:
        if self._fd is not None:
            os.close(self._fd)

    def leave(self) -> None:
        """Have all downloads into this folder end as soon as they come by."""
        self._left = True

    def check(self) -> None:
        """Go on only if the folder has not been left.

        Raises:
            OSError: It has.
        """
        if self._left:
            raise OSError("the download was ended")

    def open(self, name: str, flags: int) -> int:
        """Open a file of this folder, never through a link."""
        self.check()
        return os.open(self._at(name), flags | _FLAGS, MODE, dir_fd=self._fd)

    def stat(self, name: str) -> os.stat_result:
        """Return what a name stands for, of a link itself."""
        return os.stat(self._at(name), dir_fd=self._fd, follow_symlinks=False)

    def remove(self, name: str) -> None:
        """Remove a name, if it is there."""
        with suppress(FileNotFoundError):
            os.unlink(self._at(name), dir_fd=self._fd)

    def publish(self, part: str, name: str) -> Path:
        """Give a finished part its name, or the first like it that is free, and return the path.

        Mostly as a second name, so the part is to be removed after this.
        """
        with self._lock:
            free = (free for free in alternatives(name) if twin_key(free) not in self._taken)
            taken = next(free for free in free if self._moved(part, free))
            self._sync()
            return self.path / taken

    def _moved(self, part: str, name: str) -> bool:
        self._taken.add(twin_key(name))
        try:
            self._link(self._at(part), self._at(name), **self._dirs(), follow_symlinks=False)
        except FileExistsError:
            return False
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            return self._moved_without_link(part, name)
        return True

    def _moved_without_link(self, part: str, name: str) -> bool:
        """Take the name first, by an empty file, since a move would replace what is there."""
        try:
            os.close(self.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return False
        os.replace(self._at(part), self._at(name), **self._dirs())  # noqa: PTH105 - in the opened folder
        return True

    def _sync(self) -> None:
        if self._fd is not None:
            os.fsync(self._fd)

    def _at(self, name: str) -> str:
        return name if self._fd is not None else os.fspath(self.path / name)

    def _dirs(self) -> dict[str, Any]:
        return {"src_dir_fd": self._fd, "dst_dir_fd": self._fd}


@contextmanager
def disk(what: str) -> Generator[None, None, None]:
    """Have what the disk refuses raised as our error.

    Raises:
        DownloadError: The disk is full, the folder is read-only, or the like.
    """
    try:
        yield
    except OSError as error:
        raise DownloadError(f"{what} cannot be written: {error.strerror or error}.", kind="disk") from error
