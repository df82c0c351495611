"""The fixtures of the pytest plugin, used here as in any project: an instance for each test, and no wait."""

import os
import sys
import time
from typing import Any

import pytest

from enneo_mind_client import (
    APITimeoutError,
    AsyncEnneoMind,
    AuthenticationError,
    EnneoMind,
    InternalServerError,
    RateLimitError,
)
from enneo_mind_client.testing import FrozenClock, LocalMind, Quirks, attachment, conversation, plugin


@pytest.mark.parametrize("_", range(2))
def test_each_test_has_a_mind_of_its_own(local_mind: LocalMind, enneo_mind: EnneoMind, _: int) -> None:
    """What one test orders is not there in the next, at the same address."""
    assert (local_mind.requests, list(local_mind.received), local_mind.quirks) == (0, [], Quirks())

    local_mind.fail(times=None)
    local_mind.quirks = Quirks.none()
    local_mind.set(ticket=6, conversations=[])
    with pytest.raises(InternalServerError):
        enneo_mind.conversations.list(6)


def test_retries_take_no_time(local_mind: LocalMind, enneo_mind: EnneoMind, enneo_clock: FrozenClock) -> None:
    """The waits are noted, and not waited."""
    local_mind.fail(ticket=5, status=503, times=2, retry_after=11)
    began = time.monotonic()

    assert enneo_mind.conversations.list(5)

    assert enneo_clock.slept == [11, 11]
    assert time.monotonic() - began < 5


async def test_the_asynchronous_client(local_mind: LocalMind, async_enneo_mind: AsyncEnneoMind) -> None:
    """It asks the same Mind."""
    local_mind.set(ticket=5, conversations=[conversation(id=7)])

    assert [each.id for each in await async_enneo_mind.conversations.list(5)] == [7]


async def test_a_client_that_the_test_closed(async_enneo_mind: AsyncEnneoMind) -> None:
    """There is nothing left to close for the fixture."""
    await async_enneo_mind.conversations.list(5)
    await async_enneo_mind.aclose()


def test_a_file(local_mind: LocalMind, enneo_mind: EnneoMind, tmp_path: Any) -> None:
    """A file that a test gave is downloaded as any other, whatever is in its name."""
    content = bytes(range(256))
    file = attachment(name="a b%.pdf", url=local_mind.add_file("a b%.pdf", content), size=256)

    assert enneo_mind.attachments.download(file, tmp_path).read_bytes() == content


def test_a_token_ends_with_the_clock(local_mind: LocalMind, enneo_clock: FrozenClock, enneo_mind: EnneoMind) -> None:
    """The Mind's tokens live by the clock that the test moves."""
    mortal = LocalMind(tokens_expire_in=60, clock=local_mind.clock)
    with mortal, EnneoMind(mortal.base_url, token=mortal.token, clock=enneo_clock) as mind:
        assert mind.conversations.list(5)
        enneo_clock.advance(61)
        with pytest.raises(AuthenticationError):
            mind.conversations.list(5)


def test_a_rate_limit_goes_by_the_clock(local_mind: LocalMind, enneo_mind: EnneoMind) -> None:
    """Who waits as long as told is served, though no time passes."""
    local_mind.rate_limit = 1

    assert [each.error for each in enneo_mind.conversations.stream(range(1, 11))] == [None] * 10
    assert 429 in {each.status for each in local_mind.received}


def test_latency_is_real(local_mind: LocalMind, enneo_mind: EnneoMind) -> None:
    """A slow server is slow, so that a timeout can be seen."""
    local_mind.latency = 0.5

    with pytest.raises(APITimeoutError):
        enneo_mind.with_options(timeout=0.05, retry=None).conversations.list(5)


def test_a_deadline_goes_by_the_clock(local_mind: LocalMind, enneo_mind: EnneoMind, enneo_clock: FrozenClock) -> None:
    """A call that waits too long ends as it would in real time."""
    local_mind.fail(status=429, times=None, retry_after=20)

    with pytest.raises(RateLimitError) as caught:
        enneo_mind.conversations.list(5)
    assert caught.value.stopped_by == "deadline"
    assert enneo_clock.slept == [20, 20]


@pytest.mark.parametrize(("names", "then"), [(None, ",127.0.0.1"), ("intranet", "intranet,127.0.0.1"), ("*", "*")])
def test_a_proxy_is_not_asked(monkeypatch: pytest.MonkeyPatch, names: str | None, then: str) -> None:
    """Where the environment names a proxy, the local Mind is reached directly; what else it says stands."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    if names:
        monkeypatch.setenv("NO_PROXY", names)

    with LocalMind() as server:
        making = plugin.local_mind._get_wrapped_function()(Named(server), FrozenClock())
        mind = next(making)
        assert os.environ["no_proxy"] == then
        with EnneoMind(server.base_url, token=server.token) as client:
            assert client.conversations.list(5)
        assert next(making, None) is None
    assert "no_proxy" not in os.environ
    assert mind.port == server.port


class Named:
    """The address of a server."""

    def __init__(self, server: LocalMind) -> None:
        self.host, self.port, self.app = server.host, server.port, None


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fixture fails in a line, with no other error for its context."""
    for name in ("enneo_mind_client.testing", "enneo_mind_client.testing.mind"):
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)

    with pytest.raises(pytest.fail.Exception, match=r"enneo-mind-client\[testing\]") as caught:
        next(plugin._enneo_server._get_wrapped_function()())
    assert caught.value.__context__ is None
