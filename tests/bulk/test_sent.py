"""When requests were sent, and what two series of them tell about the bucket that they emptied."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enneo_mind_client.sent import Sent, refill


def until_empty(rate: float, burst: float, speed: float, faster: float = 0.0) -> list[float]:
    """Send to a full bucket until it refuses, at a speed that may grow; return how long ago each was sent."""
    tokens, now, times = burst, 0.0, list[float]()
    while tokens >= 1:
        times.append(now)
        step = 1 / (speed * (1 + faster * now))
        tokens, now = min(burst, tokens - 1 + rate * step), now + step
    return [now - at for at in reversed(times)]


@given(st.floats(5, 500), st.floats(0.1, 2), st.floats(3, 20), st.floats(1.1, 1.6))
def test_a_bucket_is_told_by_emptying_it_twice(rate: float, seconds: float, fast: float, slow: float) -> None:
    """Whatever a bucket holds, a fast series and a slower one tell the rate at which it fills."""
    burst = max(8.0, rate * seconds)

    found = refill(until_empty(rate, burst, fast * rate), until_empty(rate, burst, slow * rate), 1, slow * rate)

    assert found == pytest.approx(rate, rel=0.2)


def test_a_bucket_is_told_by_a_search() -> None:
    """A series that begins far below the rate tells it as well: only what was above it counts."""
    found = refill(until_empty(100, 10, 2000), until_empty(100, 10, 20, faster=2), 30, 400)

    assert found == pytest.approx(100, rel=0.1)


def test_what_is_no_bucket_has_no_rate() -> None:
    """A server that counts by the second lets as many through in a fast series as in a slow one."""
    fast, slow = [at / 500 for at in range(1, 51)], [at / 80 for at in range(1, 51)]

    assert refill(fast, slow, 30, 80) == 0


def test_a_rate_is_no_higher_than_it_may_be() -> None:
    """Where all that was sent is more than the first series, the highest rate is not passed."""
    assert refill([0.0], until_empty(100, 50, 1000), 1, 40) == pytest.approx(40)


def test_no_requests_are_no_excess() -> None:
    """A refusal before anything was sent tells nothing."""
    assert refill([0.0], [], 1, 40) == 0


def test_what_was_refused_has_not_passed() -> None:
    """Requests of a time count from its start up to its end."""
    sent = Sent()
    for turn in (1.0, 2.0, 3.0, 4.0):
        sent.add(turn)
    sent.refuse(3.0)

    assert (sent.passed(2, 4), sent.passed(0, 9), sent.spans(2, 4)) == (1, 3, [1.0, 2.0])
