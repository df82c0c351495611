"""`enneo-mind export`: many tickets into files; the same command goes on where it was stopped."""

import asyncio
import re
import signal
import sys
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, cast

import typer

from enneo_mind_client import AsyncEnneoMind
from enneo_mind_client.cli import INTERRUPTED, stop
from enneo_mind_client.cli.bar import bar
from enneo_mind_client.cli.common import ERROR, PARTIAL, Where, reporting, say
from enneo_mind_client.cli.given import given
from enneo_mind_client.export import GIVE_UP_AFTER, PART_SIZE, ExportResult, aexport
from enneo_mind_client.ids import Ids

USAGE: Final = 2
TERMINATED: Final = 143
SHOWN: Final = 10
"""Values that are no ids, of which each is told."""


class Form(StrEnum):
    """The formats."""

    PARQUET = "parquet"
    LINES = "jsonl"
    COMPRESSED = "jsonl.zst"
    DUCKDB = "duckdb"


Tickets = Annotated[list[str] | None, typer.Argument(help="The tickets' numbers.", show_default=False)]
To = Annotated[Path, typer.Option("--to", metavar="DIR", help="The folder; made if it is not there.")]
Ranges = Annotated[
    list[str] | None,
    typer.Option("--range", metavar="FIRST-LAST", help="All numbers from the first to the last, both included."),
]
From = Annotated[
    Path | None,
    typer.Option(
        "--from", metavar="FILE", exists=True, dir_okay=False, allow_dash=True, help="Numbers in a file; - for stdin."
    ),
]
Format = Annotated[Form, typer.Option("--format", help="What to write.")]
PartSize = Annotated[int, typer.Option(min=1, help="Tickets of a file.")]
RetryFailed = Annotated[bool, typer.Option("--retry-failed", help="First ask again for what failed.")]
GiveUp = Annotated[
    int, typer.Option(min=0, help="Tickets in a row that fail for the server's sake, to stop after; 0 is never.")
]
Concurrency = Annotated[
    int | None, typer.Option(min=1, help="Requests at the same time; else as many as the server can do.")
]
Raw = Annotated[bool, typer.Option("--include-raw-data", help="Have the server add the raw data of conversations.")]


def export(
    to: To,
    tickets: Tickets = None,
    ranges: Ranges = None,
    source: From = None,
    format: Format = Form.PARQUET,  # noqa: A002 - what everybody calls it
    part_size: PartSize = PART_SIZE,
    retry_failed: RetryFailed = False,
    give_up_after: GiveUp = GIVE_UP_AFTER,
    concurrency: Concurrency = None,
    include_raw_data: Raw = False,
    instance: Where = None,
) -> None:
    """Write the conversations of many tickets to a folder.

    Whatever stops it, the same command goes on from there; other tickets are added. What could not be had is in
    failures.jsonl, with the reason. Where the result is, is a line on standard output.

    For instance:

        enneo-mind export --range 1-1000 --to tickets

        cut -d, -f1 tickets.csv | enneo-mind export --from - --to tickets --format jsonl
    """
    named = [*(tickets or ()), *map(_range, ranges or ())]
    if not (named or source or retry_failed):
        stop("name tickets, or give --range, --from or --retry-failed", USAGE)
    options = {
        "format": format.value,
        "part_size": part_size,
        "retry_failed": retry_failed,
        "give_up_after": give_up_after or None,
        "concurrency": concurrency or "auto",
        "include_raw_data": include_raw_data,
    }
    with reporting():
        try:
            result = asyncio.run(_export(instance, given(named, source), to, options))
        except (KeyboardInterrupt, asyncio.CancelledError) as stopped:
            say(f"stopped: the same command goes on with what is in {to}")
            raise typer.Exit(INTERRUPTED if isinstance(stopped, KeyboardInterrupt) else TERMINATED) from None
    _end(result, to)


async def _export(instance: str | None, ids: Ids, to: Path, options: dict[str, Any]) -> ExportResult:
    _end_when_terminated(cast("asyncio.Task[Any]", asyncio.current_task()))
    async with AsyncEnneoMind(instance) as mind:
        with bar() as move:
            return await aexport(mind, ids, to, on_progress=move, **options)


def _end_when_terminated(task: "asyncio.Task[Any]") -> None:
    """Have SIGTERM, as of a scheduler, end the export like Ctrl-C does."""
    with suppress(NotImplementedError):  # on Windows
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


def _range(text: str) -> range:
    match = re.fullmatch(r"\s*([0-9]{1,18})\s*-\s*([0-9]{1,18})\s*", text)
    if match is None or int(match[1]) > int(match[2]):
        stop(f"{text!r} is no range: give the first and the last number, like 1-1000", USAGE)
    return range(int(match[1]), int(match[2]) + 1)


def _end(result: ExportResult, to: Path) -> None:
    for value in result.invalid_ids[:SHOWN]:
        say(value)
    if result.invalid > SHOWN:
        say(f"and {result.invalid - SHOWN} more that are no ticket ids")
    say(f"{result.tickets} tickets in {result.path}, {result.fetched} of them new")
    if result.failures:
        say(f"{result.failures} failures in {to / 'failures.jsonl'}: --retry-failed asks for them again")
    sys.stdout.write(f"{result.path}\n")
    if result.failures or result.invalid:
        raise typer.Exit(PARTIAL if result.tickets else ERROR)
