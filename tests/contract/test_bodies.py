"""Bodies against schemas: what each keyword finds, at which path, and what is left alone."""

# ruff: noqa: E501 - a table reads best with a case on each line

from pathlib import Path
from typing import Any

import pytest

from .asking import document, judged, one, told

TEXT = {"type": "string"}
NAMED = {"type": "object", "properties": {"name": TEXT}}
PETS = {
    "Old": {"type": "object", "deprecated": True},
    "Pet": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": TEXT},
        "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat"}},
    },
    "Cat": {
        "allOf": [
            {"$ref": "#/components/schemas/Pet"},
            {"type": "object", "properties": {"lives": {"type": "integer"}}},
        ]
    },
}
KINDS = {
    "properties": {"kind": TEXT},
    "if": {"properties": {"kind": {"const": "a"}}},
    "then": {"properties": {"one": TEXT}},
    "else": {"properties": {"two": TEXT}},
    "unevaluatedProperties": False,
}


def ref(name: str) -> dict[str, str]:
    """Return a reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize(
    ("schema", "body", "expected"),
    [
        (TEXT, 1, [("wrong_type", "$", "integer")]),
        (TEXT, 1.5, [("wrong_type", "$", "number")]),
        (TEXT, True, [("wrong_type", "$", "boolean")]),
        (TEXT, None, [("wrong_type", "$", "null")]),
        ({**TEXT, "nullable": True}, None, []),
        ({**TEXT, "enum": ["a"]}, "b", [("unknown_value", "$", '"b"')]),
        ({**TEXT, "enum": ["a"]}, None, [("wrong_type", "$", "null")]),
        ({**TEXT, "maxLength": 1}, "ab", [("wrong_value", "$", "maxLength")]),
        ({**TEXT, "format": "date"}, "2022-08-12 12:21:21", [("date_form", "$", "sql")]),
        ({**TEXT, "format": "date"}, "2022-08-12", []),
        ({**TEXT, "format": "date-time", "nullable": True}, None, []),
        ({**TEXT, "format": "date-time"}, None, [("wrong_type", "$", "null")]),
        ({**TEXT, "format": "date-time"}, True, [("date_form", "$", "other")]),
        ({**TEXT, "format": "date-time"}, 1657056276000, [("date_form", "$", "epoch_milliseconds")]),
        ({**TEXT, "format": "date-time"}, "2022-08-12T12:21:21", [("date_form", "$", "iso_without_zone")]),
        ({**TEXT, "format": "date-time"}, "2022-02-30T12:21:21Z", [("date_form", "$", "impossible")]),
        ({**TEXT, "format": "date-time"}, "2022-08-12T12:21:21+0200", [("date_form", "$", "other")]),
        ({**TEXT, "format": "date-time"}, "2022-08-12t12:21:21z", []),
        ({**TEXT, "format": "date-time"}, "", [("date_form", "$", "empty")]),
        ({**TEXT, "format": "date-time"}, "1657056276", [("date_form", "$", "epoch_text")]),
        ({**TEXT, "format": "uuid"}, "no", [("wrong_value", "$", "format")]),
        ({"type": "array", "items": TEXT}, ["a", 1, 2], [("wrong_type", "$[*]", "integer")]),
        ({"type": "array"}, [1], []),
        (NAMED, {"name": "a", "age": 1}, [("undeclared_field", "$.age", "")]),
        ({**NAMED, "additionalProperties": True}, {"name": "a", "age": 1}, []),
        ({**NAMED, "additionalProperties": False}, {"name": "a", "age": 1}, [("undeclared_field", "$.age", "")]),
        ({"type": "object", "additionalProperties": False}, {"age": 1}, [("undeclared_field", "$.age", "")]),
        ({**NAMED, "additionalProperties": TEXT}, {"name": "a", "b": 1}, [("wrong_type", "$.*", "integer")]),
        ({"type": "object"}, {"anything": 1}, []),
        ({"type": "object", "additionalProperties": NAMED}, {"Käthe": {"name": 1}}, [("wrong_type", "$.*.name", "integer")]),
        ({**NAMED, "required": ["name"]}, {}, [("missing_field", "$.name", "")]),
        ({**NAMED, "required": ["name", "x'y"]}, {"name": "a"}, [("missing_field", "$['x'x']", "")]),
        (NAMED, {}, [("missing_field", "$.name", "optional")]),
        ({"properties": {"a": {**TEXT, "deprecated": True}}}, {}, []),
        ({"properties": {"a": {**TEXT, "writeOnly": True}}, "required": ["a"]}, {}, []),
        ({"allOf": [NAMED, {"properties": {"b": TEXT}}]}, {"name": "a", "b": "b"}, []),
        ({"allOf": [NAMED, {"properties": {"b": TEXT}}]}, {"name": "a", "b": 1, "c": 1}, None),
        ({"oneOf": [TEXT, {"type": "integer"}]}, [], [("wrong_type", "$", "array")]),
        ({"oneOf": [TEXT, TEXT]}, "a", [("wrong_type", "$", "string")]),
        ({"oneOf": [TEXT, NAMED]}, {"name": 1}, [("wrong_type", "$.name", "integer")]),
        ({"anyOf": [NAMED, {"properties": {"b": TEXT}, "required": ["b"]}]}, {"name": "a"}, []),
        ({"anyOf": [NAMED, {"properties": {"b": TEXT}, "required": ["b"]}]}, {"c": 1}, [("undeclared_field", "$.c", ""), ("missing_field", "$.name", "optional")]),
        ({"allOf": [{**NAMED, "additionalProperties": False}, {"properties": {"b": TEXT}}]}, {"name": "a", "b": "b"}, [("wrong_value", "$", "additionalProperties")]),
        ({"properties": {"old": ref("Old")}}, {}, []),
        (ref("Pet"), {"kind": "cat", "lives": 9}, []),
        (ref("Pet"), {"kind": "cat", "lives": 9, "x": 1}, [("undeclared_field", "$.x", "")]),
        (ref("Pet"), {"kind": "dog", "lives": 9}, [("undeclared_field", "$.lives", "")]),
        (ref("Pet"), {"kind": "Cat", "lives": 9}, []),
        ({"x-extensible-enum": ["a", 1]}, "a", []),
        ({"x-extensible-enum": ["a", 1]}, 2, [("unknown_value", "$", "9")]),
        ({**TEXT, "x-extensible-enum": ["a"]}, 2, [("wrong_type", "$", "integer")]),
        ({}, {"a": [1, None]}, []),
    ],
)  # fmt: skip
def test_openapi_3_0(tmp_path: Path, schema: Any, body: Any, expected: Any) -> None:
    """Each keyword of OpenAPI 3.0 finds what contradicts it, once and where it is."""
    report = judged(tmp_path, document(schema, schemas=PETS), body)

    if expected is None:
        expected = [("wrong_type", "$.b", "integer"), ("undeclared_field", "$.c", "")]
    assert told(report) == expected


@pytest.mark.parametrize(
    ("schema", "body", "expected"),
    [
        ({"type": ["string", "null"]}, None, []),
        ({"type": ["string", "null"]}, 1, [("wrong_type", "$", "integer")]),
        ({"const": "a"}, "b", [("unknown_value", "$", '"b"')]),
        ({"anyOf": [NAMED, {"type": "null"}]}, {"name": 1}, [("wrong_type", "$.name", "integer")]),
        ({"prefixItems": [TEXT], "items": {"type": "integer"}}, [1, "a"], [("wrong_type", "$[*]", "integer"), ("wrong_type", "$[*]", "string")]),
        ({"properties": {"a": TEXT}, "unevaluatedProperties": False}, {"a": "", "b": 1}, [("undeclared_field", "$.b", "")]),
        ({"properties": {"a": TEXT}, "patternProperties": {"^x-": TEXT}}, {"a": "", "x-b": 1, "c": 1}, [("wrong_type", "$.*", "integer"), ("undeclared_field", "$.c", "")]),
        ({"properties": {"a": TEXT}, "unevaluatedProperties": TEXT}, {"a": "", "b": 1}, [("wrong_value", "$", "unevaluatedProperties")]),
        ({"$ref": "#/$defs/A", "properties": {"b": TEXT}, "required": ["b"]}, {"a": "", "b": 1}, [("wrong_type", "$.b", "integer")]),
        (KINDS, {"kind": "a", "one": ""}, []),
        (KINDS, {"kind": "b", "one": ""}, [("undeclared_field", "$.one", ""), ("missing_field", "$.two", "optional")]),
        (KINDS, {"kind": "b", "two": 1}, [("wrong_type", "$.two", "integer")]),
        ({"properties": {"a": TEXT}, "dependentSchemas": {"a": NAMED, "b": {"properties": {"c": TEXT}}}}, {"a": "", "name": "", "c": ""}, [("undeclared_field", "$.c", "")]),
        ({"$dynamicRef": "#/$defs/A"}, {"a": 1}, [("wrong_type", "$.a", "integer")]),
        ({"properties": {"a": True}}, {"a": 1}, []),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, [("wrong_value", "$", "dependentRequired")]),
        (True, 1, []),
        ({"if": True, "then": {"items": {"properties": {"a": TEXT}}}}, [{"a": 1}], [("wrong_type", "$[*].a", "integer")]),
    ],
)  # fmt: skip
def test_openapi_3_1(tmp_path: Path, schema: Any, body: Any, expected: Any) -> None:
    """Each keyword that OpenAPI 3.1 adds finds what contradicts it."""
    api = {**document(schema, version="3.1.0"), "$defs": {"A": {"properties": {"a": TEXT}}}}

    assert told(judged(tmp_path, api, body)) == expected


def test_a_closed_object(tmp_path: Path) -> None:
    """A field more than an object may have contradicts the document; else it only goes beyond it."""
    closed = one(judged(tmp_path, document({**NAMED, "additionalProperties": False}), {"name": "a", "age": 1}))
    usual = one(judged(tmp_path, document(NAMED), {"name": "a", "age": 1}))

    assert (closed.severity, usual.severity) == ("error", "warning")


def test_a_list_with_gaps_is_looked_into(tmp_path: Path) -> None:
    """What PHP makes of a list with gaps is told, and what is in it is judged as if there were none."""
    lists = {"type": "array", "items": {"type": "array", "items": TEXT}}
    report = judged(tmp_path, document(lists), {"0": {"2": 1, "3": "a"}, "4": ["a"]}, [], {"a": 1}, {})

    assert set(told(report)) == {
        ("wrong_type", "$", "object"),
        ("wrong_type", "$[*]", "object"),
        ("wrong_type", "$[*][*]", "integer"),
    }
    assert {finding.count for finding in report.findings} == {1, 3}


def test_places_are_counted(tmp_path: Path) -> None:
    """A deviation at many indexes and in many answers is one finding with its count and the first example."""
    finding = one(judged(tmp_path, document({"type": "array", "items": TEXT}), [12, 3], [4], ["a"]))

    assert (finding.count, finding.path, finding.example) == (3, "$[*]", "99")


def test_a_field_that_never_comes_is_a_warning(tmp_path: Path) -> None:
    """An optional field that no answer has is a warning, one that some have a note."""
    never = one(judged(tmp_path, document(NAMED), {}, {}))
    sometimes = one(judged(tmp_path, document(NAMED), {}, {"name": "a"}))

    assert (never.severity, never.detail) == ("warning", "declared and not required; absent in 2 of 2")
    assert (sometimes.severity, sometimes.count) == ("note", 1)


def test_a_date_in_any_spelling(tmp_path: Path) -> None:
    """A date is known by a format that nobody registered, too, and its forms are told though any may come."""
    report = judged(tmp_path, document({**TEXT, "format": "DateTime"}), "2022-08-12 12:21:21", None)

    assert told(report) == [("wrong_type", "$", "null")]
    assert [(date.form, date.count) for date in report.dates] == [("null", 1), ("sql", 1)]


def test_a_key_of_a_map_is_not_told(tmp_path: Path) -> None:
    """The keys of a map are data, and one finding stands for all of them."""
    schema = {"type": "object", "additionalProperties": {"type": "integer"}}
    report = judged(tmp_path, document(schema), {"kaethe@example.com": "a", "max@example.com": "b"})

    assert (one(report).path, one(report).count) == ("$.*", 2)
    assert "kaethe" not in report.text()


def test_a_recursive_schema(tmp_path: Path) -> None:
    """A schema that contains itself is followed as deep as the answer goes."""
    node = {"type": "object", "properties": {"id": TEXT, "next": ref("Node")}}
    report = judged(tmp_path, document(ref("Node"), schemas={"Node": node}), {"id": "", "next": {"id": 1, "next": {}}})

    assert ("wrong_type", "$.next.id", "integer") in told(report)
