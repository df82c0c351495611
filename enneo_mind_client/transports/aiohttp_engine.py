"""The asynchronous engine by default: aiohttp, asked directly. Measured in docs/performance.md."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from io import BytesIO
from typing import Any, Final, TypeAlias, TypeVar
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import ResolveResult
from yarl import URL

from enneo_mind_client.addresses import check_resolved
from enneo_mind_client.bodies import BadBody, BodyReader
from enneo_mind_client.config import CONNECT_TIMEOUT
from enneo_mind_client.drivers import AttemptFailed, Send
from enneo_mind_client.fetching import Fetch
from enneo_mind_client.headers import Headers
from enneo_mind_client.operations import Reply
from enneo_mind_client.transports import faults
from enneo_mind_client.transports.environment import proxy_for, tls_context, without_password
from enneo_mind_client.transports.pools import LoopPools
from enneo_mind_client.transports.steps import apour, within

S = TypeVar("S", bound=Send)

_KEEPALIVE: Final = 30.0
_FAULTS: Final = (aiohttp.ClientError, TimeoutError, OSError, ValueError, RuntimeError)
_Pools: TypeAlias = LoopPools[aiohttp.ClientSession]
_Take: TypeAlias = Callable[[aiohttp.ClientResponse, S, asyncio.Timeout], Awaitable[Reply]]
_sending: ContextVar[list[Send]] = ContextVar("_sending")
"""The attempt of this context, while it lasts: a kept connection keeps the context that it was made in."""


class AiohttpEngine:
    """Sends through aiohttp, with a session for each event loop.

    Args:
        base_url: Where all requests go; decides the proxy and whether TLS is needed.
        max_connections: Connections for each loop.
    """

    def __init__(self, base_url: str, max_connections: int) -> None:
        self._proxy = proxy_for(base_url)
        self._tls = tls_context() if base_url.startswith("https:") else False
        self._base_url = base_url
        self._pools = LoopPools(self._connect, aiohttp.ClientSession.close, max_connections)
        self._outside = LoopPools(self._connect_outside, aiohttp.ClientSession.close, max_connections)

    async def send(self, send: Send) -> Reply:
        """Send one request and read the whole answer.

        Raises:
            AttemptFailed: No whole answer came.
        """
        return await self._exchange(send, self._pools, self._proxy, _read)

    async def fetch(self, fetch: Fetch) -> Reply:
        """Send one request and hand the answer on as it comes.

        Raises:
            AttemptFailed: No whole answer came.
        """
        if fetch.outside:
            return await self._exchange(fetch, self._outside, proxy_for(fetch.url), _pour)
        return await self._exchange(fetch, self._pools, self._proxy, _pour)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pools.aclose()
        await self._outside.aclose()

    def abandon(self) -> None:
        """Have every loop close its connections."""
        self._pools.abandon()
        self._outside.abandon()

    def finish(self) -> None:
        """Close every connection, from outside the loops, which are this thread's."""
        self._pools.finish()
        self._outside.finish()

    @property
    def is_open(self) -> bool:
        """Whether there are connections to close."""
        return self._pools.is_open or self._outside.is_open

    async def _exchange(self, send: S, pools: _Pools, proxy: str | None, take: _Take[S]) -> Reply:
        pool = await pools.here()
        attempt: list[Send] = [send]
        _sending.set(attempt)
        send.reused = True  # until a socket is made for it
        try:
            async with within(send.timeout) as limit, pool.slots:
                send.stage = "connect"
                response = await _ask(pool.client, send, proxy)
                try:
                    return await take(response, send, limit)
                except BaseException:
                    response.close()
                    raise
        except _FAULTS as error:
            raise _failure(send, error, proxy) from None
        except BadBody as bad:
            raise AttemptFailed(bad.failure) from None
        finally:
            attempt.clear()

    def _connect(self) -> aiohttp.ClientSession:
        return _session(ssl=self._tls)

    def _connect_outside(self) -> aiohttp.ClientSession:
        return _session(ssl=tls_context(), resolver=_PublicResolver(self._base_url))


def _session(**options: Any) -> aiohttp.ClientSession:
    connector = _Connector(limit=0, keepalive_timeout=_KEEPALIVE, socket_factory=_new_socket, **options)
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT),
        middlewares=(_never_replay,),
    )


async def _ask(session: aiohttp.ClientSession, send: Send, proxy: str | None) -> aiohttp.ClientResponse:
    return await session.request(
        send.method,
        URL(send.url, encoded=True),
        headers=send.headers,
        data=None if send.content is None else BytesIO(send.content),  # aiohttp warns of bytes from 1 MiB on
        allow_redirects=False,
        proxy=proxy,
    )


async def _read(response: aiohttp.ClientResponse, send: Send, _: asyncio.Timeout) -> Reply:
    reader = BodyReader(",".join(response.headers.getall("Content-Encoding", ())), send.max_bytes)
    async for chunk in response.content.iter_any():
        reader.feed(chunk)
    return Reply(response.status, Headers.read(response.headers.items()), reader.finish())


async def _pour(response: aiohttp.ClientResponse, fetch: Fetch, limit: asyncio.Timeout) -> Reply:
    headers = Headers.read(response.headers.items())
    await asyncio.to_thread(fetch.sink.begin, response.status, headers)
    await apour(response.content.iter_any(), fetch, limit)
    return Reply(response.status, headers, b"")


def _failure(send: Send, error: Exception, proxy: str | None) -> AttemptFailed:
    proxy = without_password(proxy) if proxy else None
    if isinstance(error, TimeoutError):
        return faults.timed_out(send, send.stage, error)
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return faults.broken(send, error, reached=False, proxy=proxy)
    if isinstance(error, aiohttp.ClientConnectionError | aiohttp.ClientPayloadError | OSError | RuntimeError):
        return faults.broken(send, error, reached=send.stage == "read", proxy=proxy)
    return faults.garbled(send, error)


class _Connector(aiohttp.TCPConnector):
    """Notes what an attempt is waiting for."""

    async def connect(self, *args: Any, **kwargs: Any) -> Any:
        connection = await super().connect(*args, **kwargs)
        for send in _sending.get():
            send.stage = "read"
        return connection


class _PublicResolver(aiohttp.ThreadedResolver):
    """Refuses names that lead to addresses which are not public; it is what it returns that is connected to."""

    def __init__(self, own_url: str) -> None:
        super().__init__()
        self._own_url = own_url

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        if host.rstrip(".") == (urlsplit(_sending.get()[0].url).hostname or "").rstrip("."):  # and not the proxy's
            check_resolved(host, [each["host"] for each in found], self._own_url)
        return found


def _new_socket(address: Any) -> socket.socket:
    for send in _sending.get():
        send.reused = False
    family, kind, protocol, _, _ = address
    return socket.socket(family, kind, protocol)


async def _never_replay(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keep aiohttp from sending again by itself: whether to is the flow's decision, within its budget."""
    (send,) = _sending.get()
    try:
        return await handler(request)
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
        if isinstance(error, aiohttp.ClientConnectorError):
            raise
        if send.reused:
            raise faults.stale(send, error) from None
        raise faults.broken(send, error, reached=send.stage == "read") from None
