"""One pool of connections for each event loop and each process: never shared, never left behind."""

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from attrs import frozen

from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.locks import ProcessLock

T = TypeVar("T")


@frozen
class Pool(Generic[T]):
    """What one loop sends with.

    Attributes:
        client: The library's own client.
        slots: One for each connection; tasks queue here, where a cancelled one leaves nothing behind.
    """

    client: T
    slots: asyncio.Semaphore
    keeper: AsyncGenerator[None, None]


class LoopPools(Generic[T]):
    """The pools of one engine.

    A loop that ends closes its pool: `asyncio.run` finishes the asynchronous generators that it has seen, and each
    pool is kept by one.

    Args:
        connect: Makes the library's client; called inside the loop that will use it.
        disconnect: Closes it.
        size: Connections for each loop.
    """

    def __init__(self, connect: Callable[[], T], disconnect: Callable[[T], Awaitable[object]], size: int) -> None:
        self._connect, self._disconnect, self._size = connect, disconnect, size
        self._inherited: list[object] = []
        self._ended = False
        self._start()

    async def here(self) -> Pool[T]:
        """Return the running loop's pool.

        Raises:
            ConfigurationError: The pools have been closed.
        """
        if self._ended:
            raise closed()
        self._leave_to_parent()
        loop = asyncio.get_running_loop()
        pool = self._pools.get(loop)
        if pool is None:
            pool = self._pools[loop] = self._open(loop)
            await anext(pool.keeper)
        return pool

    async def aclose(self) -> None:
        """Close the running loop's pool, and have the other loops close theirs."""
        here = asyncio.get_running_loop()
        for loop, pool in self._take():
            if loop is here:
                await pool.keeper.aclose()
            else:
                _close_in(loop, pool.keeper)

    def abandon(self) -> None:
        """Have every loop close its pool."""
        for loop, pool in self._take():
            _close_in(loop, pool.keeper)

    def finish(self) -> None:
        """Close every pool, from outside: a loop that rests is run for it, so it has to be this thread's."""
        for loop, pool in self._take():
            if loop.is_running():
                _close_in(loop, pool.keeper)
            elif not loop.is_closed():
                loop.run_until_complete(_finish(pool.keeper))

    @property
    def is_open(self) -> bool:
        """Whether there is something to close."""
        return bool(self._pools) and self._pid == os.getpid()

    def _open(self, loop: asyncio.AbstractEventLoop) -> Pool[T]:
        client = self._connect()
        return Pool(client, asyncio.Semaphore(self._size), self._keep(client, loop))

    async def _keep(self, client: T, loop: asyncio.AbstractEventLoop) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            self._pools.pop(loop, None)  # which would live on: its pool refers to it
            await self._disconnect(client)

    def _take(self) -> list[tuple[asyncio.AbstractEventLoop, Pool[T]]]:
        self._ended = True
        self._leave_to_parent()
        taken = list(self._pools.items())
        self._pools.clear()
        return taken

    def _leave_to_parent(self) -> None:
        if self._pid != os.getpid():  # the parent still uses these sockets: they are kept from being closed
            self._inherited.append(self._pools)
            self._start()

    def _start(self) -> None:
        self._pid = os.getpid()
        self._pools: WeakKeyDictionary[asyncio.AbstractEventLoop, Pool[T]] = WeakKeyDictionary()


class ProcessPool(Generic[T]):
    """A blocking client for each process, made when it is first used, however many threads come at once."""

    def __init__(self, connect: Callable[[], T]) -> None:
        self._connect, self._lock = connect, ProcessLock()
        self._client: T | None = None
        self._pid, self._ended = os.getpid(), False
        self._inherited: list[object] = []

    def get(self) -> T:
        """Return this process's client.

        Raises:
            ConfigurationError: It has been closed.
        """
        self._leave_to_parent()
        client = self._client
        if client is None:
            with self._lock.here():
                client = self._client = self._client or self._made()
        return client

    def take(self) -> T | None:
        """Return this process's client, if there is one, for the last time."""
        self._leave_to_parent()
        with self._lock.here():
            client, self._client, self._ended = self._client, None, True
        return client

    @property
    def is_open(self) -> bool:
        """Whether there is something to close."""
        return self._client is not None and self._pid == os.getpid()

    def _made(self) -> T:
        if self._ended:
            raise closed()
        return self._connect()

    def _leave_to_parent(self) -> None:
        if self._pid != os.getpid():
            self._inherited.append(self._client)  # the parent still uses its sockets: they are kept from being closed
            self._client, self._pid = None, os.getpid()


def closed() -> ConfigurationError:
    """Return the error for a call that was under way, or waited to be tried again, when its client was closed."""
    return ConfigurationError("The client was closed while a call was under way: end the calls first.")


def _close_in(loop: asyncio.AbstractEventLoop, keeper: AsyncGenerator[None, None]) -> None:
    with suppress(RuntimeError):  # the loop is closed, and its pool with it
        loop.call_soon_threadsafe(lambda: loop.create_task(_finish(keeper)))


async def _finish(keeper: AsyncGenerator[None, None]) -> None:
    await keeper.aclose()
