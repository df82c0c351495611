"""What both engines on httpx need: their clients, their requests, and their errors in our words."""

import math
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from traceback import walk_tb
from typing import Any, Final, TypeVar

import httpx

from enneo_mind_client.bodies import BadBody
from enneo_mind_client.drivers import AttemptFailed, Send
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.transports import faults
from enneo_mind_client.transports.environment import tls_context, without_password

C = TypeVar("C", httpx.Client, httpx.AsyncClient)

_KEEPALIVE: Final = 30.0
_FAULTS: Final = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError)
_PLAIN: Final = (TimeoutError, OSError, RuntimeError)
"""What the libraries below raise too, and so may a hook or a transport of the caller's."""

_LIBRARIES: Final = {"httpx", "httpx2", "httpcore", "httpcore2", "h11", "h2", "anyio", "sniffio"}
_ENGINE: Final = sys.stdlib_module_names | _LIBRARIES | {"enneo_mind_client"}
"""The packages whose code may be at work between us and the network."""


def maker(cls: type[C], base_url: str, max_connections: int, **options: Any) -> Callable[[], C]:
    """Return what makes a client; `options` are httpx's own."""
    # Tasks wait for a connection outside of httpx, since a cancelled one can take a place of its pool with it:
    # https://github.com/encode/httpcore/issues/1093
    limit = max_connections if cls is httpx.Client else None
    limits = httpx.Limits(max_connections=limit, max_keepalive_connections=max_connections, keepalive_expiry=_KEEPALIVE)

    def make() -> C:
        verify = tls_context() if base_url.startswith("https:") else False
        jar = CookieJar(DefaultCookiePolicy(allowed_domains=[]))  # what a server sets is not sent with the next call
        return cls(verify=verify, limits=limits, cookies=jar, **options)

    return make


def request(client: httpx.Client | httpx.AsyncClient, send: Send) -> httpx.Request:
    """Return a request that keeps track of what it is waiting for.

    Raises:
        ConfigurationError: The client has been closed.
    """
    if client.is_closed:
        raise ConfigurationError("The httpx client under this one is closed: keep it open until the last call is over.")
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


@contextmanager
def translated(send: Send, proxy: str | None) -> Generator[None, None, None]:
    """Have what goes wrong on the way raised in our words; what the caller's own code raises stays as it is.

    Raises:
        AttemptFailed: No whole answer came.
    """
    try:
        yield
    except _FAULTS as error:
        raise _failure(send, error, proxy) from None
    except _PLAIN as error:
        if _is_callers(error):
            raise
        raise _failure(send, error, proxy) from None
    except BadBody as bad:
        raise AttemptFailed(bad.failure) from None


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


def _is_callers(error: Exception) -> bool:
    """Return whether an error came through code that is neither ours, nor the engine's, nor Python's."""
    modules = (str(frame.f_globals.get("__name__")) for frame, _ in walk_tb(error.__traceback__))
    return any(module.partition(".")[0] not in _ENGINE for module in modules)


def _broke_off(error: httpx.ProtocolError) -> bool:
    """Httpx has one class for a peer that left and for one that talks nonsense; its words tell them apart."""
    return any(words in str(error) for words in ("disconnected", "peer closed"))
