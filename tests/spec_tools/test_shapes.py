"""Schemas that say the same in several ways, and what differs by the direction in which they go."""

from typing import Any

import pytest

from tools import spec_diff
from tools.spec_diff.documents import Document


def document(schema: Any, version: str = "3.1.0", **components: Any) -> Document:
    """A document whose one operation answers, and is sent, the same schema."""
    content = {"content": {"application/json": {"schema": schema}}}
    operation = {"operationId": "do", "requestBody": content, "responses": {"200": {"description": "", **content}}}
    info = {"title": "t", "version": "1"}
    paths = {"/do": {"post": operation}}
    return Document({"openapi": version, "info": info, "paths": paths, "components": {"schemas": components}})


def found(old: Document, new: Document) -> dict[str, set[str]]:
    """What changed, by part without the operation's name."""
    kinds: dict[str, set[str]] = {}
    for change in spec_diff.compare(old, new):
        part = change.part.replace("POST /do ", "")
        kinds.setdefault(part, set()).add(f"{change.kind} {change.reader.value} {change.sender.value}")
    kinds.pop("document", None)
    return kinds


NUMBER = {"type": "number"}
THING = {"type": "object", "properties": {"a": NUMBER, "b": {"type": "string"}}}
TREE = {"type": "object", "properties": {"of": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}}}
REF = {"$ref": "#/components/schemas/Thing"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": True}, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ({"type": "string", "enum": ["a"]}, {"type": "string", "const": "a"}),
        ({"enum": ["a", "b"]}, {"enum": ["b", "a"]}),
        (THING, {"allOf": [{"properties": {"a": NUMBER}}, {**THING, "properties": {"b": {"type": "string"}}}]}),
        (THING, {"properties": THING["properties"]}),
        (REF, {"allOf": [REF]}),
        ({"allOf": [REF], "nullable": True}, {"anyOf": [REF, {"type": "null"}]}),
        ({"type": "number", "minimum": 1, "exclusiveMinimum": True}, {"type": "number", "exclusiveMinimum": 1}),
        ({}, True),
        ({"oneOf": [REF, NUMBER]}, {"oneOf": [NUMBER, REF]}),
    ],
    ids=str,
)
def test_the_same_in_other_words(one: Any, other: Any) -> None:
    """Two ways to say the same are no change, be it from 3.0 to 3.1."""
    assert found(document(one, "3.0.3", Thing=THING), document(other, "3.1.0", Thing=THING)) == {}


@pytest.mark.parametrize(
    ("old", "new", "reader", "sender"),
    [
        ({"type": "integer"}, NUMBER, "breaking", "additive"),
        (NUMBER, {"type": "integer"}, "additive", "breaking"),
        ({"type": "string"}, {"type": "array"}, "breaking", "breaking"),
        ({"type": ["string", "null"]}, {"type": "string"}, "additive", "breaking"),
        ({"type": "string"}, {"type": "string", "format": "date-time"}, "breaking", "breaking"),
        ({"type": "string"}, {"type": "string", "format": "email"}, "additive", "breaking"),
        ({"format": "int32"}, {"format": "int64"}, "additive", "additive"),
        ({"type": "string"}, {"type": "string", "enum": ["a"]}, "additive", "breaking"),
        ({"type": "string", "enum": ["a"]}, {"type": "string"}, "additive", "additive"),
        ({"maxLength": 5}, {"maxLength": 4}, "additive", "breaking"),
        ({"maxLength": 5}, {"maxLength": 6}, "additive", "additive"),
        ({"minimum": 5}, {}, "additive", "additive"),
        ({}, {"pattern": "a"}, "additive", "breaking"),
        ({"type": "object"}, THING, "breaking", "breaking"),
        (THING, {"type": "object"}, "breaking", "breaking"),
        (THING, {**THING, "additionalProperties": False}, "additive", "breaking"),
        (THING, {**THING, "additionalProperties": NUMBER}, "additive", "breaking"),
        ({**THING, "title": "A"}, {**THING, "title": "B"}, "breaking", "breaking"),
        ({"oneOf": [REF, NUMBER]}, {"oneOf": [REF, NUMBER, {"type": "string"}]}, "breaking", "additive"),
        ({"oneOf": [REF, NUMBER, {"type": "string"}]}, {"oneOf": [REF, NUMBER]}, "additive", "breaking"),
        ({"oneOf": [REF, NUMBER]}, {"oneOf": [REF]}, "additive", "breaking"),
        ({"oneOf": [REF]}, {"oneOf": [REF, NUMBER]}, "breaking", "additive"),
        (
            {"oneOf": [REF, NUMBER], "discriminator": {"propertyName": "a"}},
            {"oneOf": [REF, NUMBER]},
            "breaking",
            "breaking",
        ),
        ({"if": {}}, {"if": {"type": "string"}}, "breaking", "breaking"),
        ({"deprecated": True}, {}, "cosmetic", "cosmetic"),
        ({}, {"deprecated": True}, "additive", "additive"),
    ],
    ids=str,
)
def test_direction(old: Any, new: Any, reader: str, sender: str) -> None:
    """A change that gives a reader more may take from a sender, and the other way round."""
    changes = spec_diff.compare(document(old, Thing=THING), document(new, Thing=THING))

    assert min((change.reader for change in changes), key=lambda effect: effect.rank).value == reader
    assert min((change.sender for change in changes), key=lambda effect: effect.rank).value == sender


def test_recursive() -> None:
    """A schema that contains itself is compared once, and named by its component."""
    bigger = {"type": "object", "properties": {**TREE["properties"], "leaf": NUMBER}}  # type: ignore[dict-item]
    tree = {"$ref": "#/components/schemas/Tree"}

    assert found(document(tree, Tree=TREE), document(tree, Tree=bigger)) == {
        "Tree.leaf": {"field-added additive additive"}
    }


def test_only_one_way() -> None:
    """A field that is read-only concerns no sender, one that is write-only no reader."""
    new = {
        "type": "object",
        "properties": {**THING["properties"], "r": {"readOnly": True}, "w": {"writeOnly": True}},  # type: ignore[dict-item]
    }

    assert found(document(THING), document(new)) == {
        "200.r": {"field-added additive none"},
        "request body.w": {"field-added none additive"},
    }


MAYBE = {"anyOf": [REF, {"type": "null"}]}


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        (REF, MAYBE, {"200": {"null-came breaking none"}, "request body": {"null-came none additive"}}),
        (
            {"items": REF},
            {"items": MAYBE},
            {"200[]": {"null-came breaking none"}, "request body[]": {"null-came none additive"}},
        ),
        (
            {"properties": {"a": REF}},
            {"properties": {"a": MAYBE}},
            {"200.a": {"null-added additive none"}, "request body.a": {"null-added none additive"}},
        ),
        (
            {"additionalProperties": REF},
            {"additionalProperties": MAYBE},
            {"200.*": {"null-added additive none"}, "request body.*": {"null-added none additive"}},
        ),
    ],
    ids=["answer", "item", "field", "further field"],
)
def test_null_comes(old: Any, new: Any, kinds: dict[str, set[str]]) -> None:
    """A field may be None already; an answer, and an item of a list, has another type in Python when it may be."""
    assert found(document(old, Thing=THING), document(new, Thing=THING)) == kinds


def test_beside_a_reference() -> None:
    """What stands beside a reference belongs to the field, and is told however often its component is used."""
    old = {"properties": {"a": REF, "b": {"allOf": [REF], "default": 1}}}
    new = {"properties": {"a": REF, "b": {"allOf": [REF], "default": 2}}}

    assert found(document(old, Thing=THING), document(new, Thing=THING)) == {
        "200.b": {"default-changed cosmetic none"},
        "request body.b": {"default-changed none breaking"},
    }


def test_class_renamed() -> None:
    """A field whose schema moves to another component has another class in Python."""
    changes = found(document(REF, Thing=THING), document({"$ref": "#/components/schemas/Item"}, Item=THING))

    assert "model-renamed breaking none" in changes["200"]


def test_in_a_list() -> None:
    """What changed in the items of a list is said with the list's name."""
    assert found(document({"items": NUMBER}), document({"items": {"type": "string"}})) == {
        "200[]": {"type-changed breaking none"},
        "request body[]": {"type-changed none breaking"},
    }


def test_unused() -> None:
    """What no operation uses is cosmetic, but said."""
    assert found(document({}), document({}, Thing=THING)) == {"Thing": {"component-added cosmetic cosmetic"}}
