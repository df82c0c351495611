"""The ids of a stream of tickets: read from whatever the caller has, and each remembered in a few bits."""

from array import array
from bisect import bisect_left
from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable
from operator import index
from typing import Final, SupportsIndex

from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.text import excerpt

Ids = Iterable[int | str] | AsyncIterable[int | str]

_SPARSE: Final = 4096
"""Ids of one chunk above which a bitmap of all its 65,536 is the smaller one."""


class Seen:
    """A set of positive ids of a few bits each where they are dense, and of a few bytes where they are not.

    Ids that share all but their last 16 bits share a chunk: a sorted array of these bits, or a bitmap ("roaring").
    """

    def __init__(self) -> None:
        self._chunks: dict[int, array[int] | bytearray] = {}

    def add(self, number: int) -> bool:
        """Remember an id, and return whether it is a new one."""
        high, low = number >> 16, number & 0xFFFF
        chunk = self._chunks.setdefault(high, array("H"))
        if isinstance(chunk, bytearray):
            return _set(chunk, low)
        place = bisect_left(chunk, low)
        if place < len(chunk) and chunk[place] == low:
            return False
        chunk.insert(place, low)
        if len(chunk) > _SPARSE:
            self._chunks[high] = _bitmap(chunk)
        return True


def _set(bitmap: bytearray, bit: int) -> bool:
    byte, mask = bit >> 3, 1 << (bit & 7)
    is_new = not bitmap[byte] & mask
    bitmap[byte] |= mask
    return is_new


def _bitmap(bits: Iterable[int]) -> bytearray:
    bitmap = bytearray(65_536 // 8)
    for bit in bits:
        _set(bitmap, bit)
    return bitmap


def check_ids(ids: object, *, may_be_asynchronous: bool) -> None:
    """Refuse what are no ids of tickets before any is read.

    Raises:
        ConfigurationError: They are a text, none at all, or come asynchronously where they may not.
    """
    if isinstance(ids, (str, bytes)):
        raise ConfigurationError("The ids are one text, which would be read letter by letter: give a list.")
    if isinstance(ids, AsyncIterable) and not may_be_asynchronous:
        raise ConfigurationError("The ids come asynchronously: take them with AsyncEnneoMind.")
    if not isinstance(ids, (Iterable, AsyncIterable)):
        raise ConfigurationError(f"The ids are no list but a {type(ids).__name__}: give [1, 2] or range(1, 101).")


def read_id(value: object) -> int:
    """Return a ticket's id, from a positive whole number of any library, or the digits of one.

    Raises:
        ConfigurationError: It is none.
    """
    number = _number(value)
    if number > 0:
        return number
    shown = excerpt(repr(value), 40) if isinstance(value, (str, int, float)) else type(value).__name__
    raise ConfigurationError(f"{shown} is no ticket id: give a whole number above 0.")


def _number(value: object) -> int:
    if type(value) is int:  # as mostly; asking whether it is a SupportsIndex costs twenty times as much
        return value
    if isinstance(value, str):
        return int(value) if value.strip().isdecimal() and len(value) < 40 else 0
    return 0 if isinstance(value, bool) or not isinstance(value, SupportsIndex) else index(value)


async def each(ids: Ids) -> AsyncGenerator[object, None]:
    """Yield the ids one by one, and close a generator that yields them whenever this one ends."""
    try:
        if isinstance(ids, AsyncIterable):
            async for value in ids:
                yield value
        else:
            for value in ids:
                yield value
    finally:
        if isinstance(ids, AsyncGenerator):
            await ids.aclose()
        elif isinstance(ids, Generator):
            ids.close()
