"""What generated functions are handed as `client=`: sends their requests with everything a call of ours has."""

import warnings
from typing import Generic, TypeVar
from weakref import WeakSet

from attrs import evolve

from enneo_mind_client.config import Settings
from enneo_mind_client.drivers import AsyncEngine, Engine, Lifetime, adrive, drive
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.flow import Call, Shared
from enneo_mind_client.operations import Request, Response
from enneo_mind_client.watching import Observer, Pace

T = TypeVar("T")
E = TypeVar("E", bound=Lifetime)


class Connections(Generic[E]):
    """The engine that a client and all copies of it with other options share, and its one end.

    It ends with the client that was made first; or with its last copy, if that client was never kept.
    """

    def __init__(self, engine: E, shared: Shared, owner: str) -> None:
        self.shared = shared
        self._engine, self._owner, self._closed = engine, owner, False
        self._clients = WeakSet[object]()

    def engine(self) -> E:
        """Return the engine.

        Raises:
            ConfigurationError: It has been closed.
        """
        if self._closed:
            raise ConfigurationError(f"This {self._owner} is closed: make a new one, or call before its end.")
        return self._engine

    def observe(self, observer: Observer | None) -> None:
        """Have all calls watched that begin from now on, or none: also those of copies with other options."""
        self.shared = evolve(self.shared, observer=observer)

    def join(self, client: object) -> None:
        """Note a client that sends over this engine."""
        self._clients.add(client)

    def leave(self, client: object, *, is_copy: bool) -> E | None:
        """Return the engine for closing, if this client was the one to close it."""
        self._clients.discard(client)
        return None if is_copy and self._clients else self.end()

    def end(self) -> E | None:
        """Return the engine for closing, the first time only."""
        engine = None if self._closed else self._engine
        self._closed = True
        return engine

    def __del__(self) -> None:
        engine = self.end()
        if engine is not None and engine.is_open:
            engine.abandon()  # first, since a warning may be an error
            warnings.warn(f"An open {self._owner} was forgotten: use it with `with`.", ResourceWarning, 2, source=self)


class Api:
    """The blocking client for generated functions: `get_conversations.sync(1, client=mind.api)`."""

    def __init__(self, connections: Connections[Engine], settings: Settings, pace: Pace | None = None) -> None:
        self.connections, self.settings, self._pace = connections, settings, pace

    def with_settings(self, settings: Settings, pace: Pace | None = None) -> "Api":
        """Return one with other settings over the same connections."""
        return Api(self.connections, settings, pace)

    def call(self, request: Request[T]) -> Response[T]:
        """Send a request until it has succeeded or failed for good.

        Raises:
            EnneoMindError: It has failed.
        """
        engine, shared = self.connections.engine(), self.connections.shared
        return drive(Call(request, shared, self.settings, self._pace).flow(), engine, shared.clock)


class AsyncApi:
    """The asynchronous client for generated functions: `await get_conversations.asyncio(1, client=mind.api)`."""

    def __init__(self, connections: Connections[AsyncEngine], settings: Settings, pace: Pace | None = None) -> None:
        self.connections, self.settings, self._pace = connections, settings, pace

    def with_settings(self, settings: Settings, pace: Pace | None = None) -> "AsyncApi":
        """Return one with other settings over the same connections."""
        return AsyncApi(self.connections, settings, pace)

    async def acall(self, request: Request[T]) -> Response[T]:
        """Send a request until it has succeeded or failed for good.

        Raises:
            EnneoMindError: It has failed.
        """
        engine, shared = self.connections.engine(), self.connections.shared
        return await adrive(Call(request, shared, self.settings, self._pace).flow(), engine, shared.clock)
