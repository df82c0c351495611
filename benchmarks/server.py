"""A server that costs next to nothing, so that the client is what is measured: it answers prebuilt bodies.

python -m benchmarks.server     prints its port; /small/..., /usual/... and /large/... answer that ticket
"""

# ruff: noqa: T201
import asyncio
import sys
from typing import Final

from benchmarks.cores import pin
from benchmarks.tickets import bodies

_HEAD: Final = (
    "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Mon, 05 Jan 2026 08:00:00 GMT\r\nContent-Type: application/json\r\n"
    "Content-Length: {}\r\nConnection: keep-alive\r\nCache-Control: no-cache, private\r\nX-Trace-Id: 0123456789\r\n\r\n"
)
_ANSWERS: Final = {name.encode(): _HEAD.format(len(body)).encode() + body for name, body in bodies().items()}


class Answering(asyncio.Protocol):
    """One connection: an answer for each request without a body."""

    _rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what to answer through."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        *requests, self._rest = (self._rest + data).split(b"\r\n\r\n")
        for request in requests:
            self._transport.write(_ANSWERS[request.split(b"/", 2)[1]])


async def serve() -> None:
    """Answer until standard input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Answering, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    pin(1)
    asyncio.run(serve())
