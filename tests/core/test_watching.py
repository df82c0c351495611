"""Who watches a call: what they are told, and what they cannot break."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from attrs import evolve

from enneo_mind_client.errors import EnneoMindError, NotFoundError
from enneo_mind_client.events import Attempt, Retry
from enneo_mind_client.operations import Request
from enneo_mind_client.watching import Begun
from tests.faults import answers
from tests.faults.conftest import Scripted
from tests.faults.verbs import Send

from .callers import TOKEN, Caller, get
from .conftest import MakeCaller
from .scripts import BROKEN, OK, Desk, answer


class Book:
    """Writes everything down."""

    def __init__(self) -> None:
        self.lines: list[Any] = []

    def __call__(self, begun: Begun) -> "Book":
        """Watch."""
        self.lines.append(begun)
        return self

    def headers(self, number: int) -> Mapping[str, str]:
        """Count the attempts where the server sees it; and try to be someone else."""
        return {"x-attempt": str(number), "Authorization": "Bearer another"}

    def attempted(self, attempt: Attempt) -> None:
        """Write."""
        self.lines.append((attempt.number, attempt.status))

    def retrying(self, retry: Retry) -> None:
        """Write."""
        self.lines.append(retry.wait)

    def ended(self, error: BaseException | None) -> None:
        """Write."""
        self.lines.append(type(error))


def watched(desk: Desk, observer: Any) -> Desk:
    """Have the calls of a desk watched."""
    desk.shared = evolve(desk.shared, observer=observer)
    return desk


@pytest.fixture(params=["blocking", "asynchronous"])
def way(request: pytest.FixtureRequest) -> str:
    """Run a test once for each driver."""
    return request.param


def make_call(desk: Desk, way: str, request: Request[Any] | None = None) -> object:
    """Make one call."""
    return desk.call(request) if way == "blocking" else asyncio.run(desk.acall(request))


def test_a_watch_is_told_of_everything(way: str) -> None:
    """Begin, each attempt, each wait and the end: in this order."""
    book = Book()
    make_call(watched(Desk(answer(503), BROKEN, OK), book), way, get(7))

    url = "https://demo.enneo.ai/api/mind/ticket/7/conversation"
    begun = Begun("getConversations", "GET", "/ticket/{ticketId}/conversation", url)
    assert book.lines == [begun, (1, 503), 0.05, (2, None), 0.1, (3, 200), type(None)]
    assert "ticket/7" not in repr(begun)


def test_an_error_is_told(way: str) -> None:
    """The end of a call that has failed is what it raises."""
    book = Book()
    with pytest.raises(NotFoundError):
        make_call(watched(Desk(answer(404)), book), way)

    assert book.lines[1:] == [(1, 404), NotFoundError]


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, asyncio.CancelledError, SystemExit])
def test_an_interruption_is_told(way: str, interrupt: type[BaseException]) -> None:
    """The end is told as what has interrupted the call, also where the flow is only closed."""
    book = Book()
    with pytest.raises(interrupt):
        make_call(watched(Desk(interrupt()), book), way)

    assert book.lines[1:] == [interrupt]


def test_a_flow_that_is_thrown_away_is_told() -> None:
    """Where nothing has interrupted the call, its end is the closing itself."""
    book = Book()
    call = watched(Desk(OK), book).acall()
    call.send(None)
    call.close()

    assert book.lines[1:] == [GeneratorExit]


def test_headers_go_along(way: str) -> None:
    """With each attempt, and never in the place of one of ours."""
    desk = watched(Desk(answer(503), OK), Book())
    make_call(desk, way)

    assert [send.headers["x-attempt"] for send in desk.sent] == ["1", "2"]
    assert {send.headers["Authorization"] for send in desk.sent} == {f"Bearer {TOKEN}"}


class Broken(Book):
    """Fails in everything it is asked."""

    headers = attempted = retrying = ended = lambda self, _: {}[self]  # type: ignore[assignment]


class Blind(Book):
    """Fails at once."""

    def __call__(self, begun: Begun) -> Book:
        """Fail."""
        raise ValueError("no eyes")


@pytest.mark.parametrize("observer", [Broken(), Blind()])
def test_a_watch_that_fails_fails_no_call(way: str, observer: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Its failure is logged, and the call goes on without it."""
    make_call(watched(Desk(answer(503), OK), observer), way)

    assert "failed; the call goes on." in caplog.text


def test_copies_are_watched(caller: MakeCaller, scripted: Scripted) -> None:
    """A client and its copies with other options are watched or not together, whichever is made first."""
    book, made = Book(), caller(scripted(Send(answers.json_ok({"success": True}))).url)
    before, original = made.mind.with_options(timeout=7), made.mind
    original.api.connections.observe(book)
    for mind in (before, original, original.with_options(timeout=8)):
        _call(made, mind)
    original.api.connections.observe(None)
    _call(made, before)

    assert [line for line in book.lines if isinstance(line, tuple)] == [(1, 200)] * 3


def _call(caller: Caller, mind: Any) -> None:
    caller.mind, kept = mind, caller.mind
    try:
        caller.call()
    except EnneoMindError as error:
        pytest.fail(str(error))
    finally:
        caller.mind = kept
