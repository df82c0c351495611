"""Time that stands still until a test moves it or somebody sleeps."""

import asyncio
import threading

from enneo_mind_client.clock import Clock

NEW_YEAR = 1_767_225_600.0
"""2026-01-01T00:00:00Z, in seconds since 1970."""


class FrozenClock(Clock):
    """A clock for `EnneoMind(clock=...)` that never waits: each sleep moves it on at once, and is recorded.

    Sleeps that overlap in an event loop move it to the end of the longest, not of all of them together. A clock can
    serve several clients and threads.

    It decides how long to wait before a retry, when a call's `deadline` has passed between its attempts, when a token
    is renewed, and what `elapsed` says. It does not decide how long one attempt may take: `timeout`, and what is left
    of the deadline, bound the real time of connecting and reading.

    Args:
        wall: Seconds since 1970 that `time()` begins at.

    Attributes:
        slept: The seconds of each sleep, in order.
        chance: What `random()` returns, from 0 up to 1: where in its range each randomly drawn wait falls.
    """

    def __init__(self, wall: float = NEW_YEAR) -> None:
        self.slept: list[float] = []
        self.chance = 0.5
        self._wall, self._passed = wall, 0.0
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        """Return the seconds that have passed since this clock was made."""
        return self._passed

    def time(self) -> float:
        """Return seconds since 1970."""
        return self._wall + self._passed

    def random(self) -> float:
        """Return `chance`."""
        return self.chance

    def sleep(self, seconds: float) -> None:
        """Record a sleep, and move on by it at once."""
        self._move_to(self._end(seconds))

    async def asleep(self, seconds: float) -> None:
        """Record a sleep, let other tasks run, and move on to its end."""
        end = self._end(seconds)
        await asyncio.sleep(0)
        self._move_to(end)

    def advance(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            ValueError: Time would go back.
        """
        if not seconds >= 0:
            raise ValueError(f"time goes forward only, not by {seconds} seconds")
        with self._lock:
            self._passed += seconds

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._passed:g} s passed, {len(self.slept)} sleeps)"

    def _end(self, seconds: float) -> float:
        with self._lock:
            self.slept.append(seconds)
            return self._passed + max(0.0, seconds)

    def _move_to(self, moment: float) -> None:
        with self._lock:
            self._passed = max(self._passed, moment)
