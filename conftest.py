"""Runs every Python example of the README and the docs against a local Mind."""

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from enneo_mind_client.testing import LocalMind

pytest_plugins = ["enneo_mind_client.testing.plugin", "pytester"]


def pytest_configure() -> None:
    """Take Ctrl-C as in a terminal: a shell has it ignored by what it starts in the background, and by its children."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def documented_instance(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a reader of the docs has set up: an instance and a token in the environment, and an empty folder."""
    with LocalMind() as mind:
        monkeypatch.setenv("ENNEO_INSTANCE", mind.base_url)
        monkeypatch.setenv("ENNEO_TOKEN", mind.token)
        monkeypatch.setenv("HOME", os.fspath(tmp_path_factory.mktemp("home")))
        monkeypatch.chdir(tmp_path_factory.mktemp("work"))
        yield


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Have some files run by one worker as a whole: pages, whose examples go on from each other, and Spark's sessions.

    xdist's own way to say so, a mark, is lost on the way since pytest 9.2.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.partition("::")[0]
            return path if path.endswith(".md") else "spark" if path.startswith("tests/spark/") else nodeid

    return Scheduling(config, log)


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()],
    patterns=["README.md", "docs/*.md", "docs/guide/*.md"],
    fixtures=["documented_instance"],
).pytest()
