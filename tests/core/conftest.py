"""Fixtures of the core's tests: surroundings without credentials, servers, and one caller for each engine."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.faults.conftest import certificates as certificates
from tests.faults.conftest import scripted as scripted

from .callers import ENGINES, Caller, Engine
from .fake_clock import FakeClock

MakeCaller: TypeAlias = Callable[..., Caller]

_UNSET = ("INSTANCE", "TOKEN", "LOG")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give every test an empty home and an environment that names nothing."""
    for name in (*(f"ENNEO_{name}" for name in _UNSET), *_PROXIES, "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "home"
    (folder / ".enneo").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that nobody else turns."""
    return FakeClock()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Run a test once for each engine."""
    return request.param


@pytest.fixture
def caller(engine: Engine) -> Iterator[MakeCaller]:
    """Make callers on the engine of this run; all are closed at the end."""
    with ExitStack() as stack:

        def make(url: str, **options: Any) -> Caller:
            return stack.enter_context(Caller(engine, url, **options))

        yield make
