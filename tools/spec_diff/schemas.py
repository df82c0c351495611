"""Compares schemas: one generator a question, each yielding the changes it finds."""

import json
import operator
from collections.abc import Iterator
from typing import Any

from attrs import field, frozen

from tools.spec_diff.changes import Change, View
from tools.spec_diff.documents import Document, Node, mapping
from tools.spec_diff.shapes import HANDLED, LOWER, OTHER_LIMITS, TEXT, UPPER, Shape, shape_of

_ALL_TYPES = frozenset({"string", "number", "integer", "boolean", "array", "object"})
_PYTHON_TYPES = {"date-time": "datetime", "date": "date", "uuid": "UUID", "binary": "File"}
_WIDER_FORMATS = {("int32", "int64"), ("float", "double")}


@frozen
class Schemas:
    """The comparison of schemas of two documents.

    Attributes:
        old: The document before.
        new: The document after.
        seen: What was compared, each with the view, so that recursive schemas come to an end.
    """

    old: Document
    new: Document
    seen: set[tuple[str, str, View]] = field(factory=set[tuple[str, str, View]])

    def compare(self, old: Any, new: Any, view: View) -> Iterator[Change]:
        """Yield what changed from one schema to another."""
        before, after = shape_of(self.old, old), shape_of(self.new, new)
        named = view
        if before.component and before.component == after.component:
            named = view.at(before.component)
        there = named if _is_bare(old) and _is_bare(new) else view
        yield from _flags(before, after, there)
        yield from _texts(before.facets, after.facets, there)
        if before.component or after.component:
            place = "" if before.component and after.component else view.part
            key = (before.component, after.component, named.at(place))
            if key in self.seen:
                return
            self.seen.add(key)
        yield from self._shapes(before, after, named, (old, new))

    def _shapes(self, old: Shape, new: Shape, view: View, raw: tuple[Any, Any]) -> Iterator[Change]:
        if old.variants or new.variants:
            yield from self._variants(old.options or [raw[0]], new.options or [raw[1]], view)
        elif old.types != new.types:
            yield view.change(_type_kind(old.types, new.types), _types(old), _types(new))
        else:
            yield from _values(old.facets, new.facets, view)
            yield from _limits(old.facets, new.facets, view)
            yield from self._inside(old, new, view)

    def _inside(self, old: Shape, new: Shape, view: View) -> Iterator[Change]:
        if old.is_object:
            yield from self._fields(old, new, view)
            yield from self._extra(old.facets, new.facets, view)
        if "items" in old.facets or "items" in new.facets:
            part = view.at(f"{view.part}[]", may_be_null=False)
            yield from self.compare(old.facets.get("items"), new.facets.get("items"), part)

    def _fields(self, old: Shape, new: Shape, view: View) -> Iterator[Change]:
        before, after = self._seen_from(self.old, old, view), self._seen_from(self.new, new, view)
        if bool(before) != bool(after):
            yield view.change("became-model" if after else "became-free-form")
        elif old.has_class and new.has_class and old.name != new.name:
            yield view.change("model-renamed", old.name or "without a name", new.name or "without a name")
        for name in sorted({*before, *after}):
            there = view.at(f"{view.part}.{name}", may_be_null=True)
            if name not in after:
                yield there.change("field-removed")
            elif name not in before:
                yield there.change("field-added-required" if name in new.required else "field-added")
            else:
                if (name in old.required) != (name in new.required):
                    yield there.change("now-required" if name in new.required else "now-optional")
                yield from self.compare(before[name], after[name], there)

    @staticmethod
    def _seen_from(document: Document, shape: Shape, view: View) -> Node:
        """Return the fields but those that only go the other way."""
        hidden = "writeOnly" if view.reads else "readOnly"
        fields = shape.properties.items()
        return {name: schema for name, schema in fields if document.resolved(schema).get(hidden) is not True}

    def _extra(self, old: Node, new: Node, view: View) -> Iterator[Change]:
        before, after = old.get("additionalProperties", True), new.get("additionalProperties", True)
        before, after = True if before == {} else before, True if after == {} else after
        if before == after:
            return
        if after is False or before is False:
            yield view.change("extra-closed" if after is False else "extra-opened")
        elif before is True or after is True:
            yield view.change("extra-typed" if before is True else "extra-untyped")
        else:
            yield from self.compare(before, after, view.at(f"{view.part}.*", may_be_null=True))

    def _variants(self, old: list[Any], new: list[Any], view: View) -> Iterator[Change]:
        """Pair the alternatives by name, then those that are alike, then the others in their order."""
        gone, fresh = list(old), list(new)
        for alike in (self._same_name, operator.eq, self._nameless):
            for one in list(gone):
                other = next((other for other in fresh if alike(one, other)), None)
                if other is not None:
                    gone.remove(one)
                    fresh.remove(other)
                    yield from self.compare(one, other, view)
        for kind, document, options in (("variant-removed", self.old, gone), ("variant-added", self.new, fresh)):
            for option in options:
                name = _called(shape_of(document, option))
                yield view.change(kind, name, name)

    def _same_name(self, one: Any, other: Any) -> bool:
        return _called(shape_of(self.old, one)) == _called(shape_of(self.new, other))

    def _nameless(self, one: Any, other: Any) -> bool:
        return not (shape_of(self.old, one).name or shape_of(self.new, other).name)


def _is_bare(schema: Any) -> bool:
    """Return whether a schema is a reference and says nothing beside it."""
    return mapping(schema).keys() == {"$ref"}


def _called(shape: Shape) -> str:
    return shape.name or _types(shape)


def _types(shape: Shape) -> str:
    return " or ".join(sorted(shape.types)) or "anything"


def _type_kind(old: frozenset[str], new: frozenset[str]) -> str:
    before, after = _spread(old), _spread(new)
    return "type-narrowed" if after < before else "type-widened" if before < after else "type-changed"


def _spread(types: frozenset[str]) -> frozenset[str]:
    return (types or _ALL_TYPES) | frozenset({"integer"} if "number" in types else ())


def _flags(old: Shape, new: Shape, view: View) -> Iterator[Change]:
    if old.nullable != new.nullable:
        came = "null-added" if view.may_be_null else "null-came"
        yield view.change(came if new.nullable else "null-removed")
    yield from deprecation(old.facets, new.facets, view)
    before, after = old.facets.get("default"), new.facets.get("default")
    if shown(before) != shown(after):
        yield view.change("default-changed", shown(before), shown(after))


def deprecation(old: Node, new: Node, view: View) -> Iterator[Change]:
    """Yield whether something was, or is no longer, deprecated."""
    if (old.get("deprecated") is True) != (new.get("deprecated") is True):
        yield view.change("deprecated" if new.get("deprecated") is True else "undeprecated")


def _texts(old: Node, new: Node, view: View) -> Iterator[Change]:
    changed = [key for key in sorted({*old, *new}) if shown(old.get(key)) != shown(new.get(key))]
    texts = [key for key in changed if key in TEXT]
    if texts:
        yield view.change("text-changed", new=", ".join(texts))
    for keyword in changed:
        if keyword not in TEXT and keyword not in HANDLED:
            yield view.change("keyword-changed", new=keyword)


def _values(old: Node, new: Node, view: View) -> Iterator[Change]:
    if old.get("format") != new.get("format"):
        yield view.change(_format_kind(old.get("format"), new.get("format")), *map(_format, (old, new)))
    before, after = old.get("enum"), new.get("enum")
    if (before is None) != (after is None):
        yield view.change("enum-removed" if after is None else "enum-added", new=", ".join(map(shown, after or [])))
    elif before is not None and after is not None:
        for kind, some, others in (("enum-value-removed", before, after), ("enum-value-added", after, before)):
            for value in map(shown, some):
                if value not in map(shown, others):
                    yield view.change(kind, value, value)


def _format(facets: Node) -> str:
    return str(facets.get("format", "none"))


def _format_kind(old: Any, new: Any) -> str:
    if _PYTHON_TYPES.get(str(old)) != _PYTHON_TYPES.get(str(new)):
        return "format-retyped"
    return "format-loosened" if new is None or (str(old), str(new)) in _WIDER_FORMATS else "format-changed"


def _limits(old: Node, new: Node, view: View) -> Iterator[Change]:
    for keyword in (*UPPER, *LOWER, *OTHER_LIMITS):
        before, after = old.get(keyword), new.get(keyword)
        if shown(before) != shown(after):
            texts = [f"no {keyword}" if value is None else f"{keyword} {shown(value)}" for value in (before, after)]
            yield view.change("limit-loosened" if _is_looser(keyword, before, after) else "limit-tightened", *texts)


def _is_looser(keyword: str, old: Any, new: Any) -> bool:
    if new is None or new is False:
        return True
    if not isinstance(old, int | float) or not isinstance(new, int | float) or keyword in OTHER_LIMITS:
        return False
    return new > old if keyword in UPPER else new < old


def shown(value: Any) -> str:
    """Return a value as JSON writes it, and `none` where there is none."""
    return "none" if value is None else json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def pick(schema_or_content: Node) -> Any:
    """Return the schema of a parameter or header, which may be written as content."""
    content = mapping(schema_or_content.get("content"))
    return mapping(next(iter(content.values()))).get("schema") if content else schema_or_content.get("schema")
