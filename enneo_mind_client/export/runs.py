"""The two loops that drive an export: each asks for what the job wants, and hands it what comes."""

import asyncio
from collections.abc import Iterable
from contextlib import aclosing, closing
from typing import Any

from enneo_mind_client.api import Api, AsyncApi
from enneo_mind_client.bulk import astream, stream
from enneo_mind_client.export.job import Job
from enneo_mind_client.export.results import ExportResult
from enneo_mind_client.ids import Ids


def run(api: Api, ids: Iterable[int | str], job: Job, **options: Any) -> ExportResult:
    """Export, blocking; the options are those of `stream`."""
    with closing(job):
        job.open()
        with closing(stream(api, job.wanted(ids), ordered=True, **options)) as tickets:
            for ticket in tickets:
                if job.take(ticket):
                    job.seal()
        result = job.finish()
        job.tell()
        return result


async def arun(api: AsyncApi, ids: Ids, job: Job, **options: Any) -> ExportResult:
    """Export; what takes long on the disk is done in a thread. The options are those of `astream`."""
    with closing(job):
        await asyncio.to_thread(job.open)
        async with aclosing(astream(api, job.awanted(ids), ordered=True, **options)) as tickets:
            async for ticket in tickets:
                if job.take(ticket):
                    await asyncio.to_thread(job.seal)
        result = await asyncio.to_thread(job.finish)
        job.tell()
        return result
