"""The local Mind's habits: each is found where it is planted, and nothing is where none is."""

from dataclasses import fields

import pytest

from enneo_mind_client.testing import Quirks

from .asking import asked, told

NAMES = [field.name for field in fields(Quirks)]
IN = "$.conversations[*]."
EARLIER = ("body", "bodyPlain", "bodyClean", "crmNotificationId", "deletedAt")

FOUND = {
    "epoch_dates": {("date_form", IN + "createdAt", "epoch"), ("date_form", IN + "modifiedAt", "epoch")},
    "sql_dates": {("date_form", IN + "createdAt", "sql"), ("date_form", IN + "modifiedAt", "sql")},
    "zero_dates": {("date_form", IN + "modifiedAt", "zero")},
    "int_booleans": {
        ("wrong_type", IN + name, "integer") for name in ("private", "isDraft", "isRead", "attachments[*].inline")
    },
    "string_integers": {
        ("wrong_type", IN + name, "string")
        for name in (
            *("id", "ticketId", "agentId", "cortexRequestId"),
            *("sender.id", "sender.subchannelId", "attachments[*].id", "attachments[*].size"),
        )
    },
    "null_extracted_data": {("wrong_type", IN + "attachments[*].extractedData", "null")},
    "empty_interface": {("wrong_type", IN + "interface", "array")},
    "gappy_lists": {("wrong_type", IN + name, "object") for name in ("attachments", "to", "toEmail", "intentIds")},
    "null_objects": {
        ("wrong_type", IN + name, "null") for name in ("sender", "content", "attachments[*].extractionData")
    },
    "extra_fields": {("undeclared_field", IN + name, "") for name in EARLIER},
    "unknown_values": {
        ("unknown_value", IN + "direction", '"internal"'),
        ("unknown_value", IN + "type", '"adaptiveCard"'),
    },
    "absent_fields": {
        ("missing_field", IN + name, "optional")
        for name in ("isDraft", "to", "bccEmails", "channelId", "isRead", "interface")
    },
    "null_values": {("wrong_type", IN + name, "null") for name in ("fromEmailName", "agentId", "isRead", "ccEmails")},
    "string_booleans": {
        ("wrong_type", IN + name, "string") for name in ("private", "isDraft", "isRead", "attachments[*].inline")
    },
    "empty_errors": {("not_json", "$", "403 empty"), ("not_json", "$", "404 empty")},
    "html_errors": {
        ("not_json", "$", "500 not_json"),
        ("undeclared_content_type", "headers.content-type", "text/html"),
    },
}


@pytest.mark.parametrize("name", NAMES)
def test_each_habit_is_found_and_nothing_else(name: str) -> None:
    """With one habit switched on, the findings are exactly the places where it shows."""
    habit = Quirks(**{each: each == name for each in NAMES})

    assert set(told(asked(habit, (376189, 1, 2, 3, 403, 404, 500)))) == FOUND[name]


def test_nothing_is_found_without_habits() -> None:
    """With every habit off, no finding of any severity comes of hundreds of conversations and of every status."""
    report = asked(Quirks.none(), [376189, 403, 404, 500, *range(1, 60)])

    assert report.findings == ()
    assert report.is_whole
    assert report.checked[0].statuses == {200: 60, 403: 1, 404: 1, 500: 1}
    assert {(date.path, date.form) for date in report.dates} == {(IN + "createdAt", "iso"), (IN + "modifiedAt", "iso")}


def test_all_habits_at_once() -> None:
    """With every habit on, each is still found, but where another one hides it."""
    kinds = {(kind, path) for kind, path, _ in told(asked(Quirks.all(), [*range(1, 60), 403, 404, 500]))}

    assert {(kind, path) for places in FOUND.values() for kind, path, _ in places} <= kinds


def test_which_document_is_contradicted() -> None:
    """A date as text fits the published document, whose format means nothing, and a date as a number fits neither."""
    found = {finding.value: finding.document for finding in asked().findings if finding.kind == "date_form"}

    assert found == {"epoch": "both", "sql": "corrected"}


def test_the_forms_of_dates_are_counted() -> None:
    """Each form in which a date came is told with its count, declared or not."""
    dates = {date.form: date.count for date in asked().dates if date.path == IN + "createdAt"}

    assert dates.keys() == {"iso", "epoch", "sql"}
    assert all(count > 1 for count in dates.values())
