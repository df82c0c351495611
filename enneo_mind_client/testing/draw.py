"""Randomness that is a pure function of a key: the same draws in every process and on every Python."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """One stream of draws, seeded by a text.

    Only `random.Random.random` is used: it alone is promised to repeat its sequence for a seed in every Python.
    """

    __slots__ = ("_next",)

    def __init__(self, key: str) -> None:
        self._next = random.Random(key).random  # noqa: S311 - test data, nothing secret

    def between(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self._next() * (high - low + 1))

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of `choices`."""
        return choices[int(self._next() * len(choices))]

    def chance(self, share: float) -> bool:
        """Return True in this share of all draws."""
        return self._next() < share

    def some(self, choices: Sequence[T], count: int) -> list[T]:
        """Return `count` of `choices` (at most all), in a drawn order, none twice."""
        left = list(choices)
        return [left.pop(int(self._next() * len(left))) for _ in range(min(count, len(left)))]
