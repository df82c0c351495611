"""How the values of a call become a URL and headers, and JSON."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import quote

import orjson

from .drift import UNSET
from .errors import ConfigurationError
from .model import plain
from .shapes import is_list, is_object, member_path

Style: TypeAlias = Literal["list", "spaces", "pipes", "deepObject", "json"]
"""How a parameter is written that is not written as usual: joined, as `name[key]`, or as JSON."""

_SEPARATORS: Mapping[str | None, str] = {"list": ",", "spaces": "%20", "pipes": "%7C"}
_SUSPICIOUS: Final = (b"null", b"NaN", b"Infinity")
_NO_SEGMENT: Final = frozenset({"", ".", ".."})


def segment(name: str, value: Any) -> str:
    """Write a value as one segment of a path, and never as a step up or down."""
    written = _joined(value, ",", _quoted) if is_set(value) else ""
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
    return any(map(is_set, members))


def is_set(value: object) -> bool:
    """Return whether there is a value at all."""
    return value is not None and value is not UNSET


def as_text(value: Any) -> str:
    """Write a value that is one text, such as a number or a moment."""
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
        return write(as_text(value))
    return separator.join(write(as_text(plain(item))) for item in written if item is not None)


def _pairs(name: str, value: Any, style: Style | None) -> Iterator[tuple[str, str]]:
    """Yield names, and percent-encoded values."""
    if not is_set(value):
        return
    written = plain(value)
    if style == "json":
        yield name, _quoted(as_json(written).decode())
    elif style in _SEPARATORS:
        if is_sent(written):
            yield name, _joined(value, _SEPARATORS[style], _quoted)
    elif is_list(written):
        yield from ((name, _quoted(as_text(plain(item)))) for item in written if item is not None)
    elif is_object(written):
        for key, item in written.items():
            yield from _pairs(f"{name}[{key}]" if style else key, item, style)
    else:
        yield name, _quoted(as_text(written))


def as_json(value: Any) -> bytes:
    """Write a value as JSON, and refuse what JSON does not have."""
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
