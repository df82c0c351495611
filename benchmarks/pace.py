"""Shows the pace of a stream over a table of servers with limits, in simulated time: used, and refused.

python -m benchmarks.pace [--all]

A server is held where at least 0.9 of its limit is used and less than 1 % of the requests are refused, from 5 to 30 and
from 10 to 60 seconds after the start. One line for each that is not held, or for all, and the count for each kind.
"""

# ruff: noqa: T201, S311
import argparse
import random
from collections import Counter, deque
from collections.abc import Callable, Iterator
from itertools import product
from typing import Final

from tests.bulk.simulation import Answer, Bucket, FixedWindow, Result, simulate

RATES: Final = (20, 50, 100, 200, 500)
LATENCIES: Final = (0.005, 0.05, 0.2)
RETRY_AFTERS: Final = (None, 0.1, 1.0)
SPANS: Final = ((5, 30), (10, 60))
MOST: Final = 100
REFUSED_IN: Final = 0.005

Server = Callable[[float], Answer]


class SlidingWindow:
    """A server that lets so many through in any second, and refuses the rest."""

    def __init__(self, number: int, latency: Callable[[], float]) -> None:
        self._number, self._latency, self._passed = number, latency, deque[float]()

    def answer(self, now: float) -> Answer:
        """Count, or refuse."""
        while self._passed and self._passed[0] <= now - 1:
            self._passed.popleft()
        if len(self._passed) >= self._number:
            return Answer(REFUSED_IN, 429)
        self._passed.append(now)
        return Answer(self._latency())


def noisy(mean: float) -> Callable[[], float]:
    """Return latencies around a mean, one in fifty eight times as long; the same ones each time."""
    chance = random.Random(1)
    return lambda: mean * (8 if chance.random() < 0.02 else 0.6 + 0.8 * chance.random())


def servers(rate: int, latency: float) -> Iterator[tuple[str, Server]]:
    """Yield one of each kind."""
    for name, burst in (("bucket of one", 1.0), ("bucket of 0.1 s", rate / 10), ("bucket of 1 s", float(rate))):
        yield name, Bucket(lambda _: rate, noisy(latency), burst).answer
    yield "fixed second", FixedWindow(rate, 1.0, noisy(latency), says_when=False).answer
    yield "sliding second", SlidingWindow(rate, noisy(latency)).answer


def with_wish(server: Server, retry_after: float | None) -> Server:
    """Have a server say when to come back."""

    def answer(now: float) -> Answer:
        given = server(now)
        return Answer(given.latency, given.status, retry_after) if given.status == 429 else given

    return answer


def is_held(result: Result, rate: int) -> bool:
    """Tell whether a limit was used and kept."""
    return all(result.rate(*span) >= 0.9 * rate and result.share_refused(*span) < 0.01 for span in SPANS)


def main() -> None:
    """Simulate them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="a line for each server")
    every, held, all_of = parser.parse_args().all, Counter[str](), Counter[str]()
    for rate, latency, wish in product(RATES, LATENCIES, RETRY_AFTERS):
        if rate > 0.7 * MOST / latency:  # more than so many connections can ask for
            continue
        for name, server in servers(rate, latency):
            result = simulate(with_wish(server, wish), 65, MOST)
            all_of[name] += 1
            held[name] += (good := is_held(result, rate))
            if every or not good:
                figures = (f"{result.rate(*span) / rate:.2f} {result.share_refused(*span):.2%}" for span in SPANS)
                print(f"{name}, {rate}/s, {latency} s, Retry-After {wish}: {'; '.join(figures)}")
    print(", ".join(f"{name}: {held[name]} of {all_of[name]}" for name in all_of))


if __name__ == "__main__":
    main()
