"""What bounds a call: deadline, budget, stale connections, cancellation and pace."""

import asyncio
from typing import Any

import pytest

from enneo_mind_client.errors import (
    APITimeoutError,
    InternalServerError,
)
from enneo_mind_client.events import Attempt
from enneo_mind_client.flow import MAX_STALE
from enneo_mind_client.retries import Failure

from .callers import get
from .scripts import BROKEN, LATE, OK, STALE, Desk, answer
from .test_flow import failure_of


def test_a_wait_beyond_the_deadline_raises_now() -> None:
    """A call does not sleep towards a deadline that it cannot meet."""
    error = failure_of(desk := Desk(answer(503, retry_after="50"), deadline=45))

    assert isinstance(error, InternalServerError)
    assert (error.stopped_by, error.attempts, desk.clock.slept) == ("deadline", 1, [])


def test_the_deadline_cuts_the_last_attempt_short() -> None:
    """An attempt has no more time than the call."""
    desk = Desk(OK, timeout=30, deadline=7)

    desk.call()

    assert (desk.sent[0].timeout, desk.sent[0].connect_timeout) == (7.0, 5.0)


@pytest.mark.parametrize(("timeout", "deadline", "phase", "stopped_by"), [
    (5, 45, "read", "attempts"), (50, 45, "deadline", "deadline"), (None, 45, "deadline", "deadline"),
])  # fmt: skip
def test_a_timeout_is_named_by_its_bound(timeout: float, deadline: float, phase: str, stopped_by: str) -> None:
    """Whether the attempt's or the call's time was up is said."""
    error = failure_of(Desk(LATE, timeout=timeout, deadline=deadline))

    assert isinstance(error, APITimeoutError)
    assert (error.phase, error.stopped_by) == (phase, stopped_by)


@pytest.mark.parametrize(("waited_for", "timeout", "deadline", "phase"), [
    ("connect", 50, 45, "connect"), ("connect", 50, 6, "connect"), ("connect", 50, 5, "deadline"),
    ("connect", 2, 3, "connect"), ("connect", 2, 2, "deadline"), ("connect", None, 1, "deadline"),
    ("pool", 2, 3, "pool"), ("pool", 2, 2, "deadline"), ("read", 7, 8, "read"), ("read", 7, 7, "deadline"),
])  # fmt: skip
def test_the_bound_that_was_the_smallest_names_a_timeout(
    waited_for: Any, timeout: float, deadline: float, phase: str
) -> None:
    """Not being let in for 5 s is worth knowing; cut short by the call's end, it is that end in every client."""
    late = APITimeoutError("the host was silent", phase=waited_for)
    error = failure_of(Desk(Failure(late, processed=False), timeout=timeout, deadline=deadline, retry=None))

    assert isinstance(error, APITimeoutError)
    assert error.phase == phase
    assert "the host was silent" in str(error)


def test_a_deadline_that_ends_before_an_attempt_is_no_attempt() -> None:
    """What was not sent is not counted: here asking for the token took all the time."""
    desk = Desk(OK, deadline=10)
    desk.shared.credential.headers = lambda call: _slow(desk)  # type: ignore[method-assign]
    error = failure_of(desk)

    assert isinstance(error, APITimeoutError)
    assert (error.phase, error.stopped_by, error.attempts, desk.sent) == ("deadline", "deadline", 0, [])
    assert "within its deadline of 10 s" in str(error)


def _slow(desk: Desk) -> Any:
    desk.clock.advance(11)
    return {}
    yield


def test_a_wall_clock_that_jumps_changes_nothing() -> None:
    """Deadlines are measured with a clock that only runs forward."""
    desk = Desk(lambda _: desk.clock.step(-3600) or BROKEN, lambda _: desk.clock.step(7200) or BROKEN, OK)

    assert desk.call().status_code == 200
    assert desk.clock.slept == [0.05, 0.1]


def test_a_stale_connection_is_replaced_unseen() -> None:
    """A connection that the server had closed costs no wait, no attempt, no budget and no event."""
    told: list[Attempt] = []
    desk = Desk(STALE, STALE, OK, on_attempt=told.append)

    assert desk.call().status_code == 200
    assert (len(desk.sent), desk.clock.slept, desk.budget.tokens) == (3, [], 500)
    assert [attempt.number for attempt in told] == [1]


def test_stale_connections_do_not_go_on_for_ever() -> None:
    """From the sixth on they are failures like others."""
    error = failure_of(desk := Desk(STALE))

    assert len(desk.sent) == MAX_STALE + 4
    assert (error.attempts, error.stopped_by) == (4, "attempts")


def test_a_dead_server_is_not_asked_much_more_than_a_living_one() -> None:
    """1,000 calls send at most 1,040 requests, and then fail without waiting."""
    desk = Desk(BROKEN)

    errors = [failure_of(desk) for _ in range(1000)]

    assert len(desk.sent) <= 1040
    assert errors[-1].stopped_by == "budget"


def test_a_success_gives_back_what_its_retries_took() -> None:
    """A server that recovers costs nothing."""
    desk = Desk(BROKEN, BROKEN, OK)

    desk.call()

    assert desk.budget.tokens == 500


async def test_a_cancelled_wait_gives_back_its_price() -> None:
    """A retry that is never sent is not paid for."""
    desk = Desk(answer(429, retry_after="30"))
    sleeping = asyncio.Event()

    async def sleep(_: float) -> None:
        sleeping.set()
        await asyncio.sleep(60)

    desk.clock.asleep = sleep  # type: ignore[method-assign]
    task = asyncio.create_task(desk.acall())
    await sleeping.wait()
    assert desk.budget.tokens == 495
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert (desk.budget.tokens, len(desk.sent)) == (500, 1)


class Slow:
    """A pace that holds each attempt back, and notes what it is told."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.told = seconds, list[Attempt]()

    def wait(self) -> float:
        """Return the seconds."""
        return self.seconds

    def observe(self, attempt: Attempt) -> None:
        """Note it."""
        self.told.append(attempt)


def test_a_pace_holds_back_and_learns() -> None:
    """A stream slows each attempt down, and hears how it went, with what the server wished."""
    desk, pace = Desk(answer(503, retry_after="2"), OK), Slow(0.5)

    desk.call(get(), pace)

    assert desk.clock.slept == [0.5, 2.0, 0.5]
    assert [(attempt.status, attempt.error, attempt.retry_after) for attempt in pace.told] == [
        (503, "InternalServerError", 2.0),
        (200, None, None),
    ]


def test_a_pace_that_does_not_hold_back_costs_no_sleep() -> None:
    """No wait is no sleep."""
    desk = Desk(OK)

    desk.call(get(), Slow(0))

    assert desk.clock.slept == []


def test_a_pace_does_not_outlast_the_deadline() -> None:
    """A call that is held back for too long ends with its deadline."""
    error = failure_of(desk := Desk(OK, deadline=3), get(), Slow(60))

    assert (error.stopped_by, desk.clock.slept, desk.sent) == ("deadline", [3.0], [])
