"""A blocking stream that is left while its server is in trouble."""

import time

import pytest

from enneo_mind_client import AuthenticationError, EnneoMind
from tests.faults import answers
from tests.faults.cases_status import TOKEN
from tests.faults.conftest import Scripted
from tests.faults.conftest import scripted as scripted
from tests.faults.verbs import Choose, Script, Send, Stall
from tests.faults.wire import Request


def only_the_first(request: Request) -> Script:
    """Answer for ticket 1 only."""
    return Send(answers.json_ok()) if "/1/" in request.target else Stall()


def test_who_leaves_does_not_wait_for_a_server_that_hangs(scripted: Scripted) -> None:
    """Requests under way are waited for a second at most, and what they meet is not tried again."""
    server = scripted(Choose(only_the_first))
    with EnneoMind(server.url, token=TOKEN, timeout=2) as mind:
        for _ in mind.conversations.stream([1, 2, 3], concurrency=3):
            server.seen.wait_for(lambda seen: len(seen.requests) == 3)
            left = time.monotonic()
            break
        waited = time.monotonic() - left
        assert server.seen.wait_for(lambda seen: seen.open <= 1)

        assert waited < 1.9
        assert len(server.seen.requests) == 3


def test_a_refused_credential_does_not_wait_for_a_server_that_hangs(scripted: Scripted) -> None:
    """The error comes at once, whatever the other requests are waiting for."""
    refused = Send(answers.http(401))
    server = scripted(Choose(lambda request: refused if "/1/" in request.target else Stall()))
    began = time.monotonic()
    with EnneoMind(server.url, token=TOKEN) as mind, pytest.raises(AuthenticationError):
        list(mind.conversations.stream([3, 2, 1], concurrency=3))

    assert time.monotonic() - began < 5
