"""An asynchronous generator for a task, which is blocking: in a thread of its own, where it goes on between results.

If the loop stood still while Spark takes a batch, answers that have come would count as late when it goes on.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Generator
from typing import TypeVar

T = TypeVar("T")


def blocking(source: AsyncGenerator[T, None]) -> Generator[T, None, None]:
    """Yield what an asynchronous generator does, and close it whenever this ends."""
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        thread = threading.Thread(target=loop.run_forever, name="enneo-mind-task", daemon=True)
        thread.start()
        try:
            yield from _each(source, loop)
        finally:
            asyncio.run_coroutine_threadsafe(source.aclose(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()


def _each(source: AsyncGenerator[T, None], loop: asyncio.AbstractEventLoop) -> Generator[T, None, None]:
    async def following() -> tuple[T] | None:
        async for item in source:
            return (item,)
        return None

    while (found := asyncio.run_coroutine_threadsafe(following(), loop).result()) is not None:
        yield found[0]
