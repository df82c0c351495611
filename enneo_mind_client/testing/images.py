"""Pictures without an imaging library: a photo of a meter as JPEG, a company logo as PNG.

Nothing here uses zlib to compress: its output differs between implementations, and a ticket is the same bytes anywhere.
"""

import struct
import zlib
from functools import cache
from typing import Final

LOGO_SIZE: Final = (96, 32)

_SEGMENTS = ("abcdef", "bc", "abdeg", "abcdg", "bcfg", "acdfg", "acdefg", "abc", "abcdefg", "abcdfg")
"""Which segments of a seven-segment display light up for each digit."""

_BITS = 4
"""Every Huffman code in the photo has this length: nine sizes of a difference, none of them all ones."""


def meter_photo(reading: str, width: int, height: int, size: int) -> bytes:
    """Return a grey baseline JPEG of `size` bytes that shows a meter's display, one shade for each 8x8 block."""
    head, scan = _jpeg_head(width, height), _scan(reading, width // 8, height // 8)
    padding = size - len(head) - len(scan) - 4
    comments = b"".join(_segment(0xFE, b" " * (min(rest, 65_000) - 4)) for rest in range(padding, 0, -65_000))
    return b"\xff\xd8" + comments + head + scan + b"\xff\xd9"


def _jpeg_head(width: int, height: int) -> bytes:
    # The quantiser is 8 throughout: a block's only coefficient is then its shade less 128.
    dc_table = bytes([0x00, 0, 0, 0, 9, *[0] * 12, *range(9)])
    ac_table = bytes([0x10, 1, *[0] * 15, 0])
    return (
        _segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
        + _segment(0xDB, bytes([0, *[8] * 64]))
        + _segment(0xC0, struct.pack(">BHHB3B", 8, height, width, 1, 1, 0x11, 0))
        + _segment(0xC4, dc_table)
        + _segment(0xC4, ac_table)
        + _segment(0xDA, bytes([1, 1, 0, 0, 63, 0]))
    )


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def _scan(reading: str, columns: int, rows: int) -> bytes:
    bits, before = list[str](), 0
    for y in range(rows):
        for x in range(columns):
            value = _shade(reading, x - (columns - 6 * len(reading)) // 2, y - rows // 2 + 5) - 128
            bits.append(_difference(value - before))
            before = value
    stream = "".join(bits)
    stream += "1" * (-len(stream) % 8)
    return int(stream, 2).to_bytes(len(stream) // 8, "big").replace(b"\xff", b"\xff\0")


def _difference(value: int) -> str:
    length = abs(value).bit_length()
    if not length:
        return f"{0:0{_BITS}b}0"
    # JPEG writes a negative difference as its one's complement; the last 0 ends the block.
    return f"{length:0{_BITS}b}{value if value > 0 else value + (1 << length) - 1:0{length}b}0"


def _shade(reading: str, x: int, y: int) -> int:
    """Return the grey of a block, counted from the first digit's upper left corner."""
    if 0 <= x < 6 * len(reading) and 0 <= y < 9:
        return 235 if _segment_at(x % 6, y) in _SEGMENTS[int(reading[x // 6])] else 45
    if -2 <= x <= 6 * len(reading) and -2 <= y < 11:
        return 45
    return 150 + (x * 7 + y * 13) % 11 if -8 <= y < 18 else 105 + (x * 5 + y * 3) % 17


def _segment_at(x: int, y: int) -> str:
    if 1 <= x <= 3:
        return {0: "a", 4: "g", 8: "d"}.get(y, "-")
    if y % 4 == 0 or x == 5:
        return "-"
    return ("f" if x == 0 else "b") if y < 4 else ("e" if x == 0 else "c")


@cache
def logo() -> bytes:
    """Return the company's logo: a PNG with 16 colours, its pixels stored and not compressed."""
    width, height = LOGO_SIZE
    rows = [bytes([0, *(_logo_pair(x, y) for x in range(0, width, 2))]) for y in range(height)]
    palette = bytes(value for step in range(16) for value in (255 - 15 * step, 255 - 6 * step, 255 - 12 * step))
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 4, 3, 0, 0, 0))
        + _chunk(b"PLTE", palette)
        + _chunk(b"IDAT", _stored(b"".join(rows)))
        + _chunk(b"IEND", b"")
    )


def _logo_pair(x: int, y: int) -> int:
    return _logo_pixel(x, y) << 4 | _logo_pixel(x + 1, y)


def _logo_pixel(x: int, y: int) -> int:
    in_sun = (x - 16) ** 2 + (y - 16) ** 2 < 144
    in_bar = 36 <= x < 90 and y % 8 < 4 and 6 <= y < 28
    return 15 - y // 4 if in_sun else 9 if in_bar else 0


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _stored(data: bytes) -> bytes:
    """Wrap at most 65,535 bytes as one stored zlib block."""
    return (
        b"\x78\x01\x01"
        + struct.pack("<HH", len(data), len(data) ^ 0xFFFF)
        + data
        + struct.pack(">I", zlib.adler32(data))
    )
