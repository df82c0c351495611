"""The conversations of tickets: of one, or of many as each one arrives."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import Literal

from enneo_mind_client._generated.api.conversation import get_conversations
from enneo_mind_client._generated.models import Conversation, GetConversationsResponse200
from enneo_mind_client.api import Api, AsyncApi
from enneo_mind_client.bulk import TicketConversations, astream, stream
from enneo_mind_client.errors import ResponseError
from enneo_mind_client.ids import read_id
from enneo_mind_client.operations import Response

_list = list


def _conversations_of(response: Response[GetConversationsResponse200]) -> _list[Conversation]:
    """Return the answer's conversations; null stands for none."""
    found = response.parsed.conversations
    if isinstance(found, _list):
        return found
    if found is None:
        return []
    error = ResponseError("The answer has no list of conversations.", kind="shape", paths=["$.conversations"])
    raise error.after(response.attempts, response.elapsed, "not_retryable")


class Conversations:
    """The conversations of tickets, blocking."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def list(self, ticket_id: int, *, include_raw_data: bool = False) -> _list[Conversation]:
        """Return all conversations of a ticket, in the server's order.

        Args:
            ticket_id: The ticket.
            include_raw_data: Whether the server adds the raw data of each conversation.

        Raises:
            ConfigurationError: `ticket_id` is no whole number above 0; nothing was sent.
            EnneoMindError: There is no answer; see `enneo_mind_client.errors` for which and what to do.
        """
        return _conversations_of(
            get_conversations.sync_detailed(read_id(ticket_id), client=self._api, include_raw_data=include_raw_data)
        )

    def stream(
        self,
        ticket_ids: Iterable[int],
        *,
        concurrency: int | Literal["auto"] = "auto",
        ordered: bool = False,
        include_raw_data: bool = False,
    ) -> Iterator[TicketConversations]:
        """Yield the conversations of many tickets, each as it arrives.

        Args:
            ticket_ids: The tickets, read lazily; one that comes again is not asked for again.
            concurrency: Requests at the same time; "auto" finds what the server can do.
            ordered: Whether to yield in the order of the ids.
            include_raw_data: Whether the server adds the raw data of each conversation.

        Raises:
            AuthenticationError: The credential was refused; any other error belongs to its ticket.
            ConfigurationError: `ticket_ids` is no list of ids; a single id that is none belongs to its ticket too.
        """
        return stream(
            self._api, ticket_ids, concurrency=concurrency, ordered=ordered, include_raw_data=include_raw_data
        )


class AsyncConversations:
    """The conversations of tickets, asynchronously."""

    def __init__(self, api: AsyncApi) -> None:
        self._api = api

    async def list(self, ticket_id: int, *, include_raw_data: bool = False) -> _list[Conversation]:
        """Return all conversations of a ticket, in the server's order.

        Args:
            ticket_id: The ticket.
            include_raw_data: Whether the server adds the raw data of each conversation.

        Raises:
            ConfigurationError: `ticket_id` is no whole number above 0; nothing was sent.
            EnneoMindError: There is no answer; see `enneo_mind_client.errors` for which and what to do.
        """
        answer = await get_conversations.asyncio_detailed(
            read_id(ticket_id), client=self._api, include_raw_data=include_raw_data
        )
        return _conversations_of(answer)

    def stream(
        self,
        ticket_ids: Iterable[int] | AsyncIterable[int],
        *,
        concurrency: int | Literal["auto"] = "auto",
        ordered: bool = False,
        include_raw_data: bool = False,
    ) -> AsyncIterator[TicketConversations]:
        """Yield the conversations of many tickets, each as it arrives.

        Args:
            ticket_ids: The tickets, read lazily; one that comes again is not asked for again.
            concurrency: Requests at the same time; "auto" finds what the server can do.
            ordered: Whether to yield in the order of the ids.
            include_raw_data: Whether the server adds the raw data of each conversation.

        Raises:
            AuthenticationError: The credential was refused; any other error belongs to its ticket.
            ConfigurationError: `ticket_ids` is no list of ids; a single id that is none belongs to its ticket too.
        """
        return astream(
            self._api, ticket_ids, concurrency=concurrency, ordered=ordered, include_raw_data=include_raw_data
        )
