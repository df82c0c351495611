"""The two clients, `EnneoMind` and `AsyncEnneoMind`: the same interface, and no decisions."""

import platform
from abc import ABC, abstractmethod
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Self, TypeVar

from attrs import evolve

from enneo_mind_client._version import __version__
from enneo_mind_client.api import Api, AsyncApi, Connections
from enneo_mind_client.attachments import AsyncAttachments, Attachments
from enneo_mind_client.clock import SYSTEM_CLOCK, Clock
from enneo_mind_client.config import MAX_RESPONSE_BYTES, Settings, count
from enneo_mind_client.conversations import AsyncConversations, Conversations
from enneo_mind_client.credentials import Surroundings, find_credential, find_instance
from enneo_mind_client.drivers import AsyncEngine, Engine, TokenSource
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.events import AttemptHook, RetryHook, switch_on_logging
from enneo_mind_client.flow import Shared
from enneo_mind_client.retries import RetryBudget, RetryPolicy
from enneo_mind_client.transports import Transport, make_async_engine, make_engine
from enneo_mind_client.wire import UNSET, Unset

if TYPE_CHECKING:
    import httpx

H = TypeVar("H", bound="httpx.Client | httpx.AsyncClient")
A = TypeVar("A", Api, AsyncApi)

_AGENT = f"enneo-mind-client/{__version__} Python/{platform.python_version()}"


class _Mind(ABC, Generic[A, H]):
    """What both clients are."""

    api: A
    _is_copy = False

    def __init__(
        self,
        instance: str | None = None,
        *,
        token: str | TokenSource | None = None,
        session_cookie: str | None = None,
        timeout: float | None = 30.0,
        deadline: float | None = 45.0,
        retry: RetryPolicy | None = RetryPolicy(),  # noqa: B008 - frozen, and shown in help
        max_connections: int = 100,
        transport: Transport = "aiohttp",
        strict: bool = False,
        http_client: H | None = None,
        max_response_bytes: int = MAX_RESPONSE_BYTES,
        on_attempt: AttemptHook | None = None,
        on_retry: RetryHook | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        """Make a client; nothing is sent before the first call.

        Args:
            instance: A short name (`demo`), a host or a base URL; else `ENNEO_INSTANCE`, else the vendor's files.
            token: A string, or a plain or asynchronous function that is asked for each attempt; else `ENNEO_TOKEN`,
                else the vendor's files.
            session_cookie: The value of the `connect.sid` cookie, instead of a token.
            timeout: Seconds for one attempt, its body included; None for no bound.
            deadline: Seconds for the whole call with its retries and waits; None for no bound.
            retry: When to try again; None never does.
            max_connections: Connections at the same time, for each event loop.
            transport: The library under the asynchronous client, `aiohttp` or `httpx`; the blocking one is on httpx.
            strict: Whether a value that would be kept raw, a required field that is missing, a key that an object has
                twice or a status that is not declared is an error with every place: for contract checks. Null,
                unknown fields, unknown values of an enum and other ways to write a declared value are none.
            http_client: The caller's own httpx client, used as it is and left open.
            max_response_bytes: The largest decoded body that is read.
            on_attempt: A plain function that is told of every attempt, for metrics; its failure is logged and fails no
                call.
            on_retry: Told of every decision to try again; likewise.
            clock: The time, sleep and chance that the client goes by, for tests.

        Raises:
            ConfigurationError: An argument, environment variable or file cannot work.
        """
        switch_on_logging()
        try:
            settings = Settings(
                timeout=timeout,
                deadline=deadline,
                retry=retry,
                strict=strict,
                max_response_bytes=max_response_bytes,
                on_attempt=on_attempt,
                on_retry=on_retry,
            )
            around = Surroundings.present()
            where = find_instance(instance, around)
            credential = find_credential(where, token, session_cookie, around, clock)
            size = count(max_connections, "max_connections")
            shared = Shared(where, credential, clock, RetryBudget(), _AGENT, size)
            self._use(self._connect(shared, settings, transport, http_client))
        except ConfigurationError as error:
            instance = token = session_cookie = None  # what a frame holds may be shown with its traceback
            raise error.with_traceback(None) from error.__cause__

    def with_options(
        self,
        *,
        timeout: float | Unset | None = UNSET,
        deadline: float | Unset | None = UNSET,
        retry: RetryPolicy | Unset | None = UNSET,
    ) -> Self:
        """Return this client with other limits, over the same connections, budget and credential.

        They are closed with this client; closing the copy leaves them open.

        Raises:
            ConfigurationError: A value cannot work.
        """
        options = {"timeout": timeout, "deadline": deadline, "retry": retry}
        changes: dict[str, Any] = {name: value for name, value in options.items() if value is not UNSET}
        copy = object.__new__(type(self))
        copy._is_copy = True
        copy._use(self.api.with_settings(evolve(self.api.settings, **changes)))
        return copy

    @property
    def base_url(self) -> str:
        """The instance's base URL."""
        return self.api.connections.shared.instance.base_url

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r})" if hasattr(self, "api") else type(self).__name__

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} holds a credential and connections: make it anew where it is needed.")

    @abstractmethod
    def _use(self, api: A) -> None: ...

    @abstractmethod
    def _connect(self, shared: Shared, settings: Settings, transport: Transport, http_client: H | None) -> A: ...


class EnneoMind(_Mind[Api, "httpx.Client"]):
    """The blocking client, safe in threads and after a fork."""

    def _use(self, api: Api) -> None:
        api.connections.join(self)
        self.api = api
        self.conversations = Conversations(api)
        self.attachments = Attachments(api)

    def _connect(self, shared: Shared, settings: Settings, transport: Transport, http_client: Any) -> Api:
        engine = make_engine(transport, shared.instance.base_url, shared.max_connections, http_client)
        return Api(Connections[Engine](engine, shared, "EnneoMind"), settings)

    def close(self) -> None:
        """Close every connection, also for copies; a copy leaves them open. A second time does nothing."""
        engine = self.api.connections.leave(self, is_copy=self._is_copy)
        if engine is not None:
            engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncEnneoMind(_Mind[AsyncApi, "httpx.AsyncClient"]):
    """The asynchronous client, safe in several event loops and after a fork."""

    def _use(self, api: AsyncApi) -> None:
        api.connections.join(self)
        self.api = api
        self.conversations = AsyncConversations(api)
        self.attachments = AsyncAttachments(api)

    def _connect(self, shared: Shared, settings: Settings, transport: Transport, http_client: Any) -> AsyncApi:
        engine = make_async_engine(transport, shared.instance.base_url, shared.max_connections, http_client)
        return AsyncApi(Connections[AsyncEngine](engine, shared, "AsyncEnneoMind"), settings)

    async def aclose(self) -> None:
        """Close every connection, also for copies; a copy leaves them open. A second time does nothing."""
        engine = self.api.connections.leave(self, is_copy=self._is_copy)
        if engine is not None:
            await engine.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
