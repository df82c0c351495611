"""A clock that stands still: what moves it, and what it remembers."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from enneo_mind_client.testing import FrozenClock


def test_it_stands_still() -> None:
    """Without a sleep, no time passes; chance is none."""
    clock = FrozenClock(wall=1000)

    assert {clock.monotonic() for _ in range(3)} == {0}
    assert (clock.time(), clock.random(), clock.slept) == (1000, 0.5, [])


def test_a_sleep_moves_it_and_is_noted() -> None:
    """Both kinds of time move by it."""
    clock = FrozenClock(wall=1000)

    clock.sleep(2)
    asyncio.run(clock.asleep(3))

    assert (clock.monotonic(), clock.time(), clock.slept) == (5, 1005, [2, 3])
    assert repr(clock) == "FrozenClock(5 s passed, 2 sleeps)"


def test_sleeps_that_overlap() -> None:
    """Tasks that sleep at the same time take as long as the longest of them."""
    clock = FrozenClock()

    async def several() -> None:
        await asyncio.gather(*(clock.asleep(seconds) for seconds in (1, 7, 3)))

    asyncio.run(several())

    assert clock.monotonic() == 7
    assert clock.slept == [1, 7, 3]


def test_it_can_be_moved() -> None:
    """`advance` is no sleep, and time does not go back."""
    clock = FrozenClock()

    clock.advance(3600)

    assert (clock.monotonic(), clock.slept) == (3600, [])
    for seconds in (-1, float("nan")):
        with pytest.raises(ValueError, match="forward only"):
            clock.advance(seconds)
    clock.sleep(-5)
    assert clock.monotonic() == 3600


def test_threads_share_it() -> None:
    """No sleep of any thread is lost."""
    clock = FrozenClock()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(clock.advance, [1.0] * 1000))

    assert clock.monotonic() == 1000
