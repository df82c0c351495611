"""The asynchronous engine by default: aiohttp, asked directly. Measured in docs/performance.md."""

import asyncio
import math
import socket
from contextvars import ContextVar
from io import BytesIO
from typing import Any, Final

import aiohttp
from yarl import URL

from enneo_mind_client.bodies import BadBody, BodyReader
from enneo_mind_client.config import CONNECT_TIMEOUT
from enneo_mind_client.drivers import AttemptFailed, Send
from enneo_mind_client.operations import Reply
from enneo_mind_client.transports import faults
from enneo_mind_client.transports.environment import proxy_for, tls_context, without_password
from enneo_mind_client.transports.pools import LoopPools

_KEEPALIVE: Final = 30.0
_FAULTS: Final = (aiohttp.ClientError, TimeoutError, OSError, ValueError, RuntimeError)
_sending: ContextVar[Send] = ContextVar("_sending")


class AiohttpEngine:
    """Sends through aiohttp, with a session for each event loop.

    Args:
        base_url: Where all requests go; decides the proxy and whether TLS is needed.
        max_connections: Connections for each loop.
    """

    def __init__(self, base_url: str, max_connections: int) -> None:
        self._proxy = proxy_for(base_url)
        self._tls = tls_context() if base_url.startswith("https:") else False
        self._pools = LoopPools(self._connect, aiohttp.ClientSession.close, max_connections)

    async def send(self, send: Send) -> Reply:
        """Send one request and read the whole answer.

        Raises:
            AttemptFailed: No whole answer came.
        """
        pool = await self._pools.here()
        kept = _sending.set(send)
        send.reused = True  # until a socket is made for it
        try:
            async with asyncio.timeout(send.timeout if send.timeout < math.inf else None), pool.slots:
                send.stage = "connect"
                return await self._exchange(pool.client, send)
        except _FAULTS as error:
            raise self._failure(send, error) from None
        except BadBody as bad:
            raise AttemptFailed(bad.failure) from None
        finally:
            _sending.reset(kept)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pools.aclose()

    def abandon(self) -> None:
        """Have every loop close its connections."""
        self._pools.abandon()

    @property
    def is_open(self) -> bool:
        """Whether there are connections to close."""
        return self._pools.is_open

    async def _exchange(self, session: aiohttp.ClientSession, send: Send) -> Reply:
        response = await session.request(
            send.method,
            URL(send.url, encoded=True),
            headers=send.headers,
            data=None if send.content is None else BytesIO(send.content),  # aiohttp warns of bytes from 1 MiB on
            allow_redirects=False,
        )
        try:
            reader = BodyReader(",".join(response.headers.getall("Content-Encoding", ())), send.max_bytes)
            async for chunk in response.content.iter_any():
                reader.feed(chunk)
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Reply(response.status, headers, reader.finish())
        except BaseException:
            response.close()
            raise

    def _connect(self) -> aiohttp.ClientSession:
        connector = _Connector(
            limit=0,
            ssl=self._tls,
            keepalive_timeout=_KEEPALIVE,
            socket_factory=_new_socket,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT),
            proxy=self._proxy,
            middlewares=(_never_replay,),
        )

    def _failure(self, send: Send, error: Exception) -> AttemptFailed:
        proxy = without_password(self._proxy) if self._proxy else None
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
        _sending.get().stage = "read"
        return connection


def _new_socket(address: Any) -> socket.socket:
    _sending.get().reused = False
    family, kind, protocol, _, _ = address
    return socket.socket(family, kind, protocol)


async def _never_replay(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keep aiohttp from sending again by itself: whether to is the flow's decision, within its budget."""
    send = _sending.get()
    try:
        return await handler(request)
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
        if isinstance(error, aiohttp.ClientConnectorError):
            raise
        if send.reused:
            raise faults.stale(send, error) from None
        raise faults.broken(send, error, reached=send.stage == "read") from None
