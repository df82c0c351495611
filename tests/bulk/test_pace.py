"""The pace of a stream, proven in simulated time."""

import math
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enneo_mind_client.events import Attempt
from enneo_mind_client.pace import Governor, Window
from enneo_mind_client.rate import Rate

from .simulation import Answer, Bucket, FixedWindow, Queue, StillClock, simulate


def noisy(mean: float, seed: int = 1) -> Callable[[], float]:
    """Return latencies around a mean, one in fifty eight times as long."""
    chance = random.Random(seed)
    return lambda: mean * (8 if chance.random() < 0.02 else 0.6 + 0.8 * chance.random())


def attempt(status: int | None = 200, elapsed: float = 0.1, retry_after: float | None = None) -> Attempt:
    """Return what a call tells of an attempt."""
    return Attempt("o", "GET", "/", 1, status, elapsed, None, None, retry_after)


@pytest.mark.parametrize("retry_after", [None, 1.0])
@pytest.mark.parametrize("latency", [0.02, 0.5])
@pytest.mark.parametrize("rate", [20, 80])
def test_a_limit_is_used_and_kept(rate: float, latency: float, retry_after: float | None) -> None:
    """Nine tenths of a limit are used, also where a refusal costs a second, and hardly any is refused."""
    server = Bucket(lambda _: rate, noisy(latency), rate / 10, retry_after)

    result = simulate(server.answer, 150)

    assert result.rate(30, 150) >= 0.9 * rate
    assert result.share_refused(30, 150) < 0.01


@pytest.mark.parametrize("retry_after", [None, 1.0])
@pytest.mark.parametrize("burst", [10, 100])
def test_a_limit_is_found_in_seconds(burst: float, retry_after: float | None) -> None:
    """It takes two refusals: nine tenths are used from the fifth second on, and hardly any request is refused."""
    result = simulate(Bucket(lambda _: 100, noisy(0.05), burst, retry_after).answer, 30)

    assert result.rate(5, 30) >= 90
    assert result.share_refused(5, 30) < 0.01


@pytest.mark.parametrize("burst", [1, 4, 8])
def test_a_limit_is_used_whatever_burst_it_lets_through(burst: float) -> None:
    """A server may let many through at first, or none but the next."""
    result = simulate(Bucket(lambda _: 8.0, noisy(0.1), burst, None).answer, 600)

    assert result.rate(60, 600) >= 0.85 * 8
    assert result.share_refused(60, 600) < 0.01


@pytest.mark.parametrize("says_when", [True, False])
@pytest.mark.parametrize(("number", "period"), [(20, 1), (100, 10), (500, 10), (600, 60), (3000, 60)])
def test_a_limit_for_each_period_is_used(number: int, period: int, says_when: bool) -> None:
    """A server may count by the second or by the minute, and say when to come back, or not."""
    server = FixedWindow(number, period, noisy(0.1), says_when=says_when)

    result = simulate(server.answer, 600)

    assert result.rate(120, 600) >= 0.9 * number / period
    assert result.share_refused(120, 600) < 0.01


def test_a_limit_that_doubles_is_found() -> None:
    """Of twice the limit, nine tenths are used 20 seconds later."""
    result = simulate(Bucket(lambda at: 50 if at < 60 else 100, noisy(0.1), 5).answer, 120)

    assert result.rate(80, 120) >= 90
    assert result.share_refused(60, 120) < 0.01


def test_a_limit_that_halves_is_found() -> None:
    """Of half the limit, nine tenths are used 10 seconds later, and few requests are refused until then."""
    result = simulate(Bucket(lambda at: 100 if at < 60 else 50, noisy(0.1), 5).answer, 120)

    assert result.rate(70, 120) >= 45
    assert result.share_refused(60, 70) < 0.05


def test_a_limit_that_moves_is_followed() -> None:
    """A limit that goes up and down by a factor of five every two minutes is used for nine tenths."""
    server = Bucket(lambda at: 60 + 40 * math.sin(at * math.pi / 60), noisy(0.1), 6)

    result = simulate(server.answer, 360)

    assert result.rate(120, 360) >= 0.9 * 60
    assert result.share_refused(120, 360) < 0.01


@pytest.mark.parametrize(("outage", "patience"), [(10, 20), (100, 40)])
def test_it_comes_back_after_everything_was_refused(outage: float, patience: float) -> None:
    """Seconds without a single success are not taken for a rate: they are forgotten soon after."""
    back = 60 + outage + patience
    result = simulate(Bucket(lambda at: 0 if 60 < at < 60 + outage else 50, noisy(0.1), 5).answer, back + 60)

    assert result.rate(back, back + 60) >= 0.9 * 50
    assert len([at for at in result.refused if 60 < at < 60 + outage]) < 30 + outage


@pytest.mark.parametrize(("hands", "service"), [(8, 0.04), (64, 0.2)])
def test_a_server_that_gets_slow_is_kept_busy_but_not_flooded(hands: int, service: float) -> None:
    """What a server can do is used, and what waits there is no more than it does in a few round trips."""
    waits: list[float] = []
    server = Queue(hands, noisy(service))

    def answer(now: float) -> Answer:
        given = server.answer(now)
        waits.append(given.latency)
        return given

    result = simulate(answer, 120)

    assert result.rate(10, 120) >= 0.9 * hands / (service * 1.12)
    assert sorted(waits)[len(waits) // 2] < 4 * service + 0.05


def test_a_server_that_turns_away_is_kept_busy() -> None:
    """A server that answers 503 when its queue is full is used, and refuses little."""
    result = simulate(Queue(8, noisy(0.04), longest=0.05).answer, 120)

    assert result.rate(10, 120) >= 0.9 * 8 / (0.04 * 1.12)
    assert result.share_refused(10, 120) < 0.02


def test_hiccups_are_forgotten() -> None:
    """A second of errors and slowness in twenty costs hardly more than itself."""
    chance, server = random.Random(3), Queue(16, noisy(0.05))

    def answer(now: float) -> Answer:
        if now % 20 < 1:
            return Answer(0.05, 503) if chance.random() < 0.3 else Answer(1.5)
        return server.answer(now)

    assert simulate(answer, 120).rate(10, 120) >= 0.85 * 16 / (0.05 * 1.12)


def test_a_server_without_limits_gets_all_connections() -> None:
    """Where nothing refuses and nothing slows down, as many are under way as there may be."""
    assert simulate(lambda _: Answer(0.1), 10, most=40).rate(5, 10) == pytest.approx(400, rel=0.02)


def test_a_fixed_concurrency_has_no_rate() -> None:
    """With a fixed number, nothing is learned from refusals."""
    governor = Governor(StillClock(), 5, adaptive=False, longest_pause=60)
    governor.observe(attempt(429))

    assert (governor.window, governor.hold()) == (5, 0.0)


@pytest.mark.parametrize("adaptive", [False, True])
def test_one_pause_is_everyones(adaptive: bool) -> None:
    """After one Retry-After nobody sends until it is over, and then not all at once."""
    clock = StillClock()
    governor = Governor(clock, 4, adaptive=adaptive, longest_pause=60)
    governor.observe(attempt())
    governor.observe(attempt(429, retry_after=7))

    assert governor.hold() == 7

    clock.now = 7
    waits = [governor.wait() for _ in range(3)]

    assert 0 == waits[0] < waits[1] < waits[2]


def test_a_pause_is_not_longer_than_the_policy_honours() -> None:
    """A server cannot hold a stream up for days."""
    governor = Governor(StillClock(), 4, adaptive=True, longest_pause=60)
    governor.observe(attempt(503, retry_after=99_999))

    assert governor.hold() == 60


def test_the_shorter_of_two_pauses_changes_nothing() -> None:
    """A pause is never cut by a later, shorter one."""
    governor = Governor(StillClock(), 4, adaptive=True, longest_pause=60)
    for seconds in (9, 2):
        governor.observe(attempt(429, retry_after=seconds))

    assert governor.hold() == 9


def test_no_answer_at_all_halves_the_window() -> None:
    """Timeouts and broken connections are trouble too."""
    clock = StillClock()
    governor = Governor(clock, 64, adaptive=True, longest_pause=60)
    governor.busy = 64
    for _ in range(60):
        governor.observe(attempt())
    clock.now = 10
    governor.observe(attempt(None))

    assert governor.window == 32


def test_the_window_is_halved_once_for_one_round_trip() -> None:
    """Trouble of requests that were sent before the last halving is no news."""
    window = Window(100)
    window.size = 64
    window.cut(sent=0.9, now=1.0)
    window.cut(sent=0.95, now=1.1)

    assert window.size == 32


def test_a_window_that_is_not_used_does_not_grow() -> None:
    """Answers to fewer requests than there could be say nothing about more."""
    window = Window(100)
    for at in range(50):
        window.grow(0.1, at, full=False)

    assert window.size == Window.FIRST


def test_a_server_that_has_become_slow_by_itself_is_not_starved() -> None:
    """Where halving does not make answers faster, the slower ones are the usual ones from then on."""
    window = Window(100)
    for at in range(7000):
        window.grow(0.1 if at < 1000 else 1.0, at, full=True)

    assert window.size == 100


def test_a_server_that_gives_no_time_is_tried_one_by_one() -> None:
    """Each try is later than the one before, two seconds at most, until a later request is answered."""
    clock, waits = StillClock(), list[float]()
    governor = Governor(clock, 50, adaptive=True, longest_pause=60)
    for _ in range(40):
        governor.observe(attempt(429, elapsed=0.1))
        waits.append(round(governor.hold(), 9))
        clock.now += governor.hold()
        assert governor.wait() == 0
        assert governor.hold() > 0
        clock.now += 0.1

    assert waits == sorted(waits)
    assert 1 < waits[-1] <= 2

    clock.now += 0.1
    governor.observe(attempt(200, elapsed=0.05))
    clock.now += 2.0
    assert governor.hold() == 0


def test_an_answer_to_an_earlier_request_opens_nothing() -> None:
    """What was sent before the refused request says nothing about now."""
    clock = StillClock()
    clock.now = 10.0
    governor = Governor(clock, 50, adaptive=True, longest_pause=60)
    governor.observe(attempt(429, elapsed=1.0))
    governor.observe(attempt(200, elapsed=5.0))

    assert governor.hold() == 0.25


def test_a_first_refusal_without_any_answer_is_a_guess() -> None:
    """A server that refuses from the first request on gets a rate all the same."""
    rate = Rate()
    rate.refuse(sent=0.0, latency=0.0, pause=0.0)

    assert 0 < rate.limit <= 10


_OBSERVED = st.tuples(
    st.sampled_from([200, 200, 200, 404, 429, 429, 500, 503, None]),
    st.floats(0, 100),
    st.none() | st.floats(0, 1e9),
    st.floats(0, 100),
    st.integers(0, 120),
)


@given(st.lists(_OBSERVED, max_size=200), st.integers(1, 100), st.booleans())
def test_it_stays_within_its_bounds(
    observed: list[tuple[int | None, float, float | None, float, int]], most: int, adaptive: bool
) -> None:
    """Whatever is observed, the window is within its bounds and no wait is negative, endless or no number."""
    clock = StillClock()
    governor = Governor(clock, most, adaptive=adaptive, longest_pause=60)
    for status, elapsed, retry_after, passed, busy in observed:
        clock.now += passed
        governor.busy = busy
        governor.observe(attempt(status, elapsed, retry_after))

        assert 1 <= governor.window <= most
        assert 0 <= governor.hold() < 1000  # turns add up: each is taken, and time need not pass between them
        assert 0 <= governor.wait() < 1000
        assert governor._rate.limit >= Rate.LEAST
