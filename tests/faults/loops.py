"""Helpers for tests that cancel: a clock whose sleeps never end, and waiting for a moment of a call."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from .fake_time import FakeTime


class Asleep(FakeTime):
    """A clock whose sleeps never end, and which tells how many there are."""

    sleepers: int = 0

    async def asleep(self, seconds: float) -> None:
        """Sleep until cancelled."""
        self.sleepers += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.sleepers -= 1


async def until(condition: Callable[[], bool], within: float = 5.0) -> None:
    """Leave the loop free until something holds."""
    end = monotonic() + within
    while not condition():
        assert monotonic() < end, "it never came to that"
        await asyncio.sleep(0.002)


async def cancelled_in(call: Awaitable[Any], condition: Callable[[], bool]) -> tuple[BaseException | None, float]:
    """Start a call, cancel it once the condition holds; return what it raised and how long its end took."""
    task = asyncio.ensure_future(call)
    await until(condition)
    await asyncio.sleep(0.02)  # what the server has sent arrives
    began = monotonic()
    task.cancel()
    await asyncio.wait([task])
    took = monotonic() - began
    try:
        return task.exception(), took
    except asyncio.CancelledError as error:
        return error, took
