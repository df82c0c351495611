"""When requests were sent and which were refused, and what that tells about a bucket of tokens."""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

_KEPT: Final = 5000
_LOOKED_AT: Final = 300
_MEANT: Final = 8
"""Requests that are more than chance."""


class Sent:
    """The times of the last requests, and of those of them that were refused."""

    def __init__(self) -> None:
        self._turns, self._refused = deque[float](maxlen=_KEPT), deque[float](maxlen=_KEPT)

    def add(self, turn: float) -> None:
        """Note a request; none is sent before an earlier one."""
        self._turns.append(turn)

    def refuse(self, turn: float) -> None:
        """Note that one was refused."""
        self._refused.append(turn)

    def passed(self, start: float, end: float) -> int:
        """Return how many of a time were not refused."""
        refused = sum(start <= turn < end for turn in self._refused)
        return sum(1 for _ in self._between(start, end)) - refused

    def spans(self, start: float, end: float) -> list[float]:
        """Return how long before the end of a time each was sent, the last one first."""
        return [end - turn for turn in self._between(start, end)]

    def _between(self, start: float, end: float) -> Iterator[float]:
        return (turn for turn in takewhile(lambda turn: turn >= start, reversed(self._turns)) if turn < end)


def refill(first: Sequence[float], later: Sequence[float], low: float, high: float) -> float:
    """Return the rate at which a bucket fills that was full before each of two series of requests, and empty after.

    Both emptied the same bucket: what was sent above the rate until it was empty is as much in the one as in the other.
    Since the later series takes longer, there is one rate for which that holds.

    Args:
        first: Seconds from each request to the end of the series, the last request first.
        later: Likewise.
        low: The least rate that may be.
        high: The highest.

    Returns:
        The rate, `high` if it is higher, and 0 if it is lower than the least.
    """
    if not _holds_more(first, later, low):
        return 0.0
    for _ in range(20):
        rate = (low + high) / 2
        low, high = (rate, high) if _holds_more(first, later, rate) else (low, rate)
    return low


def _holds_more(first: Sequence[float], later: Sequence[float], rate: float) -> bool:
    return 1 + _excess(later, rate, _MEANT) > max(1.0, _excess(first, rate, 1))


def _excess(spans: Sequence[float], rate: float, fewest: int) -> float:
    """Return by how many requests a series was above a rate, over the stretch before its end where that is most."""
    step = max(1, len(spans) // _LOOKED_AT)
    counted = range(min(fewest, len(spans)), len(spans) + 1, step)
    return max((number - rate * spans[number - 1] for number in counted if number), default=0.0)
