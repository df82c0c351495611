"""One accepted connection: requests in and recorded, bytes out, every wait ended by stop or by the peer's hang-up."""

import select
import socket
import ssl
import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Condition
from time import monotonic
from typing import Final, Self

LIMIT: Final = 60.0
"""Seconds after which the longest wait ends, even if a test forgets to stop its server."""

_GONE: Final = getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR
_RESET: Final = struct.pack("ii", 1, 0)


class PeerGoneError(ConnectionAbortedError):
    """The peer hung up, or the server was stopped: the script has no more to do."""


@dataclass(frozen=True)
class Request:
    """A request as it was received; header names are in lower case, repeated ones joined by a comma."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @classmethod
    def parse(cls, head: bytes) -> Self:
        """Read the request line and the headers."""
        line, *fields = head.decode("latin-1").split("\r\n")
        method, target, _ = line.split(" ", 2)
        headers: dict[str, str] = {}
        for name, _, value in (item.partition(":") for item in fields):
            key = name.strip().lower()
            headers[key] = f"{headers[key]}, {value.strip()}" if key in headers else value.strip()
        return cls(method, target, headers)


@dataclass
class Seen:
    """What a server has seen: connections accepted and still open, requests, plaintext bytes, failed handshakes."""

    connections: int = 0
    open: int = 0
    bytes_received: int = 0
    handshake_failures: int = 0
    requests: list[Request] = field(default_factory=list)
    changed: Condition = field(default_factory=Condition, repr=False)

    def note(self, request: Request | None = None, **changes: int) -> None:
        """Record a request, and add to the numbers."""
        with self.changed:
            for name, change in changes.items():
                setattr(self, name, getattr(self, name) + change)
            if request is not None:
                self.requests.append(request)
            self.changed.notify_all()

    def wait_for(self, condition: Callable[["Seen"], bool], within: float = 5.0) -> bool:
        """Block until the condition holds; return whether it did so in time."""
        with self.changed:
            return self.changed.wait_for(lambda: condition(self), within)


class Wire:
    """The server's end of one connection, as the verbs of a script use it."""

    def __init__(self, sock: socket.socket, seen: Seen, names: Mapping[str, str]) -> None:
        sock.settimeout(LIMIT)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.names = names
        self.kept = False
        self.last: Request | None = None
        self._sock, self._seen, self._buffer = sock, seen, b""

    def handshake(self) -> None:
        """Agree on TLS, if this is a TLS connection."""
        if isinstance(self._sock, ssl.SSLSocket):
            try:
                self._sock.do_handshake()
            except OSError:
                self._seen.note(handshake_failures=1)
                raise

    def send(self, data: bytes) -> None:
        """Send all of the data."""
        self._sock.sendall(data)

    def wait(self, seconds: float | None) -> None:
        """Let time pass; raises PeerGoneError as soon as the peer hangs up or the server stops."""
        poll = select.poll()
        poll.register(self._sock, _GONE)
        until = monotonic() + (LIMIT if seconds is None else seconds)
        while (left := until - monotonic()) > 0:
            if poll.poll(left * 1000):
                raise PeerGoneError

    def fill(self) -> None:
        """Receive what is there, or wait for it."""
        data = self._sock.recv(65536)
        if not data:
            raise PeerGoneError
        self._seen.note(bytes_received=len(data))
        self._buffer += data

    def read_request(self) -> None:
        """Read one whole request (its length declared, not chunked) and record it."""
        while b"\r\n\r\n" not in self._buffer:
            self.fill()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        parsed = Request.parse(head)
        body = self._take(int(parsed.headers.get("content-length", 0)))
        self.last = Request(parsed.method, parsed.target, parsed.headers, body)
        self._seen.note(self.last)

    def await_next(self) -> None:
        """Wait on a kept-alive connection for the first bytes of a next request."""
        self.kept = False
        if not self._buffer:
            self.fill()

    def reset(self) -> None:
        """Close with RST: the peer's next read or write fails."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self._sock.close()

    def close(self) -> None:
        """Close with FIN, and with close_notify on TLS; unread bytes are read first, because they would cause a RST."""
        with suppress(OSError):
            self._sock.setblocking(False)
            if isinstance(self._sock, ssl.SSLSocket):
                self._sock.unwrap()
            else:
                while self._sock.recv(65536):
                    pass
        self._sock.close()

    def abort(self) -> None:
        """Wake whatever waits on this connection, from another thread."""
        with suppress(OSError):
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)  # SSLSocket's own would drop the TLS object in use

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self.fill()
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        return data
