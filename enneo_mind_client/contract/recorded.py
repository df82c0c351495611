"""Answers from files: what a browser or a proxy recorded (HAR), exchanges as JSON, or the body of an answer."""

import base64
import binascii
import gzip
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from enneo_mind_client.config import Instance, origin_of
from enneo_mind_client.contract.documents import Document, Endpoint, Node, as_list, as_object
from enneo_mind_client.contract.judging import Exchange
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.shapes import is_list, is_object

_GZIP = b"\x1f\x8b"
_NO_ANSWER = (0, 304)  # failed or blocked in the browser; taken from its cache


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]*\}", template)
    return re.compile("(?:/.*)?" + "[^/]+".join(map(re.escape, parts)) + "/?", re.DOTALL)


def _patterns(document: Document) -> list[tuple[re.Pattern[str], Endpoint]]:
    # More steps tell an operation better from another, and then fewer parameters do.
    endpoints = sorted(document.endpoints.values(), key=lambda each: (-each.path.count("/"), each.path.count("{")))
    return [(_pattern(each.path), each) for each in endpoints]


class _Matcher:
    """Finds operations by address and by name; of one instance only, if it is named."""

    def __init__(self, document: Document, instance: str | None) -> None:
        self.document, self._known = document, _patterns(document)
        self._base = None if instance is None else Instance.parse(instance).base_url + "/"

    def find(self, method: Any, url: str) -> Endpoint | None:
        """Return the operation that an address is of, if it is of one."""
        asked, path = str(method).upper(), _path(url)
        origin = origin_of(url) if self._base and "://" in url else None  # a path alone is of any instance
        if self._base and origin and not f"{origin}{path}".startswith(self._base):
            return None
        return next((each for pattern, each in self._known if each.method == asked and pattern.fullmatch(path)), None)

    def named(self, name: str) -> Endpoint:
        """Return the operation of a name.

        Raises:
            ConfigurationError: There is none.
        """
        for endpoint in self.document.endpoints.values():
            if endpoint.name == name:
                return endpoint
        names = ", ".join(sorted(each.name for each in self.document.endpoints.values()))
        raise ConfigurationError(f"The document has no operation {name}; it has {names or 'none'}.")


def exchanges(
    path: Path, document: Document, operation: str | None = None, instance: str | None = None
) -> Iterator[Exchange | None]:
    """Yield the answers of a file that are of an operation, and None for each that is of no use here.

    Raises:
        ConfigurationError: The file cannot be read, or is none of the kinds that are known; or there can be no such
            instance.
    """
    content, matcher = _load(path), _Matcher(document, instance)
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


def _of_har(path: Path, at: int, entry: Any, matcher: _Matcher) -> Exchange | None:
    request, response = (as_object(as_object(entry).get(name)) for name in ("request", "response"))
    status, content = response.get("status"), as_object(response.get("content"))
    found = matcher.find(request.get("method"), str(request.get("url")))
    if found is None or type(status) is not int or status in _NO_ANSWER:
        return None
    headers = _headers(response.get("headers"), is_text=content.get("encoding") != "base64")
    # Chrome notes so what broke off, or was given up by the page: what came of it says nothing of the server.
    body = None if response.get("_error") else _text_of(path, at, content)
    return Exchange(found.method, found.path, status, headers or None, body)


def _text_of(path: Path, at: int, content: Node) -> bytes | None:
    text = content.get("text")
    if not isinstance(text, str):
        return b"" if content.get("size") == 0 else None
    if content.get("encoding") != "base64":
        return text.encode("utf-8", "surrogatepass")
    try:
        return _unpacked(base64.b64decode("".join(text.split()), validate=True))
    except (binascii.Error, ValueError):
        raise ConfigurationError(f"{path} is broken: the body of entry {at} is not base64.") from None
    except (zlib.error, EOFError, gzip.BadGzipFile):
        raise ConfigurationError(f"{path} is broken: the body of entry {at} is not whole gzip.") from None


def _unpacked(body: bytes) -> bytes:
    """Return a body as it was meant: some proxies record it as it came, compressed."""
    return gzip.decompress(body) if body.startswith(_GZIP) else body


def _headers(node: Any, *, is_text: bool = True) -> dict[str, str]:
    """Return headers by lower-case name; of a body that is text already, the charset is that of the file."""
    listed = [(each.get("name"), each.get("value")) for each in as_list(node) if is_object(each)]
    headers = {str(name).lower(): str(value) for name, value in listed or as_object(node).items()}
    if is_text and "content-type" in headers:
        headers["content-type"] = headers["content-type"].partition(";")[0]
    return headers


def _of_json(path: Path, at: int, given: Any, matcher: _Matcher) -> Exchange | None:
    entry = as_object(given)
    status, asked = entry.get("status"), entry.get("path", entry.get("url"))
    if type(status) is not int or not isinstance(asked, str):
        raise ConfigurationError(
            f"{path}: entry {at} has no status, or no path or url; for the body of an answer name its --operation."
        )
    found = matcher.find(entry.get("method") or "GET", asked)
    if found is None:
        return None
    headers = _headers(entry["headers"]) if entry.get("headers") is not None else None
    content = _content(entry["body"]) if "body" in entry else None
    return Exchange(found.method, found.path, status, headers, content)


def _content(body: Any) -> bytes:
    return body.encode("utf-8", "surrogatepass") if isinstance(body, str) else json.dumps(body).encode()


def _of_body(body: Any, found: Endpoint) -> Exchange:
    return Exchange(found.method, found.path, 200, None, json.dumps(body).encode())


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
