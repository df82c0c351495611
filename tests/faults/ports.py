"""Addresses where no server answers: a port that refuses, one that swallows, a name that is none."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

NO_SUCH_HOST: Final = "no-such-host.invalid"
"""A name that never resolves (RFC 6761)."""


@contextmanager
def closed_port() -> Iterator[str]:
    """Yield an address that refuses connections; it is bound all the while, so that nobody else listens on it."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{holder.getsockname()[1]}"


@contextmanager
def blackhole() -> Iterator[str]:
    """Yield an address where connecting hangs: its queue is full, so that the kernel drops each further SYN."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(8):
            filler = stack.enter_context(socket.socket())
            filler.settimeout(0.1)
            try:
                filler.connect(listener.getsockname())
            except TimeoutError:
                break
        yield f"127.0.0.1:{listener.getsockname()[1]}"
