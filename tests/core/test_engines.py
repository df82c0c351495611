"""What every engine makes of a real socket: the same answers, and the same words for what goes wrong."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from enneo_mind_client.errors import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    EnneoMindError,
)
from enneo_mind_client.retries import RetryPolicy

from ..faults import answers
from ..faults.certs import Certificates, Flaw
from ..faults.conftest import Scripted
from ..faults.ports import blackhole, closed_port
from ..faults.verbs import Close, Forever, KeepAlive, Redirect, Reset, Send, Slice, Stall, Unasked
from .callers import TOKEN, Caller, get, post
from .conftest import MakeCaller
from .fake_clock import FakeClock

OK = Send(answers.json_ok({"success": True}))
QUICK = RetryPolicy(base_delay=0.001)


def failure_of(caller: Caller, *arguments: Any) -> EnneoMindError:
    """Return the error that a call ends in."""
    with pytest.raises(EnneoMindError) as caught:
        caller.call(*arguments)
    assert str(caught.value).isprintable()
    assert caught.value.stopped_by is not None
    return caught.value


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


def test_a_post_on_a_stale_connection_is_not_repeated(scripted: Scripted, caller: MakeCaller) -> None:
    """It cannot be known that the server did not read it."""
    server = scripted((OK, KeepAlive()), (Reset(),), OK)
    client = caller(server.url, retry=QUICK)
    client.call()

    error = failure_of(client, post())

    assert (type(error), error.attempts, error.stopped_by) == (APIConnectionError, 1, "not_retryable")
    assert "closed a connection that had been kept open" in str(error)


@pytest.mark.parametrize(("script", "says"), [
    (Reset(), "broke the connection off"),
    ((Send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"), Close()), "broke the connection off"),
    ((Send(answers.chunked([b"{}"], last=False)), Close()), "broke the connection off"),
    ((Send(b"HTTP/1.1 200 OK\r\nContent-Le"), Close()), ""),
    (Close(), "broke the connection off"),
])  # fmt: skip
def test_a_broken_answer_is_asked_for_again(scripted: Scripted, caller: MakeCaller, script: Any, says: str) -> None:
    """Half an answer is none: a GET is sent again, and the error says what happened."""
    server = scripted(script)
    error = failure_of(caller(server.url, retry=QUICK))

    assert (type(error), error.attempts, error.stopped_by) == (APIConnectionError, 4, "attempts")
    assert says in str(error)
    assert server.address in str(error)


@pytest.mark.parametrize("script", [Send(b"garbage\r\n\r\n"), Send(b"HTTP/1.1 abc OK\r\n\r\n")])
def test_what_is_no_http_is_asked_for_once_more(scripted: Scripted, caller: MakeCaller, script: Any) -> None:
    """Who does not speak HTTP hardly learns it."""
    error = failure_of(caller(scripted(script).url, retry=QUICK))

    assert (type(error), error.attempts) == (APIConnectionError, 2)
    assert "does not speak HTTP" in str(error)


def test_a_closed_port_is_named(caller: MakeCaller) -> None:
    """Who refuses, and what the system said."""
    with closed_port() as address:
        error = failure_of(caller(f"http://{address}", retry=QUICK))

    assert str(error) == f"{address} refused the connection: check the instance, and that it is up."
    assert (error.attempts, isinstance(error.__cause__, OSError)) == (4, True)


def test_a_post_to_a_closed_port_is_repeated(caller: MakeCaller) -> None:
    """It provably did not arrive."""
    with closed_port() as address:
        assert failure_of(caller(f"http://{address}", retry=QUICK), post()).attempts == 4


def test_a_name_that_is_none_is_named(caller: MakeCaller) -> None:
    """A typing error in the instance is tried once more, and no longer."""
    error = failure_of(caller("https://no-such-host.invalid", retry=QUICK))

    assert str(error).startswith("no-such-host.invalid cannot be found: check the instance's name")
    assert error.attempts == 2


def test_a_port_that_swallows_is_given_up(caller: MakeCaller) -> None:
    """A connection that is never accepted ends with the attempt's time."""
    with blackhole() as address:
        error = failure_of(caller(f"http://{address}", timeout=0.05, retry=None))

    assert isinstance(error, APITimeoutError)
    assert (error.phase, str(error)) == ("connect", f"{address} did not accept a connection for 0.05 s.")


@pytest.mark.parametrize("script", [
    Stall(), (Send(b"HTTP/1.1 200 OK\r\n"), Stall()), (Send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), Stall()),
    (Send(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"), Forever(b"x", 0.01)),
    (Send(b"HTTP/1.1 200 OK\r\nX: "), Forever(b"x", 0.01)),
    (Unasked(), Stall()),
], ids=["silence", "line", "headers", "drip", "header drip", "unread"])  # fmt: skip
def test_an_attempt_ends_in_time(scripted: Scripted, caller: MakeCaller, script: Any) -> None:
    """Silence, or a byte every 10 ms for ever, ends with the attempt."""
    began = time.monotonic()
    error = failure_of(caller(scripted(script).url, timeout=0.1, retry=None))

    assert isinstance(error, APITimeoutError)
    assert (error.phase, time.monotonic() - began < 5) == ("read", True)


def test_a_drip_ends_with_the_deadline(scripted: Scripted, caller: MakeCaller) -> None:
    """No bound for the attempt leaves the call's own."""
    drip = (Send(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"), Forever(b"x", 0.01))
    error = failure_of(caller(scripted(drip).url, timeout=None, deadline=0.1))

    assert isinstance(error, APITimeoutError)
    assert (error.phase, error.stopped_by) == ("deadline", "deadline")


def test_without_bounds_a_call_has_all_the_time(scripted: Scripted, caller: MakeCaller) -> None:
    """None for both is what a caller may ask for."""
    server = scripted((Stall(0.02), OK))

    assert caller(server.url, timeout=None, deadline=None).call().status_code == 200


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "target", ["http://{other}/x", "//{other}/x", "http://user@{other}/", "/elsewhere", "http://[bad"]
)
def test_a_redirect_is_not_followed(scripted: Scripted, caller: MakeCaller, status: int, target: str) -> None:
    """Nothing goes to where it points, credentials least of all."""
    other = scripted(OK)
    server = scripted(Redirect(status, target), other=other)
    error = failure_of(caller(server.url))

    assert isinstance(error, APIStatusError)
    assert (error.status_code, error.attempts, len(server.seen.requests)) == (status, 1, 1)
    assert (other.seen.connections, other.seen.bytes_received) == (0, 0)


def test_a_redirect_to_a_login_page_is_a_refusal(scripted: Scripted, caller: MakeCaller) -> None:
    """A session that has ended is told of as such."""
    assert isinstance(failure_of(caller(scripted(Redirect(302, "/login")).url)), AuthenticationError)


@pytest.mark.parametrize(("flaw", "says"), [
    ("self_signed", "not trusted"), ("untrusted", "not trusted"), ("expired", "expired"), ("wrong_host", "mismatch"),
])  # fmt: skip
def test_a_bad_certificate_is_named(
    scripted: Scripted, caller: MakeCaller, certificates: Certificates, monkeypatch: Any, flaw: Flaw, says: str
) -> None:
    """The credential is not sent, nothing is tried again, and the flaw is said."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.pem))
    server = scripted(OK, tls=certificates.server(flaw))
    error = failure_of(caller(server.url, retry=QUICK))

    assert (error.attempts, server.seen.requests, says in str(error)) == (1, [], True), str(error)


def test_a_good_certificate_is_trusted(
    scripted: Scripted, caller: MakeCaller, certificates: Certificates, monkeypatch: Any
) -> None:
    """The authorities that SSL_CERT_FILE names are those that count."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.pem))

    assert caller(scripted(OK, tls=certificates.server()).url).call().status_code == 200


def test_a_server_without_tls_is_named(scripted: Scripted, caller: MakeCaller) -> None:
    """https to a port that speaks plain HTTP is not tried again."""
    server = scripted((Unasked(), Send(b"HTTP/1.1 400 Bad Request\r\n\r\n"), Close()))
    error = failure_of(caller(f"https://{server.address}", retry=QUICK))

    assert (type(error), "does not speak TLS" in str(error), error.attempts) == (APIConnectionError, True, 1), str(
        error
    )


def test_a_full_pool_is_named(scripted: Scripted) -> None:
    """A blocking caller that finds no free connection learns which limit it met."""
    server = scripted(Stall())
    with Caller("sync", server.url, max_connections=1, timeout=0.3, retry=None) as caller, ThreadPoolExecutor() as pool:
        first = pool.submit(failure_of, caller)
        assert server.seen.wait_for(lambda seen: bool(seen.requests))
        with pytest.raises(APITimeoutError, match="raise max_connections") as caught:
            caller.mind.with_options(timeout=0.05).api.call(get())
        first.result()

    assert caught.value.phase == "pool"


def test_a_thousand_calls_to_a_dead_server(caller: MakeCaller) -> None:
    """They send at most 1,040 requests together, counted by their own hooks."""
    sent: list[object] = []
    with closed_port() as address:
        client = caller(f"http://{address}", clock=FakeClock(), on_attempt=sent.append)
        ends = {failure_of(client).stopped_by for _ in range(1000)}

    assert len(sent) <= 1040
    assert ends == {"attempts", "budget"}


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
