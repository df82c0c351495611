"""The peers: each one ticket, the way its own documentation says, with one client and its defaults."""

import importlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final, TypeAlias

from benchmarks.environment import PEERS

Call: TypeAlias = Callable[[int], Awaitable[object]]
TOKEN: Final = "token-of-the-benchmark"  # noqa: S105 - the server does not look at it


def _url(base: str, ticket: int) -> str:
    return f"{base}/ticket/{ticket}/conversation?includeRawData=false"


@asynccontextmanager
async def limit(base: str) -> AsyncIterator[Call]:
    """Raw aiohttp and orjson, without types: what no typed client can beat."""
    import aiohttp
    import orjson

    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as session:

        async def call(ticket: int) -> object:
            async with session.get(_url(base, ticket)) as response:
                return orjson.loads(await response.read())

        yield call


@asynccontextmanager
async def httpx_aiohttp(base: str) -> AsyncIterator[Call]:
    """Bare httpx over aiohttp and orjson, without types."""
    import orjson
    from httpx_aiohttp import HttpxAiohttpClient

    async with HttpxAiohttpClient(headers={"Authorization": f"Bearer {TOKEN}"}) as client:

        async def call(ticket: int) -> object:
            return orjson.loads((await client.get(_url(base, ticket))).content)

        yield call


@asynccontextmanager
async def openapi_generator(base: str) -> AsyncIterator[Call]:
    """openapi-generator's client on aiohttp and pydantic."""
    sys.path.insert(0, str(PEERS))
    peer = importlib.import_module("openapi_generator_client")

    async with peer.ApiClient(peer.Configuration(host=base, access_token=TOKEN)) as client:
        api = peer.ConversationApi(client)
        yield lambda ticket: api.get_conversations(ticket, include_raw_data=False)


def _stock() -> tuple[Any, Any]:
    sys.path.insert(0, str(PEERS))
    operation = importlib.import_module("stock_client.api.conversation.get_conversations")
    return importlib.import_module("stock_client").AuthenticatedClient, operation


@asynccontextmanager
async def stock(base: str) -> AsyncIterator[Call]:
    """openapi-python-client's client."""
    client_class, operation = _stock()
    async with client_class(base_url=base, token=TOKEN) as client:
        yield lambda ticket: operation.asyncio(ticket, client=client)


@asynccontextmanager
async def ours(base: str, transport: Any = "aiohttp") -> AsyncIterator[Call]:
    """Our asynchronous client."""
    from enneo_mind_client import AsyncEnneoMind

    async with AsyncEnneoMind(base, token=TOKEN, transport=transport) as mind:
        yield lambda ticket: mind.conversations.list(ticket)


def ours_httpx(base: str) -> Any:
    """Our asynchronous client on httpx's own transport."""
    return ours(base, "httpx")


@contextmanager
def ours_sync(base: str) -> Iterator[Callable[[int], object]]:
    """Our blocking client."""
    from enneo_mind_client import EnneoMind

    with EnneoMind(base, token=TOKEN) as mind:
        yield lambda ticket: mind.conversations.list(ticket)


@contextmanager
def stock_sync(base: str) -> Iterator[Callable[[int], object]]:
    """openapi-python-client's client, blocking."""
    client_class, operation = _stock()
    with client_class(base_url=base, token=TOKEN) as client:
        yield lambda ticket: operation.sync(ticket, client=client)


@contextmanager
def httpx_sync(base: str) -> Iterator[Callable[[int], object]]:
    """Bare httpx and orjson, blocking and without types."""
    import httpx
    import orjson

    with httpx.Client(headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        yield lambda ticket: orjson.loads(client.get(_url(base, ticket)).content)


ASYNC: Final[dict[str, Any]] = {
    "limit": limit,
    "httpx_aiohttp": httpx_aiohttp,
    "openapi_generator": openapi_generator,
    "stock": stock,
    "ours": ours,
    "ours_httpx": ours_httpx,
}
SYNC: Final[dict[str, Any]] = {"httpx_sync": httpx_sync, "stock_sync": stock_sync, "ours_sync": ours_sync}
