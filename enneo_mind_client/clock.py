"""Time, sleep and chance, in one object, so that tests and simulations can bring their own."""

import asyncio
import random
import time


class Clock:
    """The machine's own time. Replace it by a subclass to freeze time or to skip waits."""

    def monotonic(self) -> float:
        """Return seconds that never go backwards; every deadline is measured with these."""
        return time.monotonic()

    def time(self) -> float:
        """Return seconds since 1970; only dates that others wrote are compared with these."""
        return time.time()

    def random(self) -> float:
        """Return a number from 0 up to, not including, 1."""
        return random.random()  # noqa: S311 - spreads retries, guards nothing

    def sleep(self, seconds: float) -> None:
        """Wait, blocking this thread."""
        time.sleep(seconds)

    async def asleep(self, seconds: float) -> None:
        """Wait, leaving the event loop free."""
        await asyncio.sleep(seconds)


SYSTEM_CLOCK = Clock()
