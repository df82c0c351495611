"""Answers from files: what a browser or a proxy recorded (HAR), exchanges as JSON, or the body of an answer."""

import base64
import binascii
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from enneo_mind_client.contract.documents import Document
from enneo_mind_client.contract.judging import Exchange
from enneo_mind_client.contract.matching import Matcher
from enneo_mind_client.contract.nodes import Node, as_list, as_object
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.shapes import is_list, is_object

_NO_ANSWER = (0, 304)  # failed or blocked in the browser; taken from its cache


def exchanges(path: Path, document: Document, operation: str | None = None) -> Iterator[Exchange | None]:
    """Yield the answers of a file that are of an operation, and None for each that is of no use here.

    Raises:
        ConfigurationError: The file cannot be read, or is none of the kinds that are known.
    """
    content, matcher = _load(path), Matcher(document)
    if is_object(content) and is_object(content.get("log")):
        yield from (_of_har(path, at, entry, matcher) for at, entry in enumerate(_entries(path, content)))
    elif operation is not None:
        yield _of_body(content, matcher.named(operation))
    else:
        for at, each in enumerate(content if is_list(content) else [content]):
            yield _of_json(path, at, each, matcher)


def _load(path: Path) -> Any:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path} is not JSON: it is not UTF-8.") from None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ConfigurationError(f"{path} is not JSON: line {error.lineno}, column {error.colno}.") from None
    except (ValueError, RecursionError):
        raise ConfigurationError(
            f"{path} is not JSON that can be read: it is nested too deeply, or has a huge number."
        ) from None


def _entries(path: Path, content: Node) -> list[Any]:
    entries = content["log"].get("entries")
    if not is_list(entries):
        raise ConfigurationError(f"{path} is no HAR file: it has no log.entries.")
    return entries


def _of_har(path: Path, at: int, entry: Any, matcher: Matcher) -> Exchange | None:
    request, response = (as_object(as_object(entry).get(name)) for name in ("request", "response"))
    status, content = response.get("status"), as_object(response.get("content"))
    found = matcher.find(request.get("method"), _path(request.get("url")))
    if found is None or type(status) is not int or status in _NO_ANSWER:
        return None
    headers = {str(each.get("name")).lower(): str(each.get("value")) for each in _objects(response.get("headers"))}
    body = _text_of(path, at, content)
    return Exchange(found.method, found.path, status, _decoded(headers) or None, body)


def _text_of(path: Path, at: int, content: Node) -> bytes | None:
    text = content.get("text")
    if not isinstance(text, str):
        return None
    if content.get("encoding") != "base64":
        return text.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ConfigurationError(f"{path} is broken: the body of entry {at} is not base64.") from None


def _decoded(headers: dict[str, str]) -> dict[str, str]:
    """Return headers as they are for a body that is text already: its charset is that of the file."""
    if "content-type" in headers:
        headers["content-type"] = headers["content-type"].partition(";")[0]
    return headers


def _of_json(path: Path, at: int, given: Any, matcher: Matcher) -> Exchange | None:
    entry = as_object(given)
    status, asked = entry.get("status"), entry.get("path", entry.get("url"))
    if type(status) is not int or not isinstance(asked, str):
        raise ConfigurationError(
            f"{path}: entry {at} has no status, or no path or url; for the body of an answer name its --operation."
        )
    found = matcher.find(entry.get("method", "GET"), _path(asked))
    if found is None:
        return None
    sent = entry.get("headers")
    headers = {name.lower(): str(value) for name, value in sent.items()} if is_object(sent) else None
    content = _content(entry["body"]) if "body" in entry else None
    return Exchange(found.method, found.path, status, headers and _decoded(headers), content)


def _content(body: Any) -> bytes:
    return body.encode("utf-8", "surrogatepass") if isinstance(body, str) else json.dumps(body).encode()


def _of_body(body: Any, found: Any) -> Exchange:
    return Exchange(found.method, found.path, 200, None, json.dumps(body).encode())


def _objects(node: Any) -> list[Node]:
    return [each for each in as_list(node) if is_object(each)]


def _path(url: Any) -> str:
    try:
        return urlsplit(str(url)).path
    except ValueError:
        return ""
