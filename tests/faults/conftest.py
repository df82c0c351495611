"""Fixtures of the fault tests: servers that are stopped, certificates, and a clock of our own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest

from .certs import Certificates
from .fake_time import FakeTime
from .server import ScriptedServer

Scripted: TypeAlias = Callable[..., ScriptedServer]

_AROUND: Final = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "ENNEO_INSTANCE",
    "ENNEO_TOKEN",
    "ENNEO_LOG",
)


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    """Start servers with the arguments of ScriptedServer; all are stopped at the end."""
    with ExitStack() as stack:

        def start(*scripts: Any, **options: Any) -> ScriptedServer:
            return stack.enter_context(ScriptedServer(*scripts, **options))

        yield start


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep this machine's own proxies, credentials and files out of the tests."""
    for name in _AROUND:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch, certificates: Certificates) -> None:
    """Have clients trust the test's authority, by the variable that users have for it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.pem))


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Make an authority once."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def fake_time() -> FakeTime:
    """Return a clock that nobody else turns."""
    return FakeTime()
