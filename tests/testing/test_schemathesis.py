"""The local Mind held against the document by schemathesis: what it sends, and every check that it has.

It plays the document alone, without the habits of the real wire, and no ticket that fails on purpose.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from enneo_mind_client.testing import LocalMind, Quirks

from .test_contract import DOCUMENT

EXAMPLES = 60


def schemathesis(mind: LocalMind, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run it against a local Mind: all checks, valid and invalid requests, the same ones each time."""
    document = folder / "openapi.json"
    document.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "run", document.name, "--url", mind.base_url]
    command += ["--header", f"Authorization: Bearer {mind.token}", "--checks", "all", "--mode", "all", "--no-color"]
    command += ["--generation-deterministic", "--continue-on-failure", "--max-examples", str(EXAMPLES)]
    around = {**os.environ, "NO_PROXY": "127.0.0.1", "PYTHONUTF8": "1"}
    return subprocess.run(command, cwd=folder, env=around, capture_output=True, encoding="utf-8", timeout=100)


def test_it_does_what_the_document_says(tmp_path: Path) -> None:
    """No check finds anything, and none had nothing to look at."""
    with LocalMind(quirks=Quirks.none(), failing=()) as mind:
        done = schemathesis(mind, tmp_path)

    assert done.returncode == 0, done.stdout
    statuses = [each.status for each in mind.received]
    assert set(statuses) == {200, 401, 404, 405}
    assert statuses.count(200) >= EXAMPLES / 3
    assert statuses.count(404) >= EXAMPLES / 6


def let_everyone_in(mind: LocalMind) -> None:
    """Ask nobody for a credential."""
    mind._access.check = lambda _: None  # type: ignore[method-assign]


def show_real_habits(mind: LocalMind) -> None:
    """Answer as the real API does."""
    mind.quirks = Quirks()


def fail_now_and_then(mind: LocalMind) -> None:
    """Have one ticket fail."""
    mind.failing = range(0, 10**9, 7)


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (let_everyone_in, "accepts requests without authentication"),
        (show_real_habits, "Response violates schema"),
        (fail_now_and_then, "Server error"),
    ],
)
def test_it_would_be_found(spoil: Callable[[LocalMind], None], found: str, tmp_path: Path) -> None:
    """A Mind that does otherwise is found out."""
    with LocalMind(quirks=Quirks.none(), failing=()) as mind:
        spoil(mind)
        done = schemathesis(mind, tmp_path)

    assert done.returncode == 1
    assert found in done.stdout
