"""Statuses, headers and content types of answers against a document."""

from pathlib import Path
from typing import Any

import pytest

from enneo_mind_client.errors import ConfigurationError

from .asking import JSON, document, judged, one, told

TEXT = {"type": "string"}
API = document(TEXT)


def api(responses: Any) -> Any:
    """Return a document whose operation answers so."""
    made = document(TEXT)
    made["paths"]["/thing"]["get"]["responses"] = responses
    return made


@pytest.mark.parametrize("name", ["418", "4XX", "4xx", "default"])
def test_a_declared_status(tmp_path: Path, name: str) -> None:
    """A status is declared by its number, by its class or by the default."""
    assert told(judged(tmp_path, api({name: {"description": ""}}), {"status": 418})) == []


def test_an_undeclared_status(tmp_path: Path) -> None:
    """A status that the document does not know is an error, with those that it knows."""
    finding = one(judged(tmp_path, api({"200": {}, "404": {}}), {"status": 418}))

    assert (finding.kind, finding.value, finding.severity) == ("undeclared_status", "418", "error")
    assert finding.detail == "only 200, 404 are declared"


@pytest.mark.parametrize(
    ("sent", "body", "expected"),
    [
        ("application/json", '"a"', []),
        ("Application/JSON; charset=utf-8", '"a"', []),
        ("text/html", '"a"', [("undeclared_content_type", "headers.content-type", "text/html")]),
        ("", "", [("not_json", "$", "200 empty")]),
        ("", '"a"', [("undeclared_content_type", "headers.content-type", "none")]),
        ("application/json", "<html>Käthe</html>", [("not_json", "$", "200 not_json")]),
        ("application/json", "", [("not_json", "$", "200 empty")]),
        ("Bearer abc-1", '"a"', [("undeclared_content_type", "headers.content-type", '"xxxxxx xxx-9"')]),
        (
            "text/html",
            "<html>",
            [("not_json", "$", "200 not_json"), ("undeclared_content_type", "headers.content-type", "text/html")],
        ),
    ],
)
def test_content_types(tmp_path: Path, sent: str, body: str, expected: Any) -> None:
    """A content type is compared without its parameters, and JSON under another label is judged all the same."""
    report = judged(tmp_path, API, {"status": 200, "headers": {"content-type": sent}, "body": body})

    assert told(report) == expected
    assert "Käthe" not in report.text()


def test_an_empty_success_is_not_known_by_an_empty_refusal(tmp_path: Path) -> None:
    """Bodies that cannot be read are told apart by their status, so that a baseline hides no other one."""
    responses = {status: {"content": {"application/json": {}}} for status in ("200", "403")}
    report = judged(tmp_path, api(responses), {"status": 403, "body": ""}, {"status": 200, "body": ""})

    assert told(report) == [("not_json", "$", "200 empty"), ("not_json", "$", "403 empty")]


def test_a_success_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    """A login page with a 200 leaves the operation unchecked, also where it is known."""
    report = judged(tmp_path, API, {"status": 200, "body": "<html>"})

    assert not report.is_whole


@pytest.mark.parametrize(
    ("declared", "sent", "expected"),
    [
        ("*/*", "image/png", []),
        ("image/*", "image/png", []),
        ("image/*", "text/html", ["undeclared_content_type"]),
        ("application/problem+json", "application/problem+json", ["not_json"]),
    ],
)
def test_other_contents(tmp_path: Path, declared: str, sent: str, expected: Any) -> None:
    """A range of content types takes each of them; what is no JSON is not read."""
    responses = {"200": {"content": {declared: {"schema": TEXT}}}}
    report = judged(tmp_path, api(responses), {"status": 200, "headers": {"content-type": sent}, "body": "\x00"})

    assert [finding.kind for finding in report.findings] == expected


@pytest.mark.parametrize(
    "answer", [{"status": 200, "headers": JSON}, {"status": 200, "body": '"a"'}, {"status": 204, "headers": JSON}]
)
def test_what_is_not_known_is_not_judged(tmp_path: Path, answer: Any) -> None:
    """Without a body, without headers, and where there is no body, nothing is found; a body that is due is missed."""
    responses = {name: {"content": {"application/json": {"schema": TEXT}}} for name in ("200", "204")}

    report = judged(tmp_path, api(responses), answer)

    assert told(report) == []
    assert report.is_whole == ("body" in answer or answer["status"] == 204)


def test_content_without_a_schema(tmp_path: Path) -> None:
    """A body of which nothing is said may be any JSON."""
    assert told(judged(tmp_path, api({"200": {"content": {"application/json": {}}}}), [1])) == []


HEADERS: dict[str, Any] = {
    "X-Count": {"required": True, "schema": {"type": "integer"}},
    "X-Ratio": {"schema": {"type": "number"}},
    "X-Done": {"schema": {"type": "boolean"}},
    "X-Kind": {"schema": {"type": "string", "enum": ["a"]}},
    "X-Parts": {"schema": {"type": "array", "items": {"type": "integer"}}},
    "X-Name": {"schema": {"type": "string", "maxLength": 3}},
    "Content-Type": {"required": True, "schema": {"type": "integer"}},
}


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"X-Count": "1", "X-Ratio": "1.5", "X-Done": "true", "X-Kind": "a", "X-Parts": "1, 2", "X-Name": "abc"}, []),
        ({}, [("missing_header", "headers.x-count", "")]),
        ({"x-count": "many"}, [("wrong_type", "headers.x-count", "type")]),
        ({"X-Count": "1", "X-Ratio": "?"}, [("wrong_type", "headers.x-ratio", "type")]),
        ({"X-Count": "1", "X-Done": "1"}, [("wrong_type", "headers.x-done", "type")]),
        ({"X-Count": "1", "X-Kind": "b"}, [("unknown_value", "headers.x-kind", '"b"')]),
        ({"X-Count": "1", "X-Parts": "1,a"}, [("wrong_type", "headers.x-parts", "type")]),
        ({"X-Count": "1", "X-Name": "Käthe"}, [("wrong_value", "headers.x-name", "maxLength")]),
    ],
)
def test_headers(tmp_path: Path, sent: dict[str, str], expected: Any) -> None:
    """A header that is declared has to be there if it is required, and to be of its type."""
    answer = {"status": 200, "headers": {**JSON, **sent}, "body": '"a"'}
    report = judged(tmp_path, document(TEXT, headers=HEADERS), answer)

    assert told(report) == expected
    assert "Käthe" not in report.text()


@pytest.mark.parametrize(
    ("schema", "sent", "expected"),
    [
        ({"type": ["integer", "null"]}, "5", []),
        ({"type": ["integer", "null"]}, "five", ["wrong_type"]),
        ({"type": ["integer", "string"]}, "5", []),
        ({"type": ["array", "null"], "items": {"$ref": "#/components/schemas/Count"}}, "1,2", []),
        ({"type": "array"}, "1,2", []),
        ({"anyOf": [{"type": "boolean"}, {"const": "none"}]}, "true", []),
        ({"$ref": "#/components/schemas/Count", "maximum": 3}, "5", ["wrong_value"]),
        ({"type": "integer"}, "[5]", ["wrong_type"]),
        ({"type": "number"}, "NaN", ["wrong_type"]),
    ],
)
def test_headers_of_openapi_3_1(tmp_path: Path, schema: Any, sent: str, expected: Any) -> None:
    """A header is read as any type that it may have, wherever that is declared."""
    api = document(TEXT, version="3.1.0", schemas={"Count": {"type": "integer"}}, headers={"X": {"schema": schema}})
    report = judged(tmp_path, api, {"status": 200, "headers": {**JSON, "x": sent}, "body": '"a"'})

    assert [finding.kind for finding in report.findings] == expected


def test_a_key_that_is_there_twice(tmp_path: Path) -> None:
    """Of a key that an object has twice only the last counts, so it is a warning that the first is lost."""
    answer = {"status": 200, "headers": JSON, "body": '{"a": {"Käthe": 1, "Käthe": 2}}'}
    finding = one(judged(tmp_path, document({"type": "object"}), answer))

    assert (finding.kind, finding.value, finding.severity) == ("not_json", "repeated_key", "warning")
    assert "Käthe" not in repr(finding)


def test_a_pattern_that_python_cannot_read(tmp_path: Path) -> None:
    """A pattern of another language is told as it is written."""
    with pytest.raises(ConfigurationError, match=r"its pattern '\^\\\\p\{L\}' is none for Python"):
        judged(tmp_path, document({**TEXT, "pattern": "^\\p{L}"}), "a")


def test_headers_that_are_not_recorded(tmp_path: Path) -> None:
    """Where no headers were recorded, none is missing."""
    assert told(judged(tmp_path, document(TEXT, headers=HEADERS), {"status": 200, "body": '"a"'})) == []


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "nothing"},
        {"$ref": "#/components/schemas/Gone"},
        {"$ref": "other.yaml#/Thing"},
        {"$ref": "#/components/schemas/Loop"},
        {"properties": {"a": {"pattern": "("}}},
        {"anyOf": [{"$ref": "#/components/schemas/Gone"}]},
        {"required": 5},
    ],
)
def test_a_document_that_is_wrong(tmp_path: Path, schema: Any) -> None:
    """A schema that cannot be applied is one typed error, which does not show the answer."""
    loop = {"Loop": {"$ref": "#/components/schemas/Loop"}}

    with pytest.raises(ConfigurationError, match=r"^The given document") as caught:
        judged(tmp_path, document(schema, schemas=loop), {"a": "Käthe"})
    assert "Käthe" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("api", [[], {"swagger": "2.0"}, {"openapi": "4.0"}, {"openapi": 3}])
def test_what_is_no_document(tmp_path: Path, api: Any) -> None:
    """What is not OpenAPI 3 is refused."""
    with pytest.raises(ConfigurationError, match="not an OpenAPI 3 document"):
        judged(tmp_path, api, 1)


@pytest.mark.parametrize("paths", [None, [], {"/thing": None}, {"/thing": {"get": []}}])
def test_a_document_without_operations(tmp_path: Path, paths: Any) -> None:
    """Where nothing is declared, nothing is judged, and that is no success."""
    report = judged(tmp_path, {"openapi": "3.1.0", "paths": paths}, 1)

    assert (report.ignored, report.is_whole, report.findings) == (1, False, ())
