"""What the generator must be told of unions and of references, since it does not find out itself."""

from collections.abc import Iterator
from typing import Any

from tools.nodes import PREFIX, Node, alternatives, as_object, walk


def discriminate(document: Node, schemas: Node) -> Node:
    """Return the schemas, each saying of itself by what it is told apart: the generator does not ask the union."""
    told = dict(schemas)
    for union in walk(document):
        discriminator = as_object(union.get("discriminator"))
        if isinstance(name := discriminator.get("propertyName"), str):
            for option in alternatives(union):
                target = str(option.get("$ref", "")).removeprefix(PREFIX)
                if target in told:
                    told[target] = _with_constant(told[target], name, _values(discriminator, target))
    return told


def _values(discriminator: Node, target: str) -> list[str]:
    mapping = as_object(discriminator.get("mapping"))
    return [key for key, value in mapping.items() if str(value).removeprefix(PREFIX) == target] or [target]


def _with_constant(schema: Node, name: str, values: list[str]) -> Node:
    properties = as_object(schema.get("properties"))
    declared = as_object(properties.get(name))
    if not declared.keys().isdisjoint({"enum", "const", "$ref"}):
        return schema
    return {**schema, "properties": {**properties, name: {**declared, "type": "string", "enum": values}}}


def open_cycles(components: Node) -> None:
    """Open lists and unions that contain themselves: the generator only knows objects that do."""
    for name, component in components.items():
        if not _is_object(component):
            _open(component, components, (name,))


def _open(node: Node, components: Node, path: tuple[str, ...]) -> None:
    for holder, key, inner in list(_needed(node)):
        target = inner.get("$ref", "").removeprefix(PREFIX)
        if not target:
            _open(inner, components, path)
        elif target in path:
            holder[key] = {}
        elif target in components and not _is_object(components[target]):
            _open(components[target], components, (*path, target))


def _is_object(component: Node) -> bool:
    return component.get("type") == "object" or "allOf" in component


def _needed(node: Node) -> Iterator[tuple[Any, Any, Node]]:
    """Yield what the generator must know before it can know a schema, and where that stands."""
    if "items" in node:
        yield node, "items", node["items"]
    for options in (node.get("anyOf", []), node.get("allOf", [])):
        for index, option in enumerate(options):
            yield options, index, option
            if isinstance(option.get("additionalProperties"), dict):
                yield option, "additionalProperties", option["additionalProperties"]
            for key, value in option.get("properties", {}).items():
                yield option["properties"], key, value


def dissolve_aliases(document: Node) -> None:
    """Point each reference to a component that is another to that other: the generator makes a class of each."""
    components = document["components"]["schemas"]
    aliases = {PREFIX + name: components.pop(name)["$ref"] for name in list(components) if "$ref" in components[name]}
    for node in walk(document):
        while str(node.get("$ref")) in aliases:
            node["$ref"] = aliases[node["$ref"]]
