"""Threads for blocking calls."""

import threading

import pytest

from enneo_mind_client.threads import Threads, begin


def test_as_many_at_once_as_may_be() -> None:
    """Jobs meet in so many threads, and the rest of them comes after."""
    together = threading.Barrier(3)
    with Threads(3, "several") as threads:
        done = [threads.submit(lambda: together.wait(5)) for _ in range(9)]

    assert sorted(each.result() for each in done) == sorted([0, 1, 2] * 3)


def test_they_end_with_the_block() -> None:
    """Whoever leaves the block has waited for what was to be done."""
    with Threads(2, "ending") as threads:
        done = threads.submit(threading.current_thread)

    assert not done.result().is_alive()


def test_no_program_waits_for_them() -> None:
    """They are daemons, also the one of a single call."""
    with Threads(1, "daemon") as threads:
        assert threads.submit(threading.current_thread).result().daemon
    assert begin(threading.current_thread, "alone").result().daemon


def test_what_a_job_raises_is_its_own() -> None:
    """An error comes out where the result is asked for, and the thread goes on."""
    with Threads(1, "raising") as threads:
        failed, done = threads.submit(lambda: 1 // 0), threads.submit(lambda: 7)

    with pytest.raises(ZeroDivisionError):
        failed.result()
    assert done.result() == 7


def test_a_job_that_is_cancelled_first_is_not_done() -> None:
    """Nobody waits for it any more."""
    begun, go_on, did = threading.Event(), threading.Event(), list[int]()
    with Threads(1, "cancelled") as threads:
        threads.submit(lambda: (begun.set(), go_on.wait(5)))
        begun.wait(5)
        late = threads.submit(lambda: did.append(1))
        cancelled = late.cancel()
        go_on.set()

    assert (cancelled, did) == (True, [])
