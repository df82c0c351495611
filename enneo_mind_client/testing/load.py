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

    def __init__(self, rate: Rate | None, clock: Callable[[], float]) -> None:
        self._rate, self._clock = rate, clock
        self._start: float | None = None
        self._last, self._tokens = 0.0, math.inf

    def wait(self) -> int:
        """Take a request: return 0 if it may pass, otherwise the whole seconds to wait before the next."""
        if self._rate is None:
            return 0
        now = self._clock()
        self._start = now if self._start is None else self._start
        rate = self._rate(now - self._start) if callable(self._rate) else self._rate
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
