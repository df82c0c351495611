"""Measures one peer in a process of its own, on the first core.

python -m benchmarks.worker PEER BASE_URL CONCURRENCY SECONDS
"""

# ruff: noqa: T201
import asyncio
import gc
import json
import resource
import sys
from itertools import count
from time import perf_counter, process_time
from typing import Any, Final

from benchmarks.cores import pin
from benchmarks.peers import ASYNC, SYNC

_TICKETS: Final = count(376189)
"""A new one for each call: what a peer remembers of an address does not help it, as in life."""


def summary(latencies: list[float], cpu: float, elapsed: float) -> dict[str, float]:
    """Return what is kept of a measurement: microseconds, calls a second, and megabytes."""
    latencies.sort()
    calls = len(latencies)
    return {
        "calls": calls,
        "cpu": cpu / calls * 1e6,
        "rate": calls / elapsed,
        "p50": latencies[calls // 2] * 1e6,
        "p99": latencies[calls * 99 // 100] * 1e6,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


async def measure(peer: Any, base: str, concurrency: int, seconds: float) -> dict[str, float]:
    """Call as often as there is time for, after a warm-up of a fifth of it."""
    async with peer(base) as call:
        await asyncio.gather(*(_repeat(call, [], seconds / 5) for _ in range(concurrency)))
        gc.collect()
        latencies: list[float] = []
        cpu, began = process_time(), perf_counter()
        await asyncio.gather(*(_repeat(call, latencies, seconds) for _ in range(concurrency)))
        return summary(latencies, process_time() - cpu, perf_counter() - began)


async def _repeat(call: Any, latencies: list[float], seconds: float) -> None:
    before = perf_counter()
    until = before + seconds
    while before < until:
        await call(next(_TICKETS))
        after = perf_counter()
        latencies.append(after - before)
        before = after


def measure_blocking(peer: Any, base: str, seconds: float) -> dict[str, float]:
    """Do the same one call after the other."""
    with peer(base) as call:
        _repeat_blocking(call, [], seconds / 5)
        gc.collect()
        latencies: list[float] = []
        cpu, began = process_time(), perf_counter()
        _repeat_blocking(call, latencies, seconds)
        return summary(latencies, process_time() - cpu, perf_counter() - began)


def _repeat_blocking(call: Any, latencies: list[float], seconds: float) -> None:
    before = perf_counter()
    until = before + seconds
    while before < until:
        call(next(_TICKETS))
        after = perf_counter()
        latencies.append(after - before)
        before = after


def main(name: str, base: str, concurrency: str, seconds: str) -> None:
    """Print the measurement as one line of JSON."""
    pin(0)
    if name in SYNC:
        print(json.dumps(measure_blocking(SYNC[name], base, float(seconds))))
    else:
        print(json.dumps(asyncio.run(measure(ASYNC[name], base, int(concurrency), float(seconds)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
