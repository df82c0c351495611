"""The verbs of a script, each a frozen piece of data that knows how to play itself on a connection."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic
from typing import Protocol, TypeAlias

from .wire import Request, Wire


class Verb(Protocol):
    """One step of a script."""

    def play(self, wire: Wire) -> None:
        """Do it."""


Script: TypeAlias = Verb | tuple[Verb, ...]


@dataclass(frozen=True)
class ReadRequest:
    """Read and record one request; every script begins so, unless it begins with Unasked, Reset or Close."""

    def play(self, wire: Wire) -> None:
        """Read it."""
        wire.read_request()


@dataclass(frozen=True)
class Unasked:
    """Begin without reading the request."""

    def play(self, wire: Wire) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Send:
    """Send bytes as they are."""

    data: bytes

    def play(self, wire: Wire) -> None:
        """Send them."""
        wire.send(self.data)


@dataclass(frozen=True)
class Redirect:
    """Send a redirect; `{here}`, `{other}` and `{other_port}` in the location stand for this and another server."""

    status: int
    location: str

    def play(self, wire: Wire) -> None:
        """Send it."""
        line = f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}"
        location = self.location.format(**wire.names)
        wire.send(f"{line}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode("latin-1"))


@dataclass(frozen=True)
class Slice:
    """Send bytes in packets of `size`, `delay` seconds apart."""

    data: bytes
    size: int = 1
    delay: float = 0.0

    def play(self, wire: Wire) -> None:
        """Send them, slice by slice."""
        for at in range(0, len(self.data), self.size):
            wire.send(self.data[at : at + self.size])
            wire.wait(self.delay)


@dataclass(frozen=True)
class Throttle:
    """Send bytes at `rate` bytes a second."""

    data: bytes
    rate: float

    def play(self, wire: Wire) -> None:
        """Send what is due every 10 ms."""
        started, sent = monotonic(), 0
        step = max(1, int(self.rate / 100))
        while sent < len(self.data):
            wire.send(self.data[sent : sent + step])
            sent = min(sent + step, len(self.data))
            wire.wait(started + sent / self.rate - monotonic())


@dataclass(frozen=True)
class Forever:
    """Send a chunk again and again until the peer has enough or the server stops: drips, and bodies without end."""

    chunk: bytes
    delay: float = 0.0

    def play(self, wire: Wire) -> None:
        """Send until sending fails."""
        while True:
            wire.send(self.chunk)
            wire.wait(self.delay)


@dataclass(frozen=True)
class Stall:
    """Say nothing, for some seconds or until the server stops; a peer that hangs up ends the script."""

    seconds: float | None = None

    def play(self, wire: Wire) -> None:
        """Wait."""
        wire.wait(self.seconds)


@dataclass(frozen=True)
class LimitThenClose:
    """Send the first `limit` bytes, then close."""

    data: bytes
    limit: int

    def play(self, wire: Wire) -> None:
        """Send a part, and close."""
        wire.send(self.data[: self.limit])
        wire.close()


@dataclass(frozen=True)
class Close:
    """Close the connection with FIN; every script ends so, unless it ends with KeepAlive."""

    def play(self, wire: Wire) -> None:
        """Close it."""
        wire.close()


@dataclass(frozen=True)
class Reset:
    """Close the connection with RST."""

    def play(self, wire: Wire) -> None:
        """Break it."""
        wire.reset()


@dataclass(frozen=True)
class KeepAlive:
    """Keep the connection: its next request plays the server's next script."""

    def play(self, wire: Wire) -> None:
        """Ask for it."""
        wire.kept = True


@dataclass(frozen=True)
class Choose:
    """Play the script which a function of the request returns, such as one for each path."""

    script_for: Callable[[Request], Script]

    def play(self, wire: Wire) -> None:
        """Choose and play it."""
        assert wire.last is not None, "Choose comes after ReadRequest"
        for verb in as_script(self.script_for(wire.last)):
            verb.play(wire)


def as_script(script: Script) -> tuple[Verb, ...]:
    """Return a script as a tuple, also if it is a single verb."""
    return script if isinstance(script, tuple) else (script,)


def whole(script: Script) -> tuple[Verb, ...]:
    """Return a script with the ReadRequest that most begin with."""
    verbs = as_script(script)
    begins_so = isinstance(verbs[0], ReadRequest | Unasked | Reset | Close) if verbs else False
    return verbs if begins_so else (ReadRequest(), *verbs)
