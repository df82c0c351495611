"""Streams a million tickets and prints the curve: speed, memory, tasks and file descriptors must stay level.

python -m benchmarks.million [--tickets 1000000] [--concurrency auto] [--mind]

Against the lean server, so that the client is what is measured; `--mind` streams from the local Mind instead, each of
whose tickets is another one. It runs in the same process, so take the project's own Python for it. Needs /proc for the
memory of the moment.
"""

# ruff: noqa: T201
import argparse
import asyncio
import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final

from benchmarks.calls import server
from benchmarks.cores import pin
from benchmarks.environment import BUILD
from enneo_mind_client import AsyncEnneoMind

RESULT: Final = BUILD / "million.json"
LINES: Final = 20
_FIGURES: Final = ("tickets", "per_s", "cpu_us", "rss_mb", "peak_mb", "tasks", "fds", "errors")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


@contextmanager
def instance(*, mind: bool) -> Iterator[str]:
    """Run what is streamed from; yields its base URL."""
    if not mind:
        with server() as origin:
            yield f"{origin}/usual"
    else:
        from enneo_mind_client.testing import LocalMind

        with LocalMind() as local:
            yield local.base_url


def state() -> dict[str, float]:
    """Return what this process holds at the moment."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {
        "rss_mb": pages * _PAGE / 2**20,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "tasks": len(asyncio.all_tasks()),
        "fds": len(list(Path("/proc/self/fd").iterdir())),
    }


async def stream(base: str, tickets: int, concurrency: Any) -> list[dict[str, float]]:
    """Stream the tickets; return the figures of each twentieth."""
    step, curve, errors = max(1, tickets // LINES), list[dict[str, float]](), 0
    print("".join(f"{name:>10}" for name in _FIGURES), flush=True)
    async with AsyncEnneoMind(base, token="local-mind-token") as mind:  # noqa: S106 - the local Mind's
        began, cpu, number = perf_counter(), process_time(), 0
        async for ticket in mind.conversations.stream(range(1, tickets + 1), concurrency=concurrency):
            number, errors = number + 1, errors + (ticket.error is not None)
            if number % step == 0:
                now, spent = perf_counter(), process_time()
                speed = {"per_s": step / (now - began), "cpu_us": (spent - cpu) / step * 1e6}
                curve.append({"tickets": number, **speed, **state(), "errors": errors})
                print("".join(f"{curve[-1][name]:10,.0f}" for name in _FIGURES), flush=True)
                began, cpu = now, spent
    print("after the end:", {name: round(value) for name, value in state().items()})
    return curve


def main() -> None:
    """Print the curve and keep it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--concurrency", type=lambda text: text if text == "auto" else int(text), default="auto")
    parser.add_argument("--mind", action="store_true", help="stream from the local Mind; slower, and it is in-process")
    options = parser.parse_args()
    with instance(mind=options.mind) as base:
        pin(0)
        curve = asyncio.run(stream(base, options.tickets, options.concurrency))
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(curve))


if __name__ == "__main__":
    main()
