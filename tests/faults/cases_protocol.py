"""B. Protocol faults."""

from functools import partial
from typing import Final

from . import answers
from .cases_connection import OK
from .fault import Fault, raises, succeeds, wire
from .verbs import Choose, KeepAlive, Redirect, Script, Send
from .wire import Request

ONCE: Final = raises("APIConnectionError", attempts=range(1, 5))
ONCE_NOTE: Final = "Once more is right, but the engines tell such faults apart from a dropped connection by text only."
CHUNKED: Final = answers.chunked([b'{"conversations": [], "success": true}'], last=False)

NO_ANSWER: Final = frozenset({"ResponseError", "APIConnectionError"})
NO_STATUS: Final = frozenset({"APIStatusError", "APIConnectionError"})

_TARGETS: Final = {
    "same-origin": "/api/mind/elsewhere",
    "other-host": "http://localhost:{other_port}/steal",
    "other-port": "http://{other}/steal",
    "downgrade": "http://{here}/api/mind",
    "no-scheme": "//{other}/steal",
    "userinfo": "http://127.0.0.1@{other}/steal",
    "loop": "/api/mind/ticket/376189/conversation",
}


def _redirect(status: int, target: str, location: str) -> Fault:
    return wire(
        f"F23-{status}-{target}",
        f"{status} to {location}",
        Redirect(status, location),
        raises("APIStatusError", status_code=status, attempts=1, stopped_by="not_retryable", requests=1, connections=1),
        tls="good" if target == "downgrade" else None,
        note="There is no class for a redirect of its own, and no option to follow one.",
    )


def _unless_ticket_1(status: int, request: Request) -> Script:
    body = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"
    return OK if "/1/" in request.target else (Send(answers.http(status, body)), KeepAlive())


def _unless_ticket_2(request: Request) -> Script:
    """Answer with the conversation of ticket 2 straight after the right answer, and keep the connection."""
    if "/2/" in request.target:
        return OK, KeepAlive()
    stray = answers.json_ok(answers.answer(answers.conversation(id=2, ticketId=2)))
    return Send(answers.json_ok() + stray), KeepAlive()


def _protocol(name: str, stimulus: str, script: Script) -> Fault:
    return wire(name, stimulus, script, ONCE, note=ONCE_NOTE)


CASES: Final = (
    _protocol("F15", "garbage status line", Send(b"\x00\xff garbage, not HTTP\r\n\r\n")),
    wire("F15-once", "garbage once", [Send(b"garbage\r\n\r\n"), OK], succeeds(requests=2)),
    wire(
        "F16",
        "HTTP/9.9 200",
        Send(b"HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n"),
        raises(frozenset({"APIConnectionError", "ResponseError"}), attempts=range(1, 5)),
        note="h11 reads it as HTTP/1.1, and the body is no answer then; aiohttp refuses the line.",
    ),
    _protocol("F17-one", "header of 200 KiB", Send(answers.http(200, b"{}", headers={"X-Long": "x" * (200 << 10)}))),
    _protocol(
        "F17-many",
        "header block of 200 KiB in 4 000 lines",
        Send(answers.http(200, b"{}", headers={f"X-{n}": "x" * 42 for n in range(4_000)})),
    ),
    _protocol("F18-size", "chunked: bad chunk size", Send(CHUNKED + b"zz\r\n")),
    wire(
        "F18-end",
        "chunked: a whole document, but no last chunk",
        Send(CHUNKED),
        raises("APIConnectionError", attempts=4, stopped_by="attempts"),
    ),
    wire("F18-once", "chunked: one answer without its last chunk", [Send(CHUNKED), OK], succeeds(requests=2)),
    _protocol(
        "F19",
        "two different Content-Length",
        Send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x"),
    ),
    wire(
        "F19-surplus",
        "an answer, and straight after it one that nobody asked for; then another call",
        Choose(_unless_ticket_2),
        succeeds(reads={"0.ticket_id": 376189}, connections=2),
        input={"ticket_id": 2, "calls": 2},
        note="The stray answer must not become the next call's: the connection is not used again.",
    ),
    wire(
        "F20",
        "100-continue, 103 early hints, then 200",
        Send(answers.http(100) + answers.http(103, headers={"Link": "</x>; rel=preload"}) + answers.json_ok()),
        succeeds(requests=1),
    ),
    wire(
        "F21-empty",
        "200 with an empty body",
        Send(answers.json_raw(b"")),
        raises("ResponseError", kind="not_json", attempts=range(1, 3)),
    ),
    wire(
        "F21-204",
        "204",
        Send(answers.http(204)),
        raises("ResponseError", kind=frozenset({"not_json", "shape"}), attempts=1),
        note="The operation documents no 204, so it holds no list.",
    ),
    *(
        wire(
            f"F21-{status}-body",
            f"{status} with a body that may not be there, then another call",
            Choose(partial(_unless_ticket_1, status)),
            raises(errors, attempts=range(1, 5)),
            input={"ticket_id": 204, "then": 1},
            note="aiohttp takes the body for a broken next response, h11 ignores it; ticket 1 arrives either way.",
        )
        for status, errors in {204: NO_ANSWER, 304: NO_STATUS}.items()
    ),
    wire(
        "F22",
        "302 to a login page",
        Redirect(302, "http://{other}/login?next=/api/mind"),
        raises("AuthenticationError", status_code=302, attempts=1, requests=1, says=("login",)),
    ),
    *(
        _redirect(status, target, location)
        for status in (301, 302, 303, 307, 308)
        for target, location in _TARGETS.items()
    ),
    wire(
        "F23-no-location",
        "302 without a Location",
        Send(answers.http(302)),
        raises("APIStatusError", status_code=302, attempts=1, requests=1),
    ),
)
