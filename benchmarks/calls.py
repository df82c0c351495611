"""Measures typed calls: every peer, with tickets of three sizes, at four concurrencies, in turn and in rounds.

python -m benchmarks.calls [--rounds 5] [--seconds 0.6] [--sizes usual,...] [--concurrencies 1,...] [--peers ours,...]
"""

# ruff: noqa: S603, T201
import argparse
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from statistics import median
from typing import Any, Final

from benchmarks.environment import BUILD, PEERS, PYTHON, ROOT, prepare

ASYNC: Final = ("limit", "httpx_aiohttp", "openapi_generator", "stock", "ours", "ours_httpx")
SYNC: Final = ("httpx_sync", "stock_sync", "ours_sync")
RESULT: Final = BUILD / "calls.json"


@contextmanager
def server() -> Iterator[str]:
    """Run the server on the second core; yields its address."""
    command = [str(PYTHON), "-m", "benchmarks.server"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdin is not None  # noqa: S101, PT018
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.stdin.close()


def measure(peer: str, base: str, concurrency: int, seconds: float) -> dict[str, float]:
    """Measure once, in a new process."""
    command = [str(PYTHON), "-m", "benchmarks.worker", peer, base, str(concurrency), str(seconds)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{peer} failed at a concurrency of {concurrency}:\n{done.stderr[-3000:]}")
    result: dict[str, float] = json.loads(done.stdout)
    return result


def run(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Return one record for each peer, size, concurrency and round."""
    records: list[dict[str, Any]] = []
    with server() as origin:
        for number, size, concurrency in product(range(options.rounds), options.sizes, options.concurrencies):
            for peer in options.peers:
                if concurrency == 1 or peer not in SYNC:
                    found = measure(peer, f"{origin}/{size}", concurrency, options.seconds)
                    records.append({"round": number, "size": size, "concurrency": concurrency, "peer": peer, **found})
            print(f"round {number + 1}: {size}, {concurrency} at a time", flush=True)
    return records


def values(records: list[dict[str, Any]], key: str, **where: object) -> list[float]:
    """Return one value for each round."""
    return [record[key] for record in records if all(record[name] == value for name, value in where.items())]


def ratio(records: list[dict[str, Any]], peer: str, other: str, key: str = "cpu", **where: object) -> list[float]:
    """Return peer / other of each round, smallest first."""
    pairs = zip(values(records, key, peer=peer, **where), values(records, key, peer=other, **where), strict=True)
    return sorted(one / two for one, two in pairs)


def spread(ratios: list[float]) -> str:
    """Write a median with the least and the most."""
    return f"{median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"


def table(records: list[dict[str, Any]], size: str, concurrency: int) -> str:
    """Return the medians for one size and concurrency, as Markdown."""
    where = {"size": size, "concurrency": concurrency}
    present = list(dict.fromkeys(record["peer"] for record in records if record["concurrency"] == concurrency))
    titles = "| client | CPU us | calls/s | p50 us | p99 us | memory MB | CPU, ours / it |"
    lines = [titles, "|---|--:|--:|--:|--:|--:|--:|"]
    for peer in present:
        figures = [median(values(records, key, peer=peer, **where)) for key in ("cpu", "rate", "p50", "p99", "memory")]
        mine = "ours_sync" if peer in SYNC else "ours"
        against = spread(ratio(records, mine, peer, **where)) if mine in present and peer != mine else ""
        lines.append(f"| {peer} | " + " | ".join(f"{figure:,.0f}" for figure in figures) + f" | {against} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print the tables and keep the records."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.6)
    parser.add_argument("--sizes", type=lambda text: text.split(","), default=["small", "usual", "large"])
    numbers = {"type": lambda text: [int(part) for part in text.split(",")], "default": [1, 16, 64, 256]}
    parser.add_argument("--concurrencies", **numbers)
    parser.add_argument("--peers", type=lambda text: text.split(","), default=[*ASYNC, *SYNC])
    options = parser.parse_args()
    prepare()
    if not (PEERS / "openapi_generator_client").exists():
        options.peers.remove("openapi_generator")
    records = run(options)
    RESULT.write_text(json.dumps(records))
    for size, concurrency in product(options.sizes, options.concurrencies):
        print(f"\n{size} ticket, {concurrency} at a time\n\n{table(records, size, concurrency)}")


if __name__ == "__main__":
    main()
