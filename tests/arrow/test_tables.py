"""Tickets and conversations as tables."""

from collections.abc import Iterator

import orjson
import pyarrow as pa
import pytest

from enneo_mind_client import EnneoMind, TicketConversations
from enneo_mind_client.arrow import Rows, batches, conversation_schema, to_arrow
from enneo_mind_client.errors import (
    APIConnectionError,
    APIStatusError,
    ConfigurationError,
    NotFoundError,
    ResponseError,
)
from enneo_mind_client.models import Conversation
from enneo_mind_client.testing import LocalMind


@pytest.fixture
def tickets() -> Iterator[list[TicketConversations]]:
    """Forty tickets of a local Mind, of which one fails."""
    with LocalMind() as mind, EnneoMind(mind.base_url, token=mind.token) as client:
        mind.fail(ticket=13, status=404, times=None)
        yield [*client.conversations.stream(range(1, 41), ordered=True)]


def _ticket(*objects: dict[str, object], ticket_id: int = 7) -> TicketConversations:
    return TicketConversations(ticket_id, [Conversation.from_dict(found) for found in objects])


def test_a_row_is_a_conversation_in_its_place(tickets: list[TicketConversations]) -> None:
    """Each conversation is a row, in the order of the tickets and within each in the server's."""
    table = to_arrow(ticket for ticket in tickets if not ticket.error)
    expected = [(t.ticket_id, place, c.id) for t in tickets for place, c in enumerate(t.conversations)]

    assert expected == list(zip(*(table[name].to_pylist() for name in ("ticket_id", "position", "id")), strict=True))
    assert table.schema.equals(conversation_schema(), check_metadata=True)


def test_a_failed_ticket_is_raised(tickets: list[TicketConversations]) -> None:
    """A ticket that failed ends a table that has no place for errors."""
    with pytest.raises(NotFoundError):
        to_arrow(tickets)


def test_a_failed_ticket_is_a_row_if_asked(tickets: list[TicketConversations]) -> None:
    """A row says of a failed ticket what went wrong, and the others' rows say nothing of it."""
    table = to_arrow(tickets, errors="rows")
    (failed,) = [row for row in table.to_pylist() if row["error_type"]]

    assert (failed["ticket_id"], failed["position"], failed["id"]) == (13, None, None)
    assert tuple(failed[f"error_{n}"] for n in ("type", "status", "message")) == ("NotFoundError", 404, "Not Found")
    assert failed["error_tx_id"] == next(t.error.tx_id for t in tickets if isinstance(t.error, APIStatusError))
    assert table.num_rows == 1 + sum(len(ticket.conversations) for ticket in tickets)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (APIStatusError("Erika is unknown", status_code=799, message="Erika"), "(unregistered status)"),
        (
            ResponseError("found Erika", kind="shape", paths=["$.a"], excerpt="Erika"),
            "the answer is no list of conversations: shape at $.a",
        ),
        (APIConnectionError("localhost does not speak HTTP: got b'Erika'"), "localhost does not speak HTTP"),
        (ConfigurationError("'x' is no ticket id"), "'x' is no ticket id"),
    ],
)
def test_an_error_row_has_nothing_that_a_server_wrote(error: Exception, message: str) -> None:
    """What a server says may be personal data, so a row says the kind of error in our words."""
    row = to_arrow([TicketConversations(1, [], error)], errors="rows").to_pylist()[0]

    assert message == row["error_message"]
    assert "Erika" not in str(row)


def test_conversations_alone_are_of_the_tickets_they_name() -> None:
    """Without tickets, a conversation's own ticketId is its ticket, and it is counted within that."""
    found = [Conversation.from_dict(raw) for raw in ({"ticketId": 5}, {"ticketId": 6}, {"ticketId": 5}, {})]
    table = to_arrow(found)

    assert table["ticket_id"].to_pylist() == [5, 6, 5, None]
    assert table["position"].to_pylist() == [0, 0, 1, 0]


def test_a_ticket_of_another_number_is_kept() -> None:
    """The ticket that was asked for is the row's; where a conversation names another, that is kept."""
    table = to_arrow([_ticket({"ticketId": 7}, {"ticketId": 8}, {"ticketId": None}, {})])

    assert table["ticket_id"].to_pylist() == [7, 7, 7, 7]
    assert table["additional_properties"].to_pylist() == [None, '{"ticketId":8}', None, None]


def test_a_ticket_of_too_large_a_number_is_kept() -> None:
    """An id of more than 64 bits has no column, and is in the additional properties."""
    row = to_arrow([_ticket({"ticketId": 10**30}, ticket_id=10**30)]).to_pylist()[0]

    assert row["ticket_id"] is None
    assert row["additional_properties"] == '{"ticketId":1000000000000000000000000000000}'


def test_batches_end_with_a_ticket() -> None:
    """A batch is full after so many rows, and never divides a ticket."""
    many = [_ticket(*[{"id": place} for place in range(3)], ticket_id=number) for number in range(1, 6)]

    assert [batch.num_rows for batch in batches(many, rows=4)] == [6, 6, 3]


def test_batches_end_where_they_are_large() -> None:
    """Conversations of many bytes fill a batch before it has its rows, so that its memory has a bound."""
    large = {"content": {"message": "x" * 200_000}}
    many = (_ticket(*[large] * 8, ticket_id=number) for number in range(1, 129))
    sizes = [(batch.num_rows, batch.nbytes) for batch in batches(many)]

    assert sum(rows for rows, _ in sizes) == 1024
    assert [rows for rows, _ in sizes] == [512, 512]
    assert max(size for _, size in sizes) < 128 * 2**20


def test_rows_are_taken_when_there_are_none() -> None:
    """A batch of nothing has the schema of any other."""
    assert Rows().take().schema == conversation_schema()


def test_no_tickets_are_a_table_without_rows() -> None:
    """An empty table has the schema of any other."""
    assert to_arrow([]).equals(pa.Table.from_pylist([], schema=conversation_schema()))


@pytest.mark.parametrize("options", [{"errors": "no"}, {"rows": 0}])
def test_bad_options_are_named(options: dict[str, object]) -> None:
    """A wrong option is a typed error that names it."""
    with pytest.raises(ConfigurationError, match=next(iter(options))):
        list(batches([], **options))


def test_what_is_no_conversation_is_named() -> None:
    """A dictionary, or any other thing, is told by its type and not by its content."""
    with pytest.raises(ConfigurationError, match="A dict is neither"):
        to_arrow([{"ticketId": 5}])


def test_unknown_and_drifted_values_are_kept() -> None:
    """What the document does not know, or knows otherwise, is JSON beside the other columns."""
    raw = {"id": "x", "new": [1.5], "sender": {"team": "B"}, "createdAt": "0000-00-00 00:00:00"}
    row = to_arrow([_ticket(raw)]).to_pylist()[0]

    assert (row["id"], row["sender"]["name"], row["created_at"]) == (None, None, None)
    assert {key: raw[key] for key in ("id", "new", "createdAt")} == orjson.loads(row["additional_properties"])
    assert orjson.loads(row["sender"]["additional_properties"]) == {"team": "B"}
