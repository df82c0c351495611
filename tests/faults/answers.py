"""Builders of raw responses, so that a script is one line."""

import gzip
import json
import zlib
from collections.abc import Iterable, Mapping
from functools import cache, reduce
from http import HTTPStatus
from typing import Any, Final

JSON: Final = {"Content-Type": "application/json"}
BODILESS: Final = frozenset({*range(100, 200), 204, 304})
HTML: Final = {"Content-Type": "text/html; charset=utf-8"}


def http(
    status: int = 200, body: bytes = b"", *, headers: Mapping[str, str] | None = None, reason: str | None = None
) -> bytes:
    """Return a whole response, its Content-Length right unless the headers say otherwise."""
    fields = dict(headers or {})
    if status not in BODILESS and not {name.lower() for name in fields} & {"content-length", "transfer-encoding"}:
        fields["Content-Length"] = str(len(body))
    phrase = _phrase(status) if reason is None else reason
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def json_raw(text: str | bytes, status: int = 200, **headers: str) -> bytes:
    """Return a response whose body is this text, said to be JSON whether it is or not."""
    body = text.encode() if isinstance(text, str) else text
    return http(status, body, headers=JSON | {name.replace("_", "-"): value for name, value in headers.items()})


def json_status(status: int, obj: Any, **headers: str) -> bytes:
    """Return a JSON response of any status; `Retry_After="2"` adds a header."""
    return json_raw(json.dumps(obj), status, **headers)


def json_ok(obj: Any = None, **headers: str) -> bytes:
    """Return a JSON response of 200, by default one ticket's conversations."""
    return json_status(200, answer() if obj is None else obj, **headers)


def html(status: int, text: str = "<html><body><h1>Down for maintenance</h1></body></html>") -> bytes:
    """Return an HTML page, as gateways and login forms send it."""
    return http(status, text.encode(), headers=HTML)


def chunked(parts: Iterable[bytes], *, last: bool = True, headers: Mapping[str, str] = JSON) -> bytes:
    """Return a chunked response of 200, whole or without its last chunk."""
    body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
    return http(200, body + (b"0\r\n\r\n" if last else b""), headers={**headers, "Transfer-Encoding": "chunked"})


def encoded(body: bytes, coding: str) -> bytes:
    """Return a JSON response of 200 which says it has this Content-Encoding, whether it has or not."""
    return http(200, body, headers=JSON | {"Content-Encoding": coding})


def gzip_body(obj: Any = None) -> bytes:
    """Return a document as gzipped JSON, without a head."""
    return gzip.compress(json.dumps(answer() if obj is None else obj).encode())


def gzip_chain(times: int) -> bytes:
    """Return a response gzipped many times over, and saying so."""
    body = reduce(lambda data, _: gzip.compress(data), range(times), json.dumps(answer()).encode())
    return encoded(body, ", ".join(["gzip"] * times))


@cache
def gzip_bomb(size: int = 256 << 20) -> bytes:
    """Return a gzipped body which grows about a thousandfold, to `size` spaces (a multiple of 1 MiB).

    One block, flushed so that it stands alone, is repeated: compressing the whole would take seconds.
    """
    block = b" " * (1 << 20)
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = deflate.compress(block) + deflate.flush(zlib.Z_FULL_FLUSH)
    times = size // len(block)
    checksum = reduce(lambda crc, _: zlib.crc32(block, crc), range(times), 0)
    trailer = checksum.to_bytes(4, "little") + (size % (1 << 32)).to_bytes(4, "little")
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + packed * times + deflate.flush() + trailer


def conversation(**changes: Any) -> dict[str, Any]:
    """Return a conversation as the API writes it, with changes by wire name."""
    return {
        "id": 123,
        "ticketId": 376189,
        "type": "html",
        "direction": "in",
        "private": False,
        "isDraft": False,
        "sender": {"id": 1, "name": "Jörg Example", "email": "joerg@example.com", "subchannelId": None},
        "to": ["service@example.com"],
        "content": {"message": "Guten Tag, mein Zählerstand ist 87870."},
        "isRead": True,
        "attachments": [],
        "interface": [],
        "createdAt": 1657056276,
        "modifiedAt": "2022-08-12 12:21:21",
    } | changes


def attachment(**changes: Any) -> dict[str, Any]:
    """Return an attachment as the API writes it, with changes by wire name."""
    return {
        "id": 103013960646,
        "url": "https://client.example.com/attachments/meter.jpg",
        "name": "meter.jpg",
        "size": 2292952,
        "inline": False,
        "contentType": "image/jpeg",
        "extractedData": None,
        "extractionData": {"confidence": 0.815, "meterValue": 87870.5},
    } | changes


def answer(*conversations: Any, **changes: Any) -> dict[str, Any]:
    """Return a ticket's conversations as the API answers them, by default one."""
    return {"conversations": list(conversations) or [conversation()], "success": True} | changes


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unregistered"
