"""`enneo-mind attachments`: the files of a ticket, into a folder."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from enneo_mind_client import AsyncEnneoMind
from enneo_mind_client.attachments.many import Download
from enneo_mind_client.cli.common import Ticket, Where, end, line_of, reporting, say

To = Annotated[Path, typer.Option("--to", metavar="DIR", help="The folder; made if it is not there.")]
Concurrency = Annotated[int, typer.Option(min=1, max=64, help="Downloads at the same time.")]


def attachments(ticket: Ticket, to: To, concurrency: Concurrency = 4, instance: Where = None) -> None:
    """Store the attachments of a ticket as new files; what is in the folder is never replaced.

    The path of each file is a line on standard output. A download that breaks off is carried on by the next run.

    For instance:

        enneo-mind attachments 376189 --to inbox
    """
    with reporting():
        done = asyncio.run(_download(ticket, to, concurrency, instance))
    stored = [each for each in done if each.path is not None]
    for each in stored:
        sys.stdout.write(f"{each.path}\n")
    errors = [each.error for each in done if each.error is not None]
    for each in done:
        if each.error is not None:
            say(f"attachment {each.attachment.name or each.attachment.id}: {line_of(each.error)}")
    say(f"{len(stored)} of {len(done)} attachments stored in {to}")
    end(len(stored), errors)


async def _download(ticket: int, to: Path, concurrency: int, instance: str | None) -> list[Download]:
    async with AsyncEnneoMind(instance) as mind:
        return await mind.attachments.download_all(await mind.conversations.list(ticket), to, concurrency=concurrency)
