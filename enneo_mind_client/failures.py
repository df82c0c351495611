"""Turns answers that are no success into errors which say the next step."""

import re
from collections.abc import Mapping
from html import escape
from http import HTTPStatus
from typing import Any, Final, cast
from urllib.parse import quote, unquote, urlsplit

import orjson

from enneo_mind_client.errors import AuthenticationError, EnneoMindError, RateLimitError, status_error
from enneo_mind_client.headers import Headers
from enneo_mind_client.operations import Operation, Reply
from enneo_mind_client.retries import RETRIED_STATUSES, Failure, is_processed, read_retry_after
from enneo_mind_client.secret import MASK
from enneo_mind_client.text import excerpt, printable

_LOGIN_MARKS: Final = ("login", "signin", "sign-in", "auth", "sso", "session")
_PRIVATE_HEADERS: Final = frozenset({"set-cookie", "authorization", "cookie", "proxy-authorization"})
_TEXT_LENGTH: Final = 500
_SHORTEST_SECRET: Final = 8  # a shorter one is a test's, and may be part of any word
_REST_OF_WORD: Final = r"""[^\s"'<>,]*"""

_NEXT_STEP: Final[Mapping[int, str]] = {
    400: "Check the values of the call.",
    401: "The credential from {source} was refused: make a new API key in the Enneo profile page, or log in again.",
    403: "The credential from {source} may not do this, or has expired.",
    404: "Check the id, and that {base_url} is the right instance.",
    429: "The server is asked too much: lower the concurrency.",
    500: "If it stays, give the txId to the server's support.",
}


def status_failure(reply: Reply, operation: Operation[Any], *, base_url: str, source: str, now: float) -> Failure:
    """Return the failure for an answer whose status is no success.

    Args:
        reply: The answer.
        operation: What was asked for.
        base_url: The instance, for the message.
        source: Where the credential came from, for the message.
        now: Seconds since 1970, to read a `Retry-After` date.
    """
    login = _is_login_redirect(reply)
    body = _error_body(reply.content)
    message, tx_id = _first_text(body, "error", "message", "title", "detail"), _first_text(body, "txId")
    said = (f": {message}" if message else "") + (f" (txId {tx_id})" if tx_id else "")
    head = f"{reply.status} {_phrase(reply.status)} from {operation.method} {operation.path}{said}"
    cls = AuthenticationError if login else status_error(reply.status)
    step = _next_step(reply.status, login=login).format(source=source, base_url=base_url)
    error = cls(
        f"{head.rstrip('.')}. {step}".rstrip(),
        status_code=reply.status,
        message=message or _phrase(reply.status),
        details=_first_text(body, "details", "errors"),
        tx_id=tx_id,
        headers={k: printable(v) for k, v in reply.headers.items() if k not in _PRIVATE_HEADERS},
        body=excerpt(reply.content),
    )
    wish = read_retry_after(reply.headers, now)
    if isinstance(error, RateLimitError):
        error.retry_after = wish
    limit = None if reply.status in RETRIED_STATUSES else 0
    return Failure(error, processed=is_processed(reply.status, wish), limit=limit, retry_after=wish)


def conceal(error: EnneoMindError, proof: Mapping[str, str]) -> None:
    """Mask the credential in an error whose text is the server's: it may say back what it was sent."""
    for value in proof.values():
        secret = re.split("[ =]", value, maxsplit=1)[1]
        if len(secret) < _SHORTEST_SECRET:
            continue
        error.args = _without(secret, error.args)
        for name, held in vars(error).items():
            setattr(error, name, _without(secret, held))


def _without(secret: str, held: Any) -> Any:
    if isinstance(held, Headers):
        return Headers((name, _masked(secret, value)) for name, value in held.items())
    if isinstance(held, tuple):
        return tuple(_without(secret, member) for member in cast("Any", held))
    return _masked(secret, held) if isinstance(held, str) else held


def _masked(secret: str, text: str) -> str:
    """Mask the secret, in any way of writing it, from its first letters to the end of the word: it may be cut short."""
    for form in {secret, unquote(secret), quote(secret, safe=""), secret.replace("/", r"\/"), escape(secret)}:
        text = re.sub(re.escape(form[:_SHORTEST_SECRET]) + _REST_OF_WORD, MASK, text)
    return text


def _is_login_redirect(reply: Reply) -> bool:
    try:
        target = urlsplit(reply.headers.get("location", "")).path.lower()
    except ValueError:
        return False
    return reply.status in (302, 303, 307) and any(mark in target for mark in _LOGIN_MARKS)


def _error_body(content: bytes) -> Mapping[str, Any]:
    try:
        body: object = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return cast("Mapping[str, Any]", body) if isinstance(body, dict) else {}


def _first_text(body: Mapping[str, Any], *names: str) -> str | None:
    for name in names:
        value = body.get(name)
        if value:
            text = value if isinstance(value, str) else orjson.dumps(value).decode()
            return printable(text[:_TEXT_LENGTH])
    return None


def _next_step(status: int, *, login: bool) -> str:
    if login:
        return "The server redirects to its login page: not logged in. " + _NEXT_STEP[401]
    if 300 <= status < 400:
        return "Redirects are not followed: check that {base_url} is the right instance."
    return _NEXT_STEP.get(min(500, status), "")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "(unregistered status)"
