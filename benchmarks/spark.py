"""Writes the same tickets to Parquet by one process and by Spark on this machine, compares all values, measures both.

python -m benchmarks.spark [--tickets 20000] [--partitions 4] [--lean]

From a local Mind in a process of its own; `--lean` reads one and the same ticket from the lean server instead, so that
the server is not what is measured. The one process does what `enneo-mind export` does. Needs Java 17 or later.
"""

# ruff: noqa: T201, S603
import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.environment import BUILD
from enneo_mind_client import AsyncEnneoMind
from enneo_mind_client.arrow import conversation_schema
from enneo_mind_client.export import ExportResult, aexport

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


def measure(base: str, tickets: int, partitions: int, folder: Path) -> dict[str, Any]:
    """Write in both ways; return the figures, and whether both wrote the same."""
    from enneo_mind_client.spark import register

    took, result = timed(lambda: asyncio.run(alone(base, range(1, tickets + 1), folder / "export")))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    exported = read(result.path, conversation_schema())
    figures: dict[str, Any] = {"tickets": tickets, "rows": len(exported), "bytes": exported.nbytes}
    figures |= {"failures": result.failures, "alone": {**took, "peak_mb": peak}, "partitions": partitions}
    print(figures, flush=True)
    figures["session"], spark = timed(session)
    register(spark, token=TOKEN)
    options = {"instance": base, "partitions": partitions, "errors": "rows"}
    load = spark.read.format("enneo_conversations").options
    figures["few"], _ = timed(lambda: load(**options, range=f"1-{partitions}").load().toArrow())
    figures["few_again"], _ = timed(lambda: load(**options, range=f"1-{partitions}").load().toArrow())
    print(figures, flush=True)
    to = folder / "spark"
    figures["spark"], _ = timed(lambda: load(**options, range=f"1-{tickets}").load().write.parquet(str(to)))
    spark.stop()
    return {**figures, "equal": same(result, exported, read(to, conversation_schema(errors="rows")))}


async def alone(base: str, ids: range, to: Path) -> ExportResult:
    """Export in one process."""
    async with AsyncEnneoMind(base, token=TOKEN) as mind:
        return await aexport(mind, ids, to)


def read(folder: Path, schema: pa.Schema) -> pa.Table:
    """Return the rows of a folder in the order of tickets, as that of Spark's files is chance."""
    order = [("ticket_id", "ascending"), ("position", "ascending")]
    return pq.read_table(folder).cast(schema).sort_by(order)


def same(result: ExportResult, exported: pa.Table, found: pa.Table) -> bool:
    """Return whether Spark found the rows of an export, each value of them, and the same tickets to have failed."""
    lines = (result.path.parent / "failures.jsonl").read_text().splitlines() if result.failures else []
    failed = found.filter(found["error_type"].is_valid())["ticket_id"].to_pylist()
    rows = found.filter(found["error_type"].is_null()).select(exported.schema.names)
    return rows.equals(exported) and failed == [json.loads(line)["ticketId"] for line in lines]


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
        threads = [*Path(f"/proc/{process}/task").iterdir()]
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    if "sys.stdin.read()" in command or "benchmarks.server" in command:
        return 0.0
    own = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return own + sum(_cpu(child) for thread in threads for child in _children(thread))


def _children(thread: Path) -> list[int]:
    """Return the processes that a thread started; none of one that has ended meanwhile, as Java's often do."""
    try:
        return [*map(int, (thread / "children").read_text().split())]
    except (FileNotFoundError, ProcessLookupError):
        return []


def main() -> None:
    """Print the figures and keep them; end with an error where Spark and the export differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=20_000)
    parser.add_argument("--partitions", type=int, default=4)
    parser.add_argument("--lean", action="store_true", help="read from the lean server")
    options = parser.parse_args()
    os.environ["PYSPARK_PYTHON"] = sys.executable  # and not the first one of the path
    with instance(lean=options.lean) as base, tempfile.TemporaryDirectory() as folder:
        figures = measure(base, options.tickets, options.partitions, Path(folder))
    print(json.dumps(figures, indent=1))
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(figures))
    if not figures["equal"]:
        raise SystemExit("Spark and the export differ.")


if __name__ == "__main__":
    main()
