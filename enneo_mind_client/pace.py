"""How fast a stream of many tickets goes: as fast as the server can, found out by going faster until it cannot."""

import threading

from enneo_mind_client.clock import Clock
from enneo_mind_client.events import Attempt


class Governor:
    """Tells when the next request may be sent and how many may be under way.

    Attributes:
        busy: How many tickets are under way; kept by the stream.
    """

    def __init__(self, clock: Clock, most: int, *, adaptive: bool, longest_pause: float) -> None:
        self._clock, self._lock, self._longest = clock, threading.Lock(), longest_pause
        self._opens = 0.0
        self.window = self.most = most
        self.busy = 0

    def hold(self) -> float:
        """Return the seconds until the next attempt may be sent."""
        return max(0.0, self._opens - self._clock.monotonic())

    def wait(self) -> float:
        """Return the same, and take the turn."""
        return self.hold()

    def observe(self, attempt: Attempt) -> None:
        """Learn from an attempt."""
        if attempt.retry_after is not None:
            with self._lock:
                until = self._clock.monotonic() + min(attempt.retry_after, self._longest)
                self._opens = max(self._opens, until)
