"""The local Mind as a server: uvicorn in a thread, on a loopback address."""

import asyncio
import ipaddress
import os
import socket
import threading
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from enneo_mind_client.testing.mind_app import BASE, MindApp

_STOP_SECONDS = 10.0


class Server:
    """Serves an ASGI application from a thread, for as long as the `with` block lasts.

    Args:
        host: The loopback address to listen on.
        port: Its port; 0 takes a free one.

    Attributes:
        app: What answers; it may be replaced while the server runs.
        port: The port it listens on.

    Raises:
        ValueError: Others could reach the address.
    """

    def __init__(self, app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> None:
        if not is_loopback(host):
            raise ValueError(f"a local Mind listens on loopback only, not on {host}")
        self.app, self.host, self.port = app, host, port
        self._waiting = set[asyncio.Task[Any] | None]()
        self._loop: asyncio.AbstractEventLoop | None = None

    def __enter__(self) -> Self:
        """Start; connections are accepted when this returns."""
        listener = _listen(self.host, self.port)
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(
            self, log_config=None, access_log=False, lifespan="off", ws="none", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, name="local Mind", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and wait until it has; who still waits for an answer is told so."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._send_away)
        self._server.should_exit = True
        self._thread.join(_STOP_SECONDS)
        self._loop = None

    def _send_away(self) -> None:
        for task in filter(None, self._waiting):
            task.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the application answer one request (ASGI)."""
        self._loop, task = asyncio.get_running_loop(), asyncio.current_task()
        self._waiting.add(task)

        async def sending(message: Message) -> None:
            self._waiting.discard(task)
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except asyncio.CancelledError:
            if task not in self._waiting:  # half of the answer has been sent
                raise
            await PlainTextResponse("The server stops.", 503)(scope, receive, send)
        finally:
            self._waiting.discard(task)


@dataclass
class LocalMind(MindApp):
    """A Mind on this machine, for as long as the `with` block lasts.

        with LocalMind(seed=7) as mind:
            client = EnneoMind(mind.base_url, token=mind.token)

    It is a stand-in: see `MindApp` for what it answers and for its switches.

    Attributes:
        host: The loopback address it listens on; other addresses are refused.
        port: Its port; 0 takes a free one.
    """

    host: str = "127.0.0.1"
    port: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self._server = Server(self, self.host, self.port)

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def base_url(self) -> str:
        """What a client is given as its instance."""
        return self.origin + BASE

    def add_file(self, name: str, content: bytes) -> str:
        """Serve a file, and return its address: the `url` of an attachment.

        Raises:
            ValueError: The name is empty or has a slash.
        """
        number, name = self._given.add(name, content)
        return f"{self.origin}/files/{number}/{quote(name)}"

    def __enter__(self) -> Self:
        """Start the server; it accepts connections when this returns."""
        self.port = self._server.__enter__().port
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server and wait until it has."""
        self._server.__exit__()


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, seen from this machine only."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    # Listening here and not in the thread: the port is known at once, and early connections wait instead of failing.
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
    )[0]
    # Not socket.create_server: that leaves the protocol open, and asyncio then sets no TCP_NODELAY: 40 ms an answer.
    listener = socket.socket(family, kind, protocol)
    try:
        # Not on Windows, where the option lets two servers share a port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, os.name == "posix")
        listener.bind(address)
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener
