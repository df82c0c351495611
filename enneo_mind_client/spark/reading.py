"""What a task does: read tickets with the asynchronous client, and yield batches of their conversations.

All of it is a function of the ids and the options, so that a task that is tried again gives the same rows in the same
order.
"""

# pyarrow tells no types
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportUnknownArgumentType=false
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, cast

from attrs import field, frozen

from enneo_mind_client.arrow import Errors, Rows
from enneo_mind_client.arrow.rows import told
from enneo_mind_client.bulk import TicketConversations
from enneo_mind_client.client import AsyncEnneoMind
from enneo_mind_client.clock import SYSTEM_CLOCK, Clock
from enneo_mind_client.errors import AuthenticationError, ConfigurationError, EnneoMindError
from enneo_mind_client.spark.background import blocking
from enneo_mind_client.spark.credentials import TokenPlace

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

LATE = 0.1
"""Seconds for which a task that fell behind its rate may catch up."""


@frozen
class Reading:
    """How tasks read.

    Attributes:
        instance: The instance; None for the one that the executors' environment names.
        token: Where the token is.
        errors: Whether a ticket that fails ends the job or is a row.
        rate: Tickets a second for each task; None for what the instance lets through.
        include_raw_data: Whether the server adds the raw data of each conversation.
    """

    instance: str | None = None
    token: TokenPlace = field(factory=TokenPlace)
    errors: Errors = "raise"
    rate: float | None = None
    include_raw_data: bool = False

    def read(self, ids: Iterable[int], clock: Clock = SYSTEM_CLOCK) -> "Iterator[pa.RecordBatch]":
        """Yield the conversations of tickets, in the order of their ids.

        Raises:
            EnneoMindError: A ticket failed and is not to be a row, or no ticket can be read.
        """
        try:
            yield from blocking(self._batches(ids, clock))
        except AuthenticationError as error:
            text = f"The token was refused ({_words(error)}): give the executors another one."
            raise EnneoMindError(text) from None

    async def _batches(self, ids: Iterable[int], clock: Clock) -> "AsyncGenerator[pa.RecordBatch, None]":
        rows = Rows(errors=self.errors)
        async with AsyncEnneoMind(self.instance, token=self.token.find(), clock=clock) as mind:
            stream = mind.conversations.stream(
                paced(ids, self.rate, clock), ordered=True, include_raw_data=self.include_raw_data
            )
            async with aclosing(cast("AsyncGenerator[TicketConversations, None]", stream)) as tickets:
                async for ticket in tickets:
                    _add(rows, ticket)
                    if rows.is_full:
                        yield rows.take()
        if len(rows):
            yield rows.take()


async def paced(ids: Iterable[int], rate: float | None, clock: Clock) -> AsyncGenerator[int, None]:
    """Yield ids at a rate a second."""
    turn = clock.monotonic()
    for ticket_id in ids:
        if rate is not None:
            now = clock.monotonic()
            if turn > now:
                await clock.asleep(turn - now)
            turn = max(turn, now - LATE) + 1 / rate
        yield ticket_id


def _add(rows: Rows, ticket: TicketConversations) -> None:
    """Add a ticket; Spark logs and shows what is raised, so nothing that a server wrote is in it."""
    try:
        rows.add(ticket)
    except ConfigurationError:
        raise
    except EnneoMindError as error:
        text = f"Ticket {ticket.ticket_id} failed: {_words(error)}. With errors='rows' it would be a row."
        raise EnneoMindError(text) from None


def _words(error: EnneoMindError) -> str:
    return ", ".join(str(part) for part in told(error).values() if part is not None)
