"""Standard output that takes no more: the disk behind it is full, its reader has left, or it was closed."""

import errno
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Final

from enneo_mind_client.cli import stop

_REFUSED: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


@contextmanager
def whole_output() -> Generator[None, None, None]:
    """End the command with one line where what it writes in the block cannot be written, the end of it included."""
    if sys.stdout is None:
        stop("there is no standard output to write to: it is closed")
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _give_up()
        sys.exit(1)
    except OSError as error:
        if error.errno not in _REFUSED:
            raise
        _give_up()
        stop(f"the output cannot be written: {error.strerror}")


def _give_up() -> None:
    """Have Python not try again, and complain, when it ends."""
    with suppress(OSError):  # where it is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
