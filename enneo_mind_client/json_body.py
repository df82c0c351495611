"""Read a body as JSON: fast where it is as it should be, and else with care, telling what is wrong and where."""

import codecs
import json
import re
from collections import Counter
from math import isinf
from string import digits
from typing import Any, Final, Never

import orjson
from attrs import frozen

from .errors import ResponseError, ResponseKind
from .text import excerpt

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_AS_ZEROS: Final = bytes(ord("0") if chr(byte) in digits else byte for byte in range(256))
_LONG: Final = re.compile(rb"(?<![0-9.eE+])(-?)([0-9]{19,})(?![0-9])")
_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*"|(-?Infinity|NaN)', re.DOTALL)


def read(content: bytes, content_type: str = "", *, strict: bool = False) -> Any:
    """Return what a body says.

    Args:
        content: The body.
        content_type: The Content-Type header, whose charset is honoured.
        strict: Also refuse an object that has a key twice.

    Raises:
        ResponseError: The body is not JSON (`not_json`), not in its charset (`encoding`), or has a key twice (`shape`).
    """
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError as failure:
        return _Careful(content, content_type, failure.pos).read(strict)
    if strict:
        return _Careful(content, content_type, 0).read(strict)
    return _exact(content, found) if _has_long_integer(content) else found


def decode(content: bytes, content_type: str = "") -> str:
    """Return a body as text by its byte order mark, else by its declared charset, else as UTF-8."""
    return _Careful(content, content_type, 0).text()


def _has_long_integer(content: bytes) -> bool:
    """Return whether there is an integer of more than 64 bits, of which orjson makes a float.

    Of 19 digits in a row four are seen by looking at every fourth byte, which costs little and mostly says no.
    """
    if b"0000" not in content[::4].translate(_AS_ZEROS):
        return False
    return any(_is_long(*match.groups()) for match in _LONG.finditer(content))


def _is_long(sign: bytes, digits: bytes) -> bool:
    return len(digits) > 20 or int(digits) >= (2**63 + 1 if sign else 2**64)


def _exact(content: bytes, found: Any) -> Any:
    try:
        return json.loads(content)
    except RecursionError:
        return found


class _RefusedError(ValueError):
    """Something that the json module reads and JSON does not have."""


class _RepeatedError(ValueError):
    """A key that an object has twice."""


def _refuse(constant: str) -> Never:
    raise _RefusedError(f"{constant} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if isinf(number):
        raise _RefusedError("a number is too large")
    return number


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RepeatedError(excerpt(Counter(key for key, _ in pairs).most_common(1)[0][0]))
    return found


@frozen
class _Careful:
    """The reading of a body that the fast reader refused at a position, or of which every key counts."""

    content: bytes
    content_type: str
    position: int

    def read(self, strict: bool) -> Any:
        text = self.text()
        try:
            return json.loads(
                text, object_pairs_hook=_unique if strict else None, parse_constant=_refuse, parse_float=_finite
            )
        except json.JSONDecodeError as failure:
            self._fail("not_json", failure.msg, failure.pos)
        except _RefusedError as failure:
            constant = next((match for match in _CONSTANT.finditer(text) if match[1]), None)
            self._fail("not_json", str(failure), constant.start() if constant else self.position)
        except _RepeatedError as failure:
            self._fail("shape", f"an object has the key {str(failure)!r} twice", 0)
        except RecursionError:
            self._fail("not_json", "it is nested too deeply", self.position)
        except ValueError:
            self._fail("not_json", "a number has too many digits", self.position)

    def text(self) -> str:
        for mark, charset in _BOMS:
            if self.content.startswith(mark):
                return self._decode(charset, len(mark))
        return self._decode(self._charset(), 0)

    def _charset(self) -> str:
        from email.message import Message  # seldom needed, and slow to import

        header = Message()
        header["Content-Type"] = self.content_type.replace("\0", "")
        return header.get_content_charset("utf-8")

    def _decode(self, charset: str, start: int) -> str:
        try:
            return self.content[start:].decode(charset)
        except LookupError:
            return self._decode("utf-8", start)
        except UnicodeError as failure:
            self._fail("encoding", f"it is not {charset}", start + getattr(failure, "start", 0))

    def _fail(self, kind: ResponseKind, what: str, position: int) -> Never:
        shown = excerpt(self.content)
        label = excerpt(self.content_type) or "without a content type"
        said = f"the body ({label}) cannot be read: {what} at offset {position}: {shown!r}"
        if not self.content:
            said = f"the body ({label}) is empty where JSON is due"
        raise ResponseError(said, kind=kind, paths=["$"] if kind == "shape" else (), excerpt=shown) from None
