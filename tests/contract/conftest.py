"""Fixtures of the command's tests: a local Mind with chosen habits in the environment, and the command."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from enneo_mind_client.testing import LocalMind, Quirks
from tests.cli.conftest import run as run


@pytest.fixture
def quirks() -> Quirks:
    """The habits of the local Mind; a test names others as a parameter."""
    return Quirks()


@pytest.fixture
def mind(quirks: Quirks, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LocalMind]:
    """Start a local Mind and name it in the environment."""
    with LocalMind(quirks=quirks) as local:
        for name in ("COLUMNS", "FORCE_COLOR", "HTTP_PROXY", "http_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        monkeypatch.setenv("ENNEO_INSTANCE", local.base_url)
        monkeypatch.setenv("ENNEO_TOKEN", local.token)
        yield local
