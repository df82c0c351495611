"""One way to make calls through each engine, so that a test need not say everything twice."""

import asyncio
from typing import Any, Final, Literal, Self, TypeAlias

from enneo_mind_client import AsyncEnneoMind, EnneoMind, operations, wire
from enneo_mind_client.operations import Operation, Request, Response

Engine: TypeAlias = Literal["sync", "aiohttp", "httpx"]
ENGINES: Final = ("sync", "aiohttp", "httpx")
TOKEN: Final = "fake-token-3f9a77"

_FREE: Final = {"200": operations.json(wire.free), "204": operations.nothing()}
READ: Final[Operation[Any]] = Operation("getConversations", "GET", "/ticket/{ticketId}/conversation", _FREE)
WRITE: Final[Operation[Any]] = Operation("storeConversation", "POST", "/conversation", _FREE)


def get(ticket_id: int = 1) -> Request[Any]:
    """Return a request that may be repeated."""
    return READ.request(path={"ticketId": ticket_id})


def post(content: bytes = b"{}") -> Request[Any]:
    """Return a request that may not be repeated once the server may have seen it."""
    return Request(WRITE, "/conversation", {"Content-Type": "application/json"}, content)


class Caller:
    """A client on one engine, called without awaiting; all calls of an asynchronous one run in the same loop."""

    def __init__(self, engine: Engine, url: str, **options: Any) -> None:
        options = {"token": TOKEN} | options
        self._runner = None if engine == "sync" else asyncio.Runner()
        self.mind: Any = (
            EnneoMind(url, **options) if engine == "sync" else AsyncEnneoMind(url, transport=engine, **options)
        )

    def call(self, request: Request[Any] | None = None) -> Response[Any]:
        """Make one call."""
        request = request or get()
        return self._runner.run(self.mind.api.acall(request)) if self._runner else self.mind.api.call(request)

    def close(self) -> None:
        """Close the client, and its loop."""
        if self._runner is None:
            self.mind.close()
        else:
            self._runner.run(self.mind.aclose())
            self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
