"""A client in several loops, threads and processes at once."""

import asyncio
import subprocess
import sys
import threading
from typing import Any

import pytest

from enneo_mind_client import AsyncEnneoMind, EnneoMind
from enneo_mind_client.transports.pools import LoopPools, ProcessPool
from tests.faults import answers
from tests.faults.conftest import Scripted
from tests.faults.verbs import Choose, KeepAlive, Send

from .callers import get

OK = (Send(answers.json_ok({"success": True})), KeepAlive())
ASYNC = ["aiohttp", "httpx"]


@pytest.mark.parametrize("transport", ASYNC)
def test_a_client_serves_loop_after_loop(scripted: Scripted, transport: Any) -> None:
    """Each `asyncio.run` has connections of its own, closes them with itself, and is forgotten."""
    server = scripted(OK)
    mind = AsyncEnneoMind(server.url, token="t", transport=transport)

    for turn in range(3):
        assert asyncio.run(mind.api.acall(get())).status_code == 200
        assert server.seen.wait_for(lambda seen: seen.open == 0)
        assert server.seen.connections == turn + 1
    assert mind.api.connections.engine().is_open is False
    asyncio.run(mind.aclose())


@pytest.mark.parametrize("transport", ASYNC)
def test_a_client_serves_loops_at_the_same_time(scripted: Scripted, transport: Any) -> None:
    """Loops in threads share nothing but the client, which closes the connections of all."""
    server = scripted(OK)
    mind = AsyncEnneoMind(server.url, token="t", transport=transport)
    done, ends = threading.Barrier(4), threading.Event()

    async def work() -> None:
        await mind.api.acall(get())
        await asyncio.to_thread(done.wait)
        await asyncio.to_thread(ends.wait)

    threads = [threading.Thread(target=asyncio.run, args=(work(),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    done.wait()
    asyncio.run(mind.aclose())
    assert server.seen.wait_for(lambda seen: seen.open == 0)
    ends.set()
    for thread in threads:
        thread.join()
    assert server.seen.connections == 3


def test_fifty_threads_make_one_client(scripted: Scripted) -> None:
    """However many come at once for the first time, there is one pool."""
    made: list[object] = []
    pool = ProcessPool(lambda: made.append(object()) or made[-1])
    start = threading.Barrier(50)
    got: list[object] = []

    def first() -> None:
        start.wait()
        got.append(pool.get())

    threads = [threading.Thread(target=first) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(made), set(map(id, got))) == (1, {id(made[0])})


def test_threads_share_a_client(scripted: Scripted) -> None:
    """Each gets its own answer."""
    server = scripted(OK)
    errors: list[BaseException] = []

    def call() -> None:
        try:
            mind.api.call(get())
        except BaseException as error:
            errors.append(error)

    with EnneoMind(server.url, token="t") as mind:
        threads = [threading.Thread(target=call) for _ in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert (errors, len(server.seen.requests)) == ([], 50)


async def test_a_loop_that_is_gone_is_not_asked_to_close() -> None:
    """A pool whose loop was closed without its asynchronous generators goes quietly."""
    closed: list[object] = []

    async def disconnect(client: object) -> None:
        closed.append(client)

    pools = LoopPools(object, disconnect, 1)
    loop = asyncio.new_event_loop()
    await asyncio.to_thread(loop.run_until_complete, pools.here())
    loop.close()

    await pools.aclose()

    assert closed == []


FORK = """
import asyncio, os, sys
from enneo_mind_client import AsyncEnneoMind, EnneoMind
from enneo_mind_client._generated.api.conversation import get_conversations as operation

kind, url, child_closes = sys.argv[1:]
if kind == "sync":
    mind = EnneoMind(url, token="t")
    call = lambda n: operation.sync_detailed(n, client=mind.api).content
    close = mind.close
else:
    mind = AsyncEnneoMind(url, token="t", transport=kind)
    runner = asyncio.Runner()
    run = runner.run
    call = lambda n: run(operation.asyncio_detailed(n, client=mind.api)).content
    close = lambda: run(mind.aclose())

def check(ids):
    for n in ids:
        assert b'"/api/mind/ticket/%d/' % n in call(n), (n, call(n))

check([1])
child = os.fork()
if child == 0:
    run = asyncio.Runner().run
    if child_closes == "unused":
        close()
        os._exit(0)
    check(range(100, 120))
    close()
    os._exit(0)
check(range(2, 22))
_, status = os.waitpid(child, 0)
check(range(22, 30))
close()
sys.exit(os.waitstatus_to_exitcode(status))
"""


def _echo(request: Any) -> Any:
    return (Send(answers.json_ok({"conversations": [], "success": True, "path": request.target})), KeepAlive())


@pytest.mark.parametrize("kind", ["sync", *ASYNC])
@pytest.mark.parametrize("child_closes", ["used", "unused"])
def test_parent_and_child_of_a_fork_share_no_socket(scripted: Scripted, kind: str, child_closes: str) -> None:
    """Both get the answers to their own questions, and the child's end is not the parent's."""
    server = scripted(Choose(_echo))
    command = [sys.executable, "-W", "error", "-c", FORK, kind, server.url, child_closes]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert (done.returncode, done.stderr) == (0, "")
    assert server.seen.connections == (2 if child_closes == "used" else 1)
