"""Each habit of the real wire is a switch that does what it says, and nothing else."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest

from enneo_mind_client.testing import Quirks, app
from enneo_mind_client.testing.quirks import twist
from enneo_mind_client.testing.threads import Thread

from .asking import ask, ticket

TICKETS = range(1, 121)
OF_ERRORS = {"empty_errors", "html_errors"}
NAMES = [field.name for field in fields(Quirks) if field.name not in OF_ERRORS]
Conversation = dict[str, Any]


def conversations(quirks: Quirks) -> list[Conversation]:
    """Return all conversations of some tickets."""
    threads = {number: Thread(1, number).conversations for number in TICKETS}
    for number, written in threads.items():
        twist(written, number, quirks.twists())
    return [conversation for written in threads.values() for conversation in written]


def only(name: str) -> Quirks:
    """Return a set of one quirk."""
    return Quirks(**{each.name: each.name == name for each in fields(Quirks)})


def files(conversation: Conversation) -> list[dict[str, Any]]:
    """Return the attachments, in whichever form they are."""
    attachments = conversation["attachments"]
    return list(attachments.values()) if isinstance(attachments, dict) else attachments


SIGNS: dict[str, Callable[[Conversation], bool]] = {
    "epoch_dates": lambda each: type(each["createdAt"]) is int and type(each["modifiedAt"]) is int,
    "sql_dates": lambda each: str(each["createdAt"])[10:11] == " ",
    "zero_dates": lambda each: each["modifiedAt"] == "0000-00-00 00:00:00",
    "int_booleans": lambda each: (
        type(each["private"]) is int and all(type(file["inline"]) is int for file in files(each))
    ),
    "string_integers": lambda each: type(each["ticketId"]) is str and type(each["sender"]["id"]) is str,
    "null_extracted_data": lambda each: any(file["extractedData"] is None for file in files(each)),
    "empty_interface": lambda each: each.get("interface") == [],
    "gappy_lists": lambda each: isinstance(each["attachments"], dict) and "1" not in each["attachments"],
    "null_objects": lambda each: each["sender"] is None and each["content"] is None,
    "extra_fields": lambda each: {"body", "bodyPlain", "bodyClean", "crmNotificationId", "deletedAt"} <= each.keys(),
    "unknown_values": lambda each: (each["direction"], each["type"]) == ("internal", "adaptiveCard"),
    "absent_fields": lambda each: "isDraft" not in each and "to" not in each,
    "null_values": lambda each: {each[name] for name in ("fromEmailName", "agentId", "isRead")} == {None},
    "string_booleans": lambda each: (
        type(each["private"]) is str and all(type(file["inline"]) is str for file in files(each))
    ),
}


def test_every_quirk_has_a_sign():
    """No switch is left out of the test below."""
    assert set(SIGNS) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_quirk_shows_when_it_is_on(name):
    """A quirk shows in some conversations, not in all, and only when it is on."""
    off, on = conversations(Quirks.none()), conversations(only(name))

    assert not any(map(SIGNS[name], off))
    assert {True, False} == set(map(SIGNS[name], on))


@pytest.mark.parametrize("name", NAMES)
def test_a_quirk_keeps_to_its_third(name):
    """Two of three conversations are untouched by a quirk."""
    pairs = list(zip(conversations(Quirks.none()), conversations(only(name)), strict=True))

    assert sum(plain == twisted for plain, twisted in pairs) >= len(pairs) * 0.6


def test_null_objects_reach_the_attachments():
    """The quirk of null objects also empties what was read from an attachment."""
    assert any(file["extractionData"] is None for each in conversations(only("null_objects")) for file in files(each))


def test_a_gappy_list_keeps_everything_but_the_gap():
    """A list with gaps has all entries of the list, under keys that skip 1."""
    pairs = zip(conversations(Quirks.none()), conversations(only("gappy_lists")), strict=True)
    gappy = [
        (plain["attachments"], each["attachments"]) for plain, each in pairs if isinstance(each["attachments"], dict)
    ]

    assert all(list(twisted.values()) == plain for plain, twisted in gappy)
    assert {"0", "2"} in [set(twisted) for _, twisted in gappy]


def test_all_quirks_together():
    """All quirks at once still make a document, with every kind of date in it."""
    dates = {type(each["createdAt"]) for each in conversations(Quirks.all())}

    assert dates == {int, str}


def test_the_real_set():
    """The default is what is known of the real API: dates of all kinds, no text for numbers."""
    quirks = Quirks()

    assert quirks.epoch_dates
    assert quirks.null_extracted_data
    assert not quirks.string_integers


@pytest.mark.parametrize("status", [403, 404])
async def test_empty_errors(status):
    """A ticket that may not be seen, or is not there, is answered without a body; the others say what is wrong."""
    mind = app(quirks=only("empty_errors"))
    response = await ticket(status, mind)

    assert (response.status_code, response.content, response.headers.get("content-type")) == (status, b"", None)
    assert (await ticket(500, mind)).json()["error"]


@pytest.mark.parametrize("status", [500, 503, 599])
async def test_html_errors(status):
    """What fails is answered with a page, also where `fail` has ordered it; the others say what is wrong in JSON."""
    mind = app(quirks=only("html_errors"))
    mind.fail(ticket=5, status=status, retry_after=7)
    response = await ticket(5, mind)

    assert (response.status_code, response.headers["retry-after"]) == (status, "7")
    assert response.headers["content-type"].startswith("text/html")
    assert f"<h1>{status}" in response.text
    assert (await ticket(404, mind)).json()["error"]


async def test_a_token_endpoint_keeps_its_form():
    """Its errors are read by others."""
    mind = app(quirks=Quirks.all())
    mind.fail_refresh(status=503)

    assert (await ask(mind, "/oauth/token", method="POST")).json()["error"] == "server_error"
