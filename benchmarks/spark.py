"""Reads the same tickets in one process and in Spark on this machine, compares every value, and measures both.

python -m benchmarks.spark [--tickets 20000] [--partitions 4] [--lean]

From a local Mind in a process of its own; `--lean` reads one and the same ticket from the lean server instead, so that
the server is not what is measured. Needs Java 17 or later.
"""

# ruff: noqa: T201, S603
import argparse
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import pyarrow as pa

from benchmarks.environment import BUILD
from enneo_mind_client.arrow import conversation_schema
from enneo_mind_client.spark.credentials import TokenPlace
from enneo_mind_client.spark.reading import Reading

RESULT: Final = BUILD / "spark.json"
TOKEN: Final = "local-mind-token"  # noqa: S105 - the local Mind's
_MIND: Final = """
import sys
from enneo_mind_client.testing import LocalMind
with LocalMind(token=sys.argv[1]) as mind:
    print(mind.base_url, flush=True)
    sys.stdin.read()
"""


@contextmanager
def instance(*, lean: bool) -> Iterator[str]:
    """Run what is read from; yields its base URL."""
    command = ["-m", "benchmarks.server"] if lean else ["-c", _MIND, TOKEN]
    with subprocess.Popen(
        [sys.executable, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None  # noqa: S101
        said = server.stdout.readline().strip()
        try:
            yield f"http://127.0.0.1:{said}/usual" if lean else said
        finally:
            server.communicate()


def session() -> Any:
    """Start Spark with two cores."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.driver.memory", "2g")
    return builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false").getOrCreate()


def measure(base: str, tickets: int, partitions: int) -> dict[str, Any]:
    """Read in both ways; return the figures, and whether both hold the same."""
    from enneo_mind_client.spark import register

    schema = conversation_schema(errors="rows")
    reading = Reading(base, TokenPlace(text=TOKEN), "rows")
    took, alone = timed(lambda: pa.Table.from_batches(reading.read(range(1, tickets + 1)), schema))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures: dict[str, Any] = {"tickets": tickets, "rows": alone.num_rows, "bytes": alone.nbytes}
    figures |= {"alone": {**took, "peak_mb": peak}, "partitions": partitions}
    print(figures, flush=True)
    figures["session"], spark = timed(session)
    register(spark, token=TOKEN)
    options = {"instance": base, "partitions": partitions, "errors": "rows"}
    load = spark.read.format("enneo_conversations").options
    figures["few"], _ = timed(lambda: load(**options, range=f"1-{partitions}").load().toArrow())
    figures["few_again"], _ = timed(lambda: load(**options, range=f"1-{partitions}").load().toArrow())
    print(figures, flush=True)
    figures["spark"], found = timed(lambda: load(**options, range=f"1-{tickets}").load().toArrow())
    spark.stop()
    order = [("ticket_id", "ascending"), ("position", "ascending")]
    same = found.cast(schema).drop(["error_tx_id"]).sort_by(order).equals(alone.drop(["error_tx_id"]).sort_by(order))
    return {**figures, "equal": same}


def timed(call: Callable[[], Any]) -> tuple[dict[str, float], Any]:
    """Call; return the seconds that it took, those of CPU that this process and its children took, and the result."""
    began, cpu = perf_counter(), _cpu(os.getpid())
    result = call()
    return {"s": perf_counter() - began, "cpu_s": _cpu(os.getpid()) - cpu}, result


def _cpu(process: int) -> float:
    """Return the seconds of CPU of a process and its children, but for the server's."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        command = Path(f"/proc/{process}/cmdline").read_text()
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        threads = [task.name for task in Path(f"/proc/{process}/task").iterdir()]
        for thread in threads[1:]:
            children += Path(f"/proc/{process}/task/{thread}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    if "sys.stdin.read()" in command or "benchmarks.server" in command:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK") + sum(_cpu(int(child)) for child in set(children))


def main() -> None:
    """Print the figures and keep them; end with an error where the tables differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=20_000)
    parser.add_argument("--partitions", type=int, default=4)
    parser.add_argument("--lean", action="store_true", help="read from the lean server")
    options = parser.parse_args()
    with instance(lean=options.lean) as base:
        figures = measure(base, options.tickets, options.partitions)
    print(json.dumps(figures, indent=1))
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(figures))
    if not figures["equal"]:
        raise SystemExit("The tables differ.")


if __name__ == "__main__":
    main()
