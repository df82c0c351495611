"""A client's life: opened late, closed once, in loops, threads and forks, and never left open in silence."""

import asyncio
import gc
import subprocess
import sys
import threading
import warnings
from typing import Any

import pytest

from enneo_mind_client import AsyncEnneoMind, EnneoMind
from enneo_mind_client.errors import ConfigurationError, EnneoMindError
from enneo_mind_client.transports.pools import LoopPools, ProcessPool

from ..faults import answers
from ..faults.conftest import Scripted
from ..faults.verbs import Choose, KeepAlive, Send, Stall
from .callers import get
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

    with pytest.warns(ResourceWarning, match="An open AsyncEnneoMind was forgotten"):
        del mind
        gc.collect()
    for _ in range(100):
        await asyncio.sleep(0.005)
        if server.seen.open == 0:
            break
    assert server.seen.open == 0


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
        while not ends.is_set():
            await asyncio.sleep(0.005)

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
    while not server.seen.requests:
        await asyncio.sleep(0.005)
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
