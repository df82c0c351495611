"""Connections to other hosts than the instance: they know nothing of it, and lead to public addresses only.

A name is resolved here, all its addresses are checked, and it is one of these that is connected to, so that a name
which is resolved anew meanwhile ("DNS rebinding") gains nothing. Through a proxy the check is the proxy's: it resolves.
"""

import asyncio
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, TypeAlias

import httpcore
import httpx

from enneo_mind_client.addresses import check_resolved
from enneo_mind_client.transports.bounded import bind

Resolve: TypeAlias = Callable[..., Iterable[Any]]


def guard(client: httpx.Client, own_url: str) -> httpx.Client:
    """Have a client connect to public addresses and to the instance's own host only, and return it."""
    for pool in _direct_pools(client):
        pool._network_backend = _Backend(pool._network_backend, own_url)  # noqa: SLF001
    return bind(client)


def aguard(client: httpx.AsyncClient, own_url: str) -> httpx.AsyncClient:
    """Do for an asynchronous client what `guard` does for a blocking one."""
    for pool in _direct_pools(client):
        pool._network_backend = _AsyncBackend(pool._network_backend, own_url)  # noqa: SLF001
    return client


def _direct_pools(client: httpx.Client | httpx.AsyncClient) -> Iterator[Any]:
    for transport in (client._transport, *client._mounts.values()):  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        pool: Any = getattr(transport, "_pool", None)
        if type(pool) in (httpcore.ConnectionPool, httpcore.AsyncConnectionPool):  # and not a proxy's
            yield pool


class _Backend(httpcore.NetworkBackend):
    """Resolves, checks, connects."""

    def __init__(self, backend: Any, own_url: str, resolve: Resolve = socket.getaddrinfo) -> None:
        self._backend, self._own_url, self._resolve = backend, own_url, resolve

    def connect_tcp(self, *_: Any, **options: Any) -> Any:  # which httpcore calls by keyword
        *others, last = _checked(options["host"], self._own_url, self._resolve)
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return self._backend.connect_tcp(**options | {"host": address})
        return self._backend.connect_tcp(**options | {"host": last})


class _AsyncBackend(httpcore.AsyncNetworkBackend):
    """Resolves, checks, connects."""

    def __init__(self, backend: Any, own_url: str, resolve: Resolve = socket.getaddrinfo) -> None:
        self._backend, self._own_url, self._resolve = backend, own_url, resolve

    async def connect_tcp(self, *_: Any, **options: Any) -> Any:
        *others, last = await asyncio.to_thread(_checked, options["host"], self._own_url, self._resolve)
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._backend.connect_tcp(**options | {"host": address})
        return await self._backend.connect_tcp(**options | {"host": last})


def _checked(host: str, own_url: str, resolve: Resolve) -> list[str]:
    try:
        infos = resolve(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpcore.ConnectError(str(error)) from error
    found = list(dict.fromkeys(info[4][0] for info in infos))
    check_resolved(host, found, own_url)
    return found
