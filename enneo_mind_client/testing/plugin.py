"""The pytest plugin: fixtures to test an application against a local Mind.

pytest loads it in every run of an environment that has this package. So it imports nothing before a fixture is used,
and does nothing by itself.
"""

import os
import time
from typing import TYPE_CHECKING

import pytest

from enneo_mind_client.testing.contract_fixture import enneo_contract as enneo_contract
from enneo_mind_client.testing.contract_fixture import pytest_addoption as pytest_addoption

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enneo_mind_client import AsyncEnneoMind, EnneoMind
    from enneo_mind_client.testing import FrozenClock, LocalMind
    from enneo_mind_client.testing.mind import Server


@pytest.fixture
def enneo_clock() -> "FrozenClock":
    """The time of the clients `enneo_mind` and `async_enneo_mind`: it stands still, and nothing waits."""
    from enneo_mind_client.testing import FrozenClock

    return FrozenClock()


@pytest.fixture(scope="session")
def _enneo_server() -> "Iterator[Server]":  # pyright: ignore[reportUnusedFunction] - pytest uses it
    """One server for all tests: each brings its own Mind."""
    try:
        from enneo_mind_client.testing import LocalMind
        from enneo_mind_client.testing.mind import Server
    except ModuleNotFoundError as error:
        missing = str(error)
    else:
        with Server(LocalMind()) as server:
            yield server
        return
    pytest.fail(missing, pytrace=False)  # out here, where it has no other error for its context


@pytest.fixture
def local_mind(_enneo_server: "Server", enneo_clock: "FrozenClock") -> "Iterator[LocalMind]":
    """A running local Mind that no other test has touched.

    Its tokens and its rate limit go by real time and by what passes on `enneo_clock`; its `latency` is real. A proxy
    that the environment names is not asked for it.
    """
    from enneo_mind_client.testing import LocalMind

    mind = LocalMind(
        host=_enneo_server.host, port=_enneo_server.port, clock=lambda: time.monotonic() + enneo_clock.monotonic()
    )
    _enneo_server.app = mind
    with pytest.MonkeyPatch.context() as environment:
        if any(name.lower().endswith("_proxy") for name in os.environ):
            names = os.environ.get("no_proxy", os.environ.get("NO_PROXY", ""))
            environment.setenv("no_proxy", names if names == "*" else f"{names},{mind.host}")
        yield mind


@pytest.fixture
def enneo_mind(local_mind: "LocalMind", enneo_clock: "FrozenClock") -> "Iterator[EnneoMind]":
    """A blocking client of `local_mind` that never waits; it is closed after the test."""
    from enneo_mind_client import EnneoMind

    with EnneoMind(local_mind.base_url, token=local_mind.token, clock=enneo_clock) as mind:
        yield mind


@pytest.fixture
def async_enneo_mind(local_mind: "LocalMind", enneo_clock: "FrozenClock") -> "Iterator[AsyncEnneoMind]":
    """An asynchronous client of `local_mind` that never waits, for any event loop; it is closed after the test."""
    from enneo_mind_client import AsyncEnneoMind

    mind = AsyncEnneoMind(local_mind.base_url, token=local_mind.token, clock=enneo_clock)
    yield mind
    # Not an asynchronous fixture: it would need a plugin, and belong to one loop.
    engine = mind.api.connections.end()
    if engine is not None:
        engine.finish()
