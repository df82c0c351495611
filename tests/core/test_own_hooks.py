"""Event hooks of the caller's own httpx client are told of every attempt, and may read or refuse the answer."""

from typing import Any

import httpx
import pytest

from enneo_mind_client import AsyncEnneoMind, EnneoMind, NotFoundError
from tests.faults import answers
from tests.faults.conftest import Scripted
from tests.faults.verbs import Send

from .callers import TOKEN, get
from .fake_clock import FakeClock
from .test_own_client import answering


def test_event_hooks_see_request_and_response() -> None:
    """What a caller has hung into the client is told of every attempt; reading the body there is no harm."""
    seen: list[str] = []

    def on_response(response: httpx.Response) -> None:
        response.read()
        seen.append(f"{response.status_code}")

    hooks = {"request": [lambda request: seen.append(request.headers["authorization"])], "response": [on_response]}
    with httpx.Client(transport=httpx.MockTransport(answering), event_hooks=hooks) as own:
        EnneoMind("demo", token=TOKEN, http_client=own).api.call(get())

    assert seen == [f"Bearer {TOKEN}", "200"]


async def test_asynchronous_event_hooks_see_request_and_response() -> None:
    """Likewise, awaited."""
    seen: list[Any] = []

    async def on_request(request: httpx.Request) -> None:
        seen.append(request.method)

    async def on_response(response: httpx.Response) -> None:
        seen.append(await response.aread() != b"")

    hooks: Any = {"request": [on_request], "response": [on_response]}
    async with httpx.AsyncClient(transport=httpx.MockTransport(answering), event_hooks=hooks) as own:
        await AsyncEnneoMind("demo", token=TOKEN, http_client=own).api.acall(get())

    assert seen == ["GET", True]


def test_a_hook_that_raises_for_an_error_status_costs_no_answer(scripted: Scripted) -> None:
    """Such hooks are in httpx's own guide: what they raise for is an answer like any other, and so is its body."""
    server = scripted(Send(answers.http(503)), Send(answers.http(404, b'{"message": "gone"}')))
    seen: list[bytes] = []
    hooks: Any = {"response": [lambda each: seen.append(each.read()), httpx.Response.raise_for_status]}
    with httpx.Client(event_hooks=hooks) as own, pytest.raises(NotFoundError, match="gone") as caught:
        EnneoMind(server.url, token=TOKEN, http_client=own, clock=FakeClock()).api.call(get())

    assert (caught.value.attempts, len(seen)) == (2, 2)


async def test_an_asynchronous_hook_that_raises_before_the_body_is_read(scripted: Scripted) -> None:
    """The status stands, and what was not read is left alone: httpx has closed it."""

    async def check(response: httpx.Response) -> None:
        response.raise_for_status()

    server = scripted(Send(answers.http(404, b'{"message": "gone"}')))
    async with httpx.AsyncClient(event_hooks={"response": [check]}) as own:
        with pytest.raises(NotFoundError) as caught:
            await AsyncEnneoMind(server.url, token=TOKEN, http_client=own).api.acall(get())

    assert (caught.value.status_code, caught.value.body) == (404, "")
