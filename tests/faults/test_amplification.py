"""A dead server is not asked many times more often than a living one."""

from typing import Any

import pytest

from enneo_mind_client import EnneoMindError

from . import answers
from .clients import CLIENTS, Client
from .conftest import Scripted
from .driving import each
from .fault import Fault
from .playing import API
from .ports import closed_port
from .verbs import KeepAlive, Reset, Script, Send

CALLS = 1_000
MOST = 1_040
THROTTLED_MOST = 1_100

_DEAD: dict[str, Script] = {
    "reset": Reset(),
    "503": (Send(answers.http(503)), KeepAlive()),
    "not-json": (Send(answers.html(200)), KeepAlive()),
}
_THROTTLED = (Send(answers.http(429)), KeepAlive())


@each("F14")
def test_the_row_of_the_table(fault: Fault, kind: str, scripted: Scripted) -> None:
    """A thousand calls to a dead server send at most 40 requests more, and those that come late fail at once."""
    requests, stopped_by = _requests(kind, fault.scripts[0], scripted)

    assert requests in fault.expect.requests
    assert fault.expect.has["stopped_by"] == stopped_by


@pytest.mark.parametrize("kind", CLIENTS)
@pytest.mark.parametrize("way", _DEAD)
def test_whichever_way_it_is_dead(way: str, kind: str, scripted: Scripted) -> None:
    """It makes no difference whether the server resets or talks nonsense."""
    requests, stopped_by = _requests(kind, _DEAD[way], scripted)

    assert CALLS <= requests <= MOST
    assert stopped_by == "budget"


@pytest.mark.parametrize("kind", CLIENTS)
def test_a_server_that_is_asked_too_much(kind: str, scripted: Scripted) -> None:
    """Retries after 429 cost about a third, for they wait ten times as long: 100 requests more at most."""
    requests, stopped_by = _requests(kind, _THROTTLED, scripted)

    assert CALLS <= requests <= THROTTLED_MOST
    assert stopped_by == "budget"


@pytest.mark.parametrize("kind", CLIENTS)
def test_a_port_that_is_closed(kind: str) -> None:
    """Connections that are refused count as requests do."""
    attempts = 0

    def count(_: object) -> None:
        nonlocal attempts
        attempts += 1

    with closed_port() as address, Client(kind, f"http://{address}{API}", on_attempt=count) as client:
        error = _last_error(client)

    assert CALLS <= attempts <= MOST
    assert error.stopped_by == "budget"


@pytest.mark.parametrize("kind", ["sync", "aiohttp"])
def test_many_calls_at_once(kind: str, scripted: Scripted) -> None:
    """The budget is one for all threads and tasks of a client."""
    server = scripted((Send(answers.http(500)), KeepAlive()))
    with Client(kind, f"http://{server.address}{API}") as client:
        for _ in range(10):
            client.at_once(CALLS // 10)

    assert CALLS <= len(server.seen.requests) <= MOST


def _requests(kind: str, script: Any, scripted: Scripted) -> tuple[int, str | None]:
    """Return how many requests, or connections where none was read, a thousand calls made, and how the last ended."""
    server = scripted(script)
    with Client(kind, f"http://{server.address}{API}") as client:
        error = _last_error(client)
    return max(len(server.seen.requests), server.seen.connections), error.stopped_by


def _last_error(client: Client) -> EnneoMindError:
    for _ in range(CALLS):
        with pytest.raises(EnneoMindError) as raised:
            client.ask()
    return raised.value
