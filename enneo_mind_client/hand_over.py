"""A stream for blocking callers: the same one, in a background thread, with its ids read in the caller's own.

Ids are read where the stream is iterated, because what they come from (a database cursor, a session of an ORM) is
often bound to its thread; and an error there, or Ctrl-C, is raised where it belongs.
"""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable
from concurrent.futures import Future
from contextlib import aclosing, suppress
from contextvars import copy_context
from queue import SimpleQueue
from types import TracebackType
from typing import Final, Generic, Protocol, Self, TypeAlias, TypeVar, cast

from attrs import frozen

from enneo_mind_client.threads import Threads

V = TypeVar("V")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Tickets(Protocol[T_co]):
    """What runs in the background."""

    async def take(self) -> T_co | None:
        """Return the next result, None after the last."""
        ...

    async def aclose(self) -> None:
        """Stop everything."""
        ...


Open: TypeAlias = Callable[[AsyncGenerator[object, None], Callable[[int], Awaitable[V]]], Tickets[T]]
"""Makes what runs in the background, from its ids and from how it fetches."""


@frozen
class _More:
    """The background waits for ids."""


@frozen
class _End:
    """The background is done."""

    failure: BaseException | None


_LAST = object()
_PATIENCE: Final = 1.0
"""Seconds that a consumer who leaves waits for requests under way, which nobody can cancel."""


def hand_over(
    ids: Iterable[object], fetch: Callable[[int], V], open_tickets: Open[V, T], most: int
) -> Generator[T, None, None]:
    """Yield what comes of the ids, fetched by a blocking function in at most so many threads."""
    try:
        with _Background(fetch, open_tickets, most) as background:
            yield from background.stream(ids)
    finally:
        if isinstance(ids, Generator):
            ids.close()


class _Background(Generic[V, T]):
    """The thread, its event loop, the pool for the blocking calls, and what is handed over in both directions."""

    def __init__(self, fetch: Callable[[int], V], open_tickets: Open[V, T], most: int) -> None:
        self._fetch, self._open, self._most = fetch, open_tickets, most
        self._ids, self._fed = deque[object](), asyncio.Event()
        self._results = SimpleQueue[T | _More | _End]()
        self._thread = threading.Thread(
            target=copy_context().run, args=(self._run,), name="enneo-mind-stream", daemon=True
        )
        self._started = Future[tuple[asyncio.AbstractEventLoop, Callable[[], object]]]()

    def stream(self, ids: Iterable[object]) -> Generator[T, None, None]:
        """Hand over the ids, as many ahead as there may be requests, and yield what comes."""
        for value in ids:
            self._put(value)
            while len(self._ids) >= self._most or not self._results.empty():
                result = self._results.get()
                if isinstance(result, _More):
                    break
                if isinstance(result, _End):
                    return _finish(result)
                yield result
        self._put(_LAST)
        while not isinstance(result := self._results.get(), _End):
            if not isinstance(result, _More):
                yield result
        return _finish(result)

    def __enter__(self) -> Self:
        self._thread.start()
        self._loop, self._cancel = self._started.result()
        self._owner = threading.get_ident()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and wait a little for the requests under way: not after Ctrl-C, nor where it could be for oneself."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._cancel)
        if kind is not KeyboardInterrupt and threading.get_ident() == self._owner:
            self._thread.join(_PATIENCE)

    def _put(self, value: object) -> None:
        self._ids.append(value)
        if len(self._ids) == 1:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._fed.set)

    def _run(self) -> None:
        with Threads(self._most, "enneo-mind-stream") as threads:
            try:
                asyncio.run(self._main(threads))
            except BaseException as failure:
                self._results.put(_End(failure))
            else:
                self._results.put(_End(None))

    async def _main(self, threads: Threads) -> None:
        loop = asyncio.get_running_loop()
        self._started.set_result((loop, cast("asyncio.Task[None]", asyncio.current_task()).cancel))

        async def fetch(ticket_id: int) -> V:
            return await asyncio.wrap_future(threads.submit(lambda: self._fetch(ticket_id)))

        async with aclosing(self._open(self._given(), fetch)) as tickets:
            while (result := await tickets.take()) is not None:
                self._results.put(result)

    async def _given(self) -> AsyncGenerator[object, None]:
        while True:
            if not self._ids:
                self._results.put(_More())
                while not self._ids:
                    self._fed.clear()
                    await self._fed.wait()
            if (value := self._ids.popleft()) is _LAST:
                return
            yield value


def _finish(end: _End) -> None:
    if end.failure is not None:
        raise end.failure
