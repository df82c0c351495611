"""What every engine makes of servers that break off, hang, drip, redirect or are not there."""

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
from tests.faults import answers
from tests.faults.certs import Certificates, Flaw
from tests.faults.conftest import Scripted
from tests.faults.ports import blackhole, closed_port
from tests.faults.verbs import Close, Forever, ReadRequest, Redirect, Reset, Send, Stall, Unasked

from .callers import Caller, get, post
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


@pytest.mark.parametrize(("script", "says"), [
    ((ReadRequest(), Reset()), "broke the connection off"),
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
    error = failure_of(caller(scripted(script).url, timeout=0.5, retry=None))

    assert isinstance(error, APITimeoutError)
    assert (error.phase, time.monotonic() - began < 5) == ("read", True)


def test_a_drip_ends_with_the_deadline(scripted: Scripted, caller: MakeCaller) -> None:
    """No bound for the attempt leaves the call's own."""
    drip = (Send(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"), Forever(b"x", 0.01))
    error = failure_of(caller(scripted(drip).url, timeout=None, deadline=0.5))

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
    """Speaking TLS to a port that does not is not tried again."""
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


def test_a_blocking_attempt_without_time_asks_nobody(scripted: Scripted) -> None:
    """A bound that has passed ends every wait that would begin after it."""
    server = scripted(OK)
    with Caller("sync", server.url, timeout=1e-9, retry=None) as caller:
        assert isinstance(failure_of(caller), APITimeoutError)

    assert server.seen.requests == []
