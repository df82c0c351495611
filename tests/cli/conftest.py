"""Fixtures of the command's tests: a local Mind in the environment, and the command in this process."""

import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

import pytest

from enneo_mind_client import cli
from enneo_mind_client.testing import LocalMind


class Result(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


Run: TypeAlias = Callable[..., Result]


@pytest.fixture
def mind(monkeypatch, tmp_path) -> Iterator[LocalMind]:
    """Start a local Mind and name it in an environment that is otherwise empty."""
    with LocalMind() as local:
        for name in ("LANG", "LC_ALL", "LC_TIME", "ENNEO_LOG", "HTTP_PROXY", "http_proxy", "COLUMNS", "FORCE_COLOR"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("ENNEO_INSTANCE", local.base_url)
        monkeypatch.setenv("ENNEO_TOKEN", local.token)
        yield local


@pytest.fixture
def run(mind, monkeypatch, capsys) -> Run:
    """Run the command in this process, as its entry point does."""

    def run_(*arguments: object) -> Result:
        monkeypatch.setattr(sys, "argv", ["enneo-mind", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Result(ended.value.code or 0, said.out, said.err)

    return run_
