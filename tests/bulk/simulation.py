"""A stream's workers and a server, in simulated time: what the pace does in an hour is seen in a second."""

import asyncio
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from enneo_mind_client.clock import Clock
from enneo_mind_client.events import Attempt
from enneo_mind_client.pace import Governor


@dataclass
class Answer:
    """What a simulated server says."""

    latency: float
    status: int = 200
    retry_after: float | None = None


class StillClock(Clock):
    """A clock that someone sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        """Return what was set."""
        return self.now

    async def asleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.now += seconds
        await asyncio.sleep(0)


class Bucket:
    """A server that lets a rate through (a function of time), with a burst, and refuses the rest at once."""

    def __init__(
        self,
        rate: Callable[[float], float],
        latency: Callable[[], float],
        burst: float = 1.0,
        retry_after: float | None = None,
    ) -> None:
        self.rate, self.latency, self.burst, self.retry_after = rate, latency, burst, retry_after
        self._tokens, self._at = burst, 0.0

    def answer(self, now: float) -> Answer:
        """Take a token, or refuse."""
        self._tokens = min(self.burst, self._tokens + (now - self._at) * self.rate(now))
        self._at = now
        if self._tokens < 1:
            return Answer(0.005, 429, self.retry_after)
        self._tokens -= 1
        return Answer(self.latency())


class FixedWindow:
    """A server that lets so many through in each period, and refuses the rest of it."""

    def __init__(self, number: int, period: float, latency: Callable[[], float], *, says_when: bool) -> None:
        self.number, self.period, self.latency, self.says_when = number, period, latency, says_when
        self._period, self._used = 0, 0

    def answer(self, now: float) -> Answer:
        """Count, or refuse."""
        if int(now / self.period) != self._period:
            self._period, self._used = int(now / self.period), 0
        self._used += 1
        if self._used > self.number:
            left = (self._period + 1) * self.period - now
            return Answer(0.005, 429, float(int(left) + 1) if self.says_when else None)
        return Answer(self.latency())


class Queue:
    """A server of so many hands: what comes while all are busy waits, and above a length is turned away."""

    def __init__(self, hands: int, service: Callable[[], float], longest: float = 30.0) -> None:
        self.service, self.longest, self._free = service, longest, [0.0] * hands

    def answer(self, now: float) -> Answer:
        """Wait for a hand."""
        begin = max(now, heapq.heappop(self._free))
        if begin - now > self.longest:
            heapq.heappush(self._free, begin)
            return Answer(0.005, 503)
        end = begin + self.service()
        heapq.heappush(self._free, end)
        return Answer(end - now)


@dataclass
class Result:
    """What came of it.

    Attributes:
        served: The time of every answer that is no refusal.
        refused: The time of every refusal.
    """

    served: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)

    def rate(self, start: float, end: float) -> float:
        """Return what was served a second."""
        return sum(start <= at < end for at in self.served) / (end - start)

    def share_refused(self, start: float, end: float) -> float:
        """Return the refused share of all requests."""
        refused = sum(start <= at < end for at in self.refused)
        return refused / max(1, refused + sum(start <= at < end for at in self.served))


def simulate(answer: Callable[[float], Answer], seconds: float, most: int = 100, adaptive: bool = True) -> Result:
    """Run a stream of endless tickets against a server; what is refused is asked for again."""
    clock, result, order = StillClock(), Result(), count()
    governor = Governor(clock, most, adaptive=adaptive, longest_pause=60.0)
    under_way: list[tuple[float, int, float, Answer]] = []
    while clock.now < seconds:
        while governor.busy < governor.window and governor.hold() == 0:
            governor.busy += 1
            sent = clock.now + governor.wait()
            what = answer(sent)
            heapq.heappush(under_way, (sent + what.latency, next(order), sent, what))
        turn = clock.now + governor.hold() if governor.busy < governor.window else float("inf")
        if not under_way or turn < under_way[0][0]:
            clock.now = max(clock.now + 1e-6, turn)
            continue
        clock.now, _, sent, what = heapq.heappop(under_way)
        (result.served if what.status < 300 else result.refused).append(sent)
        error = None if what.status < 300 else "error"
        governor.observe(Attempt("o", "GET", "/", 1, what.status, clock.now - sent, None, error, what.retry_after))
        governor.busy -= 1
    return result
