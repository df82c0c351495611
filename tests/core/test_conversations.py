"""The conversations of a ticket: a list, whatever PHP writes for none, and never a silent half."""

from typing import Any

import httpx
import pytest

from enneo_mind_client import AsyncEnneoMind, EnneoMind
from enneo_mind_client.errors import ConfigurationError, ResponseError
from tests.faults import answers

from .callers import TOKEN


def transport(document: Any) -> httpx.MockTransport:
    """Return a transport that answers everything with a document."""
    return httpx.MockTransport(lambda _: httpx.Response(200, json=document))


def conversations(document: Any) -> list[Any]:
    """Return what both clients make of a document, which is the same."""
    with httpx.Client(transport=transport(document)) as own:
        return EnneoMind("demo", token=TOKEN, http_client=own).conversations.list(1)


def test_conversations_come_in_the_servers_order() -> None:
    """What is listed first comes first."""
    document = answers.answer(answers.conversation(id=2), answers.conversation(id=1))

    assert [each.id for each in conversations(document)] == [2, 1]


@pytest.mark.parametrize("none", [None, [], {}])
def test_a_ticket_without_conversations_is_empty(none: Any) -> None:
    """Null, an empty list and PHP's empty object all say that there are none."""
    assert conversations({"conversations": none, "success": True}) == []


@pytest.mark.parametrize("document", [{}, {"success": True}, {"conversations": "x", "success": True}])
async def test_an_answer_without_a_list_is_none(document: Any) -> None:
    """A ticket whose list is missing is not an empty ticket."""
    with pytest.raises(ResponseError) as caught:
        conversations(document)
    assert (caught.value.kind, caught.value.path) == ("shape", "$.conversations")

    async with httpx.AsyncClient(transport=transport(document)) as own:
        with pytest.raises(ResponseError, match="no list of conversations"):
            await AsyncEnneoMind("demo", token=TOKEN, http_client=own).conversations.list(1)


@pytest.mark.parametrize("value", [True, False, 0, -1, 1.0, "abc", "../1", "", None, [1]])
async def test_what_is_no_id_is_refused_before_anything_is_sent(value: Any) -> None:
    """One ticket's id is read as a stream's ids are, and a doubtful one reaches no server."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, json=answers.answer())

    seen = httpx.MockTransport(answer)
    with httpx.Client(transport=seen) as own, pytest.raises(ConfigurationError, match="is no ticket id"):
        EnneoMind("demo", token=TOKEN, http_client=own).conversations.list(value)
    async with httpx.AsyncClient(transport=seen) as aown:
        with pytest.raises(ConfigurationError, match="is no ticket id"):
            await AsyncEnneoMind("demo", token=TOKEN, http_client=aown).conversations.list(value)
    assert sent == []


async def test_many_tickets_are_streamed() -> None:
    """Both clients yield each ticket with its conversations."""
    document = answers.answer()
    with httpx.Client(transport=transport(document)) as own, EnneoMind("demo", token=TOKEN, http_client=own) as mind:
        blocking = [
            (each.ticket_id, len(each.conversations)) for each in mind.conversations.stream([1, 2], ordered=True)
        ]
    async with (
        httpx.AsyncClient(transport=transport(document)) as aown,
        AsyncEnneoMind("demo", token=TOKEN, http_client=aown) as amind,
    ):
        awaited = [
            (each.ticket_id, len(each.conversations)) async for each in amind.conversations.stream([1, 2], ordered=True)
        ]

    assert blocking == awaited == [(1, 1), (2, 1)]
