"""What every engine makes of a real socket: the same answers, and the same words for what goes wrong."""

import socket
from collections.abc import Mapping

import pytest

from enneo_mind_client.errors import (
    APIConnectionError,
)
from enneo_mind_client.fetching import Fetch
from enneo_mind_client.retries import RetryPolicy
from tests.faults import answers
from tests.faults.conftest import Scripted
from tests.faults.verbs import Close, KeepAlive, Reset, Send, Slice

from .callers import TOKEN, Caller, get, post
from .conftest import MakeCaller
from .fake_clock import FakeClock
from .test_engine_faults import failure_of

OK = Send(answers.json_ok({"success": True}))
QUICK = RetryPolicy(base_delay=0.001)


def test_an_answer_is_read(scripted: Scripted, caller: MakeCaller) -> None:
    """Status, headers by lower-case name, bytes and document."""
    response = caller(scripted(Send(answers.json_ok({"a": [1]}, X_Test="y"))).url).call()

    assert (response.status_code, response.headers["x-test"], response.parsed) == (200, "y", {"a": [1]})
    assert response.content == b'{"a": [1]}'


@pytest.mark.parametrize("size", [1, 50])
def test_a_sliced_answer_is_read(scripted: Scripted, caller: MakeCaller, size: int) -> None:
    """Packets of a byte, compressed or not, make the same document."""
    packed = answers.encoded(answers.gzip_body({"a": "b" * 500}), "gzip")

    assert caller(scripted(Slice(packed, size)).url).call().parsed == {"a": "b" * 500}


def test_two_headers_of_encoding_are_one(scripted: Scripted, caller: MakeCaller) -> None:
    """An encoding may be declared header by header."""
    twice = answers.gzip_chain(2).replace(
        b"Content-Encoding: gzip, gzip", b"Content-Encoding: gzip\r\nContent-Encoding: gzip"
    )

    assert caller(scripted(Send(twice)).url).call().parsed["success"] is True


@pytest.mark.parametrize("size", [0, 2, 3 << 20])
def test_a_body_is_sent(scripted: Scripted, caller: MakeCaller, size: int) -> None:
    """A body of any size goes as it is, with its length, and without a warning."""
    server = scripted(OK)

    caller(server.url).call(post(b"x" * size))

    (seen,) = server.seen.requests
    assert (len(seen.body), seen.headers["content-length"], seen.headers["content-type"]) == (
        size,
        str(size),
        "application/json",
    )


def test_our_headers_are_those_that_are_sent(scripted: Scripted, caller: MakeCaller) -> None:
    """No library adds what it can decode itself, nor its own name."""
    server = scripted(OK)

    caller(server.url).call()

    headers = server.seen.requests[0].headers
    assert headers["accept-encoding"] == "gzip, deflate"
    assert headers["user-agent"].startswith("enneo-mind-client/")


def test_a_connection_is_kept(scripted: Scripted, caller: MakeCaller) -> None:
    """Calls one after another share a connection."""
    server = scripted((OK, KeepAlive()))
    client = caller(server.url)

    for _ in range(3):
        client.call()

    assert (len(server.seen.requests), server.seen.connections) == (3, 1)


def test_a_cookie_that_the_server_sets_is_not_sent_back(scripted: Scripted, caller: MakeCaller) -> None:
    """A call depends on no call before it."""
    server = scripted((Send(answers.json_ok(Set_Cookie="connect.sid=theirs; Path=/")), KeepAlive()))
    client = caller(server.url)

    client.call()
    client.call()

    assert ["cookie" in request.headers for request in server.seen.requests] == [False, False]


def test_a_stale_connection_is_replaced_unseen(scripted: Scripted, caller: MakeCaller) -> None:
    """A kept connection that the server closed meanwhile costs no wait and no retry."""
    server = scripted((OK, KeepAlive()), (Close(),), OK)
    clock = FakeClock()
    client = caller(server.url, clock=clock, retry=None)

    client.call()
    client.call()

    assert (clock.slept, len(server.seen.requests)) == ([], 2)


@pytest.mark.parametrize("refusal", [
    answers.json_status(429, {}), answers.json_status(503, {}, Retry_After="1"),
], ids=["429", "503"])  # fmt: skip
def test_a_post_that_was_turned_away_is_repeated(scripted: Scripted, caller: MakeCaller, refusal: bytes) -> None:
    """Its body arrives whole the second time too."""
    server = scripted((Send(refusal), KeepAlive()), (OK, KeepAlive()))
    caller(server.url, clock=FakeClock()).call(post(b'{"a": 1}'))

    assert [request.body for request in server.seen.requests] == [b'{"a": 1}'] * 2


def test_a_post_on_a_stale_connection_is_not_repeated(scripted: Scripted, caller: MakeCaller) -> None:
    """It cannot be known that the server did not read it."""
    server = scripted((OK, KeepAlive()), (Reset(),), OK)
    client = caller(server.url, retry=QUICK)
    client.call()

    error = failure_of(client, post())

    assert (type(error), error.attempts, error.stopped_by) == (APIConnectionError, 1, "not_retryable")
    assert "closed a connection that had been kept open" in str(error)


def test_tickets_are_asked_for_by_their_path(scripted: Scripted, caller: MakeCaller) -> None:
    """The base URL's own path is kept before the operation's."""
    server = scripted(OK)

    caller(server.url + "/enneo/api/mind/").call(get(376189))

    assert server.seen.requests[0].target == "/enneo/api/mind/ticket/376189/conversation"
    assert TOKEN not in server.seen.requests[0].target


def test_a_server_on_ipv6_is_asked(caller: MakeCaller) -> None:
    """Brackets are understood on the way to the socket."""
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        port = listener.getsockname()[1]
    error = failure_of(caller(f"http://[::1]:{port}", retry=None))

    assert f"[::1]:{port} refused the connection" in str(error)


def test_a_connection_on_which_more_came_is_not_used_again(scripted: Scripted, caller: MakeCaller) -> None:
    """What follows an answer unasked would be taken for the next one."""
    surplus = answers.json_ok({"success": True}) + answers.json_ok({"whose": "nobody asked"})
    server = scripted((Send(surplus), KeepAlive()), OK)
    client = caller(server.url)

    client.call()

    assert client.call().parsed == {"success": True}
    assert server.seen.connections == 2


class Sink:
    """Takes an answer, and keeps it."""

    def __init__(self) -> None:
        self.body = b""

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Take the head."""

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self.body += data


def fetched(client: Caller, url: str) -> bytes:
    """Return what a download gets."""
    sink, engine = Sink(), client.mind.api.connections.engine()
    fetch = Fetch("GET", url, {}, None, 5.0, 5.0, 0, sink=sink, outside=False, total=5.0)
    sent = engine.fetch(fetch)
    if client._runner is not None:
        client._runner.run(sent)
    return sink.body


def test_a_download_after_which_more_came_leaves_no_connection(scripted: Scripted, caller: MakeCaller) -> None:
    """What follows a file unasked is no part of it, and not the next answer."""
    server = scripted((Send(answers.json_ok({"a": 1}) + answers.json_ok({"b": 2})), KeepAlive()), OK)
    client = caller(server.url)

    assert fetched(client, server.url) == b'{"a": 1}'
    assert client.call().parsed == {"success": True}
    assert server.seen.connections == 2
