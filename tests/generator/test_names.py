"""Names that clash in Python, or are none there: every operation, argument and field has one of its own."""

import importlib
from types import ModuleType

import attrs
import pytest

from .conftest import Package, operations_of


@pytest.fixture
def models(package: Package) -> ModuleType:
    """The models of the document of names."""
    return importlib.import_module(f"{package('named').__name__}.models")


def test_operations_and_tags_are_named_by_their_words(package: Package) -> None:
    """A slash parts words, and what has no letter still has a module."""
    found = operations_of(package("named"))

    assert found == {"tickets_search.ticket_search", "tag_1.field_1st", "tag.field", "tag.get_b", "default.styled"}


def test_arguments_of_one_name_are_told_apart(package: Package) -> None:
    """Their place tells them apart, or their spelling, or a number; each reaches where it belongs."""
    module = importlib.import_module(f"{package('named').__name__}.api.tickets_search.ticket_search")
    request = module._request(
        1,
        2,
        3,
        q_query="a",
        q_query_2="b",
        q_header="c",
        q_cookie="d",
        page_size=4,
        pagesize=5,
        fooBar=6,
        foobar=7,
        foo_bar_2=8,
        client_query="e",
        list_="f",
        list_2="g",
    )

    assert request.target == (
        "/ticket/1/2/3?q=a&Q=b&page%5Bsize%5D=5&page_size=4&fooBar=6&foo-bar=7&FooBar=8&client=e&list=f&list_=g"
    )
    assert (request.headers["q"], request.headers["Cookie"]) == ("c", "q=d")


def test_a_value_in_a_path_is_written_in_its_style(package: Package) -> None:
    """Before it stands what its style puts there: nothing, a dot, or its name; all of the path can stand in a URL."""
    module = importlib.import_module(f"{package('named').__name__}.api.default.styled")

    assert module._request([1, 2], "a.b", [3, 4]).target == "/f%C3%BCr%20alle/1,2/.a.b/;in%20matrix=3,4"


def test_fields_of_one_name_are_told_apart(models: ModuleType) -> None:
    """No two fields share an attribute, and none hides a class by its spelling."""
    names = [field.name for field in attrs.fields(models.Fields)]
    raw = {name: name for name, (_, decoder) in models.Fields.__wire__.table.items() if decoder.declares(str)}
    read = models.Fields.from_dict({**raw, "model": {"x": 1}, "Model": {"x": 2}})

    assert len(names) == len(set(names)) == len(models.Fields.__wire__.table) + 1
    assert {**raw, "model": {"x": 1}, "Model": {"x": 2}} == read.to_dict()
    assert (read.model.x, read.model_2.x, read.filter_from) == (1, 2, "filter[from]")


def test_an_inherited_field_keeps_its_name(models: ModuleType) -> None:
    """A model that adds a namesake of a field changes nothing in the model that it inherits from."""
    names = {model: [field.name for field in attrs.fields(model)] for model in (models.Base, models.Derived)}

    assert names[models.Base] == ["fooBar", "foo_bar", "additional_properties"]
    assert sorted(names[models.Derived]) == ["additional_properties", "fooBar", "foo_bar", "foobar"]
