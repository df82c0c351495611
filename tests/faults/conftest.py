"""Fixtures of the fault tests: servers that are stopped, certificates, and a clock of our own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, TypeAlias

import pytest

from .certs import Certificates
from .fake_time import FakeTime
from .server import ScriptedServer

Scripted: TypeAlias = Callable[..., ScriptedServer]


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    """Start servers with the arguments of ScriptedServer; all are stopped at the end."""
    with ExitStack() as stack:

        def start(*scripts: Any, **options: Any) -> ScriptedServer:
            return stack.enter_context(ScriptedServer(*scripts, **options))

        yield start


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Make an authority once."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def fake_time() -> FakeTime:
    """Return a clock that nobody else turns."""
    return FakeTime()
