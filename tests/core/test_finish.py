"""Ending an asynchronous engine from outside its loops, as a test's fixture has to."""

import asyncio
import threading
from typing import Any, Literal

import pytest

from enneo_mind_client import AsyncEnneoMind
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.transports.pools import LoopPools
from tests.faults import answers
from tests.faults.conftest import Scripted
from tests.faults.verbs import KeepAlive, Send


class Client:
    """Something that can be closed, and takes a moment for it."""

    def __init__(self) -> None:
        self.closed = threading.Event()

    async def aclose(self) -> None:
        """Note that it was."""
        await asyncio.sleep(0)
        self.closed.set()


def pools() -> LoopPools[Any]:
    """Return pools of such clients."""
    return LoopPools(Client, Client.aclose, 1)


def test_a_loop_that_rests_is_run_for_it() -> None:
    """When `finish` returns, the connections of a resting loop are closed, and there are no new ones."""
    loop, ours = asyncio.new_event_loop(), pools()
    client = loop.run_until_complete(ours.here()).client

    ours.finish()

    assert client.closed.is_set()
    with pytest.raises(ConfigurationError, match="closed"):
        loop.run_until_complete(ours.here())
    loop.close()


def test_a_loop_that_runs_closes_its_own() -> None:
    """A loop that runs in a thread is told, and does it by itself."""
    loop, ours = asyncio.new_event_loop(), pools()
    client = loop.run_until_complete(ours.here()).client
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result(10)

    ours.finish()

    assert client.closed.wait(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


def test_a_loop_that_is_closed_is_left_alone() -> None:
    """There is nothing to be done in it any more."""
    loop, ours = asyncio.new_event_loop(), pools()
    client = loop.run_until_complete(ours.here()).client
    loop.close()

    ours.finish()

    assert not client.closed.is_set()


@pytest.mark.parametrize("transport", ["aiohttp", "httpx"])
def test_each_engine_can_be_finished(scripted: Scripted, transport: Literal["aiohttp", "httpx"]) -> None:
    """The server sees every connection closed."""
    server = scripted((Send(answers.json_ok({"conversations": [], "success": True})), KeepAlive()))
    loop = asyncio.new_event_loop()
    mind = AsyncEnneoMind(server.url, token="t", transport=transport)
    loop.run_until_complete(mind.conversations.list(1))

    engine = mind.api.connections.end()
    assert engine is not None
    engine.finish()

    assert server.seen.wait_for(lambda seen: seen.open == 0)
    loop.close()
