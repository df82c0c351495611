"""How the body of a success becomes the value an operation promises, or an error that says why it cannot."""

import logging
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import Any, Protocol

from attrs import frozen

from . import json_body
from .decoders import Decoder
from .drift import UNSET, Drift
from .errors import ResponseError
from .model import Model
from .scalars import File
from .shapes import is_list, is_object
from .text import excerpt, printable

_logger = logging.getLogger("enneo_mind_client.wire")
_mislabelled: set[str] = set()


class Reply(Protocol):
    """What is read: a response as it came."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers by lower-case name."""
        ...

    @property
    def content(self) -> bytes:
        """The body."""
        ...


@frozen
class Answer:
    """What a success is declared to say."""

    content_type: str
    read: Callable[[str, Reply, bool], Any]


def json(decoder: Decoder, content_type: str = "application/json") -> Answer:
    """A JSON document."""

    def read(operation: str, reply: Reply, strict: bool) -> Any:
        declared = reply.headers.get("content-type", "")
        document = json_body.read(reply.content, declared, strict=strict)
        _check_label(operation, declared)
        _check_success(document, decoder, reply)
        return _decode(document, decoder, reply, strict)

    return Answer(content_type, read)


def text(content_type: str = "text/plain") -> Answer:
    """Text in the charset it is declared to be in."""

    def read(_: str, reply: Reply, __: bool) -> str:
        return json_body.decode(reply.content, reply.headers.get("content-type", ""))

    return Answer(content_type, read)


def content(content_type: str = "*/*") -> Answer:
    """A file."""

    def read(_: str, reply: Reply, __: bool) -> File:
        return File(BytesIO(reply.content), _file_name(reply.headers), reply.headers.get("content-type"))

    return Answer(content_type, read)


def nothing() -> Answer:
    """No body; one that comes all the same is left alone."""

    def read(_: str, __: Reply, ___: bool) -> None:
        return None

    return Answer("*/*", read)


def _file_name(headers: Mapping[str, str]) -> str | None:
    from email.message import Message  # seldom needed, and slow to import

    header = Message()
    header["Content-Disposition"] = headers.get("content-disposition", "")
    return header.get_filename()


def _check_label(operation: str, content_type: str) -> None:
    if "json" not in content_type.lower() and operation not in _mislabelled:
        _mislabelled.add(operation)
        _logger.warning("%s answers JSON labelled %s", operation, excerpt(content_type) or "with no content type")


def _check_success(document: Any, decoder: Decoder, reply: Reply) -> None:
    if not is_object(document):
        return
    failed = document.get("success", True) in (False, "0")
    error = document.get("error") if failed or "error" not in decoder.names() else None
    if failed or error:
        said = error or document.get("message") or document.get("details") or "no reason given"
        shown = excerpt(reply.content)
        raise ResponseError(
            f"the server says that the call did not succeed: {excerpt(printable(str(said)))}",
            kind="unsuccessful",
            excerpt=shown,
        )


def _decode(document: Any, decoder: Decoder, reply: Reply, strict: bool) -> Any:
    try:
        value = decoder.read_whole(document)
    except Drift:
        raise _shape(["$"], reply) from None
    except RecursionError:
        raise _shape(["$"], reply, "it is nested too deeply") from None
    if strict and (paths := list(faults(value))):
        raise _shape(paths, reply)
    return value


def _shape(paths: list[str], reply: Reply, why: str = "it is not what the API's document declares") -> ResponseError:
    shown = ", ".join(paths[:5]) + (f" and {len(paths) - 5} more" if len(paths) > 5 else "")
    return ResponseError(
        f"the body is no answer: {why} at {shown}", kind="shape", paths=paths, excerpt=excerpt(reply.content)
    )


def undeclared(status: int, reply: Reply) -> ResponseError:
    """Return the error for a success that the document does not know."""
    return _shape(["$"], reply, f"status {status} is not declared, and so it is not known what its body means:")


def faults(value: Any, path: str = "$") -> Iterator[str]:
    """Yield where a value that was read is not as declared: the path of each kept raw value and missing field."""
    if isinstance(value, Model):
        fields = value.__wire__
        for name, member in fields.items(value):
            place = f"{path}.{name}" if name.isidentifier() else f"{path}[{name!r}]"
            if name in value.additional_properties or (member is UNSET and name in fields.required):
                yield place
            else:
                yield from faults(member, place)
        for name in value.additional_properties.keys() - fields.table.keys():
            yield from faults(value.additional_properties[name], f"{path}[{name!r}]")
    elif is_list(value):
        for index, item in enumerate(value):
            yield from faults(item, f"{path}[{index}]")
