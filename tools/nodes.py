"""What schemas and references of a document say, one question at a time."""

from collections.abc import Iterator
from typing import Any, TypeAlias
from urllib.parse import unquote

from enneo_mind_client.shapes import is_list, is_object

Node: TypeAlias = dict[str, Any]

PREFIX = "#/components/schemas/"

_SAYING = frozenset(
    {"$ref", "type", "properties", "additionalProperties", "allOf", "anyOf", "oneOf", "enum", "const", "items"}
)
_SCALARS: dict[str, type] = {"string": str, "integer": int, "number": float, "boolean": bool}
_ENUM_TYPES: dict[type, str] = {str: "string", int: "integer"}


class GenerationError(Exception):
    """A document that the package cannot be generated from, or not without leaving a part of it out."""


def resolve(document: Node, reference: str) -> Any:
    """Return what a reference within the document points to, through any further references."""
    node: Any = document
    for part in unquote(reference).removeprefix("#/").split("/"):
        key = part.replace("~1", "/").replace("~0", "~")
        try:
            node = node[int(key)] if is_list(node) else node[key]
        except (LookupError, ValueError, TypeError):
            raise GenerationError(f"the document refers to {reference}, which is not in it") from None
    return resolve(document, node["$ref"]) if "$ref" in as_object(node) else node


def walk(node: Any) -> Iterator[Node]:
    """Yield every object of a document."""
    if is_object(node):
        yield node
    for child in node.values() if is_object(node) else node if is_list(node) else ():
        yield from walk(child)


def as_object(node: Any) -> Node:
    """Return an object, and an empty one for anything else: `true` is a schema as well."""
    return node if is_object(node) else {}


def as_list(node: Any) -> list[Any]:
    """Return a list, and an empty one for anything else."""
    return node if is_list(node) else []


def without(node: Node, *keys: str) -> Node:
    """Return an object without some of its members."""
    return {key: value for key, value in node.items() if key not in keys}


def only(node: Node, *keys: str) -> Node:
    """Return those members of an object that it has."""
    return {key: node[key] for key in keys if key in node}


def says(part: Any) -> bool:
    """Return whether a part of a composition says what a value is, and not only something about it."""
    return not _SAYING.isdisjoint(as_object(part))


def alternatives(node: Node) -> list[Node]:
    """Return what a union consists of; alternatives that only say which fields are required are none."""
    options = [as_object(option) for key in ("anyOf", "oneOf") for option in as_list(node.get(key))]
    kinds = [kind for kind in as_list(node.get("type")) if kind != "null"]
    if len(kinds) > 1:
        options = [{**without(node, "type", "description", "title", "default"), "type": kind} for kind in kinds]
    return options if any(map(says, options)) else []


def is_null(node: Node) -> bool:
    """Return whether a schema is null alone."""
    return node.get("type") == "null" or node.get("enum") == [None]


def is_nullable(node: Node) -> bool:
    """Return whether a schema itself says, in any way there is, that null may stand for it."""
    kinds = as_list(node.get("type"))
    return (
        ("null" in kinds and kinds != ["null"]) or node.get("nullable") is True or any(map(is_null, alternatives(node)))
    )


def kind_of(node: Node) -> str | None:
    """Return the one type of a schema, also if it is only implied."""
    declared: str | None = next((kind for kind in as_list(node.get("type")) if kind != "null"), None)
    if isinstance(node.get("type"), str):
        declared = node["type"]
    return declared or _implied(node)


def _implied(node: Node) -> str | None:
    if "properties" in node or "additionalProperties" in node:
        return "object"
    if "items" in node or "prefixItems" in node:
        return "array"
    kinds: set[type[Any]] = {type(value) for value in as_list(node.get("enum")) if value is not None}
    return _ENUM_TYPES.get(kinds.pop()) if len(kinds) == 1 else None


def required_of(node: Node) -> list[str]:
    """Return the names of the required fields."""
    return [str(name) for name in as_list(node.get("required"))]


def enum_of(node: Node, kind: str | None) -> list[Any]:
    """Return the values of an enum of strings or of integers; none for any other, so that every value may come."""
    values = [value for value in as_list(node.get("enum")) if value is not None]
    if kind == "string" and all(type(value) in (str, int) for value in values):
        return list(dict.fromkeys(map(str, values)))
    return values if kind == "integer" and all(type(value) is int for value in values) else []


def constant_of(node: Node) -> Node:
    """Return a constant of those that the generator writes as they are."""
    value = node.get("const")
    return {"const": value} if type(value) in (int, bool) or _is_simple(value) else {}


def default_of(node: Node, kind: str | None, values: list[Any]) -> Node:
    """Return a default of those that the generator accepts and writes as they are."""
    default = node.get("default")
    if values:
        return {"default": default} if default in values else {}
    expected = _SCALARS.get(kind or "")
    fits = type(default) is expected or (expected is float and type(default) is int)
    if fits and (expected is not str or (_is_simple(default) and "format" not in node)):
        return {"default": default}
    return {}


def _is_simple(value: Any) -> bool:
    return isinstance(value, str) and not set(value) & set('\\"')
