"""What a download asks of the world beside the usual: an answer of any size as it comes, and work on the disk."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from attrs import define, field

from enneo_mind_client.clock import Clock
from enneo_mind_client.drivers import AsyncEngine, Engine, Send
from enneo_mind_client.operations import Reply

STEP: Final = 2**16
"""Bytes that come within one timeout, at least: so a server that drips cannot hold a download for ever."""


class Sink(Protocol):
    """Takes an answer as it comes; an asynchronous engine calls it in threads, one call after the other."""

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Take the head."""
        ...

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body, as they came over the wire."""
        ...


@define(kw_only=True)
class Fetch(Send):
    """Send one request and hand the answer on as it comes.

    Its `timeout` bounds the wait for the head, and then for each step of the body.

    Attributes:
        sink: What takes the answer.
        outside: Whether another host than the instance is asked: over connections that know nothing of the instance,
            and only at a public address.
        total: Seconds for all of it.
    """

    sink: Sink = field(repr=False)
    outside: bool
    total: float

    def do(self, engine: Engine, clock: Clock) -> Reply:
        """Fetch through a blocking engine."""
        return engine.fetch(self)

    async def ado(self, engine: AsyncEngine, clock: Clock) -> Reply:
        """Fetch through an asynchronous engine."""
        return await engine.fetch(self)


@define
class Work:
    """Do something that waits for the disk."""

    job: Callable[[], Any]

    def do(self, engine: Engine, clock: Clock) -> Any:
        """Do it here."""
        return self.job()

    async def ado(self, engine: AsyncEngine, clock: Clock) -> Any:
        """Do it in a thread, so that the loop stays free."""
        return await asyncio.to_thread(self.job)
