"""What a test gives a local Mind to answer with, and what it is told of the requests."""

from typing import Any

import pytest

from enneo_mind_client.models import Conversation
from enneo_mind_client.testing import LocalMind, Quirks, app, conversation

from .asking import CREDENTIAL, ask, ticket


async def test_a_ticket_has_what_it_was_given() -> None:
    """Models and dicts are answered as they are, whatever quirks are on."""
    mind = app(quirks=Quirks.all())
    given = conversation(id=7, ticket_id=5)

    mind.set(ticket=5, conversations=[given, {"id": "8"}])
    first, second = (await ticket(5, mind)).json()["conversations"]

    assert Conversation.from_dict(first) == given
    assert second == {"id": "8"}


async def test_a_ticket_that_would_not_be_there() -> None:
    """A ticket that was given is there, also where the rule says that it is not; a credential is needed as ever."""
    mind = app()
    mind.set(ticket=404, conversations=[])

    assert (await ticket(404, mind)).json() == {"conversations": [], "success": True}
    assert (await ticket(404, mind, headers={})).status_code == 401
    mind.fail(ticket=404, status=503)
    assert (await ticket(404, mind)).status_code == 503


@pytest.mark.parametrize(
    ("number", "conversations", "error"),
    [(0, [], ValueError), (10**9, [], ValueError), (5, ["text"], TypeError), (5, [{"id": object()}], TypeError)],
)
def test_what_cannot_be_answered(number: int, conversations: list[Any], error: type[Exception]) -> None:
    """It is refused at once, and not when it is asked for."""
    with pytest.raises(error):
        app().set(ticket=number, conversations=conversations)


async def test_a_file() -> None:
    """It is served in whole and in part to who has a credential, and no other is."""
    mind = LocalMind(port=1)
    path = mind.add_file("a b.pdf", b"content").removeprefix(mind.origin)

    assert path == "/files/1/a%20b.pdf"
    assert (await ask(mind, path)).content == b"content"
    assert (await ask(mind, path, headers={**CREDENTIAL, "Range": "bytes=3-"})).content == b"tent"
    assert (await ask(mind, path, headers={})).status_code == 401
    assert (await ask(mind, path.replace("1", "2"))).status_code == 404


@pytest.mark.parametrize("name", ["", "../secret"])
def test_a_name_that_is_none(name: str) -> None:
    """A file needs a name that stays where it is in an address."""
    with pytest.raises(ValueError, match="not empty and has no slash"):
        LocalMind().add_file(name, b"")


async def test_what_it_was_asked() -> None:
    """The last requests are remembered with their answers, and no more of them than is good for memory."""
    mind = app()

    await ticket(5, mind)
    await ticket(404, mind)

    assert list(mind.received) == [
        ("GET", "/api/mind/ticket/5/conversation", 200),
        ("GET", "/api/mind/ticket/404/conversation", 404),
    ]
    assert mind.received.maxlen == 1000


@pytest.mark.parametrize(
    "order", [{"times": 0}, {"times": -1}, {"status": 200}, {"status": 600}, {"status": "503"}, {"ticket": "5"}]
)
def test_an_order_that_makes_no_sense(order: dict[str, Any]) -> None:
    """It is refused, and not taken for something else."""
    with pytest.raises(ValueError, match=r"error status|times is|a ticket is a number"):
        app().fail(**order)


async def test_switches_can_be_changed() -> None:
    """Seed and quirks count from the next answer on."""
    mind = app(quirks=Quirks.none())
    plain = (await ticket(376189, mind)).json()

    mind.quirks = Quirks()
    assert (await ticket(376189, mind)).json() != plain
    mind.quirks, mind.seed = Quirks.none(), 2
    assert (await ticket(376189, mind)).json() != plain
    mind.seed = 1
    assert (await ticket(376189, mind)).json() == plain
