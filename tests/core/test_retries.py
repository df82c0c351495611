"""When to try again, and how long to wait: the policy, without any I/O."""

import os
import signal
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enneo_mind_client.errors import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    EnneoMindError,
    RateLimitError,
    ResponseError,
    StoppedBy,
    status_error,
)
from enneo_mind_client.retries import IDEMPOTENT_METHODS, Failure, RetryBudget, RetryPolicy, next_wait

POLICY = RetryPolicy()
BROKEN = APIConnectionError("broken")


def status(code: int) -> APIStatusError:
    """Return an error of a status."""
    return status_error(code)("no", status_code=code)


def decide(
    failure: Failure, method: str = "GET", retry: int = 1, remaining: float = 60, policy: RetryPolicy = POLICY
) -> float | StoppedBy:
    """Return what comes next."""
    return next_wait(failure, policy, method=method, retry=retry, remaining=remaining, chance=0.5)


@pytest.mark.parametrize(("method", "processed", "again"), [
    *((method, processed, True) for method in sorted(IDEMPOTENT_METHODS) for processed in (True, False)),
    ("POST", True, False),
    ("PATCH", True, False),
    ("POST", False, True),
    ("PATCH", False, True),
])  # fmt: skip
def test_what_may_have_been_done_is_not_done_twice(method: str, processed: bool, again: bool) -> None:
    """A method with consequences is repeated only where the request was provably not acted on."""
    decided = decide(Failure(BROKEN, processed=processed), method)

    assert decided == (0.05 if again else "not_retryable")


@pytest.mark.parametrize(("limit", "retry", "expected"), [
    (None, 1, 0.05), (None, 3, 0.2), (None, 4, "attempts"), (1, 1, 0.05), (1, 2, "attempts"), (0, 1, "not_retryable"),
])  # fmt: skip
def test_retries_are_counted(limit: int | None, retry: int, expected: object) -> None:
    """The policy ends it, or the kind of failure does so earlier."""
    assert decide(Failure(BROKEN, limit=limit), retry=retry) == expected


@pytest.mark.parametrize(("code", "wait"), [(500, 0.05), (502, 0.05), (503, 0.05), (429, 0.5)])
def test_who_is_asked_too_much_is_left_alone_longer(code: int, wait: float) -> None:
    """A server that says that it is asked too much gets ten times the pause."""
    assert decide(Failure(status(code))) == wait


@pytest.mark.parametrize("error", [BROKEN, APITimeoutError("late", phase="read"), ResponseError("bad", kind="shape")])
def test_other_failures_are_not_throttling(error: EnneoMindError) -> None:
    """Only a status says so."""
    assert not Failure(error).throttled


@pytest.mark.parametrize(("wish", "expected"), [
    (0.0, 0.1), (2.0, 2.0), (60.0, "deadline"), (59.9, 59.9),
    (60.1, "retry_after_too_long"), (1e300, "retry_after_too_long"),
])  # fmt: skip
def test_the_servers_wish_is_honoured(wish: float, expected: object) -> None:
    """A wait the server asks for is kept, unless it is longer than the policy or the deadline allows."""
    assert decide(Failure(RateLimitError("no", status_code=429), retry_after=wish)) == expected


@pytest.mark.parametrize(
    ("remaining", "expected"), [(0.051, 0.05), (0.05, "deadline"), (0.0, "deadline"), (-1.0, "deadline")]
)
def test_a_wait_beyond_the_deadline_is_not_begun(remaining: float, expected: object) -> None:
    """A wait that would not end in time ends the call now."""
    assert decide(Failure(BROKEN), remaining=remaining) == expected


@given(retry=st.integers(1, 10_000), throttled=st.booleans(), chance=st.floats(0, 1, exclude_max=True))
def test_a_wait_is_drawn_from_the_whole_range(retry: int, throttled: bool, chance: float) -> None:
    """Full jitter: never negative, never above the cap, never above the doubled base."""
    wait = POLICY.backoff(retry, throttled=throttled, chance=chance)
    base = 1.0 if throttled else 0.1

    assert 0 <= wait <= min(10.0, base * 2.0 ** min(retry - 1, 60))


@given(chance=st.floats(0, 1, exclude_max=True))
def test_a_wait_grows_with_its_chance(chance: float) -> None:
    """The whole range is used, from zero to the cap."""
    assert POLICY.backoff(1, throttled=False, chance=chance) == pytest.approx(0.1 * chance)
    assert POLICY.backoff(99, throttled=True, chance=chance) == pytest.approx(10.0 * chance)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_a_budget_works_in_a_child_that_was_forked_while_it_was_held() -> None:
    """The thread that held it is not in the child, which would wait for it for ever."""
    budget = RetryBudget()
    with budget._lock.here():
        child = os.fork()
        if child == 0:
            signal.alarm(5)
            os._exit(0 if budget.take(throttled=False) == 14 else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_budget_ends() -> None:
    """35 retries empty it; the first success gives one token back, which is not yet a retry."""
    budget = RetryBudget()
    taken = [budget.take(throttled=False) for _ in range(40)]

    assert taken == [14] * 35 + [0] * 5
    assert budget.tokens == 10
    budget.give_back(0)
    assert budget.tokens == 11


def test_throttling_costs_less() -> None:
    """A server that asks for patience is alive."""
    budget = RetryBudget()

    assert (budget.take(throttled=True), budget.tokens) == (5, 495)


def test_a_success_pays_its_retries_back() -> None:
    """What was spent for a success is not lost, and a full budget stays full."""
    budget = RetryBudget()
    spent = budget.take(throttled=False)

    budget.give_back(spent)
    assert budget.tokens == 500
    budget.give_back(spent)
    assert budget.tokens == 500


def test_a_budget_stays_in_its_range_under_threads() -> None:
    """However many threads take and give, it never goes below zero nor above its capacity."""
    budget, seen = RetryBudget(), []

    def spend() -> None:
        for turn in range(2000):
            taken = budget.take(throttled=turn % 2 == 0)
            seen.append(budget.tokens)
            budget.give_back(taken)
            seen.append(budget.tokens)

    threads = [threading.Thread(target=spend) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (min(seen) >= 0, max(seen) <= 500, budget.tokens) == (True, True, 500)
