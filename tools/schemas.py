"""Project schemas onto those that the generator takes without a warning, and give each class a name of its own."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from openapi_python_client.strings import ClassName, PythonIdentifier, pascal_case

Node: TypeAlias = dict[str, Any]

PREFIX = "#/components/schemas/"
FIELD_PREFIX = "field_"
NULL: Node = {"type": "null"}

_COPIED = ("type", "format", "title", "description", "example", "deprecated", "nullable")
_SCALARS: dict[str, type] = {"string": str, "integer": int, "number": float, "boolean": bool}


class Schemas:
    """The schemas of a document, projected one by one and named as the generator will name their classes."""

    def __init__(self, document: Node) -> None:
        self._document = document
        self._source: Node = dict(document.get("components", {}).get("schemas", {}))
        self._classes: set[str] = set()
        self.components: Node = {}
        _discriminate(document, self._source)
        titles = {name: self._named("", name, schema) for name, schema in self._source.items()}
        for name in list(self._source):
            self.components[name] = self._component(name, titles[name])
        while pending := [name for name in self._source if name not in self.components]:
            for name in pending:
                self.components[name] = self._component(name, self._named("", name, self._source[name]))
        self._break_cycles()

    def _component(self, name: str, title: str) -> Node:
        schema = {**_object(self._source[name]), "title": title}
        projected = self.project({key: value for key, value in schema.items() if key != "nullable"}, "", name, True)
        if "$ref" in projected or projected.get("title") != name:
            return projected
        return {key: value for key, value in projected.items() if key != "title"}

    # Naming: the generator joins a parent's class name and a title or field name, and refuses to do so twice.

    def _named(self, parent: str, name: str, schema: Any) -> str:
        """Return a title that gives a schema's class a name and a module that no other has."""
        title = _object(schema).get("title")
        wanted = title if isinstance(title, str) and pascal_case(title) else name
        candidates = [wanted, name, *(f"{name}_{number}" for number in range(2, 1000))]
        return next(candidate for candidate in candidates if self._claim(parent, candidate))

    def _claim(self, parent: str, title: str) -> bool:
        claimed = {_class(parent, title), f"module {PythonIdentifier(_class(parent, title), FIELD_PREFIX)}"}
        if claimed & self._classes:
            return False
        self._classes |= claimed
        return True

    # Projection.

    def project(self, schema: Any, parent: str, name: str, component: bool = False, field: bool = False) -> Node:
        """Project a schema.

        Args:
            schema: The schema.
            parent: The class, or the operation, that it stands in.
            name: The name it has there.
            component: Whether it is a component, whose name is known already.
            field: Whether null is accepted where it stands, so that it need not be declared.
        """
        node = _object(schema)
        if "$ref" in node:
            return self._reference(node["$ref"], field)
        result = {key: node[key] for key in _COPIED if isinstance(node.get(key), (str, bool, int, float, dict, list))}
        nullable = _take_null(node, result) or node.get("nullable") is True
        result.pop("nullable", None)
        _mark_deprecated(result)
        options = [option for option in _options(node) if option != NULL]
        nullable = nullable or len(options) < len(_options(node))
        if node.get("allOf"):
            result = self._all_of(node, result, parent, name, component)
        elif options:
            result = self._any_of(options, result, parent, name, component)
        else:
            result = self._single(node, result, parent, name, component)
        return {"anyOf": [result, NULL]} if nullable and not field and not component and result else result

    def _reference(self, reference: str, field: bool) -> Node:
        target = reference.removeprefix(PREFIX)
        if target == reference or "/" in target:
            target = self._hoisted(reference)
        projected = {"$ref": PREFIX + target}
        nullable = not field and _object(self._source.get(target)).get("nullable") is True
        return {"anyOf": [projected, NULL]} if nullable else projected

    def _hoisted(self, reference: str) -> str:
        """Make a component of a schema that stands anywhere else in the document."""
        parts = reference.removeprefix("#/").split("/")
        name = "".join(
            pascal_case(part) or "_" for part in parts if part not in {"components", "schemas", "properties"}
        )
        self._source.setdefault(name, resolve(self._document, reference))
        return name

    def _all_of(self, node: Node, result: Node, parent: str, name: str, component: bool) -> Node:
        own = {key: value for key, value in node.items() if key not in {"allOf", "description", "example", "nullable"}}
        parts = [part for part in [*node["allOf"], own] if _says(part)]
        if not all(self._is_object(part) for part in parts) or len(parts) < 2:
            part = next((part for part in parts if not self._is_object(part)), parts[0] if parts else {})
            merged = part if "$ref" in part else {**result, **part}
            return self.project(merged, parent, name, component)
        title = result.get("title", name) if component else self._named(parent, name, node)
        inside = _class(parent, title)
        properties, required = self._conflicts(parts), [key for part in parts for key in _required(part)]
        projected = [self._reference(part["$ref"], field=True) for part in parts if "$ref" in part]
        inline: Node = {}
        for part in (part for part in parts if "$ref" not in part):
            inline |= _object(self._flat(part).get("properties"))
        if properties:
            projected, inline = (
                [],
                {key: value for part in parts for key, value in self._flat(part)["properties"].items()},
            )
        inline = {str(key): self.project(value, inside, str(key), field=True) for key, value in inline.items()}
        members = {"type": "object", "properties": inline, "required": required}
        about = {key: result[key] for key in ("description", "example") if key in result}
        return {**about, "title": title, **({"allOf": [*projected, members]} if projected else members)}

    def _conflicts(self, parts: list[Any]) -> bool:
        """Return whether two parts of an allOf declare a field differently, which the generator cannot merge."""
        seen: dict[str, Any] = {}
        for part in parts:
            for key, value in self._flat(part)["properties"].items():
                shape = {
                    item: _object(value).get(item) for item in ("type", "$ref", "format", "enum", "items", "const")
                }
                if seen.setdefault(key, shape) != shape:
                    return True
        return False

    def _flat(self, part: Any, seen: tuple[str, ...] = ()) -> Node:
        """Return the fields of an object and of everything it consists of."""
        if "$ref" in part:
            target = part["$ref"]
            return (
                {"properties": {}} if target in seen else self._flat(resolve(self._document, target), (*seen, target))
            )
        properties: Node = {}
        for inner in part.get("allOf", []):
            properties |= self._flat(inner, seen)["properties"]
        return {"properties": {**properties, **_object(part.get("properties"))}}

    def _is_object(self, part: Any, seen: tuple[str, ...] = ()) -> bool:
        if "$ref" in part:
            target = part["$ref"]
            return target not in seen and self._is_object(resolve(self._document, target), (*seen, target))
        if part.get("allOf"):
            return all(self._is_object(inner, seen) for inner in part["allOf"] if _says(inner))
        return not _options(part) and (
            part.get("type") == "object" or "properties" in part or set(part) <= {"required"}
        )

    def _any_of(self, options: list[Any], result: Node, parent: str, name: str, component: bool) -> Node:
        if len(options) == 1:
            option = options[0]
            merged = option if "$ref" in option else {**{k: v for k, v in result.items() if k != "type"}, **option}
            return self.project(merged, parent, name, component, field=True)
        about = {key: result[key] for key in ("description", "example", "title") if key in result}
        inside, inner = ("", name) if component else (parent, name)
        projected = []
        for index, option in enumerate(options):
            untitled = option if "$ref" in option else {k: v for k, v in option.items() if k != "title"}
            projected.append(self.project(untitled, inside, f"{inner}_type_{index}"))
        return {**about, "anyOf": projected} if component else {"anyOf": projected, **_without(about, "title")}

    def _single(self, node: Node, result: Node, parent: str, name: str, component: bool) -> Node:
        kind = result.get("type") or _implied(node)
        if kind:
            result["type"] = kind
        values = _enum(node, kind)
        if kind == "object":
            return self._object_schema(node, result, parent, name, component)
        if kind == "array":
            given = node.get("prefixItems") or []
            items = [*given, *([node["items"]] if _object(node.get("items")) or not given else [])]
            inner = items[0] if len(items) == 1 else {"anyOf": items}
            return {**_without(result, "title", "enum"), "items": self.project(inner, parent, f"{name}_item")}
        if values:
            title = result.get("title", name) if component else self._named(parent, name, node)
            result |= {"enum": values, "title": title}
        elif not component:
            result.pop("title", None)
        _constant(node, result, kind)
        default = node.get("default")
        if _is_plain(default, kind) and (default in values if values else "format" not in result or kind != "string"):
            result["default"] = default
        return result

    def _object_schema(self, node: Node, result: Node, parent: str, name: str, component: bool) -> Node:
        title = result.get("title", name) if component else self._named(parent, name, node)
        inside = _class(parent, title)
        properties = _object(node.get("properties"))
        result |= {"title": title, "required": _required(node)}
        result["properties"] = {
            str(key): self.project(value, inside, str(key), field=True) for key, value in properties.items()
        }
        extra = node.get("additionalProperties")
        if isinstance(extra, dict):
            result["additionalProperties"] = self.project(extra, inside, "AdditionalProperty", field=True)
        elif extra is False:
            result["additionalProperties"] = False
        return result

    def _break_cycles(self) -> None:
        """Open lists and unions that contain themselves: the generator only knows objects that do."""
        for name in self.components:
            _open(self.components[name], name, self.components, (name,), top=True)


def resolve(document: Node, reference: str) -> Any:
    """Return what a reference within the document points to."""
    node: Any = document
    for part in reference.removeprefix("#/").split("/"):
        key = part.replace("~1", "/").replace("~0", "~").replace("%7B", "{").replace("%7D", "}")
        node = node[int(key)] if isinstance(node, list) else node[key]
    return resolve(document, node["$ref"]) if isinstance(node, dict) and "$ref" in node else node


def _open(node: Any, name: str, components: Node, path: tuple[str, ...], top: bool = False) -> None:
    for holder, key, inner in _eager(node):
        target = inner.get("$ref", "").removeprefix(PREFIX)
        if not target:
            _open(inner, name, components, path)
        elif target in path:
            holder[key] = {}
        elif target in components and components[target].get("type") != "object":
            _open(components[target], name, components, (*path, target), top=True)


def _eager(node: Node) -> Iterator[tuple[Any, Any, Node]]:
    """Yield what the generator must know before it can know a schema."""
    if "items" in node:
        yield node, "items", node["items"]
    for options in (node.get("anyOf", []), node.get("allOf", [])):
        for index, option in enumerate(options):
            yield options, index, option
            for key, value in option.get("properties", {}).items():
                yield option["properties"], key, value


def _discriminate(document: Node, schemas: Node) -> None:
    """Say in each option of a union what its discriminator is, which the generator does not read from the union."""
    for union in list(_walk(document)):
        discriminator = _object(union.get("discriminator"))
        name = discriminator.get("propertyName")
        mapping = _object(discriminator.get("mapping"))
        for option in _options(union) if isinstance(name, str) else []:
            target = str(option.get("$ref", "")).removeprefix(PREFIX)
            values = [key for key, value in mapping.items() if str(value).removeprefix(PREFIX) == target] or [target]
            if target in schemas and isinstance(name, str):
                schemas[target] = _with_constant(schemas[target], name, values)


def _with_constant(schema: Node, name: str, values: list[str]) -> Node:
    declared = _object(_object(schema.get("properties")).get(name))
    if "enum" in declared or "const" in declared or "$ref" in declared:
        return schema
    constant = {**declared, "type": "string", "enum": values}
    return {**schema, "properties": {**_object(schema.get("properties")), name: constant}}


def _walk(node: Any) -> Iterator[Node]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _walk(child)


def _class(parent: str, title: str) -> str:
    return ClassName(f"{pascal_case(parent)}{pascal_case(title)}" if parent else title, FIELD_PREFIX)


def _object(node: Any) -> Node:
    return node if isinstance(node, dict) else {}


def _without(node: Node, *keys: str) -> Node:
    return {key: value for key, value in node.items() if key not in keys}


def _options(node: Node) -> list[Any]:
    """Return the alternatives of a union; those that only say which fields are required are none."""
    options = [*(node.get("anyOf") or []), *(node.get("oneOf") or [])]
    if isinstance(node.get("type"), list) and len(kinds := [kind for kind in node["type"] if kind != "null"]) > 1:
        options = [{**_without(node, "type", "description", "title", "default"), "type": kind} for kind in kinds]
    return [_object(option) for option in options] if any(_says(option) for option in options) else []


def _says(part: Any) -> bool:
    """Return whether a part of a composition says what a value is, and not only something about it."""
    told = set(_object(part)) & {"$ref", "type", "properties", "allOf", "anyOf", "oneOf", "enum", "const", "items"}
    return bool(told) or "additionalProperties" in _object(part)


def _required(node: Node) -> list[str]:
    names = node.get("required")
    return [str(name) for name in names] if isinstance(names, list) else []


def _take_null(node: Node, result: Node) -> bool:
    """Reduce a list of types to the one besides null, and return whether null was in it."""
    kinds = node.get("type")
    if not isinstance(kinds, list):
        return None in (node.get("enum") or [])
    others = [kind for kind in kinds if kind != "null"]
    result.pop("type")
    if len(others) <= 1:
        result["type"] = others[0] if others else "null"
    return "null" in kinds and bool(others)


def _mark_deprecated(result: Node) -> None:
    if result.pop("deprecated", False) is True:
        result["description"] = f"Deprecated. {result.get('description', '')}".strip()


def _implied(node: Node) -> str | None:
    if "properties" in node or "additionalProperties" in node:
        return "object"
    if "items" in node or "prefixItems" in node:
        return "array"
    kinds = {type(value) for value in node.get("enum") or [] if value is not None}
    return {str: "string", int: "integer"}.get(kinds.pop()) if len(kinds) == 1 else None


def _enum(node: Node, kind: Any) -> list[Any]:
    """Return the values of an enum of strings or of integers; of any other nothing, so that every value may come."""
    values = [value for value in node.get("enum") or [] if value is not None]
    if kind == "string" and all(type(value) in (str, int) for value in values):
        return [str(value) for value in values]
    return values if kind == "integer" and all(type(value) is int for value in values) else []


def _constant(node: Node, result: Node, kind: Any) -> None:
    value = node.get("const")
    plain = type(value) in (str, int, bool) and not (isinstance(value, str) and ("\\" in value or '"' in value))
    if plain and kind in {None, "string", "integer", "boolean"}:
        result["const"] = value


def _is_plain(value: Any, kind: Any) -> bool:
    """Return whether a default is a value of its type that the generator writes as it is."""
    expected = _SCALARS.get(kind) if isinstance(kind, str) else None
    if expected is float:
        return type(value) in (int, float)
    return expected is not None and type(value) is expected and not (isinstance(value, str) and set(value) & set('\\"'))
