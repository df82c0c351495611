"""Streams of both clients against a local Mind."""

from collections.abc import Iterator

import pytest

from enneo_mind_client import AsyncEnneoMind, EnneoMind
from enneo_mind_client.errors import ConfigurationError, NotFoundError
from enneo_mind_client.testing import LocalMind

TOKEN = "fake-token-3f9a77"


@pytest.fixture
def mind() -> Iterator[LocalMind]:
    """Run a local Mind in which one ticket is missing, and the first request is refused."""
    with LocalMind(token=TOKEN) as mind:
        mind.fail(ticket=13, status=404, times=None)
        mind.fail(status=429)
        yield mind


def test_a_blocking_stream_reads_what_list_reads(mind: LocalMind) -> None:
    """Each ticket of a stream is what a call for it alone returns."""
    with EnneoMind(mind.base_url, token=TOKEN) as client:
        tickets = {ticket.ticket_id: ticket for ticket in client.conversations.stream(range(10, 16))}

        assert isinstance(tickets.pop(13).error, NotFoundError)
        for number, ticket in tickets.items():
            assert ticket.conversations == client.conversations.list(number)


async def test_an_asynchronous_stream_reads_what_list_reads(mind: LocalMind) -> None:
    """Each ticket of a stream is what a call for it alone returns."""
    async with AsyncEnneoMind(mind.base_url, token=TOKEN) as client:
        tickets = {ticket.ticket_id: ticket async for ticket in client.conversations.stream(range(10, 16))}

        assert isinstance(tickets.pop(13).error, NotFoundError)
        for number, ticket in tickets.items():
            assert ticket.conversations == await client.conversations.list(number)


def test_a_closed_client_says_so() -> None:
    """A stream of a closed client ends in its error."""
    client = EnneoMind("http://127.0.0.1:9", token=TOKEN)
    client.close()

    with pytest.raises(ConfigurationError, match="closed"):
        list(client.conversations.stream([1, 2, 3]))
