"""One call from request to result: every decision, against an engine that follows a script."""

from typing import Any

import pytest

from enneo_mind_client.auth import FixedCredential, bearer, cookie
from enneo_mind_client.drivers import AttemptFailed, Send
from enneo_mind_client.errors import (
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    EnneoMindError,
    RateLimitError,
    ResponseError,
)
from enneo_mind_client.operations import Request
from enneo_mind_client.retries import Failure, RetryPolicy
from enneo_mind_client.secret import Secret

from .callers import TOKEN, get, post
from .scripts import BROKEN, LATE, OK, REFUSED, STALE, Desk, answer


def failure_of(desk: Desk, *arguments: Any) -> EnneoMindError:
    """Return the error that a call ends in."""
    with pytest.raises(EnneoMindError) as caught:
        desk.call(*arguments)
    return caught.value


def test_a_call_is_one_request() -> None:
    """A success is sent once, to the instance's path, with everything that every request has."""
    desk = Desk(OK)

    response = desk.call(get(376189))

    (sent,) = desk.sent
    assert (sent.method, sent.url) == ("GET", "https://demo.enneo.ai/api/mind/ticket/376189/conversation")
    assert dict(sent.headers) == {
        "User-Agent": "agent/1",
        "Accept-Encoding": "gzip, deflate",
        "Accept": "application/json, */*",
        "Authorization": f"Bearer {TOKEN}",
    }
    assert (response.status_code, response.parsed, desk.clock.slept) == (200, {"success": True}, [])


async def test_both_drivers_decide_the_same() -> None:
    """The same script ends in the same waits and the same answer, blocking and not."""
    desks = [Desk(BROKEN, answer(503), answer(429, retry_after="2"), OK) for _ in range(2)]

    assert desks[0].call() == await desks[1].acall()
    assert desks[0].clock.slept == desks[1].clock.slept == [0.05, 0.1, 2.0]


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 520, 529, 561, 599])
def test_a_passing_status_is_tried_again(status: int) -> None:
    """What may be over in a moment is asked for once more."""
    desk = Desk(answer(status), OK)

    assert desk.call().status_code == 200
    assert len(desk.sent) == 2


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 403, 404, 405, 409, 410, 419, 422, 499, 600, 999])
def test_a_lasting_status_is_not(status: int) -> None:
    """What will be the same the next time ends the call, with its number as it came."""
    error = failure_of(desk := Desk(answer(status)))

    assert isinstance(error, APIStatusError)
    assert (error.status_code, error.attempts, error.stopped_by) == (status, 1, "not_retryable")
    assert len(desk.sent) == 1


@pytest.mark.parametrize("step", [answer(500), BROKEN, LATE, REFUSED])
def test_attempts_end(step: Any) -> None:
    """After three retries the last error is raised, with how it went."""
    error = failure_of(desk := Desk(step))

    assert (error.attempts, error.stopped_by, len(desk.sent)) == (4, "attempts", 4)
    assert error.elapsed == pytest.approx(sum(desk.clock.slept)) == pytest.approx(0.05 + 0.1 + 0.2)


def test_no_retries_are_none() -> None:
    """None as a policy sends once."""
    error = failure_of(Desk(BROKEN, retry=None))

    assert (error.attempts, error.stopped_by) == (1, "attempts")


@pytest.mark.parametrize(("step", "attempts"), [
    (REFUSED, 4), (BROKEN, 1), (LATE, 1), (STALE, 1), (answer(500), 1), (answer(502), 1), (answer(504), 1),
    (answer(429), 4), (answer(429, retry_after="2"), 4), (answer(408), 4), (answer(425), 4),
    (answer(503), 1), (answer(503, retry_after="2"), 4), (answer(503, retry_after="soon"), 1),
    (answer(500, retry_after="2"), 1), (answer(409), 1),
])  # fmt: skip
def test_a_post_is_repeated_only_if_it_was_not_acted_on(step: Any, attempts: int) -> None:
    """What may have been stored is not stored twice; nothing was by who refused, or said when to come back."""
    error = failure_of(Desk(step), post())

    assert error.attempts == attempts
    assert error.stopped_by == ("attempts" if attempts > 1 else "not_retryable")


@pytest.mark.parametrize(
    ("content", "kind", "attempts"), [(b"<html>", "not_json", 2), (b'{"success": false}', "unsuccessful", 1)]
)
def test_a_body_that_is_no_answer_is_asked_for_once_more(content: bytes, kind: str, attempts: int) -> None:
    """A cut document may come whole the next time; one that says no says it again."""
    error = failure_of(Desk(answer(200, content)))

    assert isinstance(error, ResponseError)
    assert (error.kind, error.attempts, error.stopped_by) == (
        kind,
        attempts,
        "attempts" if attempts > 1 else "not_retryable",
    )


def test_a_long_wish_ends_the_call() -> None:
    """A server that asks for an hour is told to the caller at once."""
    error = failure_of(desk := Desk(answer(429, retry_after="99999")))

    assert isinstance(error, RateLimitError)
    assert (error.retry_after, error.stopped_by, desk.clock.slept) == (99999.0, "retry_after_too_long", [])


def test_a_refused_credential_that_cannot_change_ends_the_call() -> None:
    """A 401 for a fixed token is raised at once, says where the token is from, and not what it is."""
    error = failure_of(Desk(answer(401)))

    assert isinstance(error, AuthenticationError)
    assert (error.attempts, error.stopped_by) == (1, "not_retryable")
    assert "The credential from the token argument was refused" in str(error)
    assert TOKEN not in str(error)


@pytest.mark.parametrize("status", [200, 401, 403, 500])
def test_a_credential_that_is_said_back_is_masked(status: int) -> None:
    """Some servers repeat what they were sent; the error does not."""
    said = f'{{"success": false, "error": "bad {TOKEN}", "details": ["{TOKEN}"]}}'.encode()
    error = failure_of(Desk(answer(status, said, x_debug=f"Bearer {TOKEN}")))

    assert "bad ***" in str(error)
    assert TOKEN not in repr(vars(error)) + repr(error)


def test_other_text_is_not_masked_for_a_short_token() -> None:
    """A token of a test, such as "t", is part of any word."""
    desk = Desk(answer(404))
    desk.shared.credential._headers = {"Authorization": "Bearer t"}  # type: ignore[attr-defined]

    assert "***" not in str(failure_of(desk))


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), ZeroDivisionError("a bug"), SystemExit(3)])
def test_what_is_not_ours_passes_through(raised: BaseException) -> None:
    """Ctrl-C and bugs are neither retried nor renamed."""
    desk = Desk(raised)

    with pytest.raises(type(raised)) as caught:
        desk.call()
    assert caught.value is raised
    assert len(desk.sent) == 1


def test_a_failure_of_an_engine_is_named_by_its_error() -> None:
    """The carrier of a failure shows no more than a class, should it ever get out."""
    assert str(AttemptFailed(BROKEN)) == "APIConnectionError"


def test_what_is_sent_does_not_show() -> None:
    """Neither the URL with its ids nor headers nor the body are in a repr."""
    send = Send("POST", "https://h/secret", {"A": "secret"}, b"secret", 1.0, 1.0, 1)

    assert "secret" not in repr(send)


def test_an_error_keeps_its_cause() -> None:
    """What the operating system said stands behind our own word for it."""
    failure = Failure(APIConnectionError("refused"))
    failure.error.__cause__ = cause = ConnectionRefusedError(111, "refused")

    assert failure_of(Desk(failure, retry=RetryPolicy(max_retries=0))).__cause__ is cause


def test_an_operation_keeps_its_own_cookies() -> None:
    """A cookie of the operation and the session's cookie are sent in one header."""
    desk = Desk(OK, credential=FixedCredential(cookie(Secret("s3ssion-value")), "a test"))
    request = get(1)

    desk.call(Request(request.operation, request.target, {**request.headers, "Cookie": "sid=7"}, None))

    assert desk.sent[0].headers["Cookie"] == "connect.sid=s3ssion-value; sid=7"


@pytest.mark.parametrize(
    "written",
    [
        "eyJh/bGci+SECRET/TAIL==",
        r"eyJh\/bGci+SECRET\/TAIL==",
        "eyJh%2FbGci%2BSECRET%2FTAIL%3D%3D",
        "eyJh/bGci&#43;SECRET",
    ],
)
def test_a_credential_is_masked_however_it_is_written(written: str) -> None:
    """Servers say a token back as JSON, a URL or HTML has it; its end is masked as well."""
    desk = Desk(
        answer(400, b'{"error": "x", "details": "Bearer ' + written.encode() + b'"}'),
        credential=FixedCredential(bearer(Secret("eyJh/bGci+SECRET/TAIL==")), "a test"),
    )

    error = failure_of(desk)

    assert "SECRET" not in f"{error!r} {vars(error)}"
    assert "***" in error.body
