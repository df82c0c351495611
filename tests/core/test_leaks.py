"""A token is hunted in everything that a failure, a log or a dump may show."""

import asyncio
import gc
import logging
import pickle
import signal
import threading
import traceback
from types import TracebackType
from typing import Any

import pytest

from enneo_mind_client import AsyncEnneoMind, EnneoMind, drivers
from enneo_mind_client.auth import bearer
from enneo_mind_client.errors import ConfigurationError, EnneoMindError, ResponseError
from enneo_mind_client.failures import conceal
from enneo_mind_client.secret import Secret
from tests.faults import answers
from tests.faults.conftest import Scripted
from tests.faults.ports import closed_port
from tests.faults.verbs import KeepAlive, Reset, Send, Stall

from .callers import TOKEN, Caller, get
from .conftest import MakeCaller

FAILING = [
    Send(answers.json_status(401, {"error": f"bad token {TOKEN}"})),
    Send(answers.json_status(500, {"error": f"no {TOKEN}"})),
    Send(answers.http(200, f"<pre>Authorization: Bearer {TOKEN}</pre>".encode(), headers=answers.HTML)),
    Send(answers.encoded(b"plain", "gzip")),
    Send(b"garbage\r\n\r\n"),
    Reset(),
    Stall(),
]


def ours(trace: TracebackType | None) -> list[dict[str, Any]]:
    """Return the variables of all frames but the tests' own."""
    found = []
    while trace is not None:
        frame = trace.tb_frame
        if "/tests/" not in frame.f_code.co_filename:
            found.append(dict(frame.f_locals))
        trace = trace.tb_next
    return found


def chain(error: BaseException | None) -> list[BaseException]:
    """Return an error and all that stand behind it, suppressed or not."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting:
        link = waiting.pop()
        if link is not None and link not in found:
            found.append(link)
            waiting += [link.__cause__, link.__context__]
    return found


def deep(held: Any, depth: int = 4) -> str:
    """Return everything that a collector of crash reports could write down: texts as they are, and all variables."""
    if isinstance(held, str | bytes):
        return str(held[:100_000])
    if depth == 0:
        return repr(held)
    if isinstance(held, dict):
        return " ".join(f"{key} {deep(value, depth - 1)}" for key, value in held.items())
    if isinstance(held, list | tuple | set):
        return " ".join(deep(item, depth - 1) for item in held)
    return repr(held)


def assert_hidden(error: BaseException) -> None:
    """See that the token is nowhere in an error, its causes and the frames that it went through."""
    for link in chain(error):
        shown = traceback.TracebackException.from_exception(link, capture_locals=False)
        assert TOKEN not in "".join(shown.format())
        assert TOKEN not in repr(link) + str(link) + deep(vars(link))
        for variables in ours(link.__traceback__):
            assert TOKEN not in deep(variables)
    if isinstance(error, EnneoMindError):
        assert TOKEN.encode() not in pickle.dumps(error)


@pytest.mark.parametrize("script", FAILING, ids=str)
def test_no_failure_shows_the_token(
    scripted: Scripted, caller: MakeCaller, caplog: pytest.LogCaptureFixture, script: Any
) -> None:
    """Neither in texts nor frames nor causes, nor in what the HTTP libraries log."""
    client = caller(scripted(script).url, timeout=0.1, retry=None)
    with caplog.at_level(logging.DEBUG), pytest.raises(EnneoMindError) as caught:
        client.call()

    assert_hidden(caught.value)
    assert all(TOKEN not in record.getMessage() + repr(record.args) for record in caplog.records)


def test_no_place_in_an_answer_shows_the_token() -> None:
    """A server may say back what it was sent as the name of a member, which stands in the paths of an error."""
    error = ResponseError(f"no answer at $.{TOKEN}", kind="shape", paths=[f"$.{TOKEN}", "$.a"])

    conceal(error, bearer(Secret(TOKEN)))

    assert_hidden(error)
    assert error.paths == ("$.***", "$.a")


def test_no_refused_connection_shows_the_token(caller: MakeCaller) -> None:
    """Where nobody answers there is a cause, and it is the system's."""
    with closed_port() as address, pytest.raises(EnneoMindError) as caught:
        caller(f"http://{address}", retry=None).call()

    assert_hidden(caught.value)


@pytest.mark.parametrize("cls", [EnneoMind, AsyncEnneoMind])
@pytest.mark.parametrize(("instance", "options"), [
    ("no such place", {}), ("demo", {"timeout": -1}), ("demo", {"max_connections": 0}), ("demo", {"http_client": 5}),
    ("demo", {"token": f"{TOKEN}\n{TOKEN}"}), ("demo", {"token": f"{TOKEN} x"}), ("demo", {"session_cookie": TOKEN}),
    ("demo", {"token": None, "session_cookie": f"{TOKEN};x y"}),
])  # fmt: skip
def test_no_failed_constructor_shows_the_token(cls: Any, instance: str, options: dict[str, Any]) -> None:
    """Its frames hold the arguments, and are looked at by whoever collects crashes."""
    with pytest.raises(ConfigurationError) as caught:
        cls(instance, **{"token": TOKEN} | options)

    assert_hidden(caught.value)


@pytest.mark.parametrize("transport", ["aiohttp", "httpx"])
async def test_no_cancelled_call_shows_the_token(scripted: Scripted, transport: Any) -> None:
    """Cancellation goes through frames that hold headers; they do not go with it."""
    server = scripted(Stall())
    async with AsyncEnneoMind(server.url, token=TOKEN, transport=transport) as mind:
        task = asyncio.create_task(mind.api.acall(get()))
        await asyncio.to_thread(server.seen.wait_for, lambda seen: bool(seen.requests))
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task

        assert_hidden(caught.value)
    assert server.seen.wait_for(lambda seen: seen.open == 0)


def test_no_interrupted_call_shows_the_token(scripted: Scripted) -> None:
    """Ctrl-C neither, and it closes the connection."""
    server = scripted(Stall())
    with EnneoMind(server.url, token=TOKEN) as mind:

        def interrupt() -> None:
            server.seen.wait_for(lambda seen: bool(seen.requests))
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

        threading.Thread(target=interrupt).start()
        with pytest.raises(KeyboardInterrupt) as caught:
            mind.api.call(get())

        assert_hidden(caught.value)
        assert server.seen.wait_for(lambda seen: seen.open == 0)


def test_no_dump_shows_the_token(caller: MakeCaller) -> None:
    """What `vars` shows of a client and all that it holds has no token in it."""
    seen: set[int] = set()
    waiting: list[Any] = [caller("demo").mind]
    while waiting:
        held = waiting.pop()
        if id(held) in seen or not type(held).__module__.startswith(("enneo_mind_client", "builtins")):
            continue
        seen.add(id(held))
        assert TOKEN not in repr(held)
        waiting += list(held.values() if isinstance(held, dict) else getattr(held, "__dict__", {}).values())
        waiting += [getattr(held, name) for name in getattr(held, "__slots__", ()) if name != "__weakref__"]

    assert len(seen) > 10


@pytest.mark.parametrize("transport", ["aiohttp", "httpx"])
async def test_nothing_of_a_call_stays_with_its_connection(scripted: Scripted, transport: Any) -> None:
    """The request, with its headers and body, is forgotten when the call is done."""
    server = scripted((Send(answers.json_ok({"success": True})), KeepAlive()))
    async with AsyncEnneoMind(server.url, token=TOKEN, transport=transport) as mind:
        before = {id(one) for one in _sends()}
        await mind.api.acall(get())

        assert [one for one in _sends() if id(one) not in before] == []


def _sends() -> list[drivers.Send]:
    gc.collect()
    return [one for one in gc.get_objects() if isinstance(one, drivers.Send)]


def test_a_failed_call_leaves_a_client_that_works(scripted: Scripted) -> None:
    """After every way to fail, the next call is answered."""
    server = scripted(*FAILING[:-1], Send(answers.json_ok({"success": True})))
    with Caller("sync", server.url, retry=None) as caller:
        for _ in FAILING[:-1]:
            with pytest.raises(EnneoMindError):
                caller.call()

        assert caller.call().status_code == 200
