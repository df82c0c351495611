"""Streams of many tickets, through both clients where the behaviour is both clients'."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from enneo_mind_client.errors import AuthenticationError, ConfigurationError, NotFoundError, RateLimitError
from enneo_mind_client.retries import NO_RETRIES

from .fakes import FakeApi, missing, refusal, run_async, run_blocking, unauthorized

both = pytest.mark.parametrize("run", [run_async, run_blocking])
Run = Callable[..., Any]


@both
@pytest.mark.parametrize("concurrency", ["auto", 1, 7])
def test_every_ticket_arrives_once(run: Run, concurrency: object) -> None:
    """All ids come back, each with what was read for it."""
    tickets = run(FakeApi(lambda number: [number]), range(1, 501), concurrency=concurrency)

    assert {number: [number] for number in range(1, 501)} == {t.ticket_id: t.conversations for t in tickets}
    assert len(tickets) == 500


@both
@pytest.mark.parametrize("ids", [[], iter([])])
def test_no_ids_are_no_tickets(run: Run, ids: object) -> None:
    """A stream of nothing ends."""
    assert run(FakeApi(), ids) == []


@both
def test_order_is_kept_where_it_is_asked_for(run: Run) -> None:
    """With `ordered`, tickets come in the order of their ids, bad ones among them."""
    tickets = run(FakeApi(), [5, 3, "x", 9, 1], ordered=True)

    assert [ticket.ticket_id for ticket in tickets] == [5, 3, 0, 9, 1]


@both
def test_a_ticket_is_asked_for_once(run: Run) -> None:
    """An id that comes again, as a number or as digits, is neither sent nor yielded again."""
    api = FakeApi()

    tickets = run(api, [3, 1, "3", 3, 2, 1], ordered=True)

    assert [ticket.ticket_id for ticket in tickets] == [3, 1, 2]
    assert sorted(api.asked) == [1, 2, 3]


@both
def test_what_is_no_id_is_reported_and_not_sent(run: Run) -> None:
    """A value that is no id yields an error in its place."""
    api = FakeApi()

    tickets = run(api, [1, 0, -4, True, "", None, "2"], ordered=True)

    assert [(ticket.ticket_id, isinstance(ticket.error, ConfigurationError)) for ticket in tickets] == [
        (1, False),
        (0, True),
        (-4, True),
        (0, True),
        (0, True),
        (0, True),
        (2, False),
    ]
    assert sorted(api.asked) == [1, 2]


@both
def test_an_error_belongs_to_its_ticket(run: Run) -> None:
    """One ticket that cannot be had leaves the others alone."""

    def answer(number: int) -> object:
        if number == 2:
            raise missing()
        return []

    tickets = run(FakeApi(answer), [1, 2, 3], ordered=True)

    assert [None, NotFoundError, None] == [ticket.error and type(ticket.error) for ticket in tickets]
    assert tickets[1].conversations == []


@both
def test_a_refused_credential_ends_the_stream(run: Run) -> None:
    """After a 401 no more requests are sent than were under way."""

    def answer(number: int) -> object:
        if number >= 100:
            raise unauthorized()
        return []

    api = FakeApi(answer)

    with pytest.raises(AuthenticationError):
        run(api, range(1, 10_000), concurrency=5)

    assert len(api.asked) <= 99 + 2 * 5


@both
def test_a_client_that_cannot_work_ends_the_stream(run: Run) -> None:
    """A closed client is one error, not one for each ticket."""

    def answer(_: int) -> object:
        raise ConfigurationError("This EnneoMind is closed.")

    with pytest.raises(ConfigurationError, match="closed"):
        run(FakeApi(answer), range(1, 1000))


@both
def test_results_that_came_before_the_end_are_yielded(run: Run) -> None:
    """What was read before the credential was refused is not lost."""
    got: list[int] = []

    def answer(number: int) -> object:
        if number == 3:
            raise unauthorized()
        return []

    with pytest.raises(AuthenticationError):
        run(FakeApi(answer), [1, 2, 3], concurrency=1, into=got)

    assert got == [1, 2]


@both
def test_a_refused_ticket_is_asked_for_again(run: Run) -> None:
    """A call that gave up on 429 is made again, since it says something about the speed and not about the ticket."""
    times = {1: 0, 2: 0}

    def answer(number: int) -> object:
        times[number] += 1
        if number == 2 and times[2] <= 3:
            raise refusal()
        return []

    tickets = run(FakeApi(answer), [1, 2])

    assert [ticket.error for ticket in tickets] == [None, None]
    assert times == {1: 1, 2: 4}


@both
@pytest.mark.parametrize(("options", "asked"), [({}, 4), ({"retry": NO_RETRIES}, 1)])
def test_a_ticket_that_stays_refused_has_an_error(run: Run, options: dict[str, Any], asked: int) -> None:
    """A ticket is asked for again as often as a call is retried, and no more."""

    def answer(_: int) -> object:
        raise refusal()

    api = FakeApi(answer, **options)

    tickets = run(api, [1])

    assert isinstance(tickets[0].error, RateLimitError)
    assert asked == len(api.asked)


@both
def test_a_wait_that_is_too_long_is_not_waited_for(run: Run) -> None:
    """A Retry-After above what the policy honours fails its ticket at once, as it does in a single call."""

    def answer(_: int) -> object:
        raise refusal().after(1, 0.0, "retry_after_too_long")

    api = FakeApi(answer)
    run(api, [1])

    assert api.asked == [1]


@both
@pytest.mark.parametrize("concurrency", [0, -1, True, 1.5, "fast"])
def test_a_concurrency_that_cannot_work_is_refused_at_once(run: Run, concurrency: object) -> None:
    """A wrong concurrency is an error of the call, before anything is read or sent."""
    with pytest.raises(ConfigurationError, match="concurrency"):
        run(FakeApi(), [1], concurrency=concurrency)


@both
def test_what_is_wrong_with_the_ids_is_raised(run: Run) -> None:
    """An exception of the ids' own ends the stream."""

    def ids() -> Iterator[int]:
        yield 1
        raise LookupError("the table is gone")

    with pytest.raises(LookupError, match="the table is gone"):
        run(FakeApi(), ids())
