"""D. Body faults, up to the document's top level."""

import json
from typing import Any, Final

from . import answers
from .cases_connection import OK
from .fault import Expect, Fault, raises, succeeds, wire
from .verbs import Forever, Script, Send

TEXT: Final = json.dumps(answers.answer(), ensure_ascii=False)
MESSAGE: Final = answers.conversation()["content"]["message"]
ZIPPED: Final = answers.gzip_body()
READ: Final = succeeds(requests=1, reads={"0.content.message": MESSAGE})
NOT_JSON: Final = raises("ResponseError", kind="not_json", attempts=range(1, 3), requests=range(1, 3))
MAYBE_CUT: Final = "Asked for once more, as all that is not JSON: it may be a body that broke off behind a gateway."
ENCODING: Final = raises("ResponseError", kind="encoding", attempts=range(1, 5))
TOO_LARGE: Final = raises("ResponseError", kind="too_large", attempts=1, within=20.0)
CUT: Final = TEXT.encode()[:-20]


def _raw(name: str, stimulus: str, body: str | bytes, expect: Expect, note: str = "", **headers: str) -> Fault:
    return wire(name, stimulus, Send(answers.json_raw(body, 200, **headers)), expect, note=note)


def _bomb(_: int) -> Script:
    return Send(answers.encoded(answers.gzip_bomb(), "gzip"))


def _size(value: str) -> str:
    return json.dumps(answers.answer(answers.conversation(attachments=[{"size": 0.5}]))).replace("0.5", value)


def _top(name: str, document: Any, paths: frozenset[str], note: str = "") -> Fault:
    expect = raises("ResponseError", kind="shape", path=paths, attempts=1)
    return wire(
        f"F47-{name}",
        f"top level {json.dumps(document)}",
        Send(answers.json_raw(json.dumps(document))),
        expect,
        note=note,
    )


ROOT: Final = frozenset({"$"})
ROOT_OR_LIST: Final = frozenset({"$", "$.conversations"})

CASES: Final = (
    wire(
        "F34",
        "200 with an HTML login page",
        Send(answers.html(200, "<html><title>Log in</title></html>")),
        raises("ResponseError", kind="not_json", attempts=range(1, 3), excerpt="Log in", says=("text/html",)),
        note=MAYBE_CUT,
    ),
    wire(
        "F35",
        "JSON said to be text/html",
        Send(answers.http(200, TEXT.encode(), headers=answers.HTML)),
        succeeds(requests=1, reads={"0.content.message": MESSAGE}, warns=True),
    ),
    wire(
        "F36",
        "truncated JSON, its Content-Length right",
        Send(answers.json_raw(CUT)),
        raises("ResponseError", kind="not_json", attempts=range(1, 3), says=("offset",)),
        note=f"{MAYBE_CUT} Says where it ends.",
    ),
    wire("F36-once", "one truncated document", [Send(answers.json_raw(CUT)), OK], succeeds(requests=2)),
    wire(
        "F37-length",
        "1 GiB, announced",
        (Send(answers.http(200, headers=answers.JSON | {"Content-Length": str(1 << 30)})), Forever(b" " * 65_536)),
        TOO_LARGE,
        note="Peak memory stays within the cap and a few MiB, which the driver measures.",
    ),
    wire(
        "F37-chunked",
        "a body without end, unannounced",
        (Send(answers.chunked([b"{"], last=False)), Forever(b"10000\r\n" + b" " * 65_536 + b"\r\n")),
        TOO_LARGE,
    ),
    wire("F38-bomb", "gzip bomb, 256 KiB to 256 MiB", _bomb, TOO_LARGE, note="Memory as in F37."),
    wire(
        "F38-chain",
        "10 chained encodings",
        Send(answers.gzip_chain(10)),
        raises("ResponseError", kind=frozenset({"encoding", "too_large"}), attempts=1),
        note="More than five are refused whatever they hold.",
    ),
    wire("F38-good", "gzip", Send(answers.encoded(ZIPPED, "gzip")), READ),
    wire(
        "F39",
        "gzip cut in half, its length right",
        Send(answers.encoded(ZIPPED[: len(ZIPPED) // 2], "gzip")),
        raises(frozenset({"APIConnectionError", "ResponseError"}), attempts=range(1, 5)),
        note="A body broken off or a broken encoding: either name is right, short data never is.",
    ),
    wire(
        "F39-trailer",
        "gzip without its checksum: all the data, but nothing says so",
        Send(answers.encoded(ZIPPED[:-8], "gzip")),
        raises(frozenset({"APIConnectionError", "ResponseError"}), attempts=range(1, 5)),
    ),
    wire("F40", "says gzip, is plain", Send(answers.encoded(TEXT.encode(), "gzip")), ENCODING),
    wire(
        "F41",
        "an encoding that nobody asked for",
        Send(answers.encoded(b"\x0b\x02\x80{}\x03", "br")),
        ENCODING,
        note="Holds with and without brotli installed: it is not in Accept-Encoding, or the bytes are none.",
    ),
    wire("F41-unknown", "an encoding that there is not", Send(answers.encoded(b"\x00\x01", "zip-o-matic")), ENCODING),
    _raw("F42-bom", "UTF-8 with a byte order mark", TEXT.encode("utf-8-sig"), READ),
    _raw("F42-invalid", "invalid UTF-8", TEXT.encode().replace(b"\xc3\xa4", b"\xff"), ENCODING, "Says where."),
    _raw("F42-latin1", "latin-1, undeclared", TEXT.encode("latin-1"), ENCODING),
    _raw(
        "F42-latin1-declared",
        "latin-1, declared",
        TEXT.encode("latin-1"),
        READ,
        Content_Type="application/json; charset=latin1",
    ),
    _raw(
        "F42-utf16",
        "UTF-16 with its byte order mark, undeclared",
        TEXT.encode("utf-16"),
        READ,
        "The mark says it, as in UTF-8.",
    ),
    _raw("F42-utf16-bare", "UTF-16 without a mark, undeclared", TEXT.encode("utf-16-le"), ENCODING),
    _raw(
        "F42-utf16-declared",
        "UTF-16, declared",
        TEXT.encode("utf-16"),
        READ,
        Content_Type="application/json; charset=utf-16",
    ),
    _raw(
        "F42-charset",
        "a charset that there is not",
        TEXT,
        READ,
        "JSON is UTF-8 (RFC 8259), and this is: nothing is lost by reading it.",
        Content_Type="application/json; charset=klingon",
    ),
    *(
        _raw(
            f"F43-{value}",
            f"{value} where a number is due",
            _size(value),
            raises("ResponseError", kind=frozenset({"not_json", "shape"}), attempts=range(1, 3)),
            "It is not JSON; a parser that sees it cannot say the path, one that takes it could.",
        )
        for value in ("NaN", "Infinity", "-Infinity")
    ),
    _raw(
        "F44",
        "duplicate keys",
        '{"conversations": [], ' + TEXT[1:],
        succeeds(requests=1, reads={"0.content.message": MESSAGE}),
        "The last one wins. A warning is wished for, but the fast parser cannot see duplicates.",
    ),
    wire(
        "F44-strict",
        "duplicate keys, strict",
        Send(answers.json_raw('{"conversations": [], ' + TEXT[1:])),
        raises("ResponseError", kind="shape", says=("twice",)),
        options={"strict": True},
        note="No path: the standard library's parser, asked in strict mode only, does not say where it is.",
    ),
    _raw("F45", "an integer of 5 000 digits", TEXT.replace("376189", "9" * 5_000), NOT_JSON),
    _raw(
        "F45-20",
        "an integer of 20 digits, more than 64 bits",
        TEXT.replace("376189", "9" * 20),
        succeeds(requests=1, reads={"0.ticket_id": frozenset({"UNSET", 10**20 - 1})}),
        "The fast parser reads it as a float: the rounded value must not become an id.",
    ),
    _raw("F46", "200 000 levels deep", "[" * 200_000 + "]" * 200_000, NOT_JSON),
    _top("null", None, ROOT, "null is None for a field, but an answer that is null holds no list."),
    _top("list", [], ROOT_OR_LIST, "[] is PHP's empty object, which then lacks its list: either path is right."),
    _top("text", "x", ROOT),
    _top("zero", 0, ROOT),
    _top("true", True, ROOT),
    _top("list-of-one", [answers.conversation()], ROOT_OR_LIST),
    *(
        wire(
            f"F47-{name}",
            f"no list of conversations: {json.dumps(document)}",
            Send(answers.json_ok(document)),
            raises("ResponseError", kind="shape", path="$.conversations", requests=1),
            note="A list that is missing is not an empty ticket.",
        )
        for name, document in {
            "bare-success": {"success": True},
            "other-fields": {"conversation": [], "success": True},
            "list-as-text": {"conversations": "none", "success": True},
            "list-as-number": {"conversations": 7, "success": True},
            "list-as-object": {"conversations": {"id": 1}, "success": True},
        }.items()
    ),
    wire(
        "F47-empty-object",
        "top level {}",
        Send(answers.json_raw("{}")),
        raises("ResponseError", kind="shape", path="$.conversations", requests=1),
    ),
)
