"""Fixtures of the export's tests."""

import pytest

from .exporting import Export


@pytest.fixture(params=["blocking", "awaited"])
def export(request: pytest.FixtureRequest) -> Export:
    """Export by the loop of either client."""
    return Export(request.param == "blocking")


@pytest.fixture
def once() -> Export:
    """Export by one loop, where both do the same."""
    return Export(blocking=False)
