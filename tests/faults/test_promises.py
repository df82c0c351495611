"""The promises in docs/reliability.md name tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = sorted(set(re.findall(r"`(tests/\S+\.py)::(\w+)`", (ROOT / "docs" / "reliability.md").read_text("utf-8"))))


def test_promises_are_made() -> None:
    """The page is read as it is written."""
    assert len(NAMED) > 30


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_promise_is_proven(path: str, name: str) -> None:
    """A test that a promise points to is there."""
    assert re.search(rf"^(async )?def {name}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE)
