"""How fast a stream of many tickets goes: as fast as the server can, found out by going faster until it cannot.

Two limits, each for what the other cannot see: a `Window` of requests under way, for servers that get slow, and a
`Rate` of requests a second, for servers that refuse. Both are pure: they are told the time and know no clock.
"""

import math
import threading
from collections import deque
from typing import Final

from enneo_mind_client.clock import Clock
from enneo_mind_client.events import Attempt

REFUSED: Final = 429
OVERLOADED: Final = frozenset({502, 503, 504})


class Window:
    """How many requests may be under way: doubled every round trip until the first trouble, then one more for each.

    A round is as many answers as the window is wide. Trouble is an overloaded server, or a round whose fastest answer
    took much longer than the fastest of better times: big tickets and noise slow some answers down, a queue all.
    """

    FIRST: Final = 4
    SLOWER: Final = 2.5
    NOISE: Final = 0.02
    ROUND: Final = 4
    PATIENCE: Final = 3

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = float(min(self.FIRST, most))
        self._starting, self._cut_at, self._slow = True, -math.inf, 0
        self._usual, self._fastest, self._left = math.inf, math.inf, self.FIRST

    def grow(self, elapsed: float, now: float, *, full: bool) -> None:
        """Learn from an answer; only one that came while the window was full says that it could be wider."""
        if full:
            self.size = min(self.most, self.size + (1 if self._starting else 1 / self.size))
        if now - elapsed < self._cut_at:
            return
        self._fastest, self._left = min(self._fastest, elapsed), self._left - 1
        if self._left <= 0:
            self._end_round(now)

    def cut(self, sent: float, now: float) -> None:
        """Halve the window, once only for all that was sent before the last time."""
        if sent >= self._cut_at:
            self._starting, self._cut_at = False, now
            self.size = max(1.0, self.size / 2)

    def keep(self, needed: float) -> None:
        """Halve it, but keep what is needed: it is not the trouble."""
        self.size = min(self.size, max(needed, self.size / 2))

    def _end_round(self, now: float) -> None:
        fastest, self._fastest, self._left = self._fastest, math.inf, max(self.ROUND, int(self.size))
        self._slow = self._slow + 1 if fastest > self.SLOWER * self._usual + self.NOISE else 0
        if self._slow > self.PATIENCE:
            # Halving has not helped, so it is not our requests that make it slow.
            self._usual, self._slow = fastest, 0
        elif self._slow:
            self.cut(now, now)
        else:
            self._usual = min(fastest, self._usual)


class Rate:
    """How many requests a second may be sent: any number until the first refusal, and then as CUBIC does it.

    After a refusal it falls a little below the last good rate, comes back fast, stays there for long, and then
    looks for more, slowly at first. Refused again before it was back, that rate was none: it falls further. The first
    refusal and repeated falls say little about what is right, so then it searches, doubling every round trip. It moves
    with the answers to requests that were held back, not with time, so that a slow caller does not raise it.

    Attributes:
        limit: Requests a second.
    """

    KEPT: Final = 0.9
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

    def __init__(self) -> None:
        self.limit = self._good = self._home = math.inf
        self._way, self._plateau, self._progress = 1.0, 0.0, 0
        self._searching = self._unsure = True
        self._calm = self._falls = 0
        self._times, self._cut_at = deque[float](maxlen=128), -math.inf
        self._served, self._served_at, self._began = 0.0, 0.0, math.inf

    def accept(self, now: float, latency: float, *, held_back: bool) -> None:
        """Learn from an answer that is no refusal."""
        self._times.append(now)
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
        good = self._first(sent, now) if self.limit == math.inf else self._last_good(now, calm)
        self._settle(good, 0.0 if self._searching or self._unsure else pause)
        self._cut_at = now
        self._times.clear()

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


class Governor:
    """Tells when the next request may be sent and how many may be under way; safe in threads.

    Attributes:
        most: Requests under way at most.
        busy: How many tickets are under way; kept by the stream.
    """

    LATE: Final = 0.005

    def __init__(self, clock: Clock, most: int, *, adaptive: bool, longest_pause: float) -> None:
        self._clock, self._lock, self._longest = clock, threading.Lock(), longest_pause
        self._adaptive, self._rate, self._window = adaptive, Rate(), Window(most)
        self._slot = self._opens = self._spread_until = -math.inf
        self._latency, self._held_back = 0.0, False
        self.most, self.busy = most, 0

    @property
    def window(self) -> int:
        """How many tickets may be under way."""
        return int(self._window.size) if self._adaptive else self.most

    def hold(self) -> float:
        """Return the seconds until the next attempt may be sent."""
        seconds = max(self._slot, self._opens) - self._clock.monotonic()
        if seconds <= 0:
            return 0.0
        self._held_back = True
        return seconds

    def wait(self) -> float:
        """Return the same, and take the turn."""
        with self._lock:
            now = self._clock.monotonic()
            turn = max(self._slot, self._opens, now - self.LATE)
            self._slot = turn + self._spacing(turn)
            return max(0.0, turn - now)

    def _spacing(self, turn: float) -> float:
        spacing = 1 / self._rate.limit
        return max(spacing, self._latency / self.window) if turn < self._spread_until else spacing

    def observe(self, attempt: Attempt) -> None:
        """Learn from an attempt."""
        with self._lock:
            now = self._clock.monotonic()
            if attempt.retry_after is not None:
                self._pause(now, attempt.retry_after)
            if attempt.status is not None and attempt.status < 300:
                self._latency += ((attempt.elapsed - self._latency) / 8) if self._latency else attempt.elapsed
            if self._adaptive:
                self._learn(attempt, now)

    def _pause(self, now: float, seconds: float) -> None:
        """Nobody sends until it is over; then what waited is spread over a round trip."""
        self._opens = max(self._opens, now + min(seconds, self._longest))
        self._spread_until = self._opens + self._latency

    def _learn(self, attempt: Attempt, now: float) -> None:
        sent, pause = now - attempt.elapsed, attempt.retry_after
        if attempt.status == REFUSED or (attempt.status in OVERLOADED and pause is not None):
            self._rate.refuse(sent, now, self._latency, min(pause or 0.0, self._longest))
            self._window.keep(1 + 2 * self._rate.limit * self._latency)
        elif attempt.status is None or attempt.status in OVERLOADED:
            self._window.cut(sent, now)
        else:
            self._rate.accept(now, self._latency, held_back=self._held_back)
            self._held_back = self._slot > now
            self._window.grow(attempt.elapsed, now, full=self.busy >= self.window)
