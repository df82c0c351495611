"""A raw-socket server that plays scripts: each connection, or request on a kept one, plays the next."""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from threading import Event, Thread
from typing import Self, TypeAlias

from .verbs import Script, whole
from .wire import LIMIT, Seen, Wire

Chooser: TypeAlias = Callable[[int], Script]


class ScriptedServer:
    """A server on loopback that does to its clients what its scripts say, and remembers what it saw.

    Args:
        *scripts: Played in turn, the last one again and again; or one function of the number of the play, from 0.
        tls: Speak TLS with this context.
        other: What `{other}` and `{other_port}` stand for in a Redirect; `{here}` is this server.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        *scripts: Script | Chooser,
        tls: ssl.SSLContext | None = None,
        other: "ScriptedServer | None" = None,
    ) -> None:
        self.seen = Seen()
        self._choose, self._numbers, self._tls = _chooser(scripts), count(), tls
        self._stopping, self._wires, self._threads = Event(), set[Wire](), list[Thread]()
        self._listener = socket.create_server((self.host, 0), backlog=512)
        self._listener.settimeout(0.02)
        self.port: int = self._listener.getsockname()[1]
        self._names = {"here": self.address}
        if other:
            self._names |= {"other": other.address, "other_port": str(other.port)}
        self._acceptor = Thread(target=self._accept, name=f"scripted-{self.port}", daemon=True)
        self._acceptor.start()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The server's origin."""
        return f"{'https' if self._tls else 'http'}://{self.address}"

    def stop(self) -> None:
        """End every wait, close every socket and join every thread; harmless if done already."""
        self._stopping.set()
        self._acceptor.join(LIMIT)
        for wire in tuple(self._wires):
            wire.abort()
        for thread in self._threads:
            thread.join(LIMIT)
        self._listener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            with suppress(OSError):  # mostly the timeout, after which it is time to look at the event
                self._admit(self._listener.accept()[0])

    def _admit(self, sock: socket.socket) -> None:
        self.seen.note(connections=1)
        if self._tls:
            sock = self._tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        wire = Wire(sock, self.seen, self._names)
        thread = Thread(target=self._serve, args=(wire,), name=f"{self._acceptor.name}-wire", daemon=True)
        self._wires.add(wire)
        self._threads = [old for old in self._threads if old.is_alive()] + [thread]
        self.seen.note(open=1)
        thread.start()

    def _serve(self, wire: Wire) -> None:
        try:
            wire.handshake()
            self._play(wire)
            while wire.kept:
                wire.await_next()
                self._play(wire)
        except OSError:
            pass  # the peer hung up, or the server stops: the end of this script either way
        finally:
            wire.close()
            self._wires.discard(wire)
            self.seen.note(open=-1)

    def _play(self, wire: Wire) -> None:
        for verb in whole(self._choose(next(self._numbers))):
            verb.play(wire)


def _chooser(scripts: tuple[Script | Chooser, ...]) -> Chooser:
    if len(scripts) == 1 and callable(scripts[0]):
        return scripts[0]
    fixed = tuple(script for script in scripts if not callable(script))
    return lambda number: fixed[min(number, len(fixed) - 1)]
