"""How the asynchronous engine goes on and ends: its buffer, its workers, and everyone who leaves early."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from enneo_mind_client.bulk import astream

from .fakes import FakeApi, collect


async def test_ids_may_come_asynchronously() -> None:
    """Ids are also taken from an asynchronous iterable."""

    async def ids() -> AsyncIterator[int]:
        for number in (1, 2, 3):
            await asyncio.sleep(0)
            yield number

    assert [ticket.ticket_id for ticket in await collect(FakeApi(), ids(), ordered=True)] == [1, 2, 3]


async def test_a_fixed_concurrency_is_reached_and_kept() -> None:
    """As many requests are under way as were asked for."""

    async def answer() -> list[object]:
        await asyncio.sleep(0)
        return []

    api = FakeApi(lambda _: answer())
    await collect(api, range(1, 100), concurrency=7)

    assert api.peak == 7


@pytest.mark.parametrize("ordered", [False, True])
async def test_ids_are_read_no_further_than_the_buffer(ordered: bool) -> None:
    """A consumer that does not take, and a first ticket that does not come, both stop the reading."""
    never = asyncio.get_running_loop().create_future()
    read: list[int] = []

    def ids() -> Iterator[int]:
        for number in range(1, 10_000):
            read.append(number)
            yield number

    api = FakeApi(lambda number: never if ordered and number == 1 else [])
    tickets = astream(api, ids(), concurrency=4, ordered=ordered)  # type: ignore[arg-type]
    first = asyncio.ensure_future(anext(tickets))
    for _ in range(500):
        await asyncio.sleep(0)

    assert 8 <= len(read) <= 14

    never.set_result([])
    await first
    await tickets.aclose()


async def test_a_slow_consumer_loses_nothing() -> None:
    """Workers that ended on a full buffer come back when it empties."""
    got = []
    async for ticket in astream(FakeApi(), range(1, 101), concurrency=3):  # type: ignore[arg-type]
        got.append(ticket.ticket_id)
        for _ in range(20):
            await asyncio.sleep(0)

    assert list(range(1, 101)) == sorted(got)


async def _settle() -> None:
    gc.collect()
    for _ in range(20):
        await asyncio.sleep(0)


def _others() -> set[asyncio.Task[Any]]:
    return asyncio.all_tasks() - {asyncio.current_task()}  # type: ignore[return-value]


class Endless:
    """Ids without end, and whether they were closed."""

    closed = False

    def ids(self) -> Iterator[int]:
        """Yield ids."""
        number = 0
        try:
            while True:
                number += 1
                yield number
        finally:
            self.closed = True


async def _break(tickets: Any) -> None:
    async for _ in tickets:
        break


async def _fail(tickets: Any) -> None:
    async for _ in tickets:
        raise ZeroDivisionError


async def _raise(tickets: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        await _fail(tickets)


async def _throw(tickets: Any) -> None:
    await anext(tickets)
    with pytest.raises(ZeroDivisionError):
        await tickets.athrow(ZeroDivisionError())


async def _aclose(tickets: Any) -> None:
    await anext(tickets)
    await tickets.aclose()


async def _cancel(tickets: Any) -> None:
    await anext(tickets)
    waiting = asyncio.ensure_future(collect_rest(tickets))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def collect_rest(tickets: Any) -> None:
    """Read on."""
    async for _ in tickets:
        await asyncio.sleep(0)


@pytest.mark.parametrize("leave", [_break, _raise, _throw, _aclose, _cancel])
async def test_leaving_early_leaves_nothing_behind(leave: Callable[[Any], Any]) -> None:
    """However a consumer leaves, no task and no generator of ids goes on."""
    endless, forever = Endless(), asyncio.Event()

    async def hang() -> list[object]:
        await forever.wait()
        return []

    api = FakeApi(lambda number: hang() if number % 3 == 0 else [])
    await leave(astream(api, endless.ids(), concurrency=5))  # type: ignore[arg-type]
    await _settle()

    assert not _others()
    assert endless.closed
    assert api.under_way == 0


async def test_a_worker_that_someone_cancels_ends_the_stream() -> None:
    """A ticket is not lost in silence when its task is cancelled from outside."""
    forever = asyncio.Event()

    async def hang() -> list[object]:
        await forever.wait()
        return []

    reading = asyncio.ensure_future(collect(FakeApi(lambda _: hang()), [1], concurrency=1))
    for _ in range(5):
        await asyncio.sleep(0)
    (_others() - {reading}).pop().cancel()

    with pytest.raises(asyncio.CancelledError):
        await reading


async def test_memory_is_flat() -> None:
    """However many ids there are, no more results are kept than the buffer holds."""
    kept, most = 0, 0

    def answer(_: int) -> object:
        nonlocal kept, most
        kept += 1
        most = max(most, kept)
        return []

    async for _ in astream(FakeApi(answer), range(1, 2_000), concurrency=10):  # type: ignore[arg-type]
        kept -= 1

    assert most <= 30
