"""A client's life: opened late, closed once, in loops, threads and forks, and never left open in silence."""

import asyncio
import gc
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from enneo_mind_client import AsyncEnneoMind, EnneoMind
from enneo_mind_client.errors import ConfigurationError, EnneoMindError
from tests.faults import answers
from tests.faults.conftest import Scripted
from tests.faults.verbs import KeepAlive, Send, Stall

from .callers import Caller, get
from .conftest import MakeCaller
from .fake_clock import FakeClock

OK = (Send(answers.json_ok({"success": True})), KeepAlive())
ASYNC = ["aiohttp", "httpx"]


def test_a_client_is_closed_as_often_as_one_likes(scripted: Scripted, caller: MakeCaller) -> None:
    """The first time closes every connection, a second time does nothing."""
    server = scripted(OK)
    client = caller(server.url)
    client.call()

    for _ in range(2):
        client._runner.run(client.mind.aclose()) if client._runner else client.mind.close()

    assert server.seen.wait_for(lambda seen: seen.open == 0)


def test_a_closed_client_says_so(scripted: Scripted, caller: MakeCaller) -> None:
    """A call after the end is a ConfigurationError, and sends nothing; so does one of its copies."""
    server = scripted(OK)
    client = caller(server.url)
    client._runner.run(client.mind.aclose()) if client._runner else client.mind.close()

    for mind in (client.mind, client.mind.with_options(timeout=1)):
        client.mind = mind
        with pytest.raises(ConfigurationError, match="EnneoMind is closed: make a new one"):
            client.call()
    assert server.seen.connections == 0


def end(client: Caller, mind: Any) -> None:
    """Leave the block of a client, or of a copy of it."""
    if client._runner is None:
        with mind:
            pass
    else:
        client._runner.run(mind.__aexit__(None, None, None))


def test_a_copy_leaves_the_connections_to_its_client(scripted: Scripted, caller: MakeCaller) -> None:
    """The block of a copy ends without the client it was made from, or another copy, losing its connections."""
    server = scripted(OK)
    client = caller(server.url)
    client.call()
    end(client, client.mind.with_options(timeout=1))
    end(client, client.mind.with_options(timeout=1).with_options(timeout=2))

    assert client.call().status_code == 200
    assert server.seen.connections == 1


def test_a_client_ends_its_copies(scripted: Scripted, caller: MakeCaller) -> None:
    """Closing a client closes what its copies send over."""
    server = scripted(OK)
    client = caller(server.url)
    original, client.mind = client.mind, client.mind.with_options(timeout=1)
    client.call()
    end(client, original)

    assert server.seen.wait_for(lambda seen: seen.open == 0)
    with pytest.raises(ConfigurationError, match="EnneoMind is closed"):
        client.call()


def test_the_last_copy_of_a_client_that_nobody_kept_ends_it(scripted: Scripted, caller: MakeCaller) -> None:
    """`with EnneoMind().with_options(...)` leaves nothing open, and one of two copies nothing closed."""
    server = scripted(OK)
    client = caller(server.url)
    first, client.mind = client.mind.with_options(timeout=1), client.mind.with_options(timeout=2)
    gc.collect()
    end(client, first)
    client.call()
    assert server.seen.open == 1

    end(client, client.mind)
    assert server.seen.wait_for(lambda seen: seen.open == 0)


def test_a_client_never_used_opens_nothing(caller: MakeCaller) -> None:
    """Making and closing a client costs no connection."""
    assert caller("demo").mind.api.connections.engine().is_open is False


def test_a_block_closes_its_client(scripted: Scripted) -> None:
    """Leaving a `with` block is the end."""
    server = scripted(OK)
    with EnneoMind(server.url, token="t") as mind:
        mind.api.call(get())

    assert server.seen.wait_for(lambda seen: seen.open == 0)


@pytest.mark.parametrize("transport", ASYNC)
async def test_an_asynchronous_block_closes_its_client(scripted: Scripted, transport: Any) -> None:
    """Leaving an `async with` block is the end."""
    server = scripted(OK)
    async with AsyncEnneoMind(server.url, token="t", transport=transport) as mind:
        await mind.api.acall(get())

    assert server.seen.wait_for(lambda seen: seen.open == 0)


@pytest.mark.parametrize("action", ["always", "error"])
def test_a_forgotten_client_is_closed_and_warned_of(scripted: Scripted, action: Any) -> None:
    """Whoever forgets the end is told, and the connections are closed also where warnings are errors."""
    server = scripted(OK)
    mind = EnneoMind(server.url, token="t")
    mind.api.call(get())

    with warnings.catch_warnings(record=True) as caught, pytest.MonkeyPatch.context() as patch:
        unraisable: list[Any] = []
        patch.setattr(sys, "unraisablehook", unraisable.append)
        warnings.simplefilter(action, ResourceWarning)
        del mind
        gc.collect()

    said = [str(warning.message) for warning in caught] + [str(one.exc_value) for one in unraisable]
    assert "An open EnneoMind was forgotten: use it with `with`." in said
    assert server.seen.wait_for(lambda seen: seen.open == 0)


@pytest.mark.parametrize("transport", ASYNC)
async def test_a_forgotten_asynchronous_client_is_closed_by_its_loop(scripted: Scripted, transport: Any) -> None:
    """The loop that it was used in closes its connections."""
    server = scripted(OK)
    mind = AsyncEnneoMind(server.url, token="t", transport=transport)
    await mind.api.acall(get())

    minds = [mind]
    del mind
    with pytest.warns(ResourceWarning, match="An open AsyncEnneoMind was forgotten"):
        minds.clear()
    assert await asyncio.to_thread(server.seen.wait_for, lambda seen: seen.open == 0)


@pytest.mark.parametrize("transport", ASYNC)
async def test_a_call_that_waits_does_not_outlive_its_client(transport: Any) -> None:
    """A call between two attempts opens no connection again that nobody would close."""
    clock, wakes = FakeClock(), asyncio.Event()
    slept = asyncio.Event()

    async def sleep(_: float) -> None:
        slept.set()
        await wakes.wait()

    clock.asleep = sleep  # type: ignore[method-assign]
    mind = AsyncEnneoMind("http://127.0.0.1:1", token="t", transport=transport, clock=clock)
    call = asyncio.create_task(mind.api.acall(get()))
    await slept.wait()
    await mind.aclose()
    wakes.set()

    with pytest.raises(ConfigurationError, match="closed while a call was under way") as caught:
        await call
    assert (caught.value.stopped_by, mind.api.connections._engine.is_open) == ("not_retryable", False)


@pytest.mark.parametrize("transport", ASYNC)
async def test_a_call_under_way_ends_with_its_client(scripted: Scripted, transport: Any) -> None:
    """Closing in the middle of an answer is a typed error for who waits for it."""
    server = scripted(Stall())
    mind = AsyncEnneoMind(server.url, token="t", transport=transport, max_connections=1, clock=FakeClock())
    calls = [asyncio.create_task(mind.api.acall(get())) for _ in range(3)]
    await asyncio.to_thread(server.seen.wait_for, lambda seen: bool(seen.requests))
    await mind.aclose()
    for call in calls[:1]:
        call.cancel()

    ends = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(end, EnneoMindError | asyncio.CancelledError) for end in ends), ends


def test_a_blocking_call_that_waits_does_not_outlive_its_client() -> None:
    """The same, in threads."""
    clock = FakeClock()
    mind = EnneoMind("http://127.0.0.1:1", token="t", clock=clock)
    clock.sleep = lambda _: mind.close()  # type: ignore[method-assign]

    with pytest.raises(ConfigurationError, match="closed while a call was under way"):
        mind.api.call(get())
    assert mind.api.connections._engine.is_open is False


def test_a_blocking_call_under_way_ends_with_its_client(scripted: Scripted) -> None:
    """Closing wakes the thread that waits for an answer, which would else wait for its timeout."""
    server = scripted(Stall())
    mind = EnneoMind(server.url, token="t", clock=FakeClock())
    with ThreadPoolExecutor() as pool:
        call = pool.submit(mind.api.call, get())
        server.seen.wait_for(lambda seen: bool(seen.requests))
        mind.close()

        with pytest.raises(ConfigurationError, match="closed while a call was under way"):
            call.result(5)
    assert server.seen.wait_for(lambda seen: seen.open == 0)
