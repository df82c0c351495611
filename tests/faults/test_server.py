"""The scripted server plays, records and stops, shown with plain sockets and http.client."""

import http.client
import threading
from contextlib import closing
from time import monotonic

import pytest

from . import answers
from .conftest import Scripted
from .plain import GET, connected, get
from .server import ScriptedServer
from .verbs import Choose, Forever, KeepAlive, Script, Send, Slice, Stall, Throttle, Unasked

OK = answers.json_ok()


def ask(connection: http.client.HTTPConnection, path: str) -> int:
    """Make one request on a connection that stays open."""
    connection.request("GET", path)
    with connection.getresponse() as response:
        response.read()
        return response.status


def test_a_script_answers_and_the_last_one_repeats(scripted: Scripted) -> None:
    """Each connection plays the next script, and further ones the last."""
    server = scripted(Send(answers.http(503)), Send(OK))

    assert [get(server)[0] for _ in range(3)] == [503, 200, 200]


def test_a_function_chooses_by_number(scripted: Scripted) -> None:
    """Instead of a list, a function of the play's number gives the script."""
    server = scripted(lambda number: Send(answers.http(200 + number)))

    assert [get(server)[0] for _ in range(3)] == [200, 201, 202]


def test_choose_answers_by_path(scripted: Scripted) -> None:
    """Choose sees the request and plays what is right for it."""
    server = scripted(Choose(lambda request: Send(answers.http(404 if request.target == "/b" else 200))))

    assert [get(server, "/a")[0], get(server, "/b")[0]] == [200, 404]


def test_requests_are_recorded(scripted: Scripted) -> None:
    """Method, target, headers and body of a request can be read afterwards."""
    server = scripted(Send(OK))
    with closing(http.client.HTTPConnection(server.host, server.port, timeout=5)) as connection:
        connection.request("POST", "/t?x=1", body=b"hello", headers={"Authorization": "Bearer abc"})
        connection.getresponse().read()
    (request,) = server.seen.requests

    assert (request.method, request.target, request.body) == ("POST", "/t?x=1", b"hello")
    assert request.headers["authorization"] == "Bearer abc"
    assert server.seen.bytes_received > len(b"hello")


def test_keep_alive_plays_the_next_script_on_the_same_connection(scripted: Scripted) -> None:
    """A kept connection takes its next script only when its next request comes."""
    server = scripted((Send(answers.http(200)), KeepAlive()), Send(answers.http(201)), Send(answers.http(202)))
    with closing(http.client.HTTPConnection(server.host, server.port, timeout=5)) as first:
        statuses = [ask(first, "/a"), get(server)[0], ask(first, "/b")]

    assert statuses == [200, 201, 202]
    assert server.seen.connections == 2


@pytest.mark.parametrize(
    "script",
    [
        (Unasked(), Stall()),
        Stall(),
        Slice(b"abc", 1, 30),
        Throttle(b"abc", 0.01),
        Forever(b"x", 30),
        Forever(b"x" * 65536),
        (Send(OK), KeepAlive()),
    ],
    ids=["stall unasked", "stall", "slice", "throttle", "drip", "flood", "keep alive"],
)
@pytest.mark.parametrize("asks", [True, False], ids=["request", "no request"])
def test_stop_ends_every_wait_at_once(script: Script, asks: bool) -> None:
    """Whatever a script waits for, stop ends it within 50 ms and leaves no thread."""
    before = threading.active_count()
    server = ScriptedServer(script)
    with connected(server) as sock:
        sock.sendall(GET if asks else b"GET")
        assert server.seen.wait_for(lambda seen: seen.open == 1)
        started = monotonic()
        server.stop()

        assert monotonic() - started < 0.05
        assert (before, 0) == (threading.active_count(), server.seen.open)


def test_a_stalling_server_notices_that_its_client_hung_up(scripted: Scripted) -> None:
    """A test can see that a cancelled call closed its connection."""
    server = scripted(Stall())
    with connected(server) as sock:
        sock.sendall(GET)
        assert server.seen.wait_for(lambda seen: len(seen.requests) == 1)

    assert server.seen.wait_for(lambda seen: seen.open == 0)


def test_many_clients_at_once(scripted: Scripted) -> None:
    """Hundreds of connections are served side by side."""
    server = scripted((Stall(0.05), Send(OK)))
    threads = [threading.Thread(target=get, args=(server,)) for _ in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (server.seen.connections, len(server.seen.requests)) == (200, 200)
