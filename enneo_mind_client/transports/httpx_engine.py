"""The blocking engine, and the asynchronous one for those who bring their own client: httpx."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from contextlib import aclosing, asynccontextmanager, closing, contextmanager
from typing import cast

import httpx

from enneo_mind_client.bodies import BodyReader
from enneo_mind_client.drivers import Send
from enneo_mind_client.fetching import Fetch
from enneo_mind_client.headers import Headers
from enneo_mind_client.operations import Reply
from enneo_mind_client.transports.bounded import bind
from enneo_mind_client.transports.bounds import bound
from enneo_mind_client.transports.environment import proxy_for
from enneo_mind_client.transports.httpx_parts import maker, request, translated
from enneo_mind_client.transports.outside import aguard, guard
from enneo_mind_client.transports.pools import LoopPools, Pool, ProcessPool
from enneo_mind_client.transports.steps import apour, pour, within
from enneo_mind_client.transports.surplus import spoilt_stream


class HttpxEngine:
    """Sends through httpx, blocking.

    Args:
        base_url: Where all requests go; decides the proxy and whether TLS is needed.
        max_connections: Connections in the pool.
        client: The caller's own client, used as it is and left open.
    """

    def __init__(self, base_url: str, max_connections: int, client: httpx.Client | None = None) -> None:
        self._own, self._proxy = client is None, None if client else proxy_for(base_url)
        make = maker(httpx.Client, base_url, max_connections, proxy=self._proxy, trust_env=False)
        make_outside = maker(httpx.Client, "https:", max_connections, trust_env=True)
        self._pool = ProcessPool(lambda: client or bind(make()))
        self._outside = ProcessPool(lambda: guard(make_outside(), base_url))

    def send(self, send: Send) -> Reply:
        """Send one request and read the whole answer.

        Raises:
            AttemptFailed: No whole answer came.
        """
        until = time.monotonic() + send.timeout
        with translated(send, self._proxy), bound(until), self._answer(self._pool, send) as response:
            return _read(response, send, until)

    def fetch(self, fetch: Fetch) -> Reply:
        """Send one request and hand the answer on as it comes.

        Raises:
            AttemptFailed: No whole answer came.
        """
        pool, proxy = (self._outside, None) if fetch.outside else (self._pool, self._proxy)
        until = time.monotonic() + fetch.timeout
        with translated(fetch, proxy), bound(until), self._answer(pool, fetch) as response:
            pour(_begun(response, fetch), fetch)
            if (spoilt := spoilt_stream(response)) is not None:
                spoilt.close()
            return _reply(response)

    @contextmanager
    def _answer(self, pool: ProcessPool[httpx.Client], send: Send) -> Generator[httpx.Response, None, None]:
        client = pool.get()
        try:
            response = client.send(request(client, send), stream=True, follow_redirects=False)
        except httpx.HTTPStatusError as error:  # a hook of the caller's raises it for every error: it is an answer
            response = error.response
        with closing(response):
            send.answered = True
            yield response

    def close(self) -> None:
        """Close every connection, unless the client is the caller's."""
        client, outside = self._pool.take(), self._outside.take()
        if client is not None and self._own:
            client.close()
        if outside is not None:
            outside.close()

    def abandon(self) -> None:
        """Close every connection: nothing of this needs awaiting."""
        self.close()

    @property
    def is_open(self) -> bool:
        """Whether there are connections to close."""
        return (self._own and self._pool.is_open) or self._outside.is_open


class AsyncHttpxEngine:
    """Sends through httpx, asynchronously. Arguments as for `HttpxEngine`."""

    def __init__(self, base_url: str, max_connections: int, client: httpx.AsyncClient | None = None) -> None:
        self._own, self._proxy = client is None, None if client else proxy_for(base_url)
        make = maker(httpx.AsyncClient, base_url, max_connections, proxy=self._proxy, trust_env=False)
        make_outside = maker(httpx.AsyncClient, "https:", max_connections, trust_env=True)
        self._pools = LoopPools(lambda: client or make(), self._disconnect, max_connections)
        self._outside = LoopPools(lambda: aguard(make_outside(), base_url), httpx.AsyncClient.aclose, max_connections)

    async def send(self, send: Send) -> Reply:
        """Send one request and read the whole answer.

        Raises:
            AttemptFailed: No whole answer came.
        """
        pool = await self._pools.here()
        with translated(send, self._proxy):
            async with within(send.timeout), pool.slots, self._answer(pool, send) as response:
                return await _aread(response, send)

    async def fetch(self, fetch: Fetch) -> Reply:
        """Send one request and hand the answer on as it comes.

        Raises:
            AttemptFailed: No whole answer came.
        """
        pool, proxy = await (self._outside if fetch.outside else self._pools).here(), self._proxy
        with translated(fetch, None if fetch.outside else proxy):
            async with within(fetch.timeout) as limit, pool.slots, self._answer(pool, fetch) as response:
                await apour(await _abegun(response, fetch), fetch, limit)
                if (spoilt := spoilt_stream(response)) is not None:
                    await spoilt.aclose()
                return _reply(response)

    @asynccontextmanager
    async def _answer(self, pool: Pool[httpx.AsyncClient], send: Send) -> AsyncGenerator[httpx.Response, None]:
        try:
            response = await pool.client.send(request(pool.client, send), stream=True, follow_redirects=False)
        except httpx.HTTPStatusError as error:
            response = error.response
        async with aclosing(response):
            send.answered = True
            yield response

    async def aclose(self) -> None:
        """Close every connection, unless the client is the caller's."""
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
        return (self._own and self._pools.is_open) or self._outside.is_open

    async def _disconnect(self, client: httpx.AsyncClient) -> None:
        if self._own:
            await client.aclose()


def _reply(response: httpx.Response, content: bytes = b"") -> Reply:
    return Reply(response.status_code, Headers.read(response.headers.multi_items()), content)


def _read(response: httpx.Response, send: Send, until: float) -> Reply:
    if (content := _content(response)) is not None:
        return _over(response, content, send)
    reader = _reader(response, send)
    for chunk in cast("httpx.SyncByteStream", response.stream):  # iter_raw would give the connection back at its end
        reader.feed(chunk)
        if time.monotonic() > until:
            raise TimeoutError
    if (spoilt := spoilt_stream(response)) is not None:
        spoilt.close()
    return _reply(response, reader.finish())


async def _aread(response: httpx.Response, send: Send) -> Reply:
    if (content := _content(response)) is not None:
        return _over(response, content, send)
    reader = _reader(response, send)
    async for chunk in cast("httpx.AsyncByteStream", response.stream):
        reader.feed(chunk)
    if (spoilt := spoilt_stream(response)) is not None:
        await spoilt.aclose()
    return _reply(response, reader.finish())


def _over(response: httpx.Response, content: bytes, send: Send) -> Reply:
    reader = BodyReader("", send.max_bytes)
    reader.feed(content)
    return _reply(response, reader.finish())


def _content(response: httpx.Response) -> bytes | None:
    """Return what a mock transport or the caller's event hook has read, and decoded, already; or closed unread."""
    if response.is_stream_consumed:
        return response.content
    return b"" if response.is_closed else None


def _reader(response: httpx.Response, send: Send) -> BodyReader:
    return BodyReader(response.headers.get("content-encoding", ""), send.max_bytes)


def _begun(response: httpx.Response, fetch: Fetch) -> Iterator[bytes]:
    fetch.sink.begin(response.status_code, _told(response))
    if (content := _content(response)) is not None:
        return iter([content])
    return iter(cast("httpx.SyncByteStream", response.stream))


async def _abegun(response: httpx.Response, fetch: Fetch) -> AsyncIterator[bytes]:
    await asyncio.to_thread(fetch.sink.begin, response.status_code, _told(response))
    if (content := _content(response)) is not None:
        return _once(content)
    return aiter(cast("httpx.AsyncByteStream", response.stream))


def _told(response: httpx.Response) -> Headers:
    """Return the headers, without what describes a body that has been decoded already."""
    decoded = ("content-encoding", "content-length") if response.is_stream_consumed else ()
    return Headers.read(item for item in response.headers.multi_items() if item[0] not in decoded)


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
