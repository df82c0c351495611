"""The three clients under one blocking handle, so that each case is written once."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, Self, TypeVar, cast

from enneo_mind_client import AsyncEnneoMind, EnneoMind
from enneo_mind_client.models import Conversation

from .cases_status import TOKEN
from .fake_time import FakeTime

T = TypeVar("T")

CLIENTS: Final = ("sync", "aiohttp", "httpx")
"""The blocking client, and the asynchronous one over each of its transports."""

TICKET: Final = 376189


class Client:
    """A client of one kind, asked in a blocking way; the token is never a local variable of a frame here.

    Args:
        kind: One of `CLIENTS`.
        instance: Where it goes.
        **options: As for the client; the clock is a fake one unless given.
    """

    def __init__(self, kind: str, instance: str | None, **options: Any) -> None:
        self.kind, self.time = kind, FakeTime()
        self._runner = None if kind == "sync" else asyncio.Runner()
        self.mind = make(kind, instance, **{"clock": self.time, **options})

    def ask(self, ticket_id: Any = TICKET) -> list[Conversation]:
        """Return a ticket's conversations."""
        return self.wait_for(self.mind.conversations.list(ticket_id))

    def at_once(self, calls: int) -> list[Any]:
        """Return what comes of many calls at the same time, in threads or tasks: a result or an error each."""
        if self._runner is None:
            with ThreadPoolExecutor(calls) as pool:
                return [_result(future) for future in [pool.submit(self.ask) for _ in range(calls)]]
        return self._runner.run(_gathered(self.mind, calls))

    def close(self) -> None:
        """Close the client, and then its loop."""
        if isinstance(self.mind, EnneoMind):
            self.mind.close()
        else:
            self.wait_for(cast("Awaitable[Any]", self.mind.aclose()))
        if self._runner is not None:
            self._runner.close()

    def wait_for(self, result: T | Awaitable[T]) -> T:
        """Return what a method returns, or what awaiting it does."""
        if self._runner is None:
            return cast("T", result)
        return self._runner.run(cast("Coroutine[Any, Any, T]", result))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _result(future: Future[Any]) -> Any:
    return future.exception() or future.result()


async def _gathered(mind: Any, calls: int) -> list[Any]:
    return await asyncio.gather(*(mind.conversations.list(TICKET) for _ in range(calls)), return_exceptions=True)


def make(kind: str, instance: str | None, **options: Any) -> EnneoMind | AsyncEnneoMind:
    """Return a client of a kind, with the table's token unless another credential is given."""
    if not {"token", "session_cookie"} & set(options):
        options["token"] = TOKEN
    if kind == "sync":
        return EnneoMind(instance, **options)
    return AsyncEnneoMind(instance, transport=cast("Any", kind), **options)


def asked_for(kind: str, tokens: list[str]) -> Callable[[], Any]:
    """Return a token function, of the kind that suits the client, which gives the last token again and again."""
    left = iter(tokens)

    def ask() -> str:
        return next(left, tokens[-1])

    async def aask() -> str:
        return ask()

    return ask if kind == "sync" else aask
