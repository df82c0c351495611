"""How the values of a call become a URL, headers and a body."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from io import BytesIO
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeAlias, cast, get_args, get_origin
from urllib.parse import quote
from uuid import UUID

import orjson
from attrs import frozen

from .drift import UNSET, Unset
from .errors import ConfigurationError
from .model import Model, plain
from .scalars import File
from .shapes import is_list, is_object

Style: TypeAlias = Literal["list", "spaces", "pipes", "deepObject", "json"]
"""How a parameter is written that is not written as usual: joined, as `name[key]`, or as JSON."""

BodyKind: TypeAlias = Literal["json", "form", "multipart", "content"]

_SEPARATORS: Mapping[str | None, str] = {"list": ",", "spaces": " ", "pipes": "|"}
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
    written = _quoted(_joined(value)) if _is_set(value) else ""
    if written in _NO_SEGMENT:
        raise ConfigurationError(f"{name} is {value!r}, which cannot stand in a URL's path; give its real value")
    return written


def query(parameters: Mapping[str, Any], styles: Mapping[str, Style]) -> str:
    """Write the parameters that are set as the query of a URL, with its question mark if there are any."""
    pairs = [
        f"{_quoted(key)}={_quoted(value)}"
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
    return "; ".join(f"{name}={_quoted(_joined(value))}" for name, value in parameters.items() if _is_set(value))


def _quoted(text: str) -> str:
    """Percent-encode a text; most are numbers and plain words, which stay as they are."""
    if text.isascii() and text.isalnum():
        return text
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise ConfigurationError(f"{text!r} is no text that can be sent: it has half a character") from None


def _is_set(value: object) -> bool:
    return value is not None and value is not UNSET


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date)):
        return str(plain(value))
    return str(value)


def _joined(value: Any, separator: str = ",") -> str:
    written = plain(value)
    if is_object(written):
        written = [part for pair in written.items() for part in pair]
    return separator.join(map(_text, written)) if is_list(written) else _text(value)


def _pairs(name: str, value: Any, style: Style | None) -> Iterator[tuple[str, str]]:
    if not _is_set(value):
        return
    written = plain(value)
    if style == "json":
        yield name, _json(written).decode()
    elif style in _SEPARATORS:
        yield name, _joined(value, _SEPARATORS[style])
    elif is_list(written):
        yield from ((name, _text(plain(item))) for item in written if item is not None)
    elif is_object(written):
        for key, item in written.items():
            yield from _pairs(f"{name}[{key}]" if style else key, item, style)
    else:
        yield name, _text(written)


def _json(value: Any) -> bytes:
    try:
        return orjson.dumps(value, default=plain, option=orjson.OPT_NAIVE_UTC)
    except orjson.JSONEncodeError:
        return _any_json(value)


def _any_json(value: Any) -> bytes:
    """Write also what came from careful reading: integers of any size, lone surrogates."""
    try:
        return json.dumps(value, default=_plain_or_fail, allow_nan=False).encode()
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
    import httpx

    parts = [(name, part) for name, given in _members(value).items() for part in _parts(given)]
    request = httpx.Request("POST", "http://multipart", files=cast("Any", parts))
    return request.read(), request.headers.get("Content-Type", "multipart/form-data")


def _parts(value: Any) -> Iterable[tuple[str | None, Any, str | None]]:
    if is_list(value):
        return [part for item in value for part in _parts(item)]
    if isinstance(value, File):
        return [(value.file_name or "file", BytesIO(value.read()), value.mime_type)]
    if (content := _bytes_of(value)) is not None:
        return [("file", BytesIO(content), None)]
    if isinstance(value, (Model, dict)):
        return [(None, _json(plain(value)), "application/json")]
    return [(None, _text(plain(value)).encode(), None)] if _is_set(value) else []


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
    declared = {name: member for name, member in value.__wire__.items(value) if _is_set(member)}
    return {**value.additional_properties, **declared}


_ENCODERS: Mapping[BodyKind, Callable[[Body, Any], tuple[bytes, str]]] = {
    "json": _encode_json,
    "form": _encode_form,
    "multipart": _encode_multipart,
    "content": _encode_content,
}
