"""What an overlay does to a document, and that no action of it is without effect."""

import copy
from typing import Any

import pytest
from ruamel.yaml import YAML

from tools import generate, overlay, projection
from tools.overlay import OverlayError

DOCUMENT: dict[str, Any] = {"a": {"x": 1, "list": [1]}, "b": {"x": 1}, "ümlaut": "ä"}


def overlaid(*actions: dict[str, Any], document: Any = DOCUMENT) -> Any:
    """Return a document with actions applied, each with a reason."""
    result = copy.deepcopy(document)
    overlay.apply(result, {"overlay": "1.0.0", "actions": [{"description": "why", **action} for action in actions]})
    return result


def test_an_update_is_merged_deeply() -> None:
    """Objects are merged, values replaced, lists added to."""
    result = overlaid({"target": "$.a", "update": {"x": 2, "y": {"z": 1}, "list": [2]}})

    assert result["a"] == {"x": 2, "y": {"z": 1}, "list": [1, 2]}
    assert list(result) == list(DOCUMENT)


def test_a_list_is_appended_to() -> None:
    """An update of a list is added to its end."""
    assert overlaid({"target": "$.a.list", "update": {"n": 1}})["a"]["list"] == [1, {"n": 1}]


def test_an_action_removes() -> None:
    """Each place that is found is removed, inner ones before outer ones."""
    assert overlaid({"target": "$..x", "remove": True}) == {"a": {"list": [1]}, "b": {}, "ümlaut": "ä"}
    assert overlaid({"target": "$..[?@ == 1]", "remove": True})["a"] == {"list": []}


def test_remove_false_does_not_remove() -> None:
    """`remove: false` is no removal."""
    assert overlaid({"target": "$.a", "remove": False, "update": {"x": 2}})["a"]["x"] == 2


def test_edited_places_share_nothing() -> None:
    """A later action on one of several edited places does not reach the others."""
    result = overlaid({"target": "$[?@.x]", "update": {"new": {}}}, {"target": "$.a.new", "update": {"only": "a"}})

    assert (result["a"]["new"], result["b"]["new"]) == ({"only": "a"}, {})


def test_integer_keys_are_found_as_strings() -> None:
    """`200:` without quotes is found by '200', and stays in its place."""
    document = {"responses": {200: {"x": 1}, 201: {}, "default": {}}}
    result = overlaid({"target": "$.responses['200']", "update": {"x": 2}}, document=document)

    assert result == {"responses": {"200": {"x": 2}, "201": {}, "default": {}}}
    assert list(result["responses"]) == ["200", "201", "default"]


def test_comments_and_order_stay() -> None:
    """A document that was loaded with its comments keeps them."""
    yaml = YAML()
    document = yaml.load("b: 1  # why\na:\n  200: {x: 1}  # because\n  z: 1\n")
    overlay.apply(
        document, {"overlay": "1.0.0", "actions": [{"target": "$.a", "description": "d", "update": {"n": 1}}]}
    )

    assert "# why" in str(document.ca)
    assert list(document["a"]) == ["200", "z", "n"]


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ({"target": "$.nothing", "update": {"a": 1}}, "finds nothing"),
        ({"target": "$.a", "update": {"x": 1}}, "changes nothing: is it mended"),
        ({"target": "$.a", "update": {"list": [1]}}, "changes nothing"),
        ({"target": "$.a", "update": {}}, "changes nothing"),
        ({"target": "$.a[", "update": {"x": 1}}, r"overlay action 1 \(\$\.a\[\)"),
        ({"target": "$.a"}, "either an update or"),
        ({"target": "$.a", "update": {}, "remove": True}, "either an update or"),
        ({"target": "$.a.x", "update": {"x": 1}}, "only an object"),
        ({"target": "$.a", "update": 5}, "only an object"),
        ({"target": "$", "remove": True}, "whole document"),
        ({"target": "", "update": {}}, "a target and a description"),
        ({"target": "$.a", "update": {"x": 2}, "description": ""}, "a target and a description"),
    ],
)
def test_an_action_without_effect_is_an_error(action: dict[str, Any], told: str) -> None:
    """An action that cannot be applied, or need not be, is an error that names it."""
    with pytest.raises(OverlayError, match=told):
        overlaid(action)


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"overlay": "2.0.0", "actions": [{}]},
        {"overlay": "1.0.0"},
        {"overlay": "1.0.0", "actions": []},
        {"overlay": "1.0.0", "actions": ["x"]},
    ],
)
def test_what_is_no_overlay_is_refused(document: Any) -> None:
    """A document that is no overlay of the known version is an error."""
    with pytest.raises(OverlayError):
        overlay.apply({"a": 1}, document)


def test_a_rule_for_the_whole_document_may_find_nothing() -> None:
    """An action marked document-wide is told when it is idle, and is an error only when strict."""
    action = {"target": "$.none", "description": "why", "update": {"a": 1}, overlay.DOCUMENT_WIDE: True}
    document = {"overlay": "1.0.0", "actions": [action]}

    assert overlay.apply({"a": 1}, document) == ["overlay action 1 ($.none) finds nothing"]
    with pytest.raises(OverlayError):
        overlay.apply({"a": 1}, document, strict=True)


def test_all_that_is_idle_is_named_at_once() -> None:
    """Whoever mends an overlay sees every action that has lost its purpose, not one after the other."""
    wide = {"target": "$.none", "description": "why", "update": {"a": 1}, overlay.DOCUMENT_WIDE: True}
    same = {"target": "$.a", "description": "why", "update": {"x": 1}}
    document = {"overlay": "1.0.0", "actions": [wide, same]}

    with pytest.raises(OverlayError, match=r"(?s)action 1 .* finds nothing.*action 2 .* changes nothing"):
        overlay.apply(copy.deepcopy(DOCUMENT), document, strict=True)
    with pytest.raises(OverlayError, match=r"^overlay action 2 .* changes nothing"):
        overlay.apply(copy.deepcopy(DOCUMENT), document)


def test_the_overlay_has_an_effect_and_then_none() -> None:
    """Every action of the project's overlay changes the published document, and nothing when applied again."""
    inputs = generate.Inputs()
    once = generate.effective(inputs, strict=True)
    corrections = projection.plain(YAML(typ="safe").load(inputs.overlay))
    again = copy.deepcopy(once)

    assert len(corrections["actions"]) == len(overlay.apply(again, corrections))
    assert once == again


def test_the_overlay_says_what_is_known_of_the_api() -> None:
    """Dates are date-times, errors have their body, and statuses that occur are declared; what was declared stays."""
    document = generate.effective(generate.Inputs())
    responses = document["paths"]["/ticket/{ticketId}/conversation"]["get"]["responses"]
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}

    assert document["components"]["schemas"]["Conversation"]["properties"]["createdAt"]["format"] == "date-time"
    assert list(responses) == ["200", "403", "404", "500", "401", "429", "5XX"]
    assert error == responses["403"]["content"] == responses["404"]["content"] == responses["500"]["content"]


def test_values_that_are_told_in_words_are_told_to_tools() -> None:
    """A list of values, the document's own or else an open one of ours, stands where there are examples or prose."""
    schemas = generate.effective(generate.Inputs())["components"]["schemas"]
    direction = schemas["Conversation"]["properties"]["direction"]
    status = schemas["Attachment"]["properties"]["extractionStatus"]

    assert {"in", "out"} <= set(direction.get("enum", direction.get("x-extensible-enum")))
    assert status.keys() & {"enum", "x-extensible-enum"}
    assert all(f'"{value}"' in status["description"] for value in status.get("x-extensible-enum", []))
