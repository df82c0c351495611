"""How many requests a second a server lets through, learned from what it refuses. Pure: it is told the time."""

import math
from collections import deque
from typing import Final


class Rate:
    """How many requests a second may be sent: any number until the first refusal, and then as CUBIC does it.

    After a refusal it falls a little below the last good rate, comes back fast, stays there for long, and then
    looks for more, slowly at first. Refused again before it was back, that rate was none: it falls further. The first
    refusal and repeated falls say little about what is right, so then it searches, doubling every round trip. It moves
    with the answers to requests that were held back, not with time, so that a slow caller does not raise it.

    A server that counts by the minute lets a burst through and is closed until the minute ends. So what was served from
    one opening to the next, once it was closed for long, is a limit too: the rate stays below it for longer.

    Attributes:
        limit: Requests a second.
    """

    KEPT: Final = 0.93
    DOUBTED: Final = 0.8
    SAFE: Final = 0.99
    LEAST: Final = 0.5
    WAY_ANSWERS: Final = 150
    WAY_SECONDS: Final = 2.0
    PLATEAU_PAUSES: Final = 25
    FALLS: Final = 3
    CALM: Final = 4
    LONG: Final = 20.0
    BELIEVED: Final = 1.2
    BRIEF: Final = 1.0
    DEAR: Final = 5.0
    LONGEST_ROUND: Final = 60.0

    def __init__(self) -> None:
        self.limit = self._good = self._home = math.inf
        self._way, self._plateau, self._progress = 1.0, 0.0, 0
        self._searching = self._unsure = True
        self._calm = self._falls = 0
        self._times, self._cut_at = deque[float](maxlen=128), -math.inf
        self._served, self._served_at, self._began = 0.0, 0.0, math.inf
        self._round, self._round_began, self._longest_closed = 0, math.inf, 0.0

    def accept(self, now: float, latency: float, *, held_back: bool) -> None:
        """Learn from an answer that is no refusal."""
        self._times.append(now)
        self._round, self._round_began = self._round + 1, min(self._round_began, now - latency)
        self._began = min(self._began, now - latency)
        self._served = 1 + self._served * math.exp((self._served_at - now) / self.LONG)
        self._served_at = now
        if not held_back:
            return
        self._calm += 1
        if self._searching:
            self._search(latency)
        else:
            self._progress += 1
            self._climb()

    def refuse(self, sent: float, now: float, latency: float, pause: float) -> None:
        """Learn from a refusal, once only for all that was sent before the last time."""
        calm, self._calm = self._calm, 0
        if sent < self._cut_at or now < self._cut_at + latency:
            return
        was = self.limit
        good = self._first(sent, now) if was == math.inf else self._last_good(now, calm)
        doubtful = self._searching or self._unsure or good < self.KEPT * was
        self._settle(good, 0.0 if doubtful else pause)
        self._cut_at = now
        self._times.clear()

    def reopen(self, now: float, closed: float) -> None:
        """Learn from the first answer after some seconds of refusals for whose end the server gave no time.

        The first time, or no longer than before, they end a round of the server's counting; else they were an outage.
        """
        usual = not self._longest_closed or closed <= self._longest_closed
        self._longest_closed = max(closed, self._longest_closed)
        if closed < self.BRIEF:
            return
        good, self._round, self._round_began = self._round / (now - self._round_began), 0, now
        if good < self.limit * (1 if usual else self.DOUBTED):
            self._searching, self._home = False, good
            self._settle(good)
        if usual:
            self._plateau = self._good * self.PLATEAU_PAUSES * min(closed, self.DEAR)
            self._way = max(self._way, self._good * min(self._longest_closed, self.LONGEST_ROUND))
            self._climb()

    def _first(self, sent: float, now: float) -> float:
        return (len(self._times) + 1) / max(now - (self._times[0] if self._times else sent), now - sent, 0.001)

    def _last_good(self, now: float, calm: int) -> float:
        self._unsure = self._searching or self._progress < self._way / 2
        if self._searching:
            self._searching = calm <= self.CALM
        elif self._progress < self._way / 2:
            self._falls = self._falls + 1 if calm <= self.CALM else 0
            if self._falls == self.FALLS:
                self._searching, self._falls = True, 0
                self._home = min(self._home, max(self._home / 2, self.BELIEVED * self._long_rate(now)))
        else:
            self._falls = 0
            self._home = self._measured(now)
            return self._home
        if not self._falls and not self._searching:
            self._home = self.DOUBTED * self.limit
        return self.DOUBTED * self.limit

    def _measured(self, now: float) -> float:
        """A bucket that fills during a pause lets more through for a while than it does for long."""
        began = self._cut_at if len(self._times) < (self._times.maxlen or 0) else self._times[0]
        return max(self.DOUBTED * self.limit, self.SAFE * min(self.limit, len(self._times) / (now - began)))

    def _long_rate(self, now: float) -> float:
        age = min(1.0, max(0.05, -math.expm1((self._began - now) / self.LONG)))
        return self._served * math.exp((self._served_at - now) / self.LONG) / self.LONG / age

    def _settle(self, good: float, pause: float = 0.0) -> None:
        """Begin a little below a good rate; what looking for more costs says how long to stay there."""
        self._good, self._progress = max(self.LEAST, good), 0
        self._way = max(self.WAY_ANSWERS, self._good * self.WAY_SECONDS)
        self._plateau = self._good * self.PLATEAU_PAUSES * pause
        self._climb()

    def _climb(self) -> None:
        beyond = max(0.0, self._progress - self._way - self._plateau)
        way = beyond / self._way or min(0.0, self._progress / self._way - 1)
        self.limit = max(self.LEAST, self._good * (1 + (1 - self.KEPT) * way**3))

    def _search(self, latency: float) -> None:
        """Double every round trip, up to where it was before it fell."""
        if self._calm > self.CALM:
            self.limit *= 1 + min(0.3, 1 / max(1.0, self.limit * latency))
        if self.limit >= self.KEPT * self._home:
            self._searching = False
            self._settle(self._home)
