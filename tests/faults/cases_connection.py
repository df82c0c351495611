"""A. Connection faults."""

from typing import Final

from . import answers
from .fault import Fault, raises, succeeds, wire
from .verbs import Close, Forever, KeepAlive, LimitThenClose, ReadRequest, Reset, Send, Slice, Stall, Unasked

OK: Final = Send(answers.json_ok())
HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
_BODY: Final = b'{"conversations": [], "success": true}'
SHORT_OF_TWO: Final = answers.json_raw(_BODY, Content_Length=str(len(_BODY) + 2))
TEXT_20_KB: Final = "x" * 20_000
LONG: Final = answers.json_ok(answers.answer(answers.conversation(content={"message": TEXT_20_KB})))

DOWN: Final = raises("APIConnectionError", attempts=4, stopped_by="attempts")
NO_TLS: Final = {"attempts": 1, "stopped_by": "not_retryable", "requests": 0}

CASES: Final = (
    Fault("F01", "port closed", DOWN, where="closed_port"),
    Fault(
        "F02",
        "host name does not resolve",
        raises("APIConnectionError", attempts=range(1, 3), says=("no-such-host.invalid",)),
        where="no_such_host",
        note="Other failures to connect are retried three times; a wrong name deserves once at most.",
    ),
    Fault(
        "F03",
        "SYN blackhole",
        raises("APITimeoutError", phase="connect", attempts=4, stopped_by="attempts"),
        where="blackhole",
        options={"timeout": 0.3},
        note="Each attempt ends at the connect limit; it is retried, because every failure to connect is.",
    ),
    wire(
        "F04",
        "accepts, never answers",
        Stall(),
        raises("APITimeoutError", phase="read", attempts=4, stopped_by="attempts", requests=4),
        options={"timeout": 0.2},
    ),
    wire(
        "F04-once",
        "does not answer the first request",
        [Stall(), OK],
        succeeds(requests=2),
        options={"timeout": 0.3},
    ),
    wire("F05", "RST straight after accept", Reset(), DOWN),
    wire("F05-once", "RST straight after accept, twice", [Reset(), Reset(), OK], succeeds(requests=1, connections=3)),
    wire(
        "F06-fin",
        "idle keep-alive socket closed by the server, next call on it",
        [(OK, Close()), OK],
        succeeds(requests=2, connections=2, slept=()),
        input={"calls": 2, "pause": 0.05},
    ),
    wire(
        "F06-race",
        "kept socket closed while the next request is on its way",
        [(OK, KeepAlive()), (ReadRequest(), Close()), OK],
        succeeds(requests=3, connections=2, slept=()),
        input={"calls": 2},
    ),
    wire(
        "F06-reset",
        "kept socket reset while the next request is on its way",
        [(OK, KeepAlive()), (ReadRequest(), Reset()), OK],
        succeeds(requests=3, connections=2, slept=()),
        input={"calls": 2},
    ),
    wire("F07", "headers sent, RST in the body", (Send(HEAD + b"{" * 400), Stall(0.02), Reset()), DOWN),
    wire("F07-once", "one RST in the body", [(Send(HEAD), Stall(0.02), Reset()), OK], succeeds(requests=2)),
    wire("F08", "Content-Length 1000, 400 bytes, FIN", LimitThenClose(HEAD + b"{" * 1000, len(HEAD) + 400), DOWN),
    wire(
        "F08-whole-json",
        "what came of a body cut short is a whole document",
        Send(HEAD + b'{"conversations": [], "success": true}'),
        DOWN,
    ),
    wire(
        "F08-silence",
        "Content-Length two bytes more than there are, then silence",
        (Send(SHORT_OF_TWO), Stall()),
        raises("APITimeoutError", phase="read", attempts=4, stopped_by="attempts", requests=4),
        options={"timeout": 0.2},
        note="A whole document has come, but its sender has promised more: it is not taken for the answer.",
    ),
    wire("F08-once", "one body cut short", [LimitThenClose(LONG, 400), OK], succeeds(requests=2)),
    wire(
        "F09-deadline",
        "drip: one byte at a time for ever, each within the read timeout",
        (Send(HEAD), Forever(b" ", 0.1)),
        raises("APITimeoutError", phase="deadline", attempts=1, stopped_by="deadline", within=2.0),
        options={"timeout": 5.0, "deadline": 0.5},
        note="Delays are a fortieth of the real ones.",
    ),
    wire(
        "F09-timeout",
        "drip for ever, and a timeout that bounds the whole attempt",
        (Send(HEAD), Forever(b" ", 0.1)),
        raises("APITimeoutError", phase="read", attempts=4, stopped_by="attempts"),
        options={"timeout": 0.3, "deadline": 10.0},
        note="The timeout is one of the attempt, not of one read: bytes that keep coming do not prolong it.",
    ),
    wire(
        "F09-headers",
        "drip within the headers",
        (Send(b"HTTP/1.1 200 OK\r\nX-Drip: "), Forever(b"x", 0.1)),
        raises("APITimeoutError", phase="deadline", stopped_by="deadline", within=2.0),
        options={"timeout": 5.0, "deadline": 0.5},
    ),
    wire(
        "F10",
        "20 kB in 1-byte packets",
        Slice(LONG, 1),
        succeeds(requests=1, reads={"0.content.message": TEXT_20_KB}),
        note="Twice the normal time is for a benchmark; here it only has to arrive.",
    ),
    wire(
        "F11-self-signed",
        "TLS: self-signed certificate",
        OK,
        raises("APIConnectionError", **NO_TLS, says=("certificate", "self-signed")),
        tls="self_signed",
    ),
    wire(
        "F11-untrusted",
        "TLS: certificate of an authority that is not trusted",
        OK,
        raises("APIConnectionError", **NO_TLS, says=("certificate", "issuer")),
        tls="untrusted",
    ),
    wire(
        "F11-wrong-host",
        "TLS: certificate for another host",
        OK,
        raises("APIConnectionError", **NO_TLS, says=("certificate", "127.0.0.1")),
        tls="wrong_host",
    ),
    wire(
        "F11-expired",
        "TLS: expired certificate",
        OK,
        raises("APIConnectionError", **NO_TLS, says=("certificate", "expired")),
        tls="expired",
    ),
    wire("F11-good", "TLS: good certificate", OK, succeeds(requests=1), tls="good"),
    wire(
        "F12-http-port",
        "TLS client on a plain port",
        (Unasked(), Send(answers.http(400))),
        raises("APIConnectionError", **NO_TLS),
        scheme="https",
    ),
    wire(
        "F12-tls-port",
        "plain client on a TLS port",
        OK,
        raises("APIConnectionError", attempts=range(1, 5), requests=0),
        tls="good",
        scheme="http",
        note="Not retried is wished for, but without an alert this looks like any dropped connection.",
    ),
    Fault(
        "F13",
        "HTTPS_PROXY points at a dead proxy",
        raises("APIConnectionError", says=("proxy", "{address}"), hides=("proxy-passw0rd",)),
        where="dead_proxy",
        input={"proxy": "http://proxy-user:proxy-passw0rd@{address}"},
        note="{address} is the closed port's; whether a proxy from the environment is used is the transport's choice.",
    ),
    wire(
        "F14",
        "dead server, 1 000 calls one after the other",
        Send(answers.http(500)),
        raises("InternalServerError", stopped_by="budget", requests=range(1_000, 1_041), within=60.0),
        kind="concurrency",
        input={"calls": 1_000},
    ),
)
