"""An API that answers at once with what a test says, and one way to run a stream through either client."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from types import SimpleNamespace
from typing import Any

from enneo_mind_client.bulk import TicketConversations, astream, stream
from enneo_mind_client.clock import Clock
from enneo_mind_client.config import Settings
from enneo_mind_client.errors import AuthenticationError, NotFoundError, RateLimitError
from enneo_mind_client.operations import Request, Response

from .simulation import StillClock

_TICKET = re.compile(r"/ticket/(\d+)/")


def nothing(_: int) -> object:
    """Answer with no conversations."""
    return []


class FakeApi:
    """Stands in for `Api` and `AsyncApi`.

    Attributes:
        asked: The tickets that were asked for, in order.
        pace: What the stream gave to its calls.
        under_way: Calls that have begun and not ended.
        peak: The most of them at the same time.
    """

    def __init__(self, answer: Callable[[int], object] = nothing, clock: Clock | None = None, **settings: Any) -> None:
        self._answer = answer
        self.settings = Settings(**settings)
        self.connections = SimpleNamespace(shared=SimpleNamespace(clock=clock or StillClock(), max_connections=100))
        self.asked: list[int] = []
        self.pace: Any = None
        self.under_way = self.peak = 0

    def with_settings(self, settings: Settings, pace: object) -> "FakeApi":
        """Note the pace."""
        self.pace = pace
        return self

    def call(self, request: Request[Any]) -> Response[Any]:
        """Answer, blocking."""
        return _response(self._answer(self._ticket(request)))

    async def acall(self, request: Request[Any]) -> Response[Any]:
        """Answer, after what the answer waits for."""
        self.under_way += 1
        self.peak = max(self.peak, self.under_way)
        try:
            answer = self._answer(self._ticket(request))
            return _response(await answer if isinstance(answer, Awaitable) else answer)
        finally:
            self.under_way -= 1

    def _ticket(self, request: Request[Any]) -> int:
        match = _TICKET.search(request.target)
        assert match is not None
        self.asked.append(int(match[1]))
        return int(match[1])


def _response(conversations: object) -> Response[Any]:
    return Response(200, {}, b"", SimpleNamespace(conversations=conversations))


async def collect(api: Any, ids: Any, into: list[int] | None = None, **options: Any) -> list[TicketConversations]:
    """Read a stream to its end; `into` gets the tickets of one that does not come to its end."""
    tickets: list[TicketConversations] = []
    async for ticket in astream(api, ids, **options):
        tickets.append(ticket)
        if into is not None:
            into.append(ticket.ticket_id)
    return tickets


def run_async(api: Any, ids: Iterable[object], **options: Any) -> list[TicketConversations]:
    """Read a stream of the asynchronous client to its end."""
    return asyncio.run(collect(api, ids, **options))


def run_blocking(api: Any, ids: Any, into: list[int] | None = None, **options: Any) -> list[TicketConversations]:
    """Read a stream of the blocking client to its end."""
    tickets: list[TicketConversations] = []
    for ticket in stream(api, ids, **options):
        tickets.append(ticket)
        if into is not None:
            into.append(ticket.ticket_id)
    return tickets


def refusal(retry_after: float | None = None) -> RateLimitError:
    """Return what a call ends in that was refused too often."""
    error = RateLimitError("too many requests", status_code=429)
    error.retry_after = retry_after
    return error


def unauthorized() -> AuthenticationError:
    """Return what a call ends in whose token has expired."""
    return AuthenticationError("who are you?", status_code=401)


def missing() -> NotFoundError:
    """Return what a call ends in that asked for a ticket which does not exist."""
    return NotFoundError("no such ticket", status_code=404)
