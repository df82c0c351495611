"""How many requests a second a server lets through, learned from what it refuses. Pure: it is told the time."""

import math
from typing import Final

from enneo_mind_client.sent import Sent, refill


class Rate:
    """How many requests a second may be sent: any number until the first refusal.

    From a refusal on it *searches*: it begins with what passed in a second, and doubles faster and faster until the
    next. Then it *settles* a little below what the server seems to let through, stays there for long, and looks for
    more, slowly at first. What a server lets through is told by what passed before it refused:

    - Where it is refused again at once, the server has been kept at its limit: what passed in a second is the limit.
    - Where a pause comes between, it is the rate at which a bucket fills that was emptied by both, if there is one.
    - Else the server counts by the second or the minute, and the limit is what passed in as long as it was closed.

    It moves with the answers to requests that were held back, not with time: a slow caller does not raise it.

    Attributes:
        limit: Requests a second.
    """

    LEAST: Final = 0.5
    KEPT: Final = 0.96
    """Of what the server lets through."""
    BRIEF: Final = 0.3
    """Seconds of a pause in which a server's bucket fills but little."""
    PLAIN: Final = 1.1
    """A difference that is no chance."""

    BEGUN: Final = 0.9
    DOUBLING: Final = 1.0
    """Seconds, at first; while it is closed for longer than that, in such times, as all that is a second here."""
    FASTER: Final = 0.8
    FASTEST: Final = 0.25
    DOUBLING_ANSWERS: Final = 2

    WAY: Final = 2.0
    WAY_ANSWERS: Final = 30
    PLATEAU: Final = (15, 200)
    """Times the pause that a refusal costs, and answers: so much is lost by looking for more."""
    GUESSED: Final = (5, 60)
    BEYOND: Final = 0.07

    USUAL: Final = 1.5
    FADED: Final = 0.98
    LONGEST_ROUND: Final = 60.0

    def __init__(self) -> None:
        self.limit = self._good = self._start = math.inf
        self._searching = self._guessed = False
        self._doubling, self._progress = self.DOUBLING, 0.0
        self._sent, self._first = Sent(), list[float]()
        self._opened, self._closed, self._longest = -math.inf, 0.0, 0.0
        self._unit, self._round, self._passed, self._lasted = 1.0, 0.0, 1, 0.001
        self._refused, self._full = -math.inf, math.inf

    def send(self, turn: float) -> None:
        """Note that a request is sent."""
        self._sent.add(turn)

    def passed(self, start: float, end: float) -> int:
        """Return how many requests of a time were not refused."""
        return self._sent.passed(start, end)

    def accept(self, sent: float, latency: float, *, held_back: bool) -> None:
        """Learn from an answer that is no refusal."""
        if not held_back or self.limit == math.inf or sent < self._opened:
            return
        self._progress += 1 / self.limit
        if self._searching:
            self._search_on(latency)
        else:
            self._climb()

    def refuse_again(self, sent: float) -> None:
        """Note a refusal that says no more than the one before."""
        self._sent.refuse(sent)

    def refuse(self, sent: float, latency: float, pause: float) -> None:
        """Learn from the first refusal since the server was open.

        Args:
            sent: When the refused request was sent.
            latency: Seconds that an answer takes.
            pause: Seconds for which nothing may be sent now.
        """
        spans = self._sent.spans(self._opened, sent)
        self._passed, self._lasted = max(1, self.passed(self._opened, sent)), max(0.001, *spans[-1:], 0.0)
        self._round = min(self.LONGEST_ROUND, max(pause, self.FADED * self._round))
        self._unit = max(1.0, self._round)
        at_limit = max(pause, self._closed) <= self.BRIEF and sent - self._refused <= self._unit
        self._full = min(self._full, sent - self._lasted) if at_limit else sent - self._lasted
        self._refused = sent
        if not self._first:
            self._first = spans or [0.0]
            self._begin_anew(sent, latency, pause)
        elif at_limit:
            self._at_limit(sent, latency)
        else:
            self._emptied(sent, spans, latency, pause)
        self._sent.refuse(sent)

    def open(self, sent: float, closed: float) -> None:
        """Learn from the first request that passed after refusals, for so many seconds.

        The first time, or not much longer than before, they tell in which time the server counts; else they were an
        outage.
        """
        usual = not self._longest or closed <= self.USUAL * self._longest
        self._longest = max(self._longest, closed)
        self._opened, self._closed = sent, closed if usual else 0.0
        if usual and closed > self.USUAL * self._unit:
            self._unit = self._round = min(self.LONGEST_ROUND, closed)
            self._search(min(self.limit, self.BEGUN * self._passed / (self._lasted + closed)))

    def _begin_anew(self, sent: float, latency: float, pause: float) -> None:
        brief = pause <= self.BRIEF
        begun = self._lately(sent, latency) if brief else self.BEGUN * self._passed / max(self._lasted, self._unit)
        self._search(min(self.limit, begun))

    def _lately(self, sent: float, latency: float) -> float:
        """Return the rate at which requests passed since the server was kept at its limit, lately."""
        seconds = min(self._unit, max(sent - self._full, latency, 0.001))
        return self.passed(sent - seconds, sent) / seconds

    def _at_limit(self, sent: float, latency: float) -> None:
        limit = min(self.limit, self._lately(sent, latency))
        if sent - self._full < self._unit:
            self._search(limit)
        else:
            self._settle(self.KEPT * limit)

    def _emptied(self, sent: float, spans: list[float], latency: float, pause: float) -> None:
        least, limit = self._passed / (self._lasted + self._closed), self.limit
        filled = min(limit, refill(self._first, spans, least, limit))
        if not self._searching and limit > self._good:
            more = self.KEPT * filled
            self._settle(more if more > self.PLAIN * self._good else self._good)
        elif filled > self.PLAIN * least:
            self._settle(self.KEPT * filled)
        elif self._searching:
            counted = self.passed(max(self._opened, sent - self._unit), sent)
            self._settle(self.KEPT * min(limit, max(counted, len(self._first)) / self._unit))
        elif self._lasted < self._unit:
            self._begin_anew(sent, latency, pause)
        else:
            self._settle(self.KEPT * limit**0.75 * least**0.25, math.sqrt(limit * least))
            self._guessed = True

    def _search(self, limit: float) -> None:
        self._searching, self._doubling, self._good = True, self.DOUBLING * self._unit, math.inf
        self.limit = max(self.LEAST, limit)

    def _search_on(self, latency: float) -> None:
        part = 1 / max(self.limit * max(self._doubling, 2 * latency), self.DOUBLING_ANSWERS)
        self._doubling = max(self.FASTEST * self._unit, self._doubling * self.FASTER**part)
        self.limit *= 2**part

    def _settle(self, good: float, start: float = math.inf) -> None:
        self._guessed, self._searching, self._progress = self._searching, False, 0.0
        self._good = max(self.LEAST, good)
        self._start = self.limit = min(self._good, max(self.LEAST, start))

    def _climb(self) -> None:
        """Come up to the good rate, stay there, and go beyond."""
        way = max(self.WAY * self._unit, self.WAY_ANSWERS / self._good)
        left = max(0.0, 1 - self._progress / way)
        pauses, answers = self.GUESSED if self._guessed else self.PLATEAU
        plateau = max(pauses * self._closed, answers / self._good)
        beyond = max(0.0, self._progress / way - 1 - plateau / way)
        self.limit = self._good - (self._good - self._start) * left**2 + self._good * self.BEYOND * beyond**3
