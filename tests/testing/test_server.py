"""The local Mind as a server on a socket."""

import asyncio
import socket
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from enneo_mind_client.testing import LocalMind
from enneo_mind_client.testing.mind import Server


def get(mind: LocalMind, path: str = "/ticket/1/conversation", **more) -> httpx.Response:
    """Ask a running server."""
    headers = {"Authorization": f"Bearer {mind.token}"}
    return httpx.get(mind.base_url + path, headers=headers, trust_env=False, timeout=10, **more)


def wait_for(there: Callable[[], object]) -> None:
    """Wait until something is there."""
    until = time.monotonic() + 10
    while not there() and time.monotonic() < until:
        time.sleep(0.01)


def test_it_serves_while_it_is_open():
    """In the `with` block tickets are answered, and their attachments are at the same origin."""
    with LocalMind(seed=3) as mind:
        answer = get(mind, "/ticket/376189/conversation").json()
        url = answer["conversations"][0]["attachments"][0]["url"]

        assert mind.base_url == f"http://127.0.0.1:{mind.port}/api/mind"
        assert url.startswith(mind.origin)


def test_nothing_is_left_behind():
    """After the `with` block there is no thread and no listener, even if a client keeps its connection."""
    before = threading.active_count()

    with LocalMind() as mind, socket.create_connection(("127.0.0.1", mind.port), timeout=10):
        get(mind)

    assert threading.active_count() == before
    with pytest.raises(httpx.ConnectError):
        get(mind)


def test_who_still_waits_when_it_stops(caplog):
    """A request under way is answered with a 503 at once, and nothing is logged as if it had failed."""
    with LocalMind(latency=60) as mind, ThreadPoolExecutor() as pool:
        asked = pool.submit(get, mind)
        wait_for(lambda: mind.requests)
        began = time.monotonic()
        mind.__exit__()

        assert (asked.result().status_code, time.monotonic() - began < 5, caplog.text) == (503, True, "")


def test_an_answer_that_is_half_sent_when_it_stops():
    """It has a second to end, and is broken off then: nothing is added to it."""

    async def half(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        await asyncio.sleep(60)

    with Server(half) as server, socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        came = client.recv(1000)
        server.__exit__()
        came += b"".join(iter(lambda: client.recv(1000), b""))

    assert (came.startswith(b"HTTP/1.1 200"), came.endswith(b"\r\n\r\na")) == (True, True)


def test_it_can_be_opened_again():
    """Opened again, it listens on the same port, as a restarted instance does."""
    mind = LocalMind()
    with mind:
        port = mind.port

    with mind:
        assert (mind.port, get(mind).status_code) == (port, 200)


def test_an_answer_does_not_wait_for_the_network():
    """Answers are sent at once: connections have TCP_NODELAY, without which each may wait 40 ms."""
    with (
        LocalMind() as mind,
        httpx.Client(trust_env=False, headers={"Authorization": f"Bearer {mind.token}"}) as client,
    ):
        times = [client.get(f"{mind.base_url}/ticket/{number}/conversation").elapsed for number in range(1, 31)]

    assert sorted(times)[15].total_seconds() < 0.03


def test_a_port_in_use():
    """A port that is taken is an error, and leaves no socket open."""
    with LocalMind() as mind, pytest.raises(OSError, match="in use"), LocalMind(port=mind.port):
        pass


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com", "::"])
def test_only_this_machine(host):
    """Addresses that others can reach are refused."""
    with pytest.raises(ValueError, match="loopback only"):
        LocalMind(host=host)


@pytest.mark.parametrize(("host", "origin"), [("localhost", "http://localhost:1"), ("::1", "http://[::1]:1")])
def test_the_origin(host, origin):
    """An IPv6 address is written in brackets."""
    assert LocalMind(host=host, port=1).origin == origin


def test_without_the_extra(monkeypatch):
    """Without the extra, using the local Mind names the extra; builders and the clock need none."""
    for name in ("enneo_mind_client.testing", "enneo_mind_client.testing.mind"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "uvicorn", None)

    testing = import_module("enneo_mind_client.testing")

    assert testing.conversation(id=7).id == 7
    assert testing.FrozenClock().slept == []
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'enneo-mind-client\[testing\]'"):
        _ = testing.LocalMind


def test_the_door_offers_what_it_says():
    """Every name is there, in whichever order they are asked for, and no other is."""
    testing = import_module("enneo_mind_client.testing")

    assert [getattr(testing, name).__name__ for name in dir(testing)][-4:] == [
        "MindApp",
        "attachment",
        "build",
        "conversation",
    ]
    with pytest.raises(AttributeError, match="no attribute 'LocalMin'"):
        _ = testing.LocalMin
