"""How the local Mind behaves under load and on demand: a limit of requests, and faults to order."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Rate: TypeAlias = float | Callable[[float], float]
"""Requests a second, or a function that says so for the seconds since the first request."""

_CLOSED = 60  # seconds to wait where the rate is 0


class RateLimit:
    """A token bucket that holds a tenth of a second's requests, so that no second passes much more than its rate."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._start: float | None = None
        self._last, self._tokens = 0.0, math.inf

    def wait(self, limit: Rate | None) -> int:
        """Take a request: return 0 if it may pass, otherwise the whole seconds to wait before the next."""
        if limit is None:
            return 0
        now = self._clock()
        self._start = now if self._start is None else self._start
        rate = limit(now - self._start) if callable(limit) else limit
        room = max(1.0, rate / 10) if rate > 0 else 0.0
        self._tokens = min(room, self._tokens + (now - self._last) * rate)
        self._last = now
        if self._tokens >= 1:
            self._tokens -= 1
            return 0
        return max(1, math.ceil((1 - self._tokens) / rate)) if rate > 0 else _CLOSED


@dataclass
class Fault:
    """An order to fail."""

    status: int
    ticket: int | None
    times: int | None
    headers: Mapping[str, str]

    def __post_init__(self) -> None:
        if not isinstance(self.status, int) or not 400 <= self.status <= 599:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(f"an error status is from 400 to 599, not {self.status!r}")
        if not isinstance(self.ticket, int | None):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(f"a ticket is a number, or None for any, not {self.ticket!r}")
        if self.times is not None and self.times < 1:
            raise ValueError(f"times is 1 or more, or None for ever, not {self.times}")


@dataclass
class Faults:
    """The orders that still stand, oldest first."""

    orders: list[Fault] = field(default_factory=list[Fault])

    def take(self, ticket: int | None) -> Fault | None:
        """Return the first order for this ticket and count it, or None."""
        for order in self.orders:
            if order.ticket in {None, ticket}:
                if order.times is not None:
                    order.times -= 1
                    if not order.times:
                        self.orders.remove(order)
                return order
        return None
