"""A call that is cancelled ends at once and unwrapped, and leaves nothing behind: no socket, no place, no budget."""

import asyncio
import random
from typing import Any

import pytest

from enneo_mind_client import APITimeoutError, RetryPolicy

from . import answers
from .clients import TICKET, make
from .conftest import Scripted
from .driving import each
from .fault import Fault
from .loops import Asleep, cancelled_in, until
from .outcome import Outcome, check
from .playing import API
from .ports import blackhole
from .server import ScriptedServer
from .verbs import KeepAlive, Send, Stall

ASYNC = ("aiohttp", "httpx")
OK = (Send(answers.json_ok()), KeepAlive())


def client(kind: str, address: str, **options: Any) -> Any:
    """Return a client with one connection, or as many as are asked for."""
    return make(kind, f"http://{address}{API}", **{"max_connections": 1, **options})


@each("F68", clients=ASYNC)
async def test_cancelled_between_attempts(fault: Fault, kind: str, scripted: Scripted) -> None:
    """A sleeping call ends at once, and gives back what the retry it never made has cost."""
    server, clock = scripted(*fault.scripts), Asleep()
    async with client(kind, server.address, clock=clock) as mind:
        budget = mind.api.connections.shared.budget
        error, took = await cancelled_in(mind.conversations.list(TICKET), lambda: clock.sleepers == 1)

        check(fault.expect, Outcome(error=error, elapsed=took))
        assert budget.tokens == budget.CAPACITY


@each("F69-headers", "F69-body", clients=ASYNC)
async def test_cancelled_while_reading(fault: Fault, kind: str, scripted: Scripted) -> None:
    """A reading call closes its connection, and the only place is free for the next."""
    server = scripted(*fault.scripts, OK)
    async with client(kind, server.address) as mind:
        error, took = await cancelled_in(
            mind.conversations.list(TICKET), lambda: len(server.seen.requests) == 1 and server.seen.open == 1
        )

        check(fault.expect, Outcome(error=error, elapsed=took))
        await until(lambda: server.seen.open == 0)
        assert await mind.conversations.list(TICKET)


@each("F69-connect", clients=ASYNC)
async def test_cancelled_while_connecting(fault: Fault, kind: str) -> None:
    """A connecting call gives its place back: the next one gets as far."""
    with blackhole() as address:
        async with client(kind, address) as mind:
            began = asyncio.get_running_loop().time()
            error, took = await cancelled_in(
                mind.conversations.list(TICKET), lambda: asyncio.get_running_loop().time() > began + 0.1
            )
            check(fault.expect, Outcome(error=error, elapsed=took))
            with pytest.raises(APITimeoutError) as raised:
                await mind.with_options(timeout=0.1, retry=None).conversations.list(TICKET)

    assert raised.value.phase == "connect"


@pytest.mark.parametrize("kind", ASYNC)
async def test_cancelled_while_waiting_for_a_place(kind: str, scripted: Scripted) -> None:
    """A call that queues for a connection leaves the queue, and the one behind it moves up."""
    server = scripted(Stall(0.3), OK)
    async with client(kind, server.address, retry=RetryPolicy(max_retries=1)) as mind:
        first = asyncio.ensure_future(mind.conversations.list(TICKET))
        await until(lambda: len(server.seen.requests) == 1)
        second, third = (asyncio.ensure_future(mind.conversations.list(TICKET)) for _ in range(2))
        await asyncio.sleep(0)
        second.cancel()

        assert await third
        assert await first
        assert second.cancelled()


@each("F70", clients=ASYNC)
@pytest.mark.timeout(110)
async def test_ten_thousand_cancelled_under_contention(fault: Fault, kind: str, scripted: Scripted) -> None:
    """After 10,000 calls that were cancelled at any moment, twenty for each place, every place still works."""
    server, places = scripted((Stall(0.001), *OK)), fault.input["max_connections"]
    chance = random.Random(70)
    async with client(kind, server.address, max_connections=places, deadline=20.0) as mind:
        budget = mind.api.connections.shared.budget
        ended = [await _cancelled_in_a_crowd(mind, 20 * places, chance) for _ in range(fault.input["calls"] // 200)]
        results = await asyncio.gather(*(mind.conversations.list(TICKET) for _ in range(places)))

        assert len(ended) * 20 * places == fault.input["calls"]
        assert sum(ended) > fault.input["calls"] / 2, "most were still under way"
        assert all(results)
        assert budget.tokens == budget.CAPACITY
        _check_connections(server, places)


async def _cancelled_in_a_crowd(mind: Any, calls: int, chance: random.Random) -> int:
    """Start calls at once, cancel each at a moment of its own, and return how many were not done yet."""
    loop = asyncio.get_running_loop()
    tasks = [loop.create_task(mind.conversations.list(TICKET)) for _ in range(calls)]
    for task in tasks:
        loop.call_later(chance.uniform(0, 0.01), task.cancel)
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(end) for end in ends} <= {list, asyncio.CancelledError}
    return sum(isinstance(end, asyncio.CancelledError) for end in ends)


def _check_connections(server: ScriptedServer, places: int) -> None:
    assert server.seen.wait_for(lambda seen: seen.open <= places, 2), server.seen.open
