"""What a schema says, in one form for all the ways to say it: $ref, allOf, null in 3.0 and 3.1, const, limits."""

from typing import Any

from attrs import define, field

from tools.spec_diff.documents import Document, Node, listing, mapping

TEXT = frozenset({"description", "example", "examples", "externalDocs", "xml", "title", "summary", "$comment"})
"""Keywords that say nothing about what is sent."""

UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains")
LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains")
OTHER_LIMITS = ("pattern", "multipleOf", "uniqueItems")

HANDLED = frozenset(
    {"$ref", "allOf", "anyOf", "oneOf", "type", "nullable", "format", "enum", "const", "properties", "required"}
    | {"items", "additionalProperties", "default", "deprecated", "readOnly", "writeOnly", *OTHER_LIMITS, *UPPER, *LOWER}
)
"""Keywords that are compared in detail."""


@define
class Shape:
    """What a schema says.

    Attributes:
        name: The name of its component or its title, which names the class in Python; empty if it has none.
        component: The name of its component, empty if it is written in place.
        types: The JSON types but null; none if any will do.
        nullable: Whether null will do.
        properties: The schemas of its fields.
        required: The names of the required ones.
        options: The schemas that it is one of, but null.
        facets: Every other keyword.
    """

    name: str = ""
    component: str = ""
    types: frozenset[str] = frozenset()
    nullable: bool = False
    properties: Node = field(factory=dict[str, Any])
    required: set[str] = field(factory=set[str])
    options: list[Any] = field(factory=list[Any])
    facets: Node = field(factory=dict[str, Any])

    @property
    def variants(self) -> list[Any]:
        """The schemas that it is one of, if there are several."""
        return self.options if len(self.options) > 1 else []

    @property
    def is_object(self) -> bool:
        """Whether it becomes a class, or a dict, in Python."""
        return self.types == frozenset({"object"})

    @property
    def has_class(self) -> bool:
        """Whether something in Python bears its name."""
        return bool(self.properties) or "enum" in self.facets


def shape_of(document: Document, schema: Any) -> Shape:
    """Return what a schema says."""
    shape = Shape()
    _add(document, shape, schema, frozenset())
    if not shape.types:
        shape.types = _implied(shape)
    shape.component = _component(schema)
    resolved = document.resolved(schema)
    shape.name = str(resolved.get("title") or shape.component)
    return shape


def _implied(shape: Shape) -> frozenset[str]:
    if shape.properties or isinstance(shape.facets.get("additionalProperties"), dict):
        return frozenset({"object"})
    return frozenset({"array"} if "items" in shape.facets else ())


def _component(schema: Any) -> str:
    """Return the component that a schema is, also where it is wrapped to say more beside it, or that it may be null."""
    node = mapping(schema)
    if isinstance(reference := node.get("$ref"), str):
        return reference.rpartition("/")[2]
    parts = [*listing(node.get("allOf")), *(one for one in _alternatives(node) if not _is_null(mapping(one)))]
    return _component(parts[0]) if len(parts) == 1 and "properties" not in node else ""


def _add(document: Document, shape: Shape, schema: Any, within: frozenset[str]) -> None:
    """Add what a schema says to a shape; `within` are the references that led here."""
    node = mapping({"not": {}} if schema is False else schema)
    reference = node.get("$ref")
    if isinstance(reference, str):
        if reference not in within:
            _add(document, shape, document.resolved({"$ref": reference}), within | {reference})
        if not str(document.root["openapi"]).startswith("3.0"):
            _add_own(document, shape, node, within)
        return
    for part in listing(node.get("allOf")):
        _add(document, shape, part, within)
    _add_own(document, shape, node, within)


def _add_own(document: Document, shape: Shape, node: Node, within: frozenset[str]) -> None:
    _add_types(shape, node)
    for name, schema in mapping(node.get("properties")).items():
        held = shape.properties.get(name)
        shape.properties[name] = schema if held in (None, schema) else {"allOf": [held, schema]}
    shape.required |= {str(name) for name in listing(node.get("required"))}
    _add_values(shape, node)
    shape.facets |= {key: value for key, value in node.items() if key not in _OWN and not key.startswith("x-")}
    for keyword in ("oneOf", "anyOf"):
        _add_options(document, shape, listing(node.get(keyword)), within)
    _spread_exclusive(shape.facets)


_OWN = {"$ref", "allOf", "oneOf", "anyOf", "type", "nullable", "properties", "required", "enum", "const"}


def _add_types(shape: Shape, node: Node) -> None:
    given = node.get("type")
    kinds = frozenset(map(str, listing(given) if isinstance(given, list) else [given] if given else []))
    shape.nullable = shape.nullable or "null" in kinds or node.get("nullable") is True
    kinds -= {"null"}
    shape.types = shape.types & kinds or kinds if shape.types and kinds else shape.types | kinds


def _add_values(shape: Shape, node: Node) -> None:
    values = [node["const"]] if "const" in node else node.get("enum")
    if isinstance(values, list):
        shape.nullable = shape.nullable or None in values
        shape.facets["enum"] = [value for value in listing(values) if value is not None]


def _add_options(document: Document, shape: Shape, options: list[Any], within: frozenset[str]) -> None:
    some = [option for option in options if not _is_null(document.resolved(option))]
    shape.nullable = shape.nullable or len(some) < len(options)
    shape.options += some
    if len(some) == 1:
        _add(document, shape, some[0], within)


def _alternatives(node: Node) -> list[Any]:
    return [*listing(node.get("oneOf")), *listing(node.get("anyOf"))]


def _is_null(node: Node) -> bool:
    return node.get("type") in ("null", ["null"]) or node.get("enum") == [None]


def _spread_exclusive(facets: Node) -> None:
    """Say exclusive limits as 3.1 does: 3.0 has a flag beside the limit."""
    for limit, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        flag = facets.get(exclusive)
        if isinstance(flag, bool):
            del facets[exclusive]
            if flag and limit in facets:
                facets[exclusive] = facets.pop(limit)
