"""Responses that nobody would write: valid ones, mutated by a seeded fuzzer in status, headers and bytes."""

import copy
import gzip
import json
import random
import zlib
from collections.abc import Callable
from typing import Any, Final

from attrs import frozen

from tests.faults import answers

DOCUMENT: Final[dict[str, Any]] = answers.answer(
    answers.conversation(attachments=[answers.attachment()]),
    answers.conversation(id=2, createdAt="2022-08-12 12:21:21"),
)
ODD: Final[tuple[Any, ...]] = (
    None, True, False, 0, 1, -1, 2, 1.5, 1e308, -1e-300, 10**18, 10**19, 2**64, 10**400, "", "0", "1", "abc", "\0",
    "\ud800", "0000-00-00 00:00:00", "2026-02-30 00:00:00", "9999-12-31T23:59:59-14:00", "1657056276", "é" * 50,
    "x" * 5_000, [], {}, [[]], [None], {"0": 1}, {"1": {}, "0": None}, {"": ""}, {"success": False}, [{}] * 50,
)  # fmt: skip
_STATUSES: Final = (
    *range(200, 207),
    100,
    103,
    299,
    300,
    304,
    400,
    401,
    403,
    404,
    418,
    429,
    500,
    503,
    520,
    599,
    600,
    999,
)
_TYPES: Final = (
    "application/json", "application/json; charset=utf-8", "text/html", "", "json", "application/problem+json",
    "application/json; charset=utf-16", "application/json; charset=latin1", "application/json; charset=klingon",
    "application/json; charset=base64", "application/json; charset=idna", "application/json; charset=undefined",
    "application/json; charset=\x7f", 'application/json; charset="', "; ; ;", "application/json; charset*=utf-8''x",
)  # fmt: skip
_ENCODINGS: Final = (
    "gzip",
    "deflate",
    "br",
    "identity",
    "gzip, gzip",
    "gzip, deflate",
    "x-gzip",
    ",",
    "gzip" + ", gzip" * 9,
)
_BYTES: Final = (
    b"\0",
    b"\xff",
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b"\\",
    b",",
    b":",
    b"-",
    b"9" * 30,
    b"\xef\xbb\xbf",
    b"null",
    b"NaN",
)


@frozen
class Mutant:
    """A response as a server would send it: headers by lower-case name, the body as it goes over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


def mutant(chance: random.Random) -> Mutant:
    """Return the next mutated response."""
    body = _bytes(chance, _encoded_text(chance))
    headers = {"content-type": chance.choice(_TYPES) if chance.random() < 0.3 else _TYPES[0]}
    if chance.random() < 0.2:
        encoding = chance.choice(_ENCODINGS)
        headers["content-encoding"] = encoding
        body = _bytes(chance, _compressed(chance, encoding, body))
    if chance.random() < 0.1:
        headers[chance.choice(["retry-after", "location", "x-request-id"])] = _header(chance)
    return Mutant(chance.choice(_STATUSES) if chance.random() < 0.2 else 200, headers, body)


def document(chance: random.Random) -> Any:
    """Return a valid document with some values replaced, removed, doubled or wrapped."""
    found: Any = copy.deepcopy(DOCUMENT)
    for _ in range(chance.randrange(4)):
        found = _changed(chance, found)
    return found


def _changed(chance: random.Random, value: Any) -> Any:
    inside = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    if not inside or chance.random() < 0.15:
        return chance.choice([_odd(chance), [value], {"0": value, "2": value}, {"value": value}])
    key = chance.choice(list(inside))
    if isinstance(value, dict) and chance.random() < 0.15:
        value[chance.choice(["", "new", "success", "error", "\ud800", "__class__", "0"])] = _odd(chance)
    elif chance.random() < 0.1:
        del value[key]
    else:
        value[key] = _changed(chance, value[key])
    return value


def _odd(chance: random.Random) -> Any:
    return copy.deepcopy(chance.choice(ODD))


def _encoded_text(chance: random.Random) -> bytes:
    text = json.dumps(document(chance), ensure_ascii=chance.random() < 0.5)
    charset = chance.choice(["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252"])
    return text.encode(charset, "surrogatepass" if charset.startswith("utf") else "replace")


def _compressed(chance: random.Random, encoding: str, body: bytes) -> bytes:
    for name in encoding.split(", "):
        if chance.random() < 0.9:
            body = gzip.compress(body) if "gzip" in name else zlib.compress(body) if name == "deflate" else body
    return body


def _bytes(chance: random.Random, body: bytes) -> bytes:
    for _ in range(chance.choice([0, 0, 0, 1, 1, 2, 8])):
        at = chance.randrange(len(body) + 1)
        body = chance.choice(_EDITS)(chance, body, at)
    return body


def _header(chance: random.Random) -> str:
    return chance.choice(
        ["", "0", "-1", "1e9", "nan", "٣", "Thu, 01 Jan 100000 00:00:00 GMT", "//[", "http://[::1", "/login", "x" * 999]
    )


_EDITS: Final[tuple[Callable[[random.Random, bytes, int], bytes], ...]] = (
    lambda chance, body, at: body[:at],
    lambda chance, body, at: body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :],
    lambda chance, body, at: body[:at] + chance.choice(_BYTES) + body[at:],
    lambda chance, body, at: body[:at] + body[at + chance.randrange(1, 40) :],
    lambda chance, body, at: body[:at] + body[at : at + chance.randrange(1, 40)] * 2 + body[at + 1 :],
    lambda chance, body, at: b"",
    lambda chance, body, at: body[:at] + b"[" * chance.choice([10, 2_000, 100_000]) + body[at:],
)
