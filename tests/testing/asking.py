"""How these tests ask a local Mind: in the same process, without a socket."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from enneo_mind_client.testing import MindApp, app

ORIGIN: Final = "http://mind.example.com"
CREDENTIAL: Final = {"Authorization": "Bearer local-mind-token"}


async def ask(
    mind: MindApp, path: str, *, method: str = "GET", headers: Mapping[str, str] = CREDENTIAL, **more: Any
) -> httpx.Response:
    """Send one request to the application."""
    transport = httpx.ASGITransport(app=mind)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        return await client.request(method, path, headers=headers, **more)


async def ticket(number: int | str, mind: MindApp | None = None, **more: Any) -> httpx.Response:
    """Ask for a ticket's conversations."""
    return await ask(mind or app(), f"/api/mind/ticket/{number}/conversation", **more)


@dataclass
class FakeTime:
    """A clock that moves only when somebody sleeps or says so."""

    now: float = 100.0

    def __call__(self) -> float:
        """Say what time it is."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
