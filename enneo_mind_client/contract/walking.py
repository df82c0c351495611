"""Every value of an answer with the schemas that apply to it: what a validator knows and does not tell."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from attrs import define, field, frozen

from enneo_mind_client.contract.documents import Document, Node, as_list, as_object
from enneo_mind_client.contract.masking import step
from enneo_mind_client.shapes import is_object

Path: TypeAlias = tuple[str | int, ...]

_COMPOSED = frozenset({"allOf", "anyOf", "oneOf", "discriminator", "if", "dependentSchemas"})
OTHERS = ("additionalProperties", "unevaluatedProperties")
"""What a schema says of fields that it does not name."""


@frozen
class Place:
    """A value of an answer.

    Attributes:
        path: Where it is.
        shown: The same as a JSON path, with `[*]` for indexes and for the keys of a map.
        value: The value.
        schemas: All that apply, with references followed and compositions dissolved.
        sure: Whether these are all that it can be held against, and not one of several alternatives.
    """

    path: Path
    shown: str
    value: Any
    schemas: Sequence[Node]
    sure: bool = True

    @property
    def is_object(self) -> bool:
        """Whether it is a JSON object whose fields are declared."""
        return is_object(self.value) and any("properties" in schema for schema in self.schemas)

    def properties(self) -> dict[str, list[Any]]:
        """Return the declared fields, each with what declares it."""
        found: dict[str, list[Any]] = {}
        for schema in self.schemas:
            for name, declared in as_object(schema.get("properties")).items():
                found.setdefault(name, []).append(declared)
        return found

    def required(self) -> set[str]:
        """Return the names of the fields that have to be there."""
        return {str(name) for schema in self.schemas for name in as_list(schema.get("required"))}

    def undeclared(self) -> Iterator[str]:
        """Yield the names of the fields that no schema knows, where the document does not leave them open."""
        closed = any(schema.get(name) is False for schema in self.schemas for name in OTHERS)
        if not is_object(self.value) or not (self.is_object or closed) or self._is_open():
            return
        known = self.properties()
        yield from (name for name in self.value if name not in known and not self.patterned(name))

    def patterned(self, name: str) -> list[Any]:
        """Return what is declared for fields of such a name."""
        declared = (as_object(schema.get("patternProperties")) for schema in self.schemas)
        return [each for patterns in declared for pattern, each in patterns.items() if re.search(pattern, name)]

    def others(self) -> list[Node]:
        """Return what is declared for any field beside the named ones."""
        return [schema[name] for schema in self.schemas for name in OTHERS if is_object(schema.get(name))]

    def _is_open(self) -> bool:
        declared = (schema.get(name) for schema in self.schemas for name in OTHERS)
        return any(each is True or is_object(each) for each in declared)


def walk(document: Document, value: Any, declared: Any) -> Iterator[Place]:
    """Yield a value and each value in it with what a document declares for it, as far as it does.

    Raises:
        ConfigurationError: The document refers to what it does not have.
    """
    return _places(document, ((), "$", value, [declared]), sure=True)


_Member: TypeAlias = tuple[Path, str, Any, list[Any]]


def _places(document: Document, member: _Member, *, sure: bool) -> Iterator[Place]:
    path, shown, value, declared = member
    schemas, sure = _applying(document, value, declared, sure=sure)
    place = Place(path, shown, value, schemas, sure)
    yield place
    for each in _fields(place) if is_object(value) else _items(place):
        yield from _places(document, each, sure=sure)


def _applying(document: Document, value: Any, declared: list[Any], *, sure: bool) -> tuple[Sequence[Node], bool]:
    schemas = [layer for schema in declared for layer in document.layers(schema)]
    if all(map(_COMPOSED.isdisjoint, schemas)):  # as most are
        return schemas, sure
    found = _Applying(document, value, sure)
    for schema in declared:
        found.add(schema)
    return found.schemas, found.sure


def _fields(place: Place) -> Iterator[_Member]:
    named, others = place.properties(), place.others()
    for name, value in place.value.items():
        if name in named:
            yield (*place.path, name), place.shown + step(name), value, named[name]
        elif declared := place.patterned(name) or others:
            yield (*place.path, name), f"{place.shown}.*", value, declared


def _items(place: Place) -> Iterator[_Member]:
    for at, value in enumerate(as_list(place.value)):
        if declared := [each for schema in place.schemas for each in _item(schema, at)]:
            yield (*place.path, at), f"{place.shown}[*]", value, declared


def _item(schema: Node, at: int) -> list[Any]:
    first = as_list(schema.get("prefixItems"))
    return [first[at]] if at < len(first) else [schema["items"]] if "items" in schema else []


@define
class _Applying:
    """Gathers the schemas that apply to a value."""

    document: Document
    value: Any
    sure: bool
    schemas: list[Node] = field(factory=list[Node])
    _seen: set[int] = field(factory=set[int])

    def add(self, given: Any) -> None:
        for schema in self.document.layers(given):
            if id(schema) not in self._seen:
                self._seen.add(id(schema))
                self.schemas.append(schema)
                self._add_parts(schema)

    def _add_parts(self, schema: Node) -> None:
        for part in (*as_list(schema.get("allOf")), *self._conditional(schema)):
            self.add(part)
        unions = [options for name in ("anyOf", "oneOf") if (options := as_list(schema.get(name)))]
        for options in unions:
            self._choose(options)
        if not unions and (kind := self._discriminated(schema)):
            self.add({"$ref": kind})

    def _conditional(self, schema: Node) -> Iterator[Any]:
        """Yield what holds because of what the value is."""
        if "if" in schema:
            fits = self._fits(schema["if"])
            yield from (schema["if"], schema.get("then")) if fits else (schema.get("else"),)
        dependent, fields = as_object(schema.get("dependentSchemas")), as_object(self.value)
        yield from (part for name, part in dependent.items() if name in fields)

    def _fits(self, schema: Any) -> bool:
        return bool(self.document.validator.evolve(schema=schema).is_valid(self.value))

    def _choose(self, options: list[Any]) -> None:
        fitting = list(filter(self._fits, options))
        self.sure &= len(fitting) == 1
        for option in fitting or options:
            self.add(option)

    def _discriminated(self, schema: Node) -> str | None:
        """Return which schema a base says that an object of it has, by the value of one of its fields."""
        discriminator = as_object(schema.get("discriminator"))
        kind = as_object(self.value).get(discriminator.get("propertyName", ""))
        if not isinstance(kind, str):
            return None
        named: Any = as_object(discriminator.get("mapping")).get(kind, kind)
        reference = named if str(named).startswith("#/") else f"#/components/schemas/{named}"
        return reference if self.document.has(reference) else None
