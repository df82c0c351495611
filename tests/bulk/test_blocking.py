"""What only a blocking stream has: threads, and a caller in its own."""

import asyncio
import contextvars
import gc
import threading
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import pytest

from enneo_mind_client.bulk import stream
from enneo_mind_client.hand_over import hand_over

from .fakes import FakeApi, run_blocking


def _threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name.startswith("enneo-mind")}


class Ids:
    """Ids, in which thread they were read and whether they were closed."""

    def __init__(self, end: int = 10**6) -> None:
        self.end, self.read, self.closed = end, 0, False
        self.threads = set[int]()

    def __iter__(self) -> Iterator[int]:
        return self.ids()

    def ids(self) -> Iterator[int]:
        """Yield them."""
        try:
            for number in range(1, self.end):
                self.threads.add(threading.get_ident())
                self.read = number
                yield number
        finally:
            self.closed = True


def test_ids_are_read_in_the_callers_thread() -> None:
    """A cursor or a session that is bound to its thread can be what the ids come from."""
    ids = Ids(50)
    run_blocking(FakeApi(), ids.ids(), concurrency=4)

    assert {threading.get_ident()} == ids.threads


def test_it_works_inside_a_running_event_loop() -> None:
    """Notebooks have a loop that runs in the caller's thread; the stream has its own."""

    async def cell() -> int:
        return len(run_blocking(FakeApi(), range(1, 20)))

    assert asyncio.run(cell()) == 19


def test_ids_are_read_no_further_than_the_buffer() -> None:
    """A consumer that stops taking stops the reading."""
    ids = Ids()
    tickets = stream(FakeApi(), ids.ids(), concurrency=4)  # type: ignore[arg-type]
    for _ in range(10):
        next(tickets)

    assert ids.read <= 10 + 3 * 4
    tickets.close()


def test_only_so_many_threads_call() -> None:
    """The pool has as many threads as there may be requests."""
    names = set[str]()

    def answer(_: int) -> object:
        names.add(threading.current_thread().name)
        return []

    run_blocking(FakeApi(answer), range(1, 200), concurrency=3)

    assert len(names) <= 3


def test_many_duplicates_do_not_stall_it() -> None:
    """Ids that yield nothing are followed by those that do, however many there are."""
    ids = [1] * 500 + [2] + [1] * 500 + [3]

    assert [ticket.ticket_id for ticket in run_blocking(FakeApi(), ids, concurrency=2, ordered=True)] == [1, 2, 3]


def test_context_variables_are_those_of_the_caller() -> None:
    """Hooks and token functions find the caller's context, as tracing needs it."""
    variable = contextvars.ContextVar("variable", default="none")
    found: list[str] = []

    def answer(_: int) -> object:
        found.append(variable.get())
        return []

    def caller() -> None:
        variable.set("the caller's")
        run_blocking(FakeApi(answer), [1])

    contextvars.copy_context().run(caller)

    assert found == ["the caller's"]


def _break(tickets: Any) -> None:
    for _ in tickets:
        break


def _fail(tickets: Any) -> None:
    for _ in tickets:
        raise ZeroDivisionError


def _raise(tickets: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail(tickets)


def _throw(tickets: Any) -> None:
    next(tickets)
    with pytest.raises(ZeroDivisionError):
        tickets.throw(ZeroDivisionError())


def _close(tickets: Any) -> None:
    next(tickets)
    tickets.close()


@pytest.mark.parametrize("leave", [_break, _raise, _throw, _close])
def test_leaving_early_leaves_nothing_behind(leave: Any) -> None:
    """However a consumer leaves, no thread and no generator of ids goes on."""
    ids = Ids()
    leave(stream(FakeApi(), ids.ids(), concurrency=5))  # type: ignore[arg-type]
    gc.collect()

    assert not _threads()
    assert ids.closed


def test_an_iterator_that_is_no_generator_is_left_open() -> None:
    """A list's iterator, a file or a cursor stays the caller's own."""
    ids = iter(range(1, 100))
    tickets = stream(FakeApi(), ids, concurrency=1)  # type: ignore[arg-type]
    next(tickets)
    tickets.close()

    assert next(ids) < 100


def test_an_interrupt_does_not_wait_for_requests() -> None:
    """Ctrl-C is passed on at once; the requests under way end by themselves."""
    release = threading.Event()

    def answer(number: int) -> object:
        if number > 1:
            release.wait()
        return []

    def ids() -> Iterator[int]:
        yield 1
        yield 2
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_blocking(FakeApi(answer), ids(), concurrency=2)
    left = [thread for thread in _threads() if thread.ident is not None]  # one that is just starting cannot be joined
    release.set()
    for thread in left:
        thread.join()

    assert left


def test_a_stream_closed_in_another_thread_does_not_wait_there() -> None:
    """A garbage collector may close a stream anywhere: waiting there could be for oneself."""
    release = threading.Event()

    def answer(number: int) -> object:
        if number > 1:
            release.wait()
        return []

    tickets = stream(FakeApi(answer), range(1, 10), concurrency=2)  # type: ignore[arg-type]
    next(tickets)
    closing = threading.Thread(target=tickets.close)
    closing.start()
    closing.join()
    left = _threads()
    release.set()
    for thread in left:
        thread.join()

    assert left


def test_ids_that_end_after_more_were_asked_for_end_the_stream() -> None:
    """The background may have asked for another id before it is known that there is none."""
    read_on, asked = threading.Event(), threading.Event()

    def ids() -> Iterator[int]:
        yield 7
        read_on.set()
        assert asked.wait(5)

    class Asking:
        """Asks for the second id once the first has been handed over, and says so."""

        def __init__(self, given: AsyncGenerator[object, None], fetch: Any) -> None:
            self.given, self.results = given, list[object]()

        async def take(self) -> object:
            """Return the one result, then None."""
            if self.results:
                return None
            self.results.append(await anext(self.given))
            assert await asyncio.to_thread(read_on.wait, 5)
            following = asyncio.ensure_future(anext(self.given, None))
            await asyncio.sleep(0)
            asked.set()
            assert await following is None
            return self.results[0]

        async def aclose(self) -> None:
            """Do nothing."""

    assert list(hand_over(ids(), lambda _: None, Asking, most=2)) == [7]
