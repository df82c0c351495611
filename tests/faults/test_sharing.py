"""One client in several threads, event loops and processes, and at its end."""

import asyncio
import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from enneo_mind_client import ConfigurationError

from . import answers
from .cases_status import TOKEN
from .clients import TICKET, Client, make
from .conftest import Scripted
from .driving import each
from .fault import Fault
from .loops import until
from .outcome import check, check_traffic
from .playing import API, outcome_of
from .scripts import end_of, start
from .server import ScriptedServer
from .verbs import Close, KeepAlive, Send, Stall

ASYNC = ("aiohttp", "httpx")
KEPT = (Send(answers.json_ok()), KeepAlive())

FORK = """
import asyncio, os, sys
from tests.faults.clients import Client

client = Client(sys.argv[1], sys.argv[2])
answers = [client.ask()[0].ticket_id]
child = os.fork()
if not child and client._runner:
    client._runner = asyncio.Runner()  # no loop works in two processes
answers += [client.ask()[0].ticket_id for _ in range(20)]
assert answers == [376189] * 21, answers
if not child:
    os._exit(0)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
client.close()
"""


def instance(server: ScriptedServer) -> str:
    """Return a server's base URL."""
    return f"http://{server.address}{API}"


@each("F72", clients=ASYNC)
def test_a_second_event_loop(fault: Fault, kind: str, scripted: Scripted) -> None:
    """A client works in one event loop after the other, each with connections of its own."""
    server, other = scripted(KEPT), scripted(Close())
    mind: Any = make(kind, instance(server))
    outcome = outcome_of(lambda: [asyncio.run(mind.conversations.list(TICKET)) for _ in range(fault.input["loops"])])
    asyncio.run(mind.aclose())

    check(fault.expect, outcome)
    check_traffic(fault.expect, server, other)


@each("F72", clients=ASYNC)
def test_two_event_loops_at_once(fault: Fault, kind: str, scripted: Scripted) -> None:
    """A client works in many event loops at the same time, each in its thread."""
    server = scripted(KEPT)
    mind: Any = make(kind, instance(server))

    async def twenty() -> list[Any]:
        return [await mind.conversations.list(TICKET) for _ in range(20)]

    with ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(asyncio.run, twenty()) for _ in range(8)]
        results = [found for future in futures for found in future.result()]
    asyncio.run(mind.aclose())

    assert all(results)
    assert server.seen.wait_for(lambda seen: seen.open == 0)


@each("F73")
def test_a_fork(fault: Fault, kind: str, scripted: Scripted) -> None:
    """Parent and child both get their answers after a fork, and share no socket."""
    server = scripted(KEPT)
    code, _, errors = end_of(start(FORK, kind, instance(server)))

    assert (code, errors) == (0, "")
    assert fault.expect.connections == server.seen.connections


@each("F74")
def test_fifty_threads_at_first(fault: Fault, kind: str, scripted: Scripted) -> None:
    """Fifty threads that use a client first of all and at once make no connection that is not closed with it."""
    server, other = scripted((Stall(0.05), *KEPT)), scripted(Close())
    ready, mind = threading.Barrier(fault.input["threads"]), make(kind, instance(server))

    def first() -> Any:
        ready.wait()
        called: Any = mind.conversations.list(TICKET)
        return called if kind == "sync" else asyncio.run(called)

    with ThreadPoolExecutor(fault.input["threads"]) as pool:
        results = [future.result() for future in [pool.submit(first) for _ in range(fault.input["threads"])]]
    _close(mind)

    assert all(results)
    check_traffic(fault.expect, server, other)


@each("F75")
def test_a_small_pool_and_many_calls(fault: Fault, kind: str, scripted: Scripted) -> None:
    """Two hundred calls at once over ten connections all end well, each in its turn."""
    server, other = scripted((Stall(0.01), *KEPT)), scripted(Close())
    with Client(kind, instance(server), max_connections=fault.input["max_connections"]) as client:
        results = client.at_once(fault.input["calls"])

    assert [result for result in results if isinstance(result, BaseException)] == []
    check_traffic(fault.expect, server, other)


@each("F75-full")
def test_a_pool_that_is_full(fault: Fault, kind: str, scripted: Scripted) -> None:
    """A call that never got a connection says so, and which limit it was."""
    server = scripted(*fault.scripts)
    mind: Any = make(kind, instance(server), max_connections=fault.input["max_connections"], timeout=1.0, retry=None)
    with ThreadPoolExecutor(1) as pool:
        if kind == "sync":
            holder = pool.submit(mind.conversations.list, TICKET)
            assert server.seen.wait_for(lambda seen: len(seen.requests) == 1)
            outcome = outcome_of(lambda: mind.with_options(timeout=0.2).conversations.list(TICKET))
            assert holder.exception()
        else:
            outcome = outcome_of(lambda: asyncio.run(_behind_another(mind, server)))
    _close(mind)

    check(fault.expect, outcome)


@each("F77-twice")
def test_closed_twice(fault: Fault, kind: str, scripted: Scripted) -> None:
    """Closing again does nothing."""
    client = Client(kind, instance(scripted(*fault.scripts)))

    def close_again() -> None:
        client.ask()
        with client:
            pass
        _close(client.mind)

    check(fault.expect, outcome_of(close_again))


@each("F77-after")
def test_used_after_close(fault: Fault, kind: str, scripted: Scripted) -> None:
    """A closed client says so, whatever copies of it there are, and sends nothing."""
    server, other = scripted(*fault.scripts), scripted(Close())
    mind: Any = make(kind, instance(server))
    copy = mind.with_options(timeout=1)
    _close(mind)
    for closed in (mind, copy):
        check(fault.expect, outcome_of(partial(_called, closed)))
    check_traffic(fault.expect, server, other)


@each("F77-open")
def test_forgotten_while_open(fault: Fault, kind: str, scripted: Scripted) -> None:
    """A client that nobody closed warns when it is collected, and closes its connections."""
    server = scripted(KEPT)
    runner = asyncio.Runner()
    clients: list[Any] = [make(kind, instance(server))]

    def forget() -> None:
        called: Any = clients[0].conversations.list(TICKET)
        assert called if kind == "sync" else runner.run(called)
        clients.clear()
        del called
        gc.collect()

    outcome = outcome_of(forget)
    runner.run(asyncio.sleep(0.05))

    check(fault.expect, outcome)
    assert [line for line in outcome.said if "ResourceWarning" in line and TOKEN not in line]
    assert server.seen.wait_for(lambda seen: seen.open == 0)
    runner.close()


def test_an_error_of_a_closed_client_is_our_own() -> None:
    """What a closed client raises is a class of the tree, as everything is."""
    mind: Any = make("sync", "demo")
    mind.close()
    with pytest.raises(ConfigurationError, match="closed"):
        mind.conversations.list(TICKET)


async def _behind_another(mind: Any, server: ScriptedServer) -> Any:
    holder = asyncio.ensure_future(mind.conversations.list(TICKET))
    await until(lambda: len(server.seen.requests) == 1)
    try:
        return await mind.with_options(timeout=0.2).conversations.list(TICKET)
    finally:
        await asyncio.wait([holder])
        assert holder.exception()


def _called(mind: Any) -> Any:
    called = mind.conversations.list(TICKET)
    return asyncio.run(called) if asyncio.iscoroutine(called) else called


def _close(mind: Any) -> None:
    asyncio.run(mind.aclose()) if hasattr(mind, "aclose") else mind.close()
