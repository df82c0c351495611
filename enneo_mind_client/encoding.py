"""How the values of a call become a URL, headers and a body."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from math import isfinite
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args, get_origin
from urllib.parse import quote
from uuid import UUID

import orjson
from attrs import frozen

from .drift import UNSET, Unset
from .errors import ConfigurationError
from .model import Model, members, plain
from .scalars import File
from .shapes import is_list, is_object, member_path

if TYPE_CHECKING:
    from .multipart import Part

Style: TypeAlias = Literal["list", "spaces", "pipes", "deepObject", "json"]
"""How a parameter is written that is not written as usual: joined, as `name[key]`, or as JSON."""

BodyKind: TypeAlias = Literal["json", "form", "multipart", "content"]

_SEPARATORS: Mapping[str | None, str] = {"list": ",", "spaces": "%20", "pipes": "%7C"}
_SUSPICIOUS: Final = (b"null", b"NaN", b"Infinity")
_NO_SEGMENT: Final = frozenset({"", ".", ".."})


@frozen
class Body:
    """A kind of body that an operation takes: its content type, and the type of the values that are sent so."""

    kind: BodyKind
    content_type: str
    type: Callable[[], Any] = lambda: object

    def takes(self, value: object) -> bool:
        """Return whether a value is to be sent so."""
        declared = self.type()
        options = get_args(declared) if isinstance(declared, UnionType) else (declared,)
        return isinstance(value, tuple(get_origin(option) or option for option in options))

    def encode(self, value: Any) -> tuple[bytes, str]:
        """Return a value as bytes, and their content type."""
        return _ENCODERS[self.kind](self, value)


def segment(name: str, value: Any) -> str:
    """Write a value as one segment of a path, and never as a step up or down."""
    written = _joined(value, ",", _quoted) if _is_set(value) else ""
    if written in _NO_SEGMENT:
        raise ConfigurationError(f"{name} is {value!r}, which cannot stand in a URL's path; give its real value")
    return written


def query(parameters: Mapping[str, Any], styles: Mapping[str, Style]) -> str:
    """Write the parameters that are set as the query of a URL, with its question mark if there are any."""
    pairs = [
        f"{_quoted(key)}={value}"
        for name, given in parameters.items()
        for key, value in _pairs(name, given, styles.get(name))
    ]
    return "?" + "&".join(pairs) if pairs else ""


def header(name: str, value: Any) -> str:
    """Write a value as a header's, which cannot end the header."""
    written = _joined(value)
    if not (written.isascii() and written.isprintable()):
        raise ConfigurationError(f"{name} cannot be sent as a header: only printable ASCII can")
    return written


def cookie(parameters: Mapping[str, Any]) -> str:
    """Write the parameters that are set as a Cookie header's value."""
    return "; ".join(f"{name}={_joined(value, '%2C', _quoted)}" for name, value in parameters.items() if is_sent(value))


def _quoted(text: str) -> str:
    """Percent-encode a text; most are numbers and plain words, which stay as they are."""
    if text.isascii() and text.isalnum():
        return text
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise ConfigurationError(f"{text!r} is no text that can be sent: it has half a character") from None


def is_sent(value: object) -> bool:
    """Return whether a parameter that is written as one text is sent: a list without anything in it is not."""
    members = value if is_list(value) else value.values() if is_object(value) else [value]
    return any(map(_is_set, members))


def _is_set(value: object) -> bool:
    return value is not None and value is not UNSET


def _text(value: Any) -> str:
    if isinstance(value, float) and not isfinite(value):
        raise ConfigurationError(f"{value} is no number that can be sent")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date)):
        return str(plain(value))
    return str(value)


def _joined(value: Any, separator: str = ",", write: Callable[[str], str] = str) -> str:
    """Write a value as one text: what it consists of each in a way that tells it from the separator."""
    written = plain(value)
    if is_object(written):
        written = [part for pair in written.items() if pair[1] is not None for part in pair]
    if not is_list(written):
        return write(_text(value))
    return separator.join(write(_text(plain(item))) for item in written if item is not None)


def _pairs(name: str, value: Any, style: Style | None) -> Iterator[tuple[str, str]]:
    """Yield names, and percent-encoded values."""
    if not _is_set(value):
        return
    written = plain(value)
    if style == "json":
        yield name, _quoted(_json(written).decode())
    elif style in _SEPARATORS:
        if is_sent(written):
            yield name, _joined(value, _SEPARATORS[style], _quoted)
    elif is_list(written):
        yield from ((name, _quoted(_text(plain(item)))) for item in written if item is not None)
    elif is_object(written):
        for key, item in written.items():
            yield from _pairs(f"{name}[{key}]" if style else key, item, style)
    else:
        yield name, _quoted(_text(written))


def _json(value: Any) -> bytes:
    try:
        written = orjson.dumps(value, default=plain, option=orjson.OPT_NAIVE_UTC)
    except orjson.JSONEncodeError:
        written = _any_json(value)
    if any(word in written for word in _SUSPICIOUS):
        for place in _infinite(value, "$"):
            raise ConfigurationError(f"{place} cannot be written as JSON, which has neither NaN nor infinity")
    return written


def _infinite(value: Any, path: str) -> Iterator[str]:
    """Yield where a number is none that JSON knows, which orjson writes as null."""
    written = asdict(value) if is_dataclass(value) and not isinstance(value, type) else plain(value)
    if isinstance(written, float) and not isfinite(written):
        yield path
    elif is_object(written):
        for name, item in written.items():
            yield from _infinite(item, member_path(path, name))
    elif is_list(written):
        for index, item in enumerate(written):
            yield from _infinite(item, f"{path}[{index}]")


def _any_json(value: Any) -> bytes:
    """Write also what came from careful reading: integers of any size, lone surrogates."""
    try:
        return json.dumps(value, default=_plain_or_fail).encode()
    except (TypeError, ValueError, RecursionError) as failure:
        raise ConfigurationError(f"the body cannot be written as JSON: {failure}") from None


def _plain_or_fail(value: Any) -> Any:
    written = plain(value)
    if written is value:
        raise TypeError(f"{type(value).__name__} has no JSON form")
    return written


def _encode_json(body: Body, value: Any) -> tuple[bytes, str]:
    return _json(plain(value)), body.content_type


def _encode_form(body: Body, value: Any) -> tuple[bytes, str]:
    return query(_members(value), {})[1:].encode(), body.content_type


def _encode_content(body: Body, value: Any) -> tuple[bytes, str]:
    if isinstance(value, File):
        return value.read(), value.mime_type or body.content_type
    content = _bytes_of(value)
    return (_text(value).encode() if content is None else content), body.content_type


def _encode_multipart(_: Body, value: Any) -> tuple[bytes, str]:
    from .multipart import write

    return write(part for name, given in _members(value).items() for part in _parts(name, given))


def _parts(name: str, value: Any) -> "Iterator[Part]":
    from .multipart import Part

    if is_list(value):
        for item in value:
            yield from _parts(name, item)
    elif isinstance(value, File):
        yield Part(name, value.read(), value.file_name or "file", value.mime_type)
    elif (content := _bytes_of(value)) is not None:
        yield Part(name, content, "file")
    elif isinstance(value, (Model, dict)):
        yield Part(name, _json(plain(value)), mime_type="application/json")
    elif _is_set(value):
        yield Part(name, _text(plain(value)).encode())


def _bytes_of(value: Any) -> bytes | None:
    """Return what bytes or an open file hold; None for what is to be written as text."""
    content = value.read() if hasattr(value, "read") else value
    if isinstance(content, (bytes, bytearray)):
        return bytes(content)
    if content is not value or not isinstance(value, (str, int, float, date, UUID, Model, dict, NoneType, Unset)):
        raise ConfigurationError(f"a {type(value).__name__} cannot be sent: give a File, bytes or a binary file")
    return None


def _members(value: Any) -> dict[str, Any]:
    """Return what a form is made of, files still as files."""
    if not isinstance(value, Model):
        return dict(value)
    return {name: member for name, member in members(value).items() if _is_set(member)}


_ENCODERS: Mapping[BodyKind, Callable[[Body, Any], tuple[bytes, str]]] = {
    "json": _encode_json,
    "form": _encode_form,
    "multipart": _encode_multipart,
    "content": _encode_content,
}
