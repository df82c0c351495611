"""Exports: many tickets into files, as fast as the server lets, and carried on after anything.

    from enneo_mind_client import EnneoMind
    from enneo_mind_client.export import export

    with EnneoMind("demo") as mind:
        result = export(mind, range(1, 1001), "tickets")

Parquet and zstd need the extra `export`, DuckDB needs `duckdb`, JSON Lines need none.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from enneo_mind_client.bulk import Concurrency
from enneo_mind_client.client import AsyncEnneoMind, EnneoMind
from enneo_mind_client.export.disk import Disk
from enneo_mind_client.export.folder import Folder
from enneo_mind_client.export.formats import FormatName
from enneo_mind_client.export.job import Job
from enneo_mind_client.export.results import ExportResult, Progress, ProgressHook
from enneo_mind_client.export.runs import arun, run
from enneo_mind_client.ids import Ids

PART_SIZE: Final = 10_000
"""Tickets of a part: some ten to hundred megabytes of Parquet."""

GIVE_UP_AFTER: Final = 100
"""Tickets in a row after which a failing server is no longer asked."""


def export(
    mind: EnneoMind,
    ids: Iterable[int | str],
    to: str | os.PathLike[str],
    *,
    format: FormatName = "parquet",  # noqa: A002 - what everybody calls it
    part_size: int = PART_SIZE,
    retry_failed: bool = False,
    give_up_after: int | None = GIVE_UP_AFTER,
    concurrency: Concurrency = "auto",
    include_raw_data: bool = False,
    on_progress: ProgressHook | None = None,
) -> ExportResult:
    """Write the conversations of many tickets to a folder, and return what is in it.

    Called again with the same arguments, after whatever ended it, it goes on where it was: tickets that are in the
    folder are not asked for, and what it ends with is what one undisturbed call would have written. Other ids are
    added. A ticket that cannot be had is a line in `failures.jsonl`, and is left alone until `retry_failed`.

    Args:
        mind: The client.
        ids: The tickets, read lazily; one that comes again is not asked for again.
        to: The folder; it is made if it is not there.
        format: `parquet`, `jsonl`, `jsonl.zst` or `duckdb`.
        part_size: Tickets of a part; each part is a file.
        retry_failed: Whether to ask first for the tickets of `failures.jsonl`.
        give_up_after: Tickets in a row that fail for the server's sake, after which it is no use; None is never.
        concurrency: Requests at the same time; "auto" finds what the server can do.
        include_raw_data: Whether the server adds the raw data of each conversation.
        on_progress: Told of every ticket; its failure is logged and does not end the export.

    Raises:
        AuthenticationError: The credential was refused.
        ConfigurationError: An option cannot work, or its extra is not installed.
        ExportError: The export cannot go on; what is written stays.
    """
    folder, clock = Folder(Path(to), format, Disk()), mind.api.connections.shared.clock
    job = Job(folder, clock, part_size, give_up_after, on_progress, retry_failed=retry_failed)
    return run(mind.api, ids, job, concurrency=concurrency, include_raw_data=include_raw_data)


async def aexport(
    mind: AsyncEnneoMind,
    ids: Ids,
    to: str | os.PathLike[str],
    *,
    format: FormatName = "parquet",  # noqa: A002 - what everybody calls it
    part_size: int = PART_SIZE,
    retry_failed: bool = False,
    give_up_after: int | None = GIVE_UP_AFTER,
    concurrency: Concurrency = "auto",
    include_raw_data: bool = False,
    on_progress: ProgressHook | None = None,
) -> ExportResult:
    """Write the conversations of many tickets to a folder, and return what is in it.

    Called again with the same arguments, after whatever ended it, it goes on where it was: tickets that are in the
    folder are not asked for, and what it ends with is what one undisturbed call would have written. Other ids are
    added. A ticket that cannot be had is a line in `failures.jsonl`, and is left alone until `retry_failed`.

    Args:
        mind: The client.
        ids: The tickets, read lazily; one that comes again is not asked for again.
        to: The folder; it is made if it is not there.
        format: `parquet`, `jsonl`, `jsonl.zst` or `duckdb`.
        part_size: Tickets of a part; each part is a file.
        retry_failed: Whether to ask first for the tickets of `failures.jsonl`.
        give_up_after: Tickets in a row that fail for the server's sake, after which it is no use; None is never.
        concurrency: Requests at the same time; "auto" finds what the server can do.
        include_raw_data: Whether the server adds the raw data of each conversation.
        on_progress: Told of every ticket; its failure is logged and does not end the export.

    Raises:
        AuthenticationError: The credential was refused.
        ConfigurationError: An option cannot work, or its extra is not installed.
        ExportError: The export cannot go on; what is written stays.
    """
    folder, clock = Folder(Path(to), format, Disk()), mind.api.connections.shared.clock
    job = Job(folder, clock, part_size, give_up_after, on_progress, retry_failed=retry_failed)
    return await arun(mind.api, ids, job, concurrency=concurrency, include_raw_data=include_raw_data)


__all__ = ["ExportResult", "FormatName", "Progress", "ProgressHook", "aexport", "export"]
