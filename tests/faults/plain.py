"""Plain clients, to look at a server without the client under test."""

import http.client
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

from .server import ScriptedServer

GET: Final = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"


@contextmanager
def connected(server: ScriptedServer) -> Iterator[socket.socket]:
    """Connect a plain socket."""
    with socket.create_connection((server.host, server.port), timeout=5) as sock:
        yield sock


def get(server: ScriptedServer, path: str = "/a") -> tuple[int, bytes]:
    """Make one request on a connection of its own."""
    with closing(http.client.HTTPConnection(server.host, server.port, timeout=5)) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()


def pair(address: str) -> tuple[str, int]:
    """Take host and port apart."""
    host, _, port = address.partition(":")
    return host, int(port)


def everything(sock: socket.socket) -> bytes:
    """Receive until the peer closes."""
    return b"".join(iter(lambda: sock.recv(65536), b""))
