"""How fast a stream of many tickets goes: as fast as the server can, found out by going faster until it cannot.

Two limits, each for what the other cannot see: a `Window` of requests under way, for servers that get slow, and a
`Rate` of requests a second, for servers that refuse. Both are pure: they are told the time and know no clock.
"""

import math
import threading
from typing import Final

from enneo_mind_client.clock import Clock
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.events import Attempt
from enneo_mind_client.rate import Rate

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


class Governor:
    """Tells when the next request may be sent and how many may be under way; safe in threads.

    After a refusal the server counts as closed until a later request is answered. Where it gives no time to come back,
    one request is tried at a time, after pauses that grow with the time it has been closed.

    Attributes:
        most: Requests under way at most.
        busy: How many tickets are under way; kept by the stream.
    """

    LATE: Final = 0.005
    TRY_AFTER: Final = 0.25
    TRY_FIRST: Final = 0.05
    TRY_EVERY: Final = 2.0

    def __init__(self, clock: Clock, most: int, *, adaptive: bool, longest_pause: float) -> None:
        self._clock, self._lock, self._longest = clock, threading.Lock(), longest_pause
        self._adaptive, self._rate, self._window = adaptive, Rate(), Window(most)
        self._slot = self._opens = self._spread_until = -math.inf
        self._latency, self._held_back = 0.0, False
        self._closed, self._reopens, self._tried = math.inf, math.inf, 0.0
        self.most, self.busy = most, 0
        self._stopped = False

    def stop(self) -> None:
        """Let nothing more be sent: a blocking call cannot be cancelled, and would be tried again."""
        self._stopped = True

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
        """Return the same, and take the turn.

        Raises:
            ConfigurationError: The stream has been left.
        """
        if self._stopped:
            raise ConfigurationError("The stream was left while a call was under way.")
        with self._lock:
            now = self._clock.monotonic()
            turn = max(self._slot, self._opens, now - self.LATE)
            self._slot = turn + self._spacing(turn)
            self._rate.send(max(turn, now))
            return max(0.0, turn - now)

    def _spacing(self, turn: float) -> float:
        spacing = max(1 / self._rate.limit, self._tried)
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
            self._refused(sent, now, pause)
        elif attempt.status is None or attempt.status in OVERLOADED:
            self._window.cut(sent, now)
        else:
            self._answered(sent)
            self._window.grow(attempt.elapsed, now, full=self.busy >= self.window)

    def _refused(self, sent: float, now: float, pause: float | None) -> None:
        again = sent >= self._reopens and self._rate.passed(self._reopens, sent) > 0
        if again:  # others that were sent after the pause have passed, and are not answered yet
            self._open(self._reopens)
        if first := self._closed == math.inf:
            self._closed = sent
            self._rate.refuse(sent, self._latency, min(pause or 0.0, self._longest))
            self._window.keep(1 + 2 * self._rate.limit * self._latency)
        else:
            self._rate.refuse_again(sent)
        if pause is None:
            tried = max(self.TRY_FIRST, self.TRY_AFTER * (now - self._closed))
            self._tried = min(self.TRY_EVERY, tried, self._longest)
            self._pause(now, self._tried)
        if first:
            self._reopens = self._opens

    def _answered(self, sent: float) -> None:
        if sent >= self._reopens:
            self._open(sent)
        self._rate.accept(sent, self._latency, held_back=self._held_back)
        self._held_back = self._slot > self._clock.monotonic()

    def _open(self, sent: float) -> None:
        self._rate.open(sent, sent - self._closed)
        self._closed, self._reopens, self._tried = math.inf, math.inf, 0.0
