"""Runs every Python example of the README and the docs against a local Mind."""

import os
from collections.abc import Iterator

import pytest
from sybil import Sybil
from sybil.integration.pytest import SybilItem
from sybil.parsers.markdown import PythonCodeBlockParser

from enneo_mind_client.testing import LocalMind

pytest_plugins = ["enneo_mind_client.testing.plugin", "pytester"]


@pytest.fixture
def documented_instance(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What a reader of the docs has set up: an instance and a token in the environment, and an empty folder."""
    with LocalMind() as mind:
        monkeypatch.setenv("ENNEO_INSTANCE", mind.base_url)
        monkeypatch.setenv("ENNEO_TOKEN", mind.token)
        monkeypatch.setenv("HOME", os.fspath(tmp_path_factory.mktemp("home")))
        monkeypatch.chdir(tmp_path_factory.mktemp("work"))
        yield


def pytest_itemcollected(item: pytest.Item) -> None:
    """Have the examples of a page run by one worker: a later one goes on where an earlier one ended."""
    if isinstance(item, SybilItem):
        item.add_marker(pytest.mark.xdist_group(item.path.name))


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()],
    patterns=["README.md", "docs/*.md", "docs/guide/*.md"],
    fixtures=["documented_instance"],
).pytest()
