"""What needs no server, or only one that fails: the wishes in Retry-After, and clocks that jump."""

import math

import pytest

from enneo_mind_client import RetryPolicy
from enneo_mind_client.errors import RateLimitError
from enneo_mind_client.retries import Failure, next_wait, read_retry_after

from . import answers
from .clients import Client
from .conftest import Scripted
from .driving import each
from .fake_time import FakeTime
from .fault import Fault, matches
from .outcome import check
from .playing import API, outcome_of
from .verbs import Send


class Jumping(FakeTime):
    """A clock whose wall time someone sets while others sleep."""

    jump: float = 0

    def sleep(self, seconds: float) -> None:
        """Sleep, and jump."""
        super().sleep(seconds)
        self.step(self.jump)


@each("F63", clients=("policy",))
def test_a_wish_in_retry_after(fault: Fault, kind: str) -> None:
    """A header is read as its table says, and the wait that follows is never negative or unbounded."""
    header = fault.input["header"]
    wish = read_retry_after({} if header is None else {"retry-after": header}, fault.input["now"])
    failure = Failure(RateLimitError("429", status_code=429), retry_after=wish)
    wait = next_wait(failure, RetryPolicy(), method="GET", retry=1, remaining=math.inf, chance=0.999)

    assert matches(fault.expect.reads["seconds"], wish)
    assert wait == "retry_after_too_long" if isinstance(wait, str) else 0 <= wait <= 60


@each("F64")
def test_a_wall_clock_that_jumps(fault: Fault, kind: str, scripted: Scripted) -> None:
    """Deadlines are measured by a clock that nobody sets."""
    server, clock = scripted(Send(answers.http(fault.input["status"]))), Jumping()
    clock.jump = fault.input["step"]
    with Client(kind, f"http://{server.address}{API}", clock=clock) as client:
        outcome = outcome_of(client.ask)

    check(fault.expect, outcome)
    assert getattr(outcome.error, "elapsed", None) == pytest.approx(sum(clock.slept))
