"""Shows a stream find the speed of a local Mind with a rate limit: requests a second against the limit, in real time.

python -m benchmarks.rate [--seconds 60]

One line for every tenth of the time, for a limit that stays and for one that doubles and halves again.
"""

# ruff: noqa: T201
import argparse
import asyncio
import time
from collections.abc import Callable

from enneo_mind_client import AsyncEnneoMind, Attempt
from enneo_mind_client.testing import LocalMind

Limit = Callable[[float], float]


async def attempts(mind: LocalMind, seconds: float) -> list[tuple[float, int | None]]:
    """Stream tickets for so long; return when each answer came, and its status."""
    seen: list[tuple[float, int | None]] = []
    start = time.monotonic()

    def note(attempt: Attempt) -> None:
        seen.append((time.monotonic() - start, attempt.status))

    async with AsyncEnneoMind(mind.base_url, token=mind.token, on_attempt=note) as client:
        async for _ in client.conversations.stream(range(1, 10**9)):
            if time.monotonic() - start > seconds:
                break
    return seen


def report(name: str, limit: Limit, seconds: float) -> None:
    """Run one case and print it."""
    print(f"{name}\n{'seconds':>12} {'limit/s':>8} {'served/s':>8} {'used':>6} {'refused':>8}")
    with LocalMind(seed=7, latency=0.05, rate_limit=limit) as mind:
        seen = asyncio.run(attempts(mind, seconds))
    step = seconds / 10
    for number in range(10):
        start = number * step
        statuses = [status for at, status in seen if start <= at < start + step]
        refused, allowed = statuses.count(429), limit(start + step / 2)
        served = (len(statuses) - refused) / step
        share = refused / max(1, len(statuses))
        print(f"{start:5.0f} -{start + step:5.0f} {allowed:8.0f} {served:8.1f} {served / allowed:6.0%} {share:8.2%}")


def main() -> None:
    """Run all cases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="for each case")
    seconds = parser.parse_args().seconds
    for rate in (20, 100):
        report(f"A limit of {rate} requests/s", lambda _, rate=rate: rate, seconds)
    report(
        "A limit that doubles, and halves", lambda at: 100 if 0.6 * seconds < at < 1.4 * seconds else 50, 2 * seconds
    )


if __name__ == "__main__":
    main()
