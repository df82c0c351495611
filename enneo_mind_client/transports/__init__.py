"""Which HTTP library is under the drivers: nothing outside this room imports one, and this door on first use."""

from typing import Literal, TypeAlias, get_args

from enneo_mind_client.drivers import AsyncEngine, Engine
from enneo_mind_client.errors import ConfigurationError

Transport: TypeAlias = Literal["aiohttp", "httpx"]


def make_engine(transport: Transport, base_url: str, max_connections: int, client: object) -> Engine:
    """Return a blocking engine, which is on httpx; on the caller's own client if there is one.

    Raises:
        ConfigurationError: `client` is no `httpx.Client`, or there is no such transport.
    """
    _check(transport)
    import httpx

    from enneo_mind_client.transports.httpx_engine import HttpxEngine
    from enneo_mind_client.transports.quiet import keep_quiet

    keep_quiet()
    if not isinstance(client, httpx.Client | None):
        raise ConfigurationError("EnneoMind needs an httpx.Client as its http_client; AsyncEnneoMind an AsyncClient.")
    return HttpxEngine(base_url, max_connections, client)


def make_async_engine(transport: Transport, base_url: str, max_connections: int, client: object) -> AsyncEngine:
    """Return an asynchronous engine; one on httpx if the caller brings a client.

    Raises:
        ConfigurationError: `client` is no `httpx.AsyncClient`, or there is no such transport.
    """
    _check(transport)
    if client is None and transport == "aiohttp":
        from enneo_mind_client.transports.aiohttp_engine import AiohttpEngine

        return AiohttpEngine(base_url, max_connections)
    import httpx

    from enneo_mind_client.transports.httpx_engine import AsyncHttpxEngine
    from enneo_mind_client.transports.quiet import keep_quiet

    keep_quiet()
    if not isinstance(client, httpx.AsyncClient | None):
        raise ConfigurationError("AsyncEnneoMind needs an httpx.AsyncClient as its http_client; EnneoMind a Client.")
    return AsyncHttpxEngine(base_url, max_connections, client)


def _check(transport: object) -> None:
    if transport not in get_args(Transport):
        raise ConfigurationError(f"There is no transport {transport!r}: it is 'aiohttp' or 'httpx'.")
