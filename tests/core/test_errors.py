"""Every error is picklable, says the next step in one line, and shows nothing that the server hid in its text."""

import copy
import inspect
import pickle
from typing import Any

import pytest

from enneo_mind_client import errors
from enneo_mind_client.errors import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    ConfigurationError,
    DownloadError,
    EnneoMindError,
    ExportError,
    InternalServerError,
    RateLimitError,
    ResponseError,
    status_error,
)
from enneo_mind_client.failures import status_failure
from enneo_mind_client.operations import Reply

from .callers import READ
from .scripts import Desk, answer

ONE_OF_EACH = [
    ConfigurationError("bad"),
    APIConnectionError("broken"),
    APITimeoutError("late", phase="read"),
    *(
        status_error(code)("no", status_code=code, message="m", details="d", tx_id="t", headers={"a": "b"}, body="x")
        for code in (400, 401, 403, 404, 409, 422, 429, 500, 418)
    ),
    ResponseError("odd", kind="shape", paths=["$.a", "$.b"], excerpt="x"),
    DownloadError("unsafe", kind="disk"),
    ExportError("full", kind="disk", path="/tickets"),
]


def test_every_class_is_among_them() -> None:
    """The tests below leave no error out."""
    classes = {cls for cls in vars(errors).values() if inspect.isclass(cls) and issubclass(cls, EnneoMindError)}

    assert classes - {EnneoMindError} == {type(error) for error in ONE_OF_EACH}


@pytest.mark.parametrize("error", ONE_OF_EACH, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("again", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy])
def test_every_error_pickles(error: EnneoMindError, again: Any) -> None:
    """Nothing of an error is lost between processes."""
    error.after(2, 1.5, "attempts")
    twin = again(error)

    assert type(twin) is type(error)
    assert (str(twin), twin.args, vars(twin)) == (str(error), error.args, vars(error))


@pytest.mark.parametrize(("code", "name"), [
    (400, "BadRequestError"), (401, "AuthenticationError"), (403, "PermissionDeniedError"), (404, "NotFoundError"),
    (409, "ConflictError"), (422, "UnprocessableEntityError"), (429, "RateLimitError"), (500, "InternalServerError"),
    (599, "InternalServerError"), (418, "APIStatusError"), (600, "APIStatusError"), (302, "APIStatusError"),
])  # fmt: skip
def test_a_status_has_its_class(code: int, name: str) -> None:
    """A status is found by its class, registered or not."""
    assert status_error(code).__name__ == name


def test_a_response_error_has_a_first_path() -> None:
    """Where there are several places, `path` is the first; it may be unknown."""
    assert ResponseError("odd", kind="shape", paths=["$.a", "$.b"]).path == "$.a"
    assert ResponseError("odd", kind="not_json").path is None


def error_of(reply: Reply) -> APIStatusError:
    """Return the error for an answer."""
    failure = status_failure(reply, READ, base_url="https://demo.enneo.ai/api/mind", source="ENNEO_TOKEN", now=0)
    assert isinstance(failure.error, APIStatusError)
    return failure.error


STEPS = {
    401: "401 Unauthorized from GET /x. The credential from ENNEO_TOKEN was refused: make a new API key in the Enneo "
    "profile page, or log in again.",
    404: "404 Not Found from GET /x. Check the id, and that https://demo.enneo.ai/api/mind is the right instance.",
    405: "405 Method Not Allowed from GET /x.",
    500: "500 Internal Server Error from GET /x: Boom. (txId abc). If it stays, give the txId to the server's support.",
    999: "999 (unregistered status) from GET /x. If it stays, give the txId to the server's support.",
    308: "308 Permanent Redirect from GET /x. Redirects are not followed: check that https://demo.enneo.ai/api/mind is "
    "the right instance.",
}


@pytest.mark.parametrize("status", STEPS)
def test_a_message_says_the_next_step(status: int) -> None:
    """One line: what happened, what the server says, what to do; the URL's values are not in it."""
    body = b'{"error": "Boom.", "details": "at x", "txId": "abc"}' if status == 500 else b""
    error = error_of(answer(status, body, location="https://evil.example/y"))

    assert str(error) == STEPS[status].replace("/x", READ.path, 1)


@pytest.mark.parametrize(
    "location", ["/login", "https://x.example/SSO?next=1", "/auth/realms", "signin", "/session/new"]
)
@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_redirect_to_a_login_page_is_a_refusal(status: int, location: str) -> None:
    """Servers with sessions answer so instead of 401."""
    error = error_of(answer(status, location=location))

    assert isinstance(error, AuthenticationError)
    assert (error.status_code, "redirects to its login page" in str(error)) == (status, True)


@pytest.mark.parametrize("location", ["", "/elsewhere", "http://[bad", "http://[::1", "https://login.example/x"])
def test_another_redirect_is_a_status(location: str) -> None:
    """Whatever the location is, readable or not."""
    assert type(error_of(answer(302, location=location))) is APIStatusError


@pytest.mark.parametrize(("body", "message", "details", "tx_id"), [
    (b'{"error": "e", "details": "d", "txId": "t"}', "e", "d", "t"),
    (b'{"message": "m", "errors": {"id": ["no"]}}', "m", '{"id":["no"]}', None),
    (b'{"title": "p", "detail": "q"}', "p", None, None),
    (b'{"error": {"code": 7}, "txId": 5}', '{"code":7}', None, "5"),
    (b'{"error": "", "message": null, "detail": []}', "Conflict", None, None),
    (b'["error"]', "Conflict", None, None),
    (b"not json", "Conflict", None, None),
    (b"\xff\xfe", "Conflict", None, None),
    (b"", "Conflict", None, None),
    (b"[" * 100_000, "Conflict", None, None),
    (b'{"error": "a\\r\\n\\u001b[31mb"}', "a\\r\\n\\x1b[31mb", None, None),
])  # fmt: skip
def test_what_the_server_says_is_read(body: bytes, message: str, details: str | None, tx_id: str | None) -> None:
    """The usual names are looked for, of any type; what cannot be read is described by its status."""
    error = error_of(answer(409, body))

    assert (error.message, error.details, error.tx_id) == (message, details, tx_id)
    assert str(error).isprintable()


def test_a_long_text_is_cut() -> None:
    """A server's essay does not become ours."""
    error = error_of(answer(500, b'{"error": "' + b"x" * 9000 + b'"}'))

    assert (len(error.message), len(error.body)) == (500, 200)


def test_headers_are_kept_without_cookies() -> None:
    """What a caller may want to look at is there, escaped; what identifies a session is not."""
    reply = answer(403, set_cookie="sid=1", authorization="x", www_authenticate="Bearer", x_a="a\x1bb")

    assert error_of(reply).headers == {
        "content-type": "application/json",
        "www-authenticate": "Bearer",
        "x-a": "a\\x1bb",
    }


@pytest.mark.parametrize(("status", "cls"), [(429, RateLimitError), (503, InternalServerError)])
def test_a_wish_is_noted(status: int, cls: type) -> None:
    """Seconds or a date from now; only a 429 shows it to the caller."""
    error = error_of(answer(status, retry_after="7"))

    assert isinstance(error, cls)
    assert getattr(error, "retry_after", None) == (7.0 if status == 429 else None)


def test_an_error_of_a_call_says_how_it_went() -> None:
    """Before it belongs to a call, an error has the numbers of none."""
    fresh = ConfigurationError("bad")
    with pytest.raises(InternalServerError) as caught:
        Desk(answer(500), retry=None).call()

    assert (fresh.attempts, fresh.elapsed, fresh.stopped_by) == (0, 0.0, None)
    assert (caught.value.attempts, caught.value.stopped_by) == (1, "attempts")
