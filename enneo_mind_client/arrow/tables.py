"""Tickets or conversations as a table, or as batches for what reads one after another."""

# pyarrow tells no types
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportUnknownArgumentType=false
from collections import Counter
from collections.abc import Iterable, Iterator

import pyarrow as pa  # type: ignore[import-untyped]

from enneo_mind_client.arrow.rows import BATCH_ROWS, Errors, Rows, conversation_schema
from enneo_mind_client.bulk import TicketConversations
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.models import Conversation


def to_arrow(conversations: Iterable[Conversation | TicketConversations], *, errors: Errors = "raise") -> pa.Table:
    """Return conversations as a table.

    Args:
        conversations: The tickets of a stream, or conversations, whose tickets are those they name.
        errors: "raise" raises the error of a ticket that failed, "rows" makes it a row.

    Raises:
        EnneoMindError: A ticket failed.
    """
    return pa.Table.from_batches(batches(conversations, errors=errors), conversation_schema(errors=errors))


def batches(
    conversations: Iterable[Conversation | TicketConversations], *, errors: Errors = "raise", rows: int = BATCH_ROWS
) -> Iterator[pa.RecordBatch]:
    """Yield conversations in batches of a number of rows, or of 64 MiB; a ticket is in one batch.

    Args:
        conversations: The tickets of a stream, or conversations, whose tickets are those they name.
        errors: "raise" raises the error of a ticket that failed, "rows" makes it a row.
        rows: Rows after which a batch is full.

    Raises:
        EnneoMindError: A ticket failed.
        ConfigurationError: There is something else among them.
    """
    collected, positions = Rows(errors=errors, rows=rows), Counter[int | None]()
    for found in conversations:
        if isinstance(found, TicketConversations):
            collected.add(found)
        elif not isinstance(found, Conversation):  # pyright: ignore[reportUnnecessaryIsInstance] - callers are not all typed
            raise ConfigurationError(f"A {type(found).__name__} is neither a Conversation nor a ticket of a stream.")
        else:
            ticket_id = found.ticket_id if isinstance(found.ticket_id, int) else None
            collected.add_one(ticket_id, positions[ticket_id], found)
            positions[ticket_id] += 1
        if collected.is_full:
            yield collected.take()
    if len(collected):
        yield collected.take()
