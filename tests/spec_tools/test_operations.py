"""What changes about operations as such: where they are, who may call them, what they take and how they answer."""

from copy import deepcopy
from typing import Any

import pytest

from tools import spec_diff
from tools.spec_diff.documents import Document

Node = dict[str, Any]
OK = {"description": "", "content": {"application/json": {"schema": {"type": "string"}}}}
ITEM = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
SCHEME = {"type": "http", "scheme": "bearer"}


def document() -> Node:
    """A document with one operation."""
    operation = {"operationId": "get", "tags": ["A"], "parameters": [ITEM], "responses": {"200": OK}}
    return {
        "openapi": "3.0.0",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://a.example.org/api"}],
        "security": [{"bearer": []}],
        "paths": {"/item/{id}": {"get": operation}},
        "components": {"securitySchemes": {"bearer": SCHEME}},
    }


def get(changed: Node) -> Node:
    """The operation."""
    found: Node = changed["paths"]["/item/{id}"]["get"]
    return found


def move(changed: Node, path: str) -> None:
    """Put the operation elsewhere."""
    changed["paths"][path] = changed["paths"].pop("/item/{id}")


def rename(changed: Node) -> None:
    """Call the placeholder of the path something else."""
    get(changed)["parameters"] = [{**ITEM, "name": "key"}]
    move(changed, "/item/{key}")


QUERY = {"name": "q", "in": "query", "schema": {"type": "array", "items": {}}}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: move(d, "/thing/{id}"), {"operation-moved breaking breaking"}),
        (rename, {"parameter-removed none breaking", "parameter-added-required none breaking"}),
        (lambda d: d["security"].append({}), {"auth-dropped none additive"}),
        (lambda d: d["security"].append({"cookie": []}), {"auth-way-added none additive"}),
        (
            lambda d: d["security"][0].update(cookie=[]),
            {"auth-way-removed none breaking", "auth-way-added none additive"},
        ),
        (lambda d: d["components"].clear(), {"scheme-removed none breaking"}),
        (lambda d: d["servers"][0].update(url="https://a.example.org/v2"), {"server-removed none breaking"}),
        (lambda d: d["servers"][0].update(url="https://b.example.org/api"), {"servers-changed cosmetic cosmetic"}),
        (lambda d: get(d)["parameters"].append(QUERY), {"parameter-added none additive"}),
        (lambda d: get(d).update(requestBody={"content": {}}), {"body-added none additive"}),
        (lambda d: get(d).update(requestBody={"required": True}), {"body-added-required none breaking"}),
        (lambda d: get(d)["responses"]["200"].pop("content"), {"answer-removed breaking none"}),
        (lambda d: get(d)["responses"]["200"]["content"].update({"text/csv": {}}), {"media-added additive none"}),
        (lambda d: get(d)["responses"]["200"].update(headers={"X": {}}), {"header-added additive none"}),
        (lambda d: get(d)["responses"].pop("200"), {"status-removed breaking none"}),
        (lambda d: get(d).update(deprecated=True), {"deprecated additive additive"}),
        (lambda d: get(d)["tags"].append("B"), {"tags-changed cosmetic cosmetic"}),
        (lambda d: get(d).update(callbacks={"a": {}}), {"keyword-changed breaking breaking"}),
        (lambda d: get(d).update({"x-note": 1}), {"text-changed cosmetic cosmetic"}),
        (lambda d: d.update(webhooks={"a": {}}), {"keyword-changed breaking breaking"}),
    ],
)
def test_operation(change: Any, said: set[str]) -> None:
    """Each change is found, alone, with its verdicts."""
    changed = deepcopy(document())
    change(changed)

    found = spec_diff.compare(Document(document()), Document(changed))

    assert {f"{one.kind} {one.reader.value} {one.sender.value}" for one in found} == said


def test_charset() -> None:
    """What a content type says besides itself, and the order of credentials that are all asked for, is no change."""
    old, new = deepcopy(document()), deepcopy(document())
    old["security"], new["security"] = [{"a": [], "b": []}], [{"b": [], "a": []}]
    content = get(new)["responses"]["200"]["content"]
    content["Application/JSON; charset=utf-8"] = content.pop("application/json")

    assert [change.kind for change in spec_diff.compare(Document(old), Document(new))] == ["other"]


def test_server_variables() -> None:
    """A path that a variable of a server is filled in with is the path that is written out elsewhere."""
    old, new = deepcopy(document()), deepcopy(document())
    old["servers"] = [{"url": "https://{who}.example.org/{base}", "variables": {"base": {"default": "api"}}}]
    new["servers"] = [{"url": "https://a.example.org/api"}]

    assert [change.kind for change in spec_diff.compare(Document(old), Document(new))] == ["servers-changed"]


def test_style() -> None:
    """A parameter that is written another way breaks a sender."""
    old, new = document(), document()
    get(old)["parameters"] = [ITEM, QUERY]
    get(new)["parameters"] = [ITEM, {**QUERY, "explode": False}]

    (found,) = spec_diff.compare(Document(old), Document(new))

    assert (found.kind, found.words) == ("style-changed", "is written another way: form became form, in one")


def test_large() -> None:
    """What hundreds of operations have in common is told once, with all the places."""
    old, new = document(), document()
    for told, kind in ((old, "string"), (new, "integer")):
        told["components"]["schemas"] = {"Shared": {"type": "object", "properties": {"a": {"type": kind}}}}
        answer = {
            "description": "",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Shared"}}},
        }
        for number in range(300):
            told["paths"][f"/{number}"] = {"get": {"operationId": f"o{number}", "responses": {"200": answer}}}

    (found,) = spec_diff.compare(Document(old), Document(new))

    assert (found.part, len(found.where)) == ("Shared.a", 300)
