"""How the body of a success becomes the value an operation promises, or an error that says why it cannot."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from http import HTTPStatus
from io import BytesIO
from typing import Any, Final, Protocol

from attrs import frozen

from . import json_body
from .decoders import Decoder
from .drift import UNSET, Drift
from .errors import ResponseError
from .fields import Fields, Stray
from .model import Model, plain
from .scalars import File
from .shapes import is_list, is_object, member_path
from .text import excerpt, printable

_logger = logging.getLogger("enneo_mind_client.wire")
_told: set[tuple[str, object]] = set()


class Reply(Protocol):
    """What is read: a response as it came."""

    @property
    def status(self) -> int:
        """The HTTP status."""
        ...

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
    """What a success is declared to say.

    Attributes:
        content_type: As what.
        read: Reads it: the name of the operation, the reply, whether strictly.
        fits: Whether a reply whose status is not declared says the same.
    """

    content_type: str
    read: Callable[[str, Reply, bool], Any]
    fits: Callable[[Reply], bool]


def json(decoder: Decoder, content_type: str = "application/json") -> Answer:
    """A JSON document."""

    def read(operation: str, reply: Reply, strict: bool) -> Any:
        declared = reply.headers.get("content-type", "")
        document = json_body.read(reply.content, declared, strict=strict)
        if "json" not in declared.lower():
            _tell_once(operation, "label", "%s answers JSON labelled %s", excerpt(declared) or "with no content type")
        _check_success(document, decoder.names(), reply)
        return _decode(document, decoder, reply, strict)

    def fits(reply: Reply) -> bool:
        try:
            document = json_body.read(reply.content, reply.headers.get("content-type", ""))
            decoder.read_whole(document)
        except (ResponseError, Drift, RecursionError):
            return False
        return decoder.rank(document) is not None

    return Answer(content_type, read, fits)


def text(content_type: str = "text/plain") -> Answer:
    """Text in the charset it is declared to be in."""

    def read(_: str, reply: Reply, __: bool) -> str:
        _check_report(reply, content_type)
        return json_body.decode(reply.content, reply.headers.get("content-type", ""))

    return Answer(content_type, read, lambda reply: _is_labelled(reply, content_type))


def content(content_type: str = "*/*") -> Answer:
    """A file."""

    def read(_: str, reply: Reply, __: bool) -> File:
        _check_report(reply, content_type)
        return File(BytesIO(reply.content), _file_name(reply.headers), reply.headers.get("content-type"))

    return Answer(content_type, read, lambda reply: _is_labelled(reply, content_type))


def nothing() -> Answer:
    """No body; one that comes all the same is left alone, unless it reports a failure."""
    return _NOTHING


def _read_nothing(_: str, reply: Reply, __: bool) -> None:
    _check_report(reply)


_NOTHING: Final = Answer("*/*", _read_nothing, lambda reply: not reply.content)


def read_undeclared(operation: str, answers: Collection[Answer], reply: Reply, strict: bool) -> Any:
    """Read a success of a status that is not declared as what is declared for another, where it says just that.

    Raises:
        ResponseError: It does not, it reports a failure, or `strict` is set.
    """
    is_nothing_due = all(answer is _NOTHING for answer in answers)
    fitting = [answer for answer in answers if is_nothing_due or answer.fits(reply)]
    if strict or reply.status == HTTPStatus.PARTIAL_CONTENT or not fitting:
        _check_report(reply)
        why = f"status {reply.status} is not declared, and so it is not known what its body means:"
        raise _shape(["$"], reply, why)
    _tell_once(operation, reply.status, "%s answers with status %s, which is not declared", reply.status)
    return fitting[0].read(operation, reply, strict)


def _file_name(headers: Mapping[str, str]) -> str | None:
    from email.message import Message  # seldom needed, and slow to import

    header = Message()
    header["Content-Disposition"] = headers.get("content-disposition", "")
    return header.get_filename()


def _tell_once(operation: str, what: object, message: str, said: object) -> None:
    if (operation, what) not in _told:
        _told.add((operation, what))
        _logger.warning(message, operation, said)


def _is_labelled(reply: Reply, content_type: str) -> bool:
    label = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    return bool(reply.content) and content_type.lower() in ("*/*", label)


def _check_report(reply: Reply, content_type: str = "") -> None:
    """Refuse a JSON document that reports a failure where something else is due.

    Where a file is due that may be JSON itself, a member called error is the file's.
    """
    if reply.content and "json" in reply.headers.get("content-type", "").lower():
        try:
            document = json_body.read(reply.content)
        except ResponseError:
            return
        _check_success(document, {"error"} if content_type == "*/*" or "json" in content_type else set(), reply)


def _check_success(document: Any, names: Collection[str], reply: Reply) -> None:
    if not is_object(document):
        return
    failed = document.get("success", True) in (False, "0")
    error = document.get("error") if failed or "error" not in names else None
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
        paths = list(faults(value)) if strict else []
    except Drift as drift:
        raise _shape([f"${place}" for place in drift.places], reply) from None
    except RecursionError:
        raise _shape(["$"], reply, "it is nested too deeply") from None
    if paths:
        raise _shape(paths, reply)
    return value


def _shape(paths: list[str], reply: Reply, why: str = "it is not what the API's document declares") -> ResponseError:
    shown = ", ".join(paths[:5]) + (f" and {len(paths) - 5} more" if len(paths) > 5 else "")
    return ResponseError(
        f"the body is no answer: {why} at {shown}", kind="shape", paths=paths, excerpt=excerpt(reply.content)
    )


def faults(value: Any, path: str = "$") -> Iterator[str]:
    """Yield where a value that was read is not as declared: the path of each kept raw value and missing field."""
    if isinstance(value, Model):
        yield from [path] if type(value.additional_properties) is Stray else _faults_of(value, path)
    elif is_list(value):
        yield from _faults_in(enumerate(value), path)


def _faults_of(model: Model, path: str) -> Iterator[str]:
    fields, kept = model.__wire__, model.additional_properties
    for name, member in fields.items(model):
        place = member_path(path, name)
        if name in kept and (drift := fields.drift(name, kept[name])) is not None:
            yield from (place + step for step in drift.places)
            yield from _faults_in(zip(drift.keys, member, strict=True) if drift.keys else (), place)
        elif member is UNSET and name in fields.required:
            yield place
        else:
            yield from faults(member, place)
    for name in kept.keys() - fields.table.keys():
        yield from _faults_of_undeclared(fields, name, kept[name], member_path(path, name))


def _faults_of_undeclared(fields: Fields, name: str, value: Any, place: str) -> Iterator[str]:
    is_raw = value is not None and plain(value) == value  # what was read as a moment, for instance, is not
    drift = fields.drift(name, value) if is_raw else None
    yield from faults(value, place) if drift is None else (place + step for step in drift.places)


def _faults_in(items: Iterable[tuple[object, Any]], path: str) -> Iterator[str]:
    for key, item in items:
        yield from faults(item, f"{path}[{key!r}]")
