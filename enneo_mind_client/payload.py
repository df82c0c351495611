"""How the body of a call becomes bytes: as JSON, as a form, in parts, or as it is."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args, get_origin
from uuid import UUID

from attrs import frozen

from .drift import Unset
from .encoding import as_json, as_text, is_set, query
from .errors import ConfigurationError
from .model import Model, members, plain
from .scalars import File
from .shapes import is_list

if TYPE_CHECKING:
    from .multipart import Part

BodyKind: TypeAlias = Literal["json", "form", "multipart", "content"]


@frozen
class Body:
    """A kind of body that an operation takes: its content type, and the type of the values that are sent so."""

    kind: BodyKind
    content_type: str
    type: Callable[[], Any] = lambda: object

    @property
    def label(self) -> str:
        """The content type of what does not say its own: a range of them, such as `image/*`, is none."""
        return "application/octet-stream" if "*" in self.content_type else self.content_type

    def takes(self, value: object) -> bool:
        """Return whether a value is to be sent so."""
        declared = self.type()
        options = get_args(declared) if isinstance(declared, UnionType) else (declared,)
        return isinstance(value, tuple(get_origin(option) or option for option in options))

    def suits(self, value: object) -> bool:
        """Return whether nothing of a value is lost that way: of files only multipart tells more than their text."""
        return self.kind in ("multipart", "content") or not _holds_file(value)

    def encode(self, value: Any) -> tuple[bytes, str]:
        """Return a value as bytes, and their content type."""
        return _ENCODERS[self.kind](self, value)


def _encode_json(body: Body, value: Any) -> tuple[bytes, str]:
    return as_json(plain(value)), body.content_type


def _encode_form(body: Body, value: Any) -> tuple[bytes, str]:
    return query(_members(value), {})[1:].encode(), body.content_type


def _encode_content(body: Body, value: Any) -> tuple[bytes, str]:
    if isinstance(value, File):
        return value.read(), value.mime_type or body.label
    content = _bytes_of(value)
    return (as_text(value).encode() if content is None else content), body.label


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
        yield Part(name, as_json(plain(value)), mime_type="application/json")
    elif is_set(value):
        yield Part(name, as_text(plain(value)).encode())


def _bytes_of(value: Any) -> bytes | None:
    """Return what bytes or an open file hold; None for what is to be written as text."""
    content = value.read() if hasattr(value, "read") else value
    if isinstance(content, (bytes, bytearray)):
        return bytes(content)
    if content is not value or not isinstance(value, (str, int, float, date, UUID, Model, dict, NoneType, Unset)):
        raise ConfigurationError(f"a {type(value).__name__} cannot be sent: give a File, bytes or a binary file")
    return None


def _holds_file(value: object) -> bool:
    inner = members(value).values() if isinstance(value, Model) else value if is_list(value) else ()
    return isinstance(value, File) or any(map(_holds_file, inner))


def _members(value: Any) -> dict[str, Any]:
    """Return what a form is made of, files still as files."""
    if not isinstance(value, Model):
        return dict(value)
    return {name: member for name, member in members(value).items() if is_set(member)}


_ENCODERS: Mapping[BodyKind, Callable[[Body, Any], tuple[bytes, str]]] = {
    "json": _encode_json,
    "form": _encode_form,
    "multipart": _encode_multipart,
    "content": _encode_content,
}
