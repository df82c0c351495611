"""What an allOf is the sum of, besides fields."""

import datetime
import importlib
from types import ModuleType
from typing import Any

import pytest

from .conftest import Package

MOMENT = datetime.datetime(2022, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def models(package: Package) -> ModuleType:
    """The models of the document of sums."""
    return importlib.import_module(f"{package('summed').__name__}.models")


@pytest.mark.parametrize(
    ("name", "required"), [("Dog", {"kind", "bark"}), ("Named", {"kind", "name"}), ("Puppy", {"kind", "bark", "name"})]
)
def test_what_any_part_requires_is_required(models: ModuleType, name: str, required: set[str]) -> None:
    """A part that only says what is required counts, and so does what a part consists of."""
    assert required == set(getattr(models, name).__wire__.required)


@pytest.mark.parametrize("name", ["Stamped", "StampedToo", "Restamped"])
def test_further_fields_are_what_any_part_says(models: ModuleType, name: str) -> None:
    """The type of further fields is kept, in whichever part it stands."""
    assert getattr(models, name).from_dict({"x": "2022-01-01"})["x"] == MOMENT


def test_further_fields_that_parts_disagree_on_may_be_anything(models: ModuleType) -> None:
    """Where two parts say different things of further fields, they may hold anything."""
    assert models.Torn == dict[str, Any]


def test_a_part_that_says_nothing_makes_no_class(models: ModuleType) -> None:
    """Words beside a reference leave it the class it refers to."""
    assert "Same" not in models.__all__
