"""What spans and metrics say, by the semantic conventions for HTTP clients, and what they must not say."""

import re
from functools import lru_cache
from typing import Final, TypeAlias
from urllib.parse import parse_qsl, quote, urlsplit

from enneo_mind_client.watching import Begun

Attributes: TypeAlias = dict[str, str | int | float]

OTHER: Final = "_OTHER"
"""Stands for the hosts of attachments in metrics: tickets come from strangers, who could name any number of them."""

REDACTED: Final = "REDACTED"

BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""The bounds that the conventions advise for durations, in seconds."""

_ID: Final = "[0-9]+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_ORIGIN: Final = re.compile("[^:/]+://[^/?#]*")
_FLAGS: Final = frozenset({"true", "false"})
_PORTS: Final = {"http": 80, "https": 443}


def of_metrics(begun: Begun) -> Attributes:
    """Return what tells calls apart in metrics: of few values each."""
    server: Attributes = {"server.address": OTHER} if begun.outside else _server(_origin(begun.url))
    return {"http.request.method": begun.method, "url.template": begun.path, **server}


def of_span(begun: Begun) -> Attributes:
    """Return what is known of a call when it begins."""
    return {
        "http.request.method": begun.method,
        "url.template": begun.path,
        **_server(_origin(begun.url)),
        "url.full": redacted(begun.url, begun.path),
        "enneo.operation": begun.operation,
    }


def error_type(status: int | None, name: str | None) -> str | None:
    """Return the class of a failure: the status where that says it, or else the name of an error class."""
    return str(status) if status is not None and status >= 400 else name


def redacted(url: str, template: str) -> str:
    """Return an address without what may be a secret or personal: ids in the path stay, texts and queries go."""
    origin = _origin(url)
    path, _, query = url[len(origin) :].partition("#")[0].partition("?")
    scheme, _, host = origin.partition("://")
    shown = f"{scheme}://{host.rpartition('@')[2]}{_path(path, template)}"
    return f"{shown}?{_query(query)}" if query else shown


def _origin(url: str) -> str:
    found = _ORIGIN.match(url)
    return found[0] if found else ""


@lru_cache
def _server(origin: str) -> Attributes:
    url = urlsplit(origin)
    return {"server.address": url.hostname or "", "server.port": url.port or _PORTS[url.scheme]}


@lru_cache
def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return "&".join(f"{quote(name)}={value if value in _FLAGS else REDACTED}" for name, value in pairs)


def _path(path: str, template: str) -> str:
    found = _shape(template).fullmatch(path)
    if found is None:
        return f"/{REDACTED}"  # the address of an attachment, whose name or signature may be anywhere
    for group in range(found.re.groups, 0, -1):
        if found[group] is not None:
            path = path[: found.start(group)] + REDACTED + path[found.end(group) :]
    return path


@lru_cache
def _shape(template: str) -> re.Pattern[str]:
    """Return what matches the paths of a template; its groups match what is no id."""
    names = template.split("/")
    return re.compile(".*" + "/".join(f"(?:{_ID}|([^/]*))" if "{" in name else re.escape(name) for name in names))
