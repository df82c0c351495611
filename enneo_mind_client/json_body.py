"""Read a body as JSON: fast where it is as it should be, and else with care, telling what is wrong and where."""

import codecs
import json
import re
from email.message import Message
from typing import Any, Never

import orjson

from .errors import ResponseError, ResponseKind
from .text import excerpt

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*"|(-?Infinity|NaN)', re.DOTALL)


def read(content: bytes, content_type: str = "", *, strict: bool = False) -> Any:
    """Return what a body says.

    Args:
        content: The body.
        content_type: The Content-Type header, whose charset is honoured.
        strict: Also refuse an object that has a key twice.

    Raises:
        ResponseError: The body is not JSON (`not_json`) or not in its charset (`encoding`).
    """
    if strict:
        return read_carefully(content, content_type, _unique)
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as failure:
        return read_carefully(content, content_type, position=failure.pos)


def read_carefully(content: bytes, content_type: str = "", pairs: Any = None, position: int = 0) -> Any:
    """Return what a body says that the fast reader refused, or whose every digit or key counts."""
    text = decode(content, content_type)
    try:
        return json.loads(text, object_pairs_hook=pairs, parse_constant=_refuse, parse_float=_finite)
    except json.JSONDecodeError as failure:
        _fail("not_json", failure.msg, failure.pos, content, content_type)
    except _Refused as refused:
        _fail("not_json", str(refused), _constant_position(text, position), content, content_type)
    except RecursionError:
        _fail("not_json", "nested too deeply", position, content, content_type)
    except ValueError:
        _fail("not_json", "a number with too many digits", position, content, content_type)


def decode(content: bytes, content_type: str = "") -> str:
    """Return a body as text by its byte order mark, else by its declared charset, else as UTF-8."""
    for mark, charset in _BOMS:
        if content.startswith(mark):
            return _decode(content, charset, len(mark), content_type)
    return _decode(content, _charset(content_type), 0, content_type)


def _decode(content: bytes, charset: str, start: int, content_type: str) -> str:
    try:
        return content[start:].decode(charset)
    except UnicodeDecodeError as failure:
        _fail("encoding", f"not {charset}: {failure.reason}", start + failure.start, content, content_type)


def _charset(content_type: str) -> str:
    header = Message()
    header["Content-Type"] = content_type
    declared = header.get_content_charset("utf-8")
    try:
        return codecs.lookup(declared).name if "".encode(declared) is not None else "utf-8"
    except LookupError:
        return "utf-8"


class _Refused(ValueError):
    """Something that the json module reads and JSON does not have."""


def _refuse(constant: str) -> Never:
    raise _Refused(f"{constant} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise _Refused("a number too large to be read")
    return number


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Refused("an object has a key twice")
    return found


def _constant_position(text: str, position: int) -> int:
    found = next((match for match in _CONSTANT.finditer(text) if match[1]), None)
    return found.start() if found else position


def _fail(kind: ResponseKind, what: str, position: int, content: bytes, content_type: str) -> Never:
    shown = excerpt(content)
    said = f"the body ({excerpt(content_type) or 'no content type'}) is {'empty' if not content else 'not JSON'}"
    said = said if kind == "not_json" else "the body cannot be decoded"
    raise ResponseError(f"{said}: {what} at offset {position}: {shown!r}", kind=kind, excerpt=shown) from None
