"""Project a document onto what the generator understands, so that any valid one comes through."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from unicodedata import normalize
from urllib.parse import quote

from openapi_python_client.parser.openapi import generate_operation_id
from openapi_python_client.schema import UntrustedString

from enneo_mind_client.shapes import is_list, is_object
from tools.naming import python_name
from tools.nodes import Node, as_object, resolve
from tools.schemas import FIELD_PREFIX, Place, Schemas
from tools.unions import dissolve_aliases, open_cycles

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

AS = "; as="
"""Follows the content type that the generator is told, and precedes the one that is meant."""

_JSON = re.compile(r"[/+]json\b", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[a-zA-Z_-][a-zA-Z0-9_-]*\Z")
_OURS = frozenset({"accept", "authorization", "content-type"})
_STYLES = {"deepObject": "deepObject", "spaceDelimited": "spaces", "pipeDelimited": "pipes"}
_WRITTEN_IN_PATHS = "/{}%:@!$&'()*+,;="
_PATH_STYLES = {"label": ".", "matrix": ";{}="}
"""What stands before a value in a path, by the style of its parameter."""
_BINARY: Node = {"type": "string", "format": "binary"}


def plain(node: Any) -> Any:
    """Return a YAML document as JSON would hold it: keys are strings, and dates as well."""
    if is_object(node):
        return {str(key): plain(value) for key, value in node.items()}
    if is_list(node):
        return [plain(value) for value in node]
    return node.isoformat() if isinstance(node, date) else node


def project(document: Node) -> tuple[Node, dict[str, Node]]:
    """Return what the generator is given, and what the templates are told of each operation by its Python name."""
    schemas = Schemas(document)
    told: dict[str, Node] = {}
    paths: Node = {}
    for path, item, method, operation in _operations(document):
        name = _name(path, method, operation, told)
        projected = _Operation(document, schemas, name).project(operation, item, path)
        told[name] = projected.pop("x-told")
        told[name]["name"] = str(operation.get("operationId") or name)
        paths.setdefault(_with_each_once(told[name]["path"]), {})[method] = projected
    info = {"title": str(document["info"]["title"]), "version": str(document["info"]["version"])}
    components = schemas.components()
    result: Node = {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": components}}
    dissolve_aliases(result)
    open_cycles(components)
    return result, told


def _operations(document: Node) -> Iterator[tuple[str, Node, str, Node]]:
    for path, given in as_object(document.get("paths")).items():
        item = resolve(document, given["$ref"]) if "$ref" in given else given
        for method in METHODS:
            if method in item:
                yield path, item, method, item[method]


def _name(path: str, method: str, operation: Node, taken: dict[str, Node]) -> str:
    """Return the operation's name in Python, which no other has."""
    implied = generate_operation_id(path=UntrustedString(path), method=method, prefix=FIELD_PREFIX)
    given = str(operation.get("operationId") or implied)
    tag = str((operation.get("tags") or ["default"])[0])
    candidates = [given, f"{given}_{tag}", f"{given}_{implied}", *(f"{given}_{number}" for number in range(2, 1000))]
    names = map(python_name, candidates)
    return next(name for name in names if name not in taken)


class _Operation:
    """The projection of one operation."""

    def __init__(self, document: Node, schemas: Schemas, name: str) -> None:
        self._document, self._schemas, self._operation_name = document, schemas, name

    def project(self, operation: Node, item: Node, path: str) -> Node:
        styles: dict[str, str] = {}
        places: dict[str, str] = {}
        parameters = self._parameters(
            [*operation.get("parameters", []), *item.get("parameters", [])], path, styles, places
        )
        told = {
            "path": quote(_PLACEHOLDER.sub(lambda match: places[match[1]], path), safe=_WRITTEN_IN_PATHS),
            "deprecated": operation.get("deprecated") is True,
            "styles": styles,
        }
        projected: Node = {
            "operationId": self._operation_name,
            "tags": [python_name(str(tag), "tag_") for tag in (operation.get("tags") or ["default"])][:1],
            "parameters": parameters,
            "responses": self._responses(operation.get("responses") or {}),
            "x-told": told,
        }
        projected |= {key: operation[key] for key in ("summary", "description") if isinstance(operation.get(key), str)}
        body = self._resolved(operation.get("requestBody") or {})
        return projected | ({"requestBody": self._body(body)} if body.get("content") else {})

    def _resolved(self, node: Node) -> Node:
        found: Node = resolve(self._document, node["$ref"]) if "$ref" in node else node
        return found

    def _parameters(self, given: list[Node], path: str, styles: dict[str, str], places: dict[str, str]) -> list[Node]:
        """Project the parameters; note the styles of those that are not written as usual, and what the path has."""
        placeholders = [*dict.fromkeys(match[1] for match in _PLACEHOLDER.finditer(path))]
        projected: dict[tuple[str, str], Node] = {}
        for parameter in map(self._resolved, given):
            name, location = str(parameter["name"]), parameter["in"]
            ignored = (location == "header" and name.lower() in _OURS) or (
                location == "path" and name not in placeholders
            )
            if not ignored and (name, location) not in projected:
                projected[name, location] = self._parameter(parameter, styles)
                if location == "path":
                    places[name] = _PATH_STYLES.get(str(parameter.get("style")), "").format(name)
        for name in placeholders:
            projected.setdefault((name, "path"), _path_parameter(name))
        for position, name in enumerate(placeholders):
            if not _NAME.match(name):
                projected[name, "path"]["name"] = f"{_in_ascii(name)}_{position}"
            places[name] = f"{places.get(name, '')}{{{projected[name, 'path']['name']}}}"
        return list(projected.values())

    def _parameter(self, parameter: Node, styles: dict[str, str]) -> Node:
        name, location = str(parameter["name"]), parameter["in"]
        schema = parameter.get("schema")
        if content := as_object(parameter.get("content")):
            schema = as_object(next(iter(content.values()))).get("schema")
            styles |= {name: "json"} if location == "query" else {}
        elif location == "query" and (style := _style(parameter)):
            styles[name] = style
        required = location == "path" or parameter.get("required") is True
        projected = self._schemas.project(schema, Place(name, self._operation_name, "", location == "path"))
        if isinstance(parameter.get("description"), str) and "$ref" not in projected:
            projected["description"] = parameter["description"]
        return {"name": name, "in": location, "required": required, "schema": projected}

    def _responses(self, given: Node) -> Node:
        """Project the successes; how errors are raised is decided under the generated functions."""
        successes = {str(status).upper(): response for status, response in given.items() if str(status).startswith("2")}
        if not successes and "default" in given:
            successes = {"2XX": given["default"]}
        return {status: self._response(status, self._resolved(response)) for status, response in successes.items()}

    def _response(self, status: str, response: Node) -> Node:
        content = as_object(response.get("content"))
        described = {"description": str(response.get("description", ""))}
        if not content:
            return described
        meant = min(content, key=lambda name: _JSON.search(name) is None)
        schema = as_object(content[meant]).get("schema")
        kind = self._kind(meant, schema)
        name = f"response_{status}"
        fixed = {"text/plain": {"type": "string"}, "application/octet-stream": _BINARY}
        projected = fixed.get(kind) or self._schemas.project(schema, Place(name, self._operation_name))
        return {**described, "content": {_labelled(kind, meant): {"schema": projected}}}

    def _kind(self, content_type: str, schema: Any) -> str:
        """Return what a body is read as: JSON, text, or for anything else a file."""
        resolved = self._resolved(as_object(schema))
        if _JSON.search(content_type) or (content_type == "*/*" and resolved and resolved.get("type") != "string"):
            return "application/json"
        if resolved.get("format") != "binary" and content_type.lower().startswith(("text/", "*/*")) and resolved:
            return "text/plain"
        return "text/plain" if content_type.lower().startswith("text/") else "application/octet-stream"

    def _body(self, body: Node) -> Node:
        """Project the kinds of body, one of each, JSON first."""
        content: dict[str, tuple[str, Any]] = {}
        for meant in sorted(body["content"], key=lambda name: _JSON.search(name) is None):
            content.setdefault(_body_kind(meant), (meant, as_object(body["content"][meant]).get("schema")))
        projected: Node = {}
        for kind, (meant, schema) in content.items():
            told, short, default = _BODIES[kind]
            parent = f"{self._operation_name}_{short}" if len(content) > 1 else self._operation_name
            schema = dict(_BINARY) if kind == "content" else schema if schema is not None else default
            projected[_labelled(told, meant)] = {"schema": self._schemas.project(schema, Place("body", parent))}
        return {"content": projected, "required": body.get("required") is True}


_BODIES: dict[str, tuple[str, str, Node]] = {
    "json": ("application/json", "json", {}),
    "form": ("application/x-www-form-urlencoded", "data", {"type": "object"}),
    "multipart": ("multipart/form-data", "files", {"type": "object"}),
    "content": ("application/octet-stream", "content", _BINARY),
}
"""For each kind of body what the generator is told, what it calls it, and the schema of one that has none."""


def _body_kind(content_type: str) -> str:
    lower = content_type.lower()
    if _JSON.search(lower):
        return "json"
    return "form" if "form-urlencoded" in lower else "multipart" if lower.startswith("multipart/") else "content"


def _labelled(told: str, meant: str) -> str:
    return told if told == meant.lower() else told + AS + meant


def _with_each_once(path: str) -> str:
    """Return a path with no placeholder twice, which the generator refuses; templates are told the real one."""
    seen: set[str] = set()

    def once(match: re.Match[str]) -> str:
        is_new = match[1] not in seen
        seen.add(match[1])
        return match[0] if is_new else f"({match[1]})"

    return _PLACEHOLDER.sub(once, path)


def _in_ascii(name: str) -> str:
    """Return a name for a placeholder, of letters that the generator finds in a path."""
    letters = normalize("NFKD", name).encode("ascii", "ignore").decode()
    return python_name(letters)


def _path_parameter(name: str) -> Node:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _style(parameter: Node) -> str | None:
    style = parameter.get("style", "form")
    return _STYLES.get(style, "list" if parameter.get("explode") is False else None)
