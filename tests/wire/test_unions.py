"""Which of several objects an empty one is."""

from typing import Any

import pytest

from enneo_mind_client import wire
from enneo_mind_client.drift import Drift

from .models import Cat, Dog, Everything


@pytest.mark.parametrize("empty", [{}, []], ids=["object", "list"])
def test_an_empty_object_is_one_that_may_be_empty(empty: Any) -> None:
    """PHP's empty list is read as an empty object would be, and so comes back the same when it was written."""
    decoder = wire.either(wire.model(lambda: Dog), wire.model(lambda: Cat), wire.integer)

    assert decoder.read(empty) == Cat()


@pytest.mark.parametrize("empty", [{}, []], ids=["object", "list"])
def test_an_empty_object_is_none_that_requires_something(empty: Any) -> None:
    """Where each of several objects lacks what it requires, what came is kept."""
    decoder = wire.either(wire.model(lambda: Dog), wire.model(lambda: Everything), wire.integer)

    with pytest.raises(Drift):
        decoder.read(empty)
