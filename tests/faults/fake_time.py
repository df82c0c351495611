"""A clock that stands still until someone sleeps, to be handed to code that takes its clock as an argument."""

import asyncio
from dataclasses import dataclass, field

from enneo_mind_client import Clock


@dataclass
class FakeTime(Clock):
    """A monotonic and a wall clock, sleeps that take no time and a chance that is no chance; patches nothing.

    Attributes:
        chance: What `random` returns: where in its range every jittered wait falls.
        slept: Every sleep, in order.
    """

    now: float = 1_000.0
    wall: float = 1_767_225_600.0  # 2026-01-01T00:00:00Z
    chance: float = 0.5
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        """Return the seconds of a clock that only runs forward."""
        return self.now

    def time(self) -> float:
        """Return the seconds since the epoch."""
        return self.wall

    def random(self) -> float:
        """Return a number that is known beforehand."""
        return self.chance

    def sleep(self, seconds: float) -> None:
        """Record a sleep and let its time pass at once."""
        self.slept.append(seconds)
        self.advance(seconds)

    async def asleep(self, seconds: float) -> None:
        """Sleep, letting other tasks run as a real sleep would."""
        self.sleep(seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        """Let time pass on both clocks."""
        self.now += seconds
        self.wall += seconds

    def step(self, seconds: float) -> None:
        """Set the wall clock forward or back, as an administrator or NTP does; the monotonic one runs on."""
        self.wall += seconds
