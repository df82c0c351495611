"""Many tickets at once: a stream of their conversations, at the speed that the server can do."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable
from contextlib import aclosing
from functools import partial
from typing import Literal, TypeAlias

from attrs import frozen

from enneo_mind_client.api import Api, AsyncApi
from enneo_mind_client.config import count
from enneo_mind_client.errors import AuthenticationError, ConfigurationError, EnneoMindError, RateLimitError
from enneo_mind_client.hand_over import hand_over
from enneo_mind_client.ids import Ids, Seen, check_ids, each, read_id
from enneo_mind_client.models import Conversation
from enneo_mind_client.pace import Governor

Concurrency: TypeAlias = int | Literal["auto"]
Fetch: TypeAlias = Callable[[int], Awaitable[list[Conversation]]]


@frozen
class TicketConversations:
    """A ticket of a stream.

    Attributes:
        ticket_id: The ticket; 0 where the value that was given for it is no number at all.
        conversations: Its conversations, in the server's order; none if there is an error.
        error: Why there are none, if they could not be had.
    """

    ticket_id: int
    conversations: list[Conversation]
    error: EnneoMindError | None = None


class _Tickets:
    """Fetches tickets with as many workers as the governor lets, and keeps what they bring until it is taken.

    A worker is a task that fetches one ticket after another. It ends when it is one too many: when the governor
    lowers the window, or when nobody takes what is there. So nothing here waits for anything but the ids, the pace,
    the server and the consumer, and the memory is that of the window and the results that wait.
    """

    def __init__(
        self, fetch: Fetch, ids: AsyncGenerator[object, None], pace: Governor, api: Api | AsyncApi, *, ordered: bool
    ) -> None:
        self._fetch, self._ids, self._pace, self._ordered = fetch, ids, pace, ordered
        self._clock, self._chances = api.connections.shared.clock, api.settings.retry.max_retries
        self._seen, self._turn, self._gate = Seen(), asyncio.Lock(), asyncio.Lock()
        self._workers = set[asyncio.Task[None]]()
        self._ready, self._early = deque[TicketConversations](), dict[int, TicketConversations]()
        self._read = self._finished = self._taken = self._next = 0
        self._ended = self._stopped = False
        self._failure: BaseException | None = None
        self._wake: asyncio.Future[None] | None = None

    async def take(self) -> TicketConversations | None:
        """Return the next result as soon as there is one, None after the last.

        Raises:
            AuthenticationError: The credential was refused.
        """
        while not self._ready:
            self._fill()
            if not self._workers:
                if self._failure is not None:
                    raise self._failure
                return None
            self._wake = asyncio.get_running_loop().create_future()
            await self._wake
        self._taken += 1
        result = self._ready.popleft()
        self._fill()
        return result

    async def aclose(self) -> None:
        """Stop everything."""
        self._stop()
        await asyncio.gather(*self._workers, return_exceptions=True)
        await self._ids.aclose()

    @property
    def _waiting(self) -> int:
        return self._finished - self._taken

    def _fill(self) -> None:
        """Start workers; after a full buffer only when half of it is taken, so that each has something to do."""
        while not self._ended and len(self._workers) < self._pace.window and self._waiting <= self._pace.most:
            worker = asyncio.get_running_loop().create_task(self._work())
            self._workers.add(worker)
            worker.add_done_callback(self._left)

    def _left(self, worker: asyncio.Task[None]) -> None:
        self._workers.discard(worker)
        failure = asyncio.CancelledError() if worker.cancelled() else worker.exception()
        if failure is not None and not self._stopped:
            self._failure = failure
            self._stop()
        self._wake_up()

    def _stop(self) -> None:
        self._ended = self._stopped = True
        self._pace.stop()
        for worker in self._workers:
            worker.cancel()

    def _wake_up(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    def _is_wanted(self) -> bool:
        return not self._ended and len(self._workers) <= self._pace.window and self._waiting < 2 * self._pace.most

    async def _work(self) -> None:
        while (ticket := await self._next_ticket()) is not None:
            number, ticket_id = ticket
            self._finish(number, await self._outcome(ticket_id))
            self._fill()

    async def _next_ticket(self) -> tuple[int, int] | None:
        async with self._turn:
            while self._is_wanted():
                value = await anext(self._ids, self)
                if value is self:
                    self._ended = True
                elif (ticket := self._admit(value)) is not None:
                    return ticket
                else:
                    await asyncio.sleep(0)
        return None

    def _admit(self, value: object) -> tuple[int, int] | None:
        try:
            ticket_id = read_id(value)
        except ConfigurationError as error:
            self._read += 1
            given = value if type(value) is int else 0
            self._finish(self._read, TicketConversations(given, [], error.with_traceback(None)))
            return None
        if not self._seen.add(ticket_id):
            return None
        self._read += 1
        return self._read, ticket_id

    async def _hold(self) -> None:
        async with self._gate:
            while (seconds := self._pace.hold()) > 0:
                await self._clock.asleep(seconds)

    async def _outcome(self, ticket_id: int) -> TicketConversations:
        """A refusal says something about the speed and not about this ticket, so it is asked for again."""
        chances = self._chances
        while True:
            await self._hold()
            result = await self._answer(ticket_id)
            error, chances = result.error, chances - 1
            if not isinstance(error, RateLimitError) or error.stopped_by == "retry_after_too_long" or chances < 0:
                return result

    async def _answer(self, ticket_id: int) -> TicketConversations:
        self._pace.busy += 1
        try:
            return TicketConversations(ticket_id, await self._fetch(ticket_id))
        except (AuthenticationError, ConfigurationError):
            raise
        except EnneoMindError as error:
            return TicketConversations(ticket_id, [], error.with_traceback(None))
        finally:
            self._pace.busy -= 1

    def _finish(self, number: int, result: TicketConversations) -> None:
        self._finished += 1
        if not self._ordered:
            self._ready.append(result)
        else:
            self._early[number] = result
            while (following := self._early.pop(self._next + 1, None)) is not None:
                self._next += 1
                self._ready.append(following)
        if self._ready:
            self._wake_up()


def _governor(api: Api | AsyncApi, concurrency: Concurrency) -> Governor:
    shared, longest = api.connections.shared, api.settings.retry.max_retry_after
    most = shared.max_connections if concurrency == "auto" else count(concurrency, "concurrency")
    return Governor(shared.clock, most, adaptive=concurrency == "auto", longest_pause=longest)


def astream(
    api: AsyncApi,
    ticket_ids: Ids,
    *,
    concurrency: Concurrency = "auto",
    ordered: bool = False,
    include_raw_data: bool = False,
) -> AsyncGenerator[TicketConversations, None]:
    """Yield the conversations of many tickets; see `AsyncConversations.stream`."""
    from enneo_mind_client.conversations import AsyncConversations

    check_ids(ticket_ids, may_be_asynchronous=True)
    pace = _governor(api, concurrency)
    paced = AsyncConversations(api.with_settings(api.settings, pace))
    fetch = partial(paced.list, include_raw_data=include_raw_data)
    return _each(_Tickets(fetch, each(ticket_ids), pace, api, ordered=ordered))


async def _each(tickets: _Tickets) -> AsyncGenerator[TicketConversations, None]:
    async with aclosing(tickets):
        while (ticket := await tickets.take()) is not None:
            yield ticket


def stream(
    api: Api,
    ticket_ids: Iterable[int | str],
    *,
    concurrency: Concurrency = "auto",
    ordered: bool = False,
    include_raw_data: bool = False,
) -> Generator[TicketConversations, None, None]:
    """Yield the conversations of many tickets, blocking; see `Conversations.stream`."""
    from enneo_mind_client.conversations import Conversations

    check_ids(ticket_ids, may_be_asynchronous=False)
    pace = _governor(api, concurrency)
    paced = Conversations(api.with_settings(api.settings, pace))
    fetch = partial(paced.list, include_raw_data=include_raw_data)

    def open_tickets(ids: AsyncGenerator[object, None], fetch: Fetch) -> _Tickets:
        return _Tickets(fetch, ids, pace, api, ordered=ordered)

    return hand_over(ticket_ids, fetch, open_tickets, pace.most)
