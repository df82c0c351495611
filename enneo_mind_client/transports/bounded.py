"""Keeps every wait of a blocking attempt within the attempt's time, also where a server drips bytes for ever."""

import socket
import time
from contextlib import suppress
from ssl import SSLContext
from typing import Any, cast

import httpcore
import httpx

from enneo_mind_client.transports.bounds import bound_here


def bind(client: httpx.Client) -> httpx.Client:
    """Have a client's connections keep to the bound of the thread that uses them, and return it.

    httpx has no parameter for httpcore's network backend, so it is put in place; a test fails when that ends.
    """
    for transport in filter(None, (client._transport, *client._mounts.values())):  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        pool = cast("Any", transport)._pool  # noqa: SLF001
        pool._network_backend = _Backend(pool._network_backend)  # noqa: SLF001
    return client


def _left(timeout: float | None) -> float | None:
    left = bound_here.until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the attempt's time is up")
    return min(left, timeout if timeout is not None else left) if left < float("inf") else timeout


class _Backend(httpcore.NetworkBackend):
    """Makes bounded connections."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def connect_tcp(self, *_: Any, **options: Any) -> httpcore.NetworkStream:  # which httpcore calls by keyword
        return _Stream(self._backend.connect_tcp(**options | {"timeout": _left(options["timeout"])}))


class _Stream(httpcore.NetworkStream):
    """Reads and writes, bounded."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        """Close it, and wake the thread that waits for it: closing alone would leave that to its timeout."""
        with suppress(OSError):
            self._stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        self._stream.close()
