"""One answer against one document: its status, its headers and its body."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from attrs import frozen

from enneo_mind_client import json_body
from enneo_mind_client.contract.bodies import Body
from enneo_mind_client.contract.documents import Document, Endpoint, Node, as_list, as_object
from enneo_mind_client.contract.findings import Deviation, Kind
from enneo_mind_client.contract.masking import masked, masked_type, masked_word
from enneo_mind_client.errors import ResponseError
from enneo_mind_client.text import excerpt

NO_BODY = (204, 205, 304)


@frozen
class Exchange:
    """An answer of an operation.

    Attributes:
        method: The method that was asked with, in capitals.
        path: The template of the path that was asked for.
        status: The HTTP status.
        headers: The headers by lower-case name; None if they are not known.
        content: The body; None if it is not known.
    """

    method: str
    path: str
    status: int
    headers: Mapping[str, str] | None
    content: bytes | None


def judge(exchange: Exchange, endpoint: Endpoint, document: Document, body: Body) -> Iterator[Deviation]:
    """Yield where an answer is not as a document says, and tell a body's reader what else is in it.

    Raises:
        ConfigurationError: The document refers to what it does not have.
    """
    response = _response(endpoint, exchange.status, document)
    if response is None:
        status = str(exchange.status)
        yield Deviation("undeclared_status", "status", value=status, detail=f"only {_statuses(endpoint)} are declared")
        return
    yield from _headers(exchange, response, document)
    if exchange.content is not None and has_body(exchange.status, endpoint, document):
        yield from _content(exchange, exchange.content, as_object(response.get("content")), body)


def has_body(status: int, endpoint: Endpoint, document: Document) -> bool:
    """Return whether an answer of a status has a body by a document."""
    return status not in NO_BODY and bool(as_object(_response(endpoint, status, document)).get("content"))


def _response(endpoint: Endpoint, status: int, document: Document) -> Node | None:
    for name in (str(status), f"{status // 100}XX", f"{status // 100}xx", "default"):
        if name in endpoint.responses:
            return document.object(endpoint.responses[name])
    return None


def _statuses(endpoint: Endpoint) -> str:
    return ", ".join(sorted(endpoint.responses)) or "none"


def _content(exchange: Exchange, content: bytes, declared: Node, body: Body) -> Iterator[Deviation]:
    label = None if exchange.headers is None else exchange.headers.get("content-type", "")
    said = _plain(label or "")
    fitting = next((name for name in _candidates(said) if name in declared), None) if label is not None else None
    if label is not None and fitting is None and content:
        shown = masked_type(said) if said else "none"
        detail = f"{', '.join(sorted(declared))} declared"
        yield Deviation("undeclared_content_type", "headers.content-type", "warning", shown, detail)
    fitting = fitting or next((name for name in declared if is_json(name)), None)
    if fitting is None or not is_json(fitting):
        return
    try:
        value = json_body.read(content, label or "")
    except ResponseError as error:
        yield _unreadable(exchange.status, content, error)
        return
    if _is_repetitive(content, label or ""):
        yield Deviation("not_json", "$", "warning", "repeated_key", "an object has a key twice: the last one counts")
    yield from body.deviations(value, as_object(declared[fitting]).get("schema", True))


def _unreadable(status: int, content: bytes, error: ResponseError) -> Deviation:
    detail = f"the body of a {status} {'cannot be read as JSON' if content else 'is empty'}"
    # With its status: who knows of empty refusals has not heard of an empty success.
    value = f"{status} {error.kind if content else 'empty'}"
    return Deviation("not_json", "$", value=value, detail=detail, example=masked(excerpt(content, 60)))


def _is_repetitive(content: bytes, label: str) -> bool:
    try:
        json_body.read(content, label, strict=True)
    except ResponseError as error:
        return error.kind == "shape"
    return False


def is_json(content_type: str) -> bool:
    """Return whether a content type is JSON, or one that is made of it."""
    name = _plain(content_type)
    return name.endswith(("/json", "+json"))


def _plain(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _candidates(content_type: str) -> tuple[str, ...]:
    return content_type, f"{content_type.partition('/')[0]}/*", "*/*"


def _headers(exchange: Exchange, response: Node, document: Document) -> Iterator[Deviation]:
    if exchange.headers is None:
        return
    for name, given in as_object(response.get("headers")).items():
        header, sent = document.object(given), exchange.headers.get(name.lower())
        path = f"headers.{name.lower()}"
        if name.lower() == "content-type":  # the document's own word for it is `content`
            continue
        if sent is None:
            if header.get("required") is True:
                yield Deviation("missing_header", path, detail="the document requires it")
        else:
            yield from _header(path, sent, header.get("schema", True), document)


def _header(path: str, sent: str, schema: Any, document: Document) -> Iterator[Deviation]:
    value = _typed(sent, schema, document)
    for error in document.validator.evolve(schema=schema).iter_errors(value):
        unknown = error.validator in ("enum", "const")
        detail = f"the document's {error.validator} forbids it"
        example = masked_word(value) if unknown else masked(value)
        kind: Kind = "unknown_value" if unknown else "wrong_type" if error.validator == "type" else "wrong_value"
        yield Deviation(kind, path, value=example if unknown else str(error.validator), detail=detail, example=example)


def _typed(text: str, schema: Any, document: Document) -> Any:
    """Return what a header says, as the type it is declared to be if it can be read as that."""
    layers = list(_layers(schema, document))
    kinds = {kind for layer in layers for kind in as_list(layer.get("type")) or [layer.get("type")]}
    if "array" in kinds:
        items = next((layer["items"] for layer in layers if "items" in layer), True)
        return [_typed(part.strip(), items, document) for part in text.split(",")]
    if "string" in kinds or kinds.isdisjoint(("boolean", "integer", "number")):
        return text
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return value if isinstance(value, (bool, int, float)) else text


def _layers(schema: Any, document: Document) -> Iterator[Node]:
    for layer in document.layers(schema):
        yield layer
        for name in ("allOf", "anyOf", "oneOf"):
            for part in as_list(layer.get(name)):
                yield from _layers(part, document)
