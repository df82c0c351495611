"""Project schemas onto those that the generator takes without a warning, and give each class a name of its own."""

from typing import Any

from attrs import evolve, frozen
from openapi_python_client.strings import ClassName, PythonIdentifier, pascal_case

from tools.nodes import (
    PREFIX,
    Node,
    alternatives,
    as_list,
    as_object,
    constant_of,
    default_of,
    enum_of,
    is_null,
    is_nullable,
    kind_of,
    only,
    required_of,
    resolve,
    says,
    without,
)
from tools.unions import discriminate

FIELD_PREFIX = "field_"
NULL: Node = {"type": "null"}
_TOLD = ("type", "$ref", "format", "enum", "const", "items", "anyOf", "oneOf", "allOf", "properties")


@frozen
class Place:
    """Where a schema stands, which is what the generator names its class by.

    Attributes:
        name: Its name there.
        parent: The class, or the operation, that it stands in.
        title: The title of a component, which is decided before those of what stands in it.
        null_is_said: Whether null is accepted there whatever the schema says.
    """

    name: str
    parent: str = ""
    title: str = ""
    null_is_said: bool = False


class Schemas:
    """The schemas of a document, projected one by one and named as the generator will name their classes."""

    def __init__(self, document: Node) -> None:
        self._document = document
        self._source = discriminate(document, as_object(as_object(document.get("components")).get("schemas")))
        self._taken: set[str] = set()
        self._titles = {name: self._title(Place(name), as_object(schema)) for name, schema in self._source.items()}
        self._moved: dict[str, str] = {}

    def components(self) -> Node:
        """Return every component, also those that were made of schemas which stand elsewhere."""
        projected: Node = {}
        while waiting := [name for name in self._source if name not in projected]:
            projected |= {name: self._component(name) for name in waiting}
        return projected

    def _component(self, name: str) -> Node:
        return self.project(self._source[name], Place(name, title=self._titles[name], null_is_said=True))

    def project(self, schema: Any, place: Place) -> Node:
        """Project the schema that stands in a place."""
        node = as_object(schema)
        if "$ref" in node:
            return self._reference(node["$ref"], place)
        about = {key: node[key] for key in ("description", "example") if key in node}
        if node.get("deprecated") is True:
            about["description"] = f"Deprecated. {about.get('description', '')}".strip()
        options = [option for option in alternatives(node) if not is_null(option)]
        if node.get("allOf"):
            projected = self._composed(node, place)
        elif options:
            projected = self._union(options, place)
        else:
            projected = self._plain(node, place)
        if "$ref" not in projected:
            projected = about | projected
        return {"anyOf": [projected, NULL]} if is_nullable(node) and not place.null_is_said else projected

    # References: the generator knows those to components alone.

    def _reference(self, reference: str, place: Place) -> Node:
        target = reference.removeprefix(PREFIX)
        if target not in self._source:
            target = self._component_of(reference)
        projected = {"$ref": PREFIX + target}
        nullable = not place.null_is_said and is_nullable(as_object(self._source[target]))
        return {"anyOf": [projected, NULL]} if nullable else projected

    def _component_of(self, reference: str) -> str:
        """Make a component of a schema that stands anywhere else in the document."""
        if reference not in self._moved:
            parts = [part for part in reference.split("/")[2:] if part not in {"schemas", "properties", "schema"}]
            wanted = "".join(map(pascal_case, parts)) or "Schema"
            self._moved[reference] = name = self._title(Place(wanted), {})
            self._source[name] = resolve(self._document, reference)
            self._titles[name] = name
        return self._moved[reference]

    # Names: the generator joins a parent's class name and a title or name, and refuses to do so twice.

    def _title(self, place: Place, node: Node) -> str:
        """Return a title that gives a schema's class a name, and a module, that no other has."""
        if place.title:
            return place.title
        title = node.get("title")
        wanted = title if isinstance(title, str) and pascal_case(title) else place.name
        candidates = [wanted, place.name, *(f"{place.name}_{number}" for number in range(2, 1000))]
        return next(candidate for candidate in candidates if self._take(class_name(place.parent, candidate)))

    def _take(self, name: str) -> bool:
        names = {name, f"{PythonIdentifier(name, FIELD_PREFIX)}.py"}
        free = self._taken.isdisjoint(names)
        self._taken |= names if free else set()
        return free

    # Schemas of one kind and another.

    def _plain(self, node: Node, place: Place) -> Node:
        kind = kind_of(node)
        if kind == "object":
            return self._object(node, place)
        if kind == "array":
            return {"type": kind, "items": self.project(_items(node), Place(f"{place.name}_item", place.parent))}
        values = enum_of(node, kind)
        projected = ({"type": kind} if kind else {}) | only(node, "format") | default_of(node, kind, values)
        if values:
            return projected | {"enum": values, "title": self._title(place, node)}
        return projected | (constant_of(node) if kind in (None, "string", "integer", "boolean") else {})

    def _object(self, node: Node, place: Place) -> Node:
        title = self._title(place, node)
        inside = class_name(place.parent, title)
        projected: Node = {"type": "object", "title": title, "required": required_of(node)}
        projected["properties"] = self._fields(as_object(node.get("properties")), inside)
        return projected | self._extra(node.get("additionalProperties"), inside)

    def _extra(self, extra: Any, inside: str) -> Node:
        """Project what a schema says of further fields: nothing, that there are none, or what they are."""
        if isinstance(extra, dict):
            return {"additionalProperties": self.project(extra, Place("AdditionalProperty", inside, "", True))}
        return {"additionalProperties": False} if extra is False else {}

    def _fields(self, properties: Node, inside: str) -> Node:
        return {name: self.project(value, Place(name, inside, "", True)) for name, value in properties.items()}

    def _union(self, options: list[Node], place: Place) -> Node:
        if len(options) == 1:
            return self.project(options[0], evolve(place, null_is_said=True))
        inner = [
            self.project(option if "$ref" in option else without(option, "title"), Place(name, place.parent))
            for option, name in zip(
                options, (f"{place.name}_type_{index}" for index in range(len(options))), strict=True
            )
        ]
        return {"anyOf": inner}

    def _composed(self, node: Node, place: Place) -> Node:
        """Project an allOf: of objects their sum, and of anything else the first part that says what it is."""
        own = without(node, "allOf", "title", "description", "example", "nullable", "default")
        every = [*map(as_object, node["allOf"]), own]
        parts = [part for part in every if says(part)]
        is_more = len(parts) > 1 or any(required_of(part) for part in every if part not in parts)
        if parts and is_more and all(map(self._is_object, parts)):
            return self._sum(parts, [name for part in every for name in required_of(part)], place, node)
        first = next((part for part in parts if not self._is_object(part)), parts[0] if parts else {})
        return self.project(first if "$ref" in first else only(node, "title") | own | first, place)

    def _sum(self, parts: list[Node], required: list[str], place: Place, node: Node) -> Node:
        title = self._title(place, node)
        inside = class_name(place.parent, title)
        references = [self._reference(part["$ref"], Place("", "", "", True)) for part in parts if "$ref" in part]
        flat = [self._flat(part) for part in parts]
        if self._disagree(flat):
            references, written = [], flat
        else:
            written = [inner for part, inner in zip(parts, flat, strict=True) if "$ref" not in part]
        fields = {name: value for part in written for name, value in part["properties"].items()}
        required = [*required, *(name for part in written for name in part["required"])]
        members = {"type": "object", "properties": self._fields(fields, inside), "required": required}
        extra = self._extra(self._flat({"allOf": parts})["additionalProperties"], inside)
        return {"title": title, **({"allOf": [*references, members]} if references else members), **extra}

    @staticmethod
    def _disagree(parts: list[Node]) -> bool:
        """Return whether parts declare a field differently, which the generator does not add up."""
        seen: dict[str, Node] = {}
        return any(
            seen.setdefault(name, only(as_object(value), *_TOLD)) != only(as_object(value), *_TOLD)
            for part in parts
            for name, value in part["properties"].items()
        )

    def _flat(self, part: Node) -> Node:
        """Return an object with all that it consists of."""
        node = as_object(resolve(self._document, part["$ref"])) if "$ref" in part else part
        every = [*(self._flat(as_object(inner)) for inner in node.get("allOf", [])), node]
        extra = [one["additionalProperties"] for one in every if as_object(one.get("additionalProperties"))]
        return {
            "properties": {name: value for one in every for name, value in as_object(one.get("properties")).items()},
            "required": [name for one in every for name in required_of(one)],
            "additionalProperties": extra[0] if extra and all(one == extra[0] for one in extra) else None,
        }

    def _is_object(self, part: Node) -> bool:
        node = as_object(resolve(self._document, part["$ref"])) if "$ref" in part else part
        if node.get("allOf"):
            return all(self._is_object(as_object(inner)) for inner in node["allOf"] if says(inner))
        return not alternatives(node) and kind_of(node) == "object"


def class_name(parent: str, title: str) -> str:
    """Return the name of a class as the generator makes it."""
    return ClassName(f"{pascal_case(parent)}{pascal_case(title)}" if parent else title, FIELD_PREFIX)


def _items(node: Node) -> Node:
    given = [*as_list(node.get("prefixItems")), *([node["items"]] if as_object(node.get("items")) else [])]
    return as_object(given[0]) if len(given) == 1 else {"anyOf": given} if given else {}
