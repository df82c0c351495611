"""F and G. Time, clocks, concurrency and cancellation; the dates of F66 are in cases_drift."""

from typing import Any, Final

from . import answers
from .cases_connection import OK
from .cases_status import TOKEN
from .fault import Between, Expect, Fault, raises, refused, succeeds, wire
from .verbs import Send, Stall

NOW: Final = 1_767_225_600.0  # 2026-01-01T00:00:00Z, where a FakeTime begins

_RETRY_AFTER: Final[dict[str, tuple[str | None, Any]]] = {
    "zero": ("0", 0.0),
    "two": ("2", 2.0),
    "blanks": (" 2 ", 2.0),
    "fraction": ("1.5", 1.5),
    "large": ("99999", 99999.0),
    "negative": ("-10", frozenset({None, 0.0})),
    "inf": ("inf", None),
    "nan": ("nan", None),
    "empty": ("", None),
    "words": ("abc", None),
    "exponent": ("1e3", None),
    "hex": ("0x10", None),
    "underscore": ("1_0", None),
    "digits": ("٣", None),
    "superscript": ("²", None),
    "400-digits": ("9" * 400, None),
    "past": ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
    "future": ("Thu, 01 Jan 2026 00:00:30 GMT", 30.0),
    "no-zone": ("Thu, 01 Jan 2026 00:00:30", 30.0),
    "year-100000": ("Thu, 01 Jan 100000 00:00:00 GMT", None),
    "no-such-day": ("Thu, 32 Jan 2026 00:00:00 GMT", None),
    "absent": (None, None),
}


def _header(name: str, text: Any, seconds: Any) -> Fault:
    return Fault(
        f"F63-{name}",
        f"Retry-After: {text!r}"[:60],
        succeeds(reads={"seconds": seconds}),
        kind="pure",
        input={"header": text, "now": NOW},
    )


def _together(name: str, stimulus: str, expect: Expect, note: str = "", **given: Any) -> Fault:
    return Fault(
        name, stimulus, expect, kind="concurrency", scripts=given.pop("scripts", (OK,)), input=given, note=note
    )


TIME: Final = (
    *(_header(name, text, seconds) for name, (text, seconds) in _RETRY_AFTER.items()),
    *(
        Fault(
            f"F64-{name}",
            f"the wall clock jumps {step:+} s between attempts",
            raises("InternalServerError", attempts=4, stopped_by="attempts"),
            kind="pure",
            input={"step": step, "status": 500},
        )
        for name, step in (("forward", 3600), ("back", -3600))
    ),
    wire(
        "F65",
        "a deadline before the next attempt",
        Send(answers.json_status(429, {}, Retry_After="2")),
        raises("RateLimitError", attempts=1, stopped_by="deadline", slept=(), within=1.0),
        options={"deadline": 1.0},
    ),
    Fault(
        "F67",
        "a token that expires in 30 s",
        succeeds(requests=1),
        kind="concurrency",
        input={"expires_in": 30, "refreshes": 1, "token": TOKEN},
        note="A token of the vendor's file is renewed 60 s early, once, and no 401 is waited for.",
    ),
    Fault(
        "F67-later",
        "a token that expires in 10 minutes",
        succeeds(requests=1),
        kind="concurrency",
        input={"expires_in": 600, "refreshes": 0, "token": TOKEN},
    ),
)

CANCELLED: Final = Expect("CancelledError", within=0.05)

CONCURRENCY: Final = (
    _together("F68", "cancelled between attempts", CANCELLED, scripts=(Send(answers.http(503)),), cancel_in="sleep"),
    _together("F69-connect", "cancelled while connecting", CANCELLED, cancel_in="connect"),
    _together("F69-headers", "cancelled before the headers", CANCELLED, scripts=(Stall(),), cancel_in="headers"),
    _together(
        "F69-body",
        "cancelled in the body",
        CANCELLED,
        scripts=((Send(answers.http(200, headers={"Content-Length": "1000"})), Stall()),),
        cancel_in="body",
    ),
    _together("F70", "10 000 cancelled calls, then one", succeeds(within=60.0), calls=10_000, max_connections=10),
    _together("F71-sleep", "Ctrl-C between attempts", Expect("KeyboardInterrupt"), interrupt_in="sleep"),
    _together("F71-read", "Ctrl-C while reading", Expect("KeyboardInterrupt"), scripts=(Stall(),), interrupt_in="read"),
    _together("F72", "a second asyncio.run", succeeds(), loops=2),
    _together("F73", "fork after the first call, then child and parent call", succeeds(connections=2), processes=2),
    _together("F74", "50 threads, first use at once", succeeds(requests=50), threads=50, pools=1),
    _together(
        "F75",
        "a pool of 10, 200 tasks",
        succeeds(requests=200, connections=Between(1, 10)),
        calls=200,
        max_connections=10,
        note="All finish in turn; where the wait is longer than the timeout, APITimeoutError names the pool's limit.",
    ),
    _together(
        "F75-full",
        "a pool of 1 held by a call that hangs",
        raises("APITimeoutError", phase="pool", says=("max_connections",)),
        scripts=(Stall(),),
        calls=2,
        max_connections=1,
    ),
    _together("F76", "a stream left early", succeeds(), tickets=100, leave_after=3),
    _together("F77-twice", "closed twice", succeeds(), do=("close", "close")),
    _together("F77-after", "used after close", refused(), "Any class of ours would do.", do=("close", "call")),
    _together(
        "F77-open", "garbage collected while open", succeeds(warns=True), "ResourceWarning", do=("call", "forget")
    ),
    _together("F78-hook", "a hook of the user raises", succeeds(requests=1), hook_raises="hook"),
    _together("F78-log", "a log handler of the user raises", succeeds(requests=1), hook_raises="log handler"),
)

CASES: Final = (*TIME, *CONCURRENCY)
