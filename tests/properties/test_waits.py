"""Whatever a header says, a wait is never negative, unbounded or an exception; the budget never leaves its bounds."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from enneo_mind_client import RetryPolicy
from enneo_mind_client.errors import InternalServerError
from enneo_mind_client.models import Conversation
from enneo_mind_client.retries import Failure, RetryBudget, next_wait, read_retry_after

SECONDS = st.floats(0, 1e9)
HEADERS = st.one_of(
    st.text(max_size=40),
    st.integers().map(str),
    st.floats().map(str),
    st.datetimes().map(lambda moment: moment.strftime("%a, %d %b %Y %H:%M:%S GMT")),
    st.from_regex(
        r"[A-Z][a-z]{2}, [0-9]{1,3} [A-Z][a-z]{2} [0-9]{1,7} [0-9]{1,3}:[0-9]{2}(:[0-9]{2})? ?(GMT|[+-][0-9]{1,6})?"
    ),
)
POLICIES = st.builds(
    RetryPolicy,
    max_retries=st.integers(0, 100),
    base_delay=SECONDS,
    throttled_base_delay=SECONDS,
    max_delay=SECONDS,
    max_retry_after=SECONDS,
)


@given(header=HEADERS, now=st.floats(0, 4e9))
def test_any_retry_after(header: str, now: float) -> None:
    """A Retry-After of any text is a number of seconds from 0, or nothing."""
    wish = read_retry_after({"retry-after": header}, now)

    assert wish is None or 0 <= wish < float("inf")


@given(
    policy=POLICIES,
    wish=st.none() | st.floats(0, 1e300),
    retry=st.integers(1, 200),
    remaining=st.floats(0, 1e9),
    chance=st.floats(0, 1, exclude_max=True),
    status=st.integers(400, 599),
)
def test_any_wait(
    policy: RetryPolicy, wish: float | None, retry: int, remaining: float, chance: float, status: int
) -> None:
    """A wait is within the deadline, as long as the server wished if that is honoured, and else within the policy."""
    failure = Failure(InternalServerError("x", status_code=status), retry_after=wish)
    wait = next_wait(failure, policy, method="GET", retry=retry, remaining=remaining, chance=chance)

    if isinstance(wait, str):
        assert wait in ("attempts", "deadline", "retry_after_too_long")
    else:
        assert 0 <= wait < remaining
        assert wait <= max(policy.max_delay, policy.max_retry_after)
        assert wish is None or wish <= wait


@given(
    raw=st.one_of(st.text(max_size=30), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans())
)
def test_any_date(raw: object) -> None:
    """A date of any kind is an aware moment, or absent or None with the raw value kept."""
    read = Conversation.from_dict({"createdAt": raw})

    if isinstance(read.created_at, datetime):
        assert read.created_at.tzinfo is not None
    else:
        assert read["createdAt"] == raw
    assert Conversation.from_dict(read.to_dict()) == read


@given(moment=st.datetimes(timezones=st.timezones()))
def test_every_moment_survives(moment: datetime) -> None:
    """A moment that is written is the same moment when it is read."""
    once = Conversation.from_dict({"createdAt": moment.isoformat()})

    assert once.created_at == datetime.fromisoformat(moment.isoformat())
    assert Conversation.from_dict(once.to_dict()) == once


def test_a_budget_under_threads() -> None:
    """Ten threads that take and give back never drive the budget out of 0 to its capacity, nor lose a token."""
    budget, ready, out_of_bounds = RetryBudget(), threading.Barrier(10), []

    def use(seed: int) -> None:
        chance = random.Random(seed)
        ready.wait()
        for _ in range(2_000):
            taken = budget.take(throttled=chance.random() < 0.5)
            if not 0 <= budget.tokens <= budget.CAPACITY:
                out_of_bounds.append(budget.tokens)
            if taken:
                budget.give_back(taken)

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(use, range(10)))

    assert out_of_bounds == []
    assert budget.tokens == budget.CAPACITY


def test_a_budget_that_runs_out() -> None:
    """Ten threads together take no more than there is."""
    budget = RetryBudget()

    def use(_: int) -> int:
        return sum(budget.take(throttled=False) for _ in range(100))

    with ThreadPoolExecutor(10) as pool:
        taken = sum(pool.map(use, range(10)))

    assert taken + budget.tokens == budget.CAPACITY
    assert budget.tokens < budget.COST
