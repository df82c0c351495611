"""Standard output that cannot take everything: not every letter, or no more, since it is full, closed or left."""

import codecs
import errno
import io
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Final, TextIO

from enneo_mind_client.cli import stop

_REFUSED: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


@contextmanager
def whole_output() -> Generator[None, None, None]:
    """End the command with one line where what it writes in the block cannot be written, the end of it included."""
    if sys.stdout is None:
        stop("there is no standard output to write to: it is closed")
    _escape_what_cannot_be_encoded(sys.stdout)
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


def _escape_what_cannot_be_encoded(file: TextIO) -> None:
    """Have letters written as escapes where the encoding lacks them: Windows' code pages, ISO 8859-1, ASCII."""
    if isinstance(file, io.TextIOWrapper):
        # Names of files that are not UTF-8 are written as they are, for the next program.
        is_utf_8 = codecs.lookup(file.encoding).name == "utf-8"
        file.reconfigure(errors="surrogateescape" if is_utf_8 else "backslashreplace")


def _give_up() -> None:
    """Have Python not try again, and complain, when it ends."""
    with suppress(OSError):  # where it is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
