"""The blocking engine, and the asynchronous one for those who bring their own client: httpx."""

import asyncio
import math
import time
from collections.abc import Callable
from contextlib import aclosing, closing
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final, TypeVar, cast

import httpx

from enneo_mind_client.bodies import BadBody, BodyReader
from enneo_mind_client.drivers import AttemptFailed, Send
from enneo_mind_client.operations import Reply
from enneo_mind_client.transports import faults
from enneo_mind_client.transports.bounded import bind, bound
from enneo_mind_client.transports.environment import proxy_for, tls_context, without_password
from enneo_mind_client.transports.pools import LoopPools, ProcessPool
from enneo_mind_client.transports.surplus import spoilt_stream

C = TypeVar("C", httpx.Client, httpx.AsyncClient)

_KEEPALIVE: Final = 30.0
_FAULTS: Final = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, TimeoutError, OSError, RuntimeError)


class HttpxEngine:
    """Sends through httpx, blocking.

    Args:
        base_url: Where all requests go; decides the proxy and whether TLS is needed.
        max_connections: Connections in the pool.
        client: The caller's own client, used as it is and left open.
    """

    def __init__(self, base_url: str, max_connections: int, client: httpx.Client | None = None) -> None:
        self._own, self._proxy = client is None, None if client else proxy_for(base_url)
        make = _maker(httpx.Client, base_url, max_connections, self._proxy)
        self._pool = ProcessPool(lambda: client or bind(make()))

    def send(self, send: Send) -> Reply:
        """Send one request and read the whole answer.

        Raises:
            AttemptFailed: No whole answer came.
        """
        until = time.monotonic() + send.timeout
        try:
            with bound(until), closing(self._begin(send)) as response:
                return _read(response, send, until)
        except _FAULTS as error:
            raise _failure(send, error, self._proxy) from None
        except BadBody as bad:
            raise AttemptFailed(bad.failure) from None

    def _begin(self, send: Send) -> httpx.Response:
        client = self._pool.get()
        return client.send(_request(client, send), stream=True, follow_redirects=False)

    def close(self) -> None:
        """Close every connection, unless the client is the caller's."""
        client = self._pool.take()
        if client is not None and self._own:
            client.close()

    def abandon(self) -> None:
        """Close every connection: nothing of this needs awaiting."""
        self.close()

    @property
    def is_open(self) -> bool:
        """Whether there are connections to close."""
        return self._own and self._pool.is_open


class AsyncHttpxEngine:
    """Sends through httpx, asynchronously. Arguments as for `HttpxEngine`."""

    def __init__(self, base_url: str, max_connections: int, client: httpx.AsyncClient | None = None) -> None:
        self._own, self._proxy = client is None, None if client else proxy_for(base_url)
        make = _maker(httpx.AsyncClient, base_url, max_connections, self._proxy)
        self._pools = LoopPools(lambda: client or make(), self._disconnect, max_connections)

    async def send(self, send: Send) -> Reply:
        """Send one request and read the whole answer.

        Raises:
            AttemptFailed: No whole answer came.
        """
        pool = await self._pools.here()
        try:
            async with asyncio.timeout(send.timeout if send.timeout < math.inf else None), pool.slots:
                response = await pool.client.send(_request(pool.client, send), stream=True, follow_redirects=False)
                async with aclosing(response):
                    return await _aread(response, send)
        except _FAULTS as error:
            raise _failure(send, error, self._proxy) from None
        except BadBody as bad:
            raise AttemptFailed(bad.failure) from None

    async def aclose(self) -> None:
        """Close every connection, unless the client is the caller's."""
        await self._pools.aclose()

    def abandon(self) -> None:
        """Have every loop close its connections."""
        self._pools.abandon()

    @property
    def is_open(self) -> bool:
        """Whether there are connections to close."""
        return self._own and self._pools.is_open

    async def _disconnect(self, client: httpx.AsyncClient) -> None:
        if self._own:
            await client.aclose()


def _maker(cls: type[C], base_url: str, max_connections: int, proxy: str | None) -> Callable[[], C]:
    # Tasks wait for a connection outside of httpx, since a cancelled one can take a place of its pool with it:
    # https://github.com/encode/httpcore/issues/1093
    limit = max_connections if cls is httpx.Client else None
    limits = httpx.Limits(max_connections=limit, max_keepalive_connections=max_connections, keepalive_expiry=_KEEPALIVE)

    def make() -> C:
        verify = tls_context() if base_url.startswith("https:") else False
        jar = CookieJar(DefaultCookiePolicy(allowed_domains=[]))  # what a server sets is not sent with the next call
        return cls(verify=verify, limits=limits, proxy=proxy, trust_env=False, cookies=jar)

    return make


def _request(client: httpx.Client | httpx.AsyncClient, send: Send) -> httpx.Request:
    send.stage = "read"
    seconds = send.timeout if send.timeout < math.inf else None
    return client.build_request(
        send.method,
        send.url,
        headers=dict(send.headers),
        content=send.content,
        timeout=httpx.Timeout(seconds, connect=min(send.connect_timeout, send.timeout)),
        extensions={"trace": _tracer(send, asynchronous=isinstance(client, httpx.AsyncClient))},
    )


def _tracer(send: Send, *, asynchronous: bool) -> Callable[[str, Any], Any]:
    """Have httpcore tell what an attempt is waiting for, and whether its connection is new."""
    connects = False

    def note(name: str, _: Any) -> None:
        nonlocal connects
        if name == "connection.connect_tcp.started":
            connects, send.stage = True, "connect"
        elif name == "http11.send_request_headers.started":
            send.reused, send.stage = not connects, "read"

    async def anote(name: str, info: Any) -> None:
        note(name, info)

    return anote if asynchronous else note


def _read(response: httpx.Response, send: Send, until: float) -> Reply:
    if response.is_stream_consumed:
        return _consumed(response, send)
    reader = _reader(response, send)
    for chunk in cast("httpx.SyncByteStream", response.stream):  # iter_raw would give the connection back at its end
        reader.feed(chunk)
        if time.monotonic() > until:
            raise TimeoutError
    if (spoilt := spoilt_stream(response)) is not None:
        spoilt.close()
    return Reply(response.status_code, dict(response.headers), reader.finish())


async def _aread(response: httpx.Response, send: Send) -> Reply:
    if response.is_stream_consumed:
        return _consumed(response, send)
    reader = _reader(response, send)
    async for chunk in cast("httpx.AsyncByteStream", response.stream):
        reader.feed(chunk)
    if (spoilt := spoilt_stream(response)) is not None:
        await spoilt.aclose()
    return Reply(response.status_code, dict(response.headers), reader.finish())


def _consumed(response: httpx.Response, send: Send) -> Reply:
    """A mock transport or the caller's event hook has read, and decoded, the body already."""
    reader = BodyReader("", send.max_bytes)
    reader.feed(response.content)
    return Reply(response.status_code, dict(response.headers), reader.finish())


def _reader(response: httpx.Response, send: Send) -> BodyReader:
    send.answered = True
    return BodyReader(response.headers.get("content-encoding", ""), send.max_bytes)


def _failure(send: Send, error: Exception, proxy: str | None) -> AttemptFailed:
    if isinstance(error, httpx.PoolTimeout):
        return faults.timed_out(send, "pool", error)
    if isinstance(error, httpx.ConnectTimeout):
        return faults.timed_out(send, "connect", error)
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        return faults.timed_out(send, send.stage, error)
    if isinstance(error, (httpx.ConnectError, httpx.ProxyError)):
        return faults.broken(send, error, reached=False, proxy=without_password(proxy) if proxy else None)
    if send.reused and not send.answered:
        return faults.stale(send, error)
    if isinstance(error, httpx.ProtocolError) and not _broke_off(error):
        return faults.garbled(send, error)
    return faults.broken(send, error, reached=True)


def _broke_off(error: httpx.ProtocolError) -> bool:
    """Httpx has one class for a peer that left and for one that talks nonsense; its words tell them apart."""
    return any(words in str(error) for words in ("disconnected", "peer closed"))
