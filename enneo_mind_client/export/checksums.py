"""A checksum of a whole part, within the part: pages of Parquet and frames of zstd have none, and damage reads as text.

It is the CRC-32 of all other bytes of the file, in hexadecimal behind `crc32:`, somewhere in the file's last bytes.
"""

import os
import re
from pathlib import Path
from typing import BinaryIO, Final
from zlib import crc32

EMPTY: Final = b"crc32:00000000"
"""What a part has for its checksum until that is filled in."""

_FILLED: Final = re.compile(rb"crc32:([0-9a-f]{8})")
_DIGITS: Final = 8
_TAIL: Final = 1 << 16  # in Parquet the writer's name and a few bytes for each column come after it
_CHUNK: Final = 1 << 20


def fill(part: Path) -> None:
    """Fill in the checksum of a part that has a place for it.

    Raises:
        OSError: The disk refuses.
    """
    with part.open("r+b") as file:
        place, _, found = _read(file)
        file.seek(place)
        file.write(found)


def holds(part: Path) -> bool:
    """Return whether each byte of a part is as it was written."""
    with part.open("rb") as file:
        _, said, found = _read(file)
    return said == found


def _read(file: BinaryIO) -> tuple[int, bytes, bytes]:
    """Return where the checksum is, what it is, and what it should be; none is at the end, and empty."""
    before, found = max(0, file.seek(0, os.SEEK_END) - _TAIL), 0
    file.seek(0)
    while chunk := file.read(min(_CHUNK, before - file.tell())):
        found = crc32(chunk, found)
    tail = file.read()
    *_, place = (len(tail), *(match.start(1) for match in _FILLED.finditer(tail)))
    found = crc32(tail[:place] + tail[place + _DIGITS :], found)
    return before + place, tail[place : place + _DIGITS], b"%08x" % found
