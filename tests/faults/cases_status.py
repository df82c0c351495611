"""C. Status faults."""

from typing import Final

from . import answers
from .cases_connection import OK
from .fault import Between, Fault, raises, succeeds, wire
from .verbs import Choose, Redirect, Script, Send

TOKEN: Final = "fault-table-token"
"""What the drivers log in with, so that a server can try to make it show."""

SAID: Final = {
    "error": "Contract 121 could not be processed",
    "details": "null in /app/src/file:212",
    "txId": "c916167c94",
}
READABLE: Final = {"details": SAID["details"], "tx_id": SAID["txId"], "says": (SAID["error"],)}
NEVER_AGAIN: Final = {"attempts": 1, "stopped_by": "not_retryable", "requests": 1}
SERVER_LIKE: Final = (*range(520, 528), 529, 561)
OTHERS: Final = (419, 499, 999)
TYPED: Final = {400: "BadRequestError", 404: "NotFoundError", 409: "ConflictError", 422: "UnprocessableEntityError"}
LARAVEL: Final = {"message": "The given data was invalid.", "errors": {"ticketId": ["must be an integer"]}}


def _echo(status: int) -> Script:
    """Answer with everything the request said, the credential too, and a long text after it."""
    return Choose(
        lambda request: Send(
            answers.json_status(status, {"error": f"refused {request.headers}", "details": "x" * 5_000})
        )
    )


def _typed(status: int, error: str, name: str) -> Fault:
    expect = raises(error, status_code=status, **NEVER_AGAIN, **READABLE)
    return wire(name, f"{status} with the API's error body", Send(answers.json_status(status, SAID)), expect)


CASES: Final = (
    *(
        wire(f"F24-{status}", f"{status}, then 200", [Send(answers.http(status)), OK], succeeds(requests=2))
        for status in (500, 502, 503, 504)
    ),
    wire(
        "F25",
        "500 for ever, the last body differs",
        [
            *(Send(answers.json_status(500, {"error": f"try {n}"})) for n in (1, 2, 3)),
            Send(answers.json_status(500, SAID)),
        ],
        raises("InternalServerError", status_code=500, attempts=4, stopped_by="attempts", requests=4, **READABLE),
    ),
    wire(
        "F25-echo",
        "500 that repeats the request's headers in a long body",
        _echo(500),
        raises("InternalServerError", attempts=4, hides=(TOKEN, "x" * 600)),
        note="The error's excerpt is at most 200 characters long; a credential in it must be redacted.",
    ),
    wire(
        "F26",
        "429 and Retry-After: 2",
        [Send(answers.json_status(429, {}, Retry_After="2")), OK],
        succeeds(requests=2, slept=(Between(2.0, 2.1),)),
        note="A wait may be a base delay longer than asked, so that clients do not come back together.",
    ),
    wire(
        "F27",
        "429 and Retry-After: 99999",
        Send(answers.json_status(429, {}, Retry_After="99999")),
        raises("RateLimitError", retry_after=99999.0, attempts=1, stopped_by="retry_after_too_long", slept=()),
    ),
    wire(
        "F27-503",
        "503 and Retry-After: 61",
        Send(answers.json_status(503, {}, Retry_After="61")),
        raises("InternalServerError", attempts=1, stopped_by="retry_after_too_long", slept=()),
    ),
    wire(
        "F28",
        "429 without a header",
        Send(answers.http(429)),
        raises(
            "RateLimitError",
            retry_after=None,
            attempts=4,
            stopped_by="attempts",
            slept=(Between(0, 1), Between(0, 2), Between(0, 4)),
        ),
    ),
    *(
        wire(f"F29-{status}", f"{status}, then 200", [Send(answers.http(status)), OK], succeeds(requests=2))
        for status in (408, 425)
    ),
    _typed(409, "ConflictError", "F29-409"),
    *(_typed(status, TYPED[status], f"F30-{status}") for status in (400, 404, 422)),
    _typed(410, "APIStatusError", "F30-410"),
    wire(
        "F30-fields",
        "422 with the fields' errors, as PHP frameworks write them",
        Send(answers.json_status(422, LARAVEL)),
        raises("UnprocessableEntityError", message=LARAVEL["message"], **NEVER_AGAIN),
        note="The fields' errors have to be readable in details.",
    ),
    *(
        wire(
            f"F31-{status}",
            f"unregistered status {status}",
            Send(answers.http(status)),
            raises("InternalServerError", status_code=status, attempts=4, stopped_by="attempts"),
        )
        for status in SERVER_LIKE
    ),
    *(
        wire(
            f"F31-{status}",
            f"unregistered status {status}",
            Send(answers.http(status)),
            raises("APIStatusError", status_code=status, **NEVER_AGAIN),
        )
        for status in OTHERS
    ),
    *(
        wire(
            f"F32-{name}",
            f"200 with {body}",
            Send(answers.json_ok(body)),
            raises("ResponseError", kind="unsuccessful", attempts=1, requests=1),
        )
        for name, body in {
            "error": SAID,
            "false": {"success": False},
            "zero": {"success": 0, "conversations": []},
            "both": {"success": False, "error": "no such ticket", "conversations": []},
        }.items()
    ),
    wire(
        "F33",
        "503 with an HTML maintenance page",
        Send(answers.html(503)),
        raises("InternalServerError", attempts=4, body="Down for maintenance", hides=("<h1>",)),
    ),
    wire("F33-302", "a maintenance redirect", Redirect(302, "/maintenance"), raises("APIStatusError", status_code=302)),
)
