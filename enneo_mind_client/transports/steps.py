"""Hands a body on in steps, each of which has the attempt's time: what comes too slowly ends, however long it is."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Iterable

from enneo_mind_client.fetching import STEP, Fetch
from enneo_mind_client.transports.bounds import rebound


def within(seconds: float) -> asyncio.Timeout:
    """Return a scope that ends after some seconds, or never."""
    return asyncio.timeout(seconds if seconds < math.inf else None)


def pour(chunks: Iterable[bytes], fetch: Fetch) -> None:
    """Hand a body on, blocking.

    Raises:
        TimeoutError: A step took too long.
    """
    now = time.monotonic()
    until, last, came = now + fetch.timeout, now + fetch.total, 0
    for chunk in chunks:
        fetch.sink.feed(chunk)
        now, came = time.monotonic(), came + len(chunk)
        if now > until:
            raise TimeoutError
        if came >= STEP:
            until, came = min(now + fetch.timeout, last), 0
            rebound(until)


async def apour(chunks: AsyncIterator[bytes], fetch: Fetch, limit: asyncio.Timeout) -> None:
    """Hand a body on asynchronously, in threads; what came before it broke off too.

    Raises:
        TimeoutError: A step took too long.
    """
    loop, held = asyncio.get_running_loop(), bytearray()
    last = loop.time() + fetch.total
    try:
        async for chunk in chunks:
            held += chunk
            if len(held) >= STEP:
                step, held = bytes(held), bytearray()
                await asyncio.to_thread(fetch.sink.feed, step)
                when = min(loop.time() + fetch.timeout, last)
                limit.reschedule(when if when < math.inf else None)
    finally:
        if held:
            fetch.sink.feed(bytes(held))
