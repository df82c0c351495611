"""E. Auth faults."""

from typing import Any, Final

from . import answers
from .cases_connection import OK
from .cases_status import NEVER_AGAIN, READABLE, SAID, TOKEN
from .fault import Fault, raises, refused, succeeds, wire
from .verbs import Choose, Send

NO: Final = Send(answers.json_status(401, SAID))

_BAD_TOKENS: Final = {
    "empty": "",
    "blanks": "   ",
    "crlf": "s3cr3t\r\nX-Evil: 1",
    "lf": "s3cr3t\nmore",
    "nul": "s3cr3t\0more",
    "non-latin-1": "s3cr3t-токен",
}
_BAD_INSTANCES: Final = {
    "http": "http://demo.enneo.ai/api/mind",
    "userinfo": "https://user:passw0rd@demo.enneo.ai/api/mind",
    "query": "https://demo.enneo.ai/api/mind?token=passw0rd",
    "no-host": "https:///api/mind",
    "scheme": "ftp://demo.enneo.ai",
    "empty": "",
    "newline": "demo\n.evil.example",
    "port": "https://demo.enneo.ai:99999",
}
_GOOD_INSTANCES: Final = {
    "name": ("demo", "https://demo.enneo.ai/api/mind"),
    "host": ("demo.enneo.ai", "https://demo.enneo.ai/api/mind"),
    "slash": ("https://demo.enneo.ai/api/mind/", "https://demo.enneo.ai/api/mind"),
    "path": ("https://proxy.example.com/enneo/api/mind", "https://proxy.example.com/enneo/api/mind"),
    "loopback": ("http://127.0.0.1:8005/api/mind", "http://127.0.0.1:8005/api/mind"),
}
_NO_IDS: Final = {
    "empty": "",
    "dot": ".",
    "dots": "..",
    "way-up": "../x",
    "query": "1?a=b",
    "encoded": "%2e%2e",
    "newline": "1\n2",
    "negative": -1,
}
_HUGE: Final = 10**30
_SURFACES: Final = (
    "repr",
    "str",
    "format",
    "vars",
    "pickle",
    "copy",
    "logging",
    "httpx-logging",
    "traceback-locals",
    "warnings",
    "error-repr",
    "error-pickle",
)


def _secret(name: str, option: str, value: str) -> Fault:
    hides = tuple(part for part in ("s3cr3t", value.strip()) if part)
    return Fault(name, f"{option} {value!r}", refused(hides=hides), kind="construct", input={option: value})


def _file(name: str, text: str, mode: int, *, warns: bool) -> Fault:
    return Fault(
        f"F53-{name}",
        f"~/.enneo/env of mode {mode:o}",
        succeeds(warns=warns, hides=(TOKEN,)),
        kind="construct",
        input={"file": text, "mode": mode, "token": TOKEN},
        note="A warning names the file, never what is in it.",
    )


def _no_id(name: str, value: Any) -> Fault:
    return wire(f"F61-{name}", f"ticket id {value!r}", OK, refused(connections=0), input={"ticket_id": value})


CASES: Final = (
    *(_secret(f"F52-{name}", "token", value) for name, value in _BAD_TOKENS.items()),
    *(_secret(f"F52-cookie-{name}", "session_cookie", value) for name, value in _BAD_TOKENS.items()),
    _file("newline", f'export ENNEO_INSTANCE="demo.enneo.ai"\nexport ENNEO_TOKEN="{TOKEN}"\n', 0o600, warns=False),
    _file("crlf", f"ENNEO_INSTANCE=demo.enneo.ai\r\nENNEO_TOKEN={TOKEN}\r\n", 0o600, warns=False),
    _file("open", f"ENNEO_INSTANCE=demo.enneo.ai\nENNEO_TOKEN={TOKEN}\n", 0o644, warns=True),
    wire(
        "F54",
        "401",
        NO,
        raises("AuthenticationError", status_code=401, hides=(TOKEN,), **NEVER_AGAIN, **READABLE),
    ),
    wire(
        "F55",
        "401 once, and a newer token",
        [NO, OK],
        succeeds(requests=2, slept=()),
        input={"tokens": ["old-token", "new-token"]},
        note="The callable is asked for each attempt: the second request carries the new token.",
    ),
    wire(
        "F55-same",
        "401, and the same token again",
        NO,
        raises("AuthenticationError", requests=range(1, 3)),
        input={"tokens": ["old-token", "old-token"]},
    ),
    wire(
        "F56",
        "50 concurrent 401",
        Choose(lambda request: OK if "new-token" in request.headers["authorization"] else NO),
        succeeds(),
        kind="concurrency",
        input={"calls": 50, "refreshes": 1, "tokens": ["old-token", "new-token"]},
    ),
    *(
        Fault(
            f"F57-{name}",
            f"the refresh {what}",
            raises("AuthenticationError", within=3.0),
            kind="concurrency",
            input={"refresh": name},
            options={"timeout": 0.3, "deadline": 2.0},
            note="Its cause is what went wrong with the refresh.",
        )
        for name, what in (("fails", "answers 500"), ("hangs", "never answers"))
    ),
    wire(
        "F58",
        "403",
        Send(answers.json_status(403, SAID)),
        raises("PermissionDeniedError", status_code=403, **NEVER_AGAIN, **READABLE),
        input={"tokens": ["one-token"]},
    ),
    *(
        Fault(
            f"F59-{surface}", f"the token looked for in {surface}", succeeds(hides=(TOKEN,)), kind="pure", input=surface
        )
        for surface in _SURFACES
    ),
    *(
        Fault(
            f"F60-{name}",
            f"instance {text!r}",
            refused(hides=("passw0rd",)),
            kind="construct",
            input={"instance": text},
        )
        for name, text in _BAD_INSTANCES.items()
    ),
    *(
        Fault(
            f"F60-good-{name}",
            f"instance {text!r}",
            succeeds(),
            kind="construct",
            input={"instance": text, "base_url": url},
        )
        for name, (text, url) in _GOOD_INSTANCES.items()
    ),
    *(_no_id(name, value) for name, value in _NO_IDS.items()),
    wire(
        "F61-huge",
        f"ticket id {_HUGE}",
        Choose(lambda request: Send(answers.http(404)) if f"/ticket/{_HUGE}/conversation" in request.target else OK),
        raises("NotFoundError", requests=1),
        input={"ticket_id": _HUGE},
        note="Whether there is such a ticket is the server's to say.",
    ),
    wire(
        "F62",
        "an error text with line breaks and ANSI escapes",
        Send(answers.json_status(500, {"error": "a\r\nFAKE LOG LINE \x1b[31mred\u202e"})),
        raises("InternalServerError", hides=("\x1b", "\r", "\n", "\u202e"), says=("fake log line",)),
    ),
)
