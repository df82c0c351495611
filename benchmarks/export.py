"""Exports many tickets in each format and prints the curve: speed and memory must stay level.

python -m benchmarks.export [--tickets 100000] [--formats parquet,jsonl,...]

Against the lean server, whose ticket is 10 kB with 5 conversations, so that the client is what is measured. Each format
is exported by a process of its own, into a folder that is removed. Needs /proc for the memory of the moment.
"""

# ruff: noqa: S603, T201
import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final

from benchmarks.cores import pin
from benchmarks.environment import ROOT
from benchmarks.million import LINES, state
from enneo_mind_client import AsyncEnneoMind
from enneo_mind_client.export import Progress, aexport

FORMATS: Final = ("parquet", "jsonl", "jsonl.zst", "duckdb")


@contextmanager
def server() -> Iterator[str]:
    """Run the lean server with this Python; yields its base URL."""
    command = [sys.executable, "-m", "benchmarks.server"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdin is not None  # noqa: S101, PT018
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/usual"
        process.stdin.close()


async def measure(base: str, form: Any, tickets: int, to: Path) -> dict[str, float]:
    """Export once, print the memory of each twentieth, and return the figures of the whole."""
    curve = list[float]()

    def note(far: Progress) -> None:
        if far.fetched % max(1, tickets // LINES) == 0:
            curve.append(round(state()["rss_mb"]))

    began = perf_counter()
    async with AsyncEnneoMind(base, token="local-mind-token") as mind:  # noqa: S106 - the local Mind's
        result = await aexport(mind, range(1, tickets + 1), to, format=form, on_progress=note)
    seconds = perf_counter() - began
    assert result.tickets == tickets, result  # noqa: S101
    print(form, "MB of memory:", *curve, file=sys.stderr)
    return {
        "per_s": round(tickets / seconds),
        "cpu_us": round(process_time() / tickets * 1e6),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "output_kb": _size(to) >> 10,
    }


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    """Print the figures of each format."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--base", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.base:
        pin(0)
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(asyncio.run(measure(options.base, options.formats, options.tickets, Path(folder)))))
        return
    with server() as base:
        for form in options.formats.split(","):
            command = [sys.executable, "-m", "benchmarks.export", "--tickets", str(options.tickets), "--base", base]
            done = subprocess.run(
                [*command, "--formats", form], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
            )
            print(f"{form:10}", done.stdout.strip(), flush=True)


if __name__ == "__main__":
    main()
