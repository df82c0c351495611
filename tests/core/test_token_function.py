"""The caller's own function for tokens: asked for each attempt, within the call's deadline."""

import asyncio
import functools
import math
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from enneo_mind_client.auth import AskedCredential
from enneo_mind_client.errors import APITimeoutError, AuthenticationError, ConfigurationError

from .scripts import BROKEN, OK, Desk, answer, token_of


def asking(source: Callable[[], Any], *steps: Any, **settings: Any) -> Desk:
    """Return a desk whose credential is a function."""
    return Desk(*(steps or (OK,)), credential=AskedCredential(source), **settings)


def counting(tokens: list[str]) -> Callable[[], str]:
    """Return a function that gives each token once, and the last one again and again."""
    return lambda: tokens.pop(0) if len(tokens) > 1 else tokens[0]


async def coroutine() -> str:
    """Return a token."""
    await asyncio.sleep(0)
    return "from-coroutine"


class Callables:
    """The shapes that a function may have."""

    async def method(self) -> str:
        """Return a token."""
        return await coroutine()

    async def __call__(self) -> str:
        """Return a token."""
        return await coroutine()


def test_a_plain_function_is_asked_for_each_attempt() -> None:
    """A token that changes between attempts is taken up."""
    desk = asking(counting(["one", "two"]), BROKEN, OK)

    desk.call()

    assert [token_of(send.headers) for send in desk.sent] == ["one", "two"]


@pytest.mark.parametrize(
    "source",
    [coroutine, Callables().method, Callables(), functools.partial(coroutine), lambda: coroutine()],
    ids=["function", "method", "object", "partial", "lambda"],
)
async def test_an_asynchronous_function_is_awaited(source: Callable[[], Awaitable[str]]) -> None:
    """Whatever shape it has, its token is sent."""
    desk = asking(source)

    await desk.acall()

    assert token_of(desk.sent[0].headers) == "from-coroutine"


async def test_a_plain_function_does_not_block_the_loop() -> None:
    """A function that waits, as for a vault, runs in a thread."""
    loop, free, asked = asyncio.get_running_loop(), threading.Event(), asyncio.Event()

    def wait() -> str:
        loop.call_soon_threadsafe(asked.set)
        return "slow" if free.wait(5) else "blocked"

    desk = asking(wait)
    task = asyncio.create_task(desk.acall())
    await asked.wait()
    free.set()
    await task

    assert token_of(desk.sent[0].headers) == "slow"


@pytest.mark.parametrize("source", [coroutine, Callables(), asyncio.Future], ids=["function", "object", "future"])
def test_an_asynchronous_function_needs_the_asynchronous_client(source: Callable[[], Any]) -> None:
    """The blocking client says so, and leaves no coroutine that was never awaited."""
    if source is asyncio.Future:
        source = functools.partial(asyncio.Future, loop=asyncio.new_event_loop())

    with pytest.raises(ConfigurationError, match="use it with AsyncEnneoMind") as caught:
        asking(source).call()

    assert (caught.value.attempts, caught.value.stopped_by) == (0, "not_retryable")
    if isinstance(source, functools.partial):
        source.keywords["loop"].close()


async def test_a_function_that_raises_is_the_callers_own_matter() -> None:
    """Its error comes out as it is, with its frames, and nothing is sent."""

    def fail() -> str:
        raise LookupError("the vault is sealed")

    for desk in (asking(fail), asking(fail)):
        with pytest.raises(LookupError, match="sealed") as caught:
            _ = await desk.acall() if desk.sent else desk.call()
        assert caught.traceback[-1].name == "fail"
        assert desk.sent == []


@pytest.mark.parametrize("source", [iter(()).__next__, functools.partial(next, iter(()))], ids=["method", "partial"])
async def test_a_function_without_more_tokens_is_not_waited_for(source: Callable[[], Any]) -> None:
    """An iterator at its end, as mocks have them, is an error and no deadline, blocking or not."""
    desk = asking(source, deadline=math.inf)

    with pytest.raises(RuntimeError, match="raised StopIteration"):
        desk.call()
    with pytest.raises(RuntimeError, match="raised StopIteration"):
        await asyncio.wait_for(desk.acall(), 5)


async def test_a_functions_own_timeout_is_its_own() -> None:
    """A TimeoutError of the function is not taken for the call's deadline."""

    async def late() -> str:
        raise TimeoutError("the vault is slow")

    with pytest.raises(TimeoutError, match="vault"):
        await asking(late).acall()


@pytest.mark.parametrize("junk", [None, 5, b"x", "", "hush hush", "hush\nx"])
async def test_junk_is_refused_unsent(junk: Any) -> None:
    """What cannot be a token is a ConfigurationError that does not show it."""
    desk = asking(lambda: junk)

    with pytest.raises(ConfigurationError, match="token function") as caught:
        desk.call()
    with pytest.raises(ConfigurationError):
        await desk.acall()
    assert "hush" not in str(caught.value)
    assert desk.sent == []


@pytest.mark.parametrize("hang", [lambda: asyncio.sleep(60), asyncio.Event().wait])
async def test_a_function_that_hangs_ends_with_the_deadline(hang: Callable[[], Any]) -> None:
    """No call waits longer for its token than it may last."""
    desk = asking(hang, deadline=0.02)

    with pytest.raises(APITimeoutError, match="token function did not answer") as caught:
        await desk.acall()
    assert (caught.value.phase, caught.value.stopped_by, caught.value.attempts) == ("deadline", "deadline", 0)


async def test_without_a_deadline_a_function_has_all_the_time() -> None:
    """None is no bound for the function either."""
    desk = asking(coroutine, deadline=None)

    assert (await desk.acall()).status_code == 200


def test_a_refused_token_is_asked_for_once_more() -> None:
    """A function that gives another token after a 401 saves the call."""
    desk = asking(counting(["old", "new"]), answer(401), OK)

    assert desk.call().status_code == 200
    assert len(desk.sent) == 2


def test_the_same_token_is_not_sent_again() -> None:
    """A function that gives the refused token again has no other."""
    desk = asking(lambda: "same", answer(401))

    with pytest.raises(AuthenticationError, match="The credential from the token function was refused"):
        desk.call()
    assert len(desk.sent) == 1


def test_a_second_refusal_ends_the_call() -> None:
    """One replay is all that a call gets, however many tokens there are."""
    desk = asking(counting(["a", "b", "c", "d"]), answer(401))

    with pytest.raises(AuthenticationError) as caught:
        desk.call()
    assert (caught.value.attempts, len(desk.sent)) == (2, 2)
