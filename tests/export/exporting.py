"""Exports from an API in the same process, by either client's loop, and what they left."""

import asyncio
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from enneo_mind_client.export.disk import Disk
from enneo_mind_client.export.folder import Folder
from enneo_mind_client.export.job import Job
from enneo_mind_client.export.results import ExportResult
from enneo_mind_client.export.runs import arun, run
from enneo_mind_client.models import Conversation

from ..bulk.fakes import FakeApi, StillClock, missing

FORMATS = ["parquet", "jsonl", "jsonl.zst", "duckdb"]


def thread(ticket: int) -> list[Conversation]:
    """Return none, one or two conversations; of every seventh ticket there is none at all."""
    if ticket % 7 == 0:
        raise missing()
    return [Conversation.from_dict({"id": 10 * ticket + n, "createdAt": 1657056276}) for n in range(ticket % 3)]


class Export:
    """Exports by one of the two loops."""

    def __init__(self, blocking: bool) -> None:
        self.blocking = blocking

    def __call__(
        self,
        ids: Any,
        to: Path,
        form: Any = "jsonl",
        answer: Callable[[int], object] = thread,
        *,
        part_size: int = 5,
        disk: Disk | None = None,
        api: FakeApi | None = None,
        lock: Any = None,
        **options: Any,
    ) -> ExportResult:
        """Export, and return the result."""
        api = api or FakeApi(answer, clock=StillClock())
        locked = {} if lock is None else {"lock": lock}
        job = Job(Folder(to, form, disk or Disk(), **locked), StillClock(), part_size, **options)
        if self.blocking:
            return run(api, ids, job, concurrency=2)
        return asyncio.run(arun(api, ids, job, concurrency=2))


def tickets(to: Path) -> list[int]:
    """Return the tickets of the parts, in their order."""
    return [ticket for part in lines(to) for ticket in part]


def lines(to: Path) -> list[list[int]]:
    """Return the tickets of each part of an export as JSON lines."""
    parts = sorted((to / "conversations").iterdir())
    return [[json.loads(line)["ticketId"] for line in part.read_text().splitlines()] for part in parts]


def failed(to: Path) -> list[int]:
    """Return the tickets that could not be had."""
    return [json.loads(line)["ticketId"] for line in (to / "failures.jsonl").read_text().splitlines()]


def names(to: Path) -> list[str]:
    """Return the files of an export."""
    return sorted(str(path.relative_to(to)) for path in to.rglob("*") if path.is_file())


def rows(to: Path, form: str) -> list[tuple[int, int]]:
    """Return ticket and id of each conversation, read with what users read the format with."""
    if form == "parquet":
        table = pa.concat_tables([pq.read_table(part) for part in sorted((to / "conversations").iterdir())])
        return [*zip(table["ticket_id"].to_pylist(), table["id"].to_pylist(), strict=True)]
    if form == "duckdb":
        import duckdb

        with closing(duckdb.connect(to / "conversations.duckdb", read_only=True)) as database:
            return database.sql("SELECT ticket_id, id FROM conversations").fetchall()
    found = list[tuple[int, int]]()
    for part in sorted((to / "conversations").iterdir()):
        read = pa.input_stream(part, compression="zstd" if form == "jsonl.zst" else None).read()
        for document in map(json.loads, read.splitlines()):
            found += [(document["ticketId"], each["id"]) for each in document["conversations"]]
    return found
