"""Read the reading from the photo of a meter: just enough of a JPEG decoder for one coefficient a block."""

from struct import unpack

_SHAPES = {
    "abcdef": "0",
    "bc": "1",
    "abdeg": "2",
    "abcdg": "3",
    "bcfg": "4",
    "acdfg": "5",
    "acdefg": "6",
    "abc": "7",
    "abcdefg": "8",
    "abcdfg": "9",
}
_PLACES = {"a": (2, 0), "b": (4, 2), "c": (4, 6), "d": (2, 8), "e": (0, 6), "f": (0, 2), "g": (2, 4)}


def read_photo(data: bytes) -> tuple[int, int, str]:
    """Return width, height and the digits shown."""
    width, height, scan = _segments(data)
    shades = _shades(scan, width // 8 * (height // 8))
    rows = [shades[at : at + width // 8] for at in range(0, len(shades), width // 8)]
    top, left = min((y, x) for y, row in enumerate(rows) for x, shade in enumerate(row) if shade == 45)
    # The display has a frame of two blocks.
    count = (rows[top].count(45) - 3) // 6
    return width, height, "".join(_digit(rows, left + 2 + 6 * at, top + 2) for at in range(count))


def _segments(data: bytes) -> tuple[int, int, bytes]:
    assert (data[:2], data[-2:]) == (b"\xff\xd8", b"\xff\xd9")
    at, width, height = 2, 0, 0
    while True:
        marker, length = unpack(">HH", data[at : at + 4])
        if marker == 0xFFC0:
            height, width = unpack(">HH", data[at + 5 : at + 9])
        at += 2 + length
        if marker == 0xFFDA:
            return width, height, data[at:-2].replace(b"\xff\0", b"\xff")


def _shades(scan: bytes, blocks: int) -> list[int]:
    bits = "".join(f"{byte:08b}" for byte in scan)
    at, value, shades = 0, 128, list[int]()
    for _ in range(blocks):
        length = int(bits[at : at + 4], 2)
        raw = bits[at + 4 : at + 4 + length]
        if raw:
            value += int(raw, 2) if raw[0] == "1" else int(raw, 2) - (1 << length) + 1
        shades.append(value)
        assert bits[at + 4 + length] == "0"
        at += 5 + length
    assert set(bits[at:]) <= {"1"}
    return shades


def _digit(rows: list[list[int]], left: int, top: int) -> str:
    return _SHAPES["".join(name for name, (x, y) in _PLACES.items() if rows[top + y][left + x] > 200)]
