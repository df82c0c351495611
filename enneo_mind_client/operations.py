"""What generated endpoint modules use to describe a call: its operation, its request and its response."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

from attrs import Factory, field, frozen

from . import encoding
from .answers import Answer, content, json, nothing, read_undeclared, text
from .drift import UNSET
from .encoding import Style
from .errors import ConfigurationError
from .payload import Body
from .scalars import File

__all__ = ["Answer", "Body", "File", "Operation", "Reply", "Request", "Response", "content", "json", "nothing", "text"]

T = TypeVar("T")

_PARAMETER = re.compile(r"\{(.*?)\}")
_NONE: Mapping[str, Any] = {}
_UNSTYLED: Mapping[str, Style] = {}


@frozen
class Reply:
    """A response as it came.

    Attributes:
        status: The HTTP status.
        headers: The headers, found by a name in any case.
        content: The whole body, decompressed.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes


@frozen
class Response(Generic[T]):
    """A response with what was read of it.

    Attributes:
        status_code: The HTTP status, a plain int because servers send more than the registered ones.
        headers: The headers, found by a name in any case.
        content: The whole body, decompressed.
        parsed: What the body says.
        attempts: How many requests it took.
        elapsed: Seconds it took, waits included.
    """

    status_code: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)
    parsed: T
    attempts: int = 1
    elapsed: float = 0.0


def _accepted(operation: "Operation[Any]") -> str:
    types = dict.fromkeys(answer.content_type for answer in operation.answers.values())
    return ", ".join(types) or "*/*"


def _split(operation: "Operation[Any]") -> list[str]:
    return _PARAMETER.split(operation.path)


@frozen
class Operation(Generic[T]):
    """An operation of the API.

    Attributes:
        name: Its operationId.
        method: The HTTP method in capitals.
        path: The path with its parameters' names, which is what logs show instead of the URL.
        answers: What each success is declared to say, by status, `2XX` for all of them.
        bodies: The kinds of body it takes.
        styles: How a query parameter is written that is not written as usual.
    """

    name: str
    method: str
    path: str
    answers: Mapping[str, Answer]
    bodies: Sequence[Body] = ()
    styles: Mapping[str, Style] = _UNSTYLED
    _accept: str = field(init=False, repr=False, default=Factory(_accepted, takes_self=True))
    _parts: Sequence[str] = field(init=False, repr=False, default=Factory(_split, takes_self=True))

    def request(
        self,
        *,
        path: Mapping[str, Any] = _NONE,
        query: Mapping[str, Any] = _NONE,
        headers: Mapping[str, Any] = _NONE,
        cookies: Mapping[str, Any] = _NONE,
        body: Any = UNSET,
    ) -> "Request[T]":
        """Return a call of this operation, ready to be sent any number of times.

        Raises:
            ConfigurationError: A value cannot be sent.
        """
        sent = {"Accept": self._accept}
        for name, value in headers.items():
            if encoding.is_sent(value):
                sent[name] = encoding.header(name, value)
        if cookies and (cookie := encoding.cookie(cookies)):
            sent["Cookie"] = cookie
        data = None
        if body is not UNSET:
            data, sent["Content-Type"] = self._body(body).encode(body)
        target = self._path(path) + (encoding.query(query, self.styles) if query else "")
        return Request(self, target, sent, data)

    def _path(self, values: Mapping[str, Any]) -> str:
        parts = list(self._parts)
        for place in range(1, len(parts), 2):
            parts[place] = encoding.segment(parts[place], values[parts[place]])
        return "".join(parts)

    def _body(self, value: object) -> Body:
        fitting = self.bodies if len(self.bodies) == 1 else [body for body in self.bodies if body.takes(value)]
        if not fitting:
            raise ConfigurationError(f"{self.name} takes no body of type {type(value).__name__}")
        return next((body for body in fitting if body.suits(value)), fitting[0])

    def parse(self, reply: Reply, strict: bool = False) -> T:
        """Return what a success says.

        Args:
            reply: The response.
            strict: Refuse what would be kept raw, and a status that is not declared; see `EnneoMind`.

        Raises:
            ResponseError: The body is no answer.
        """
        answer = self.answers.get(str(reply.status)) or self.answers.get("2XX")
        if answer is not None:
            return cast("T", answer.read(self.name, reply, strict))
        if self.answers:
            return cast("T", read_undeclared(self.name, self.answers.values(), reply, strict))
        return cast("T", nothing().read(self.name, reply, strict))


@frozen
class Request(Generic[T]):
    """One call of an operation.

    Attributes:
        operation: What is called.
        target: The encoded path and query, relative to the base URL.
        headers: The headers that belong to the call.
        content: The body.
    """

    operation: Operation[T]
    target: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    content: bytes | None = field(default=None, repr=False)
