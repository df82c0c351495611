"""Valid documents that generators trip over: all of it is generated, imported, typed and used."""

import importlib
import pkgutil
import subprocess
import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enneo_mind_client.fields import Fields
from enneo_mind_client.operations import Reply
from enneo_mind_client.wire import UNSET, Model

from .conftest import Package

TELLING: list[Any] = ["2022-01-01", "0000-00-00", "1", 1657056276, ["a", None], [1, "1"], [{}, None], {"0": {}}, [[1]]]
SPECS = ("grown", "named", "nasty", "summed")

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """Import every module of a package."""
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(info.name)


def models(package: ModuleType) -> list[type[Model]]:
    """Return every model of a package."""
    return [
        found
        for module in modules(package)
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, Model) and found.__module__ == module.__name__
    ]


@pytest.mark.parametrize("spec", SPECS)
def test_every_annotation_can_be_resolved(package: Package, spec: str) -> None:
    """Models and functions of every module have annotations that resolve at run time."""
    for module in modules(package(spec)):
        for found in vars(module).values():
            if getattr(found, "__module__", None) == module.__name__ and callable(found):
                typing.get_type_hints(found)
    for model in models(package(spec)):
        attrs.resolve_types(typing.cast("Any", model))


def test_the_generated_packages_are_strictly_typed(package: Package, place: Path) -> None:
    """Mypy finds nothing in what is generated, in its strictest mode."""
    names = [package(spec).__name__ for spec in SPECS]
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(place / ".mypy"), *names]
    found = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)

    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("spec", SPECS)
def test_no_model_loses_anything(package: Package, spec: str) -> None:
    """Every model reads any object at all, and is equal when it was written and read again."""
    every = models(package(spec))

    @settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        model = data.draw(st.sampled_from(every))
        names = st.sampled_from([*model.__wire__.table, "?"]) | st.text(max_size=3)
        raw = data.draw(st.dictionaries(names, JSON, max_size=6))
        read = model.from_dict(raw)

        assert raw.keys() == read.to_dict().keys()
        assert read == model.from_dict(read.to_dict())

    check()


@pytest.mark.parametrize("spec", SPECS)
def test_what_is_written_out_reads_as_the_table_does(package: Package, spec: str) -> None:
    """The straight code that fills a model comes to the same as the decoders of its table alone."""
    every = [(model, Fields(model, **_described(model))) for model in models(package(spec))]

    @settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        model, by_table = data.draw(st.sampled_from(every))
        names = st.sampled_from([*model.__wire__.table, "?"])
        raw = data.draw(st.dictionaries(names, JSON | st.sampled_from(TELLING), max_size=12))

        assert by_table.read(raw) == model.from_dict(raw)

    check()


def _described(model: type[Model]) -> dict[str, Any]:
    return {name: getattr(model.__wire__, name) for name in ("table", "required", "extra")}


def test_a_placeholder_may_stand_twice_in_a_path(package: Package) -> None:
    """A parameter is asked for once and written wherever the path names it."""
    module = importlib.import_module(f"{package('nasty').__name__}.api.default.twice")

    assert module._request(1, "x").target == "/twice/1/and/x/again/1/x"


def test_names_that_python_has_taken_are_given_away(package: Package) -> None:
    """Fields and classes with names of Python, of the models or of each other have names of their own."""
    words = importlib.import_module(f"{package('nasty').__name__}.models").Words
    names = [field.name for field in attrs.fields(words)]
    raw = dict.fromkeys(words.__wire__.table)

    assert len(names) == len(set(names)) == len(words.__wire__.table) + 1
    assert {"self_", "from_", "class_", "to_dict_", "additional_properties_", "wire", "datetime_"} < set(names)
    assert raw == words.from_dict(raw).to_dict()


def test_classes_named_like_imports_do_not_hide_them(package: Package) -> None:
    """Schemas called Client, Any or File are classes of their own."""
    found = importlib.import_module(f"{package('nasty').__name__}.models")

    assert {"Client_", "Any_", "File_", "UUID_", "Unset_", "Response", "Literal_"} <= set(found.__all__)
    assert set(dir(found)) >= set(found.__all__)
    assert found.Any_.from_dict({"any": {"any": {}}}).any_.any_ == found.Any_()
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = found.Nothing


def test_schemas_that_contain_themselves_are_read(package: Package) -> None:
    """Recursive objects are models all the way down, recursive lists and unions are free at the second turn."""
    found = importlib.import_module(f"{package('nasty').__name__}.models")
    node = found.Node.from_dict({"next": {"next": None}, "children": [{"children": []}]})

    assert node.next_ == found.Node(next_=None)
    assert node.children == [found.Node(children=[])]
    assert found.DeepInner.from_dict({"again": {"again": {}}}).again is not UNSET


def test_shapes_of_every_kind_are_read(package: Package) -> None:
    """Tuples, maps of maps, nested unions and boolean schemas are read as what they say."""
    found = importlib.import_module(f"{package('nasty').__name__}.models")
    raw = {
        "no_items": [1, "a", None],
        "tuple": ["a", 1],
        "anything": {"a": 1},
        "several": 5,
        "object_or_text": {"a": "x"},
        "unions": ["2022-01-01", 1, ["2022-01-01"]],
        "maps": {"a": {"b": 1}},
        "only_required": {"a": "x"},
        "implied": {"x": "y"},
        "titled": {"a": "x"},
        "titled_too": {"b": "x"},
    }
    read = found.Shapes.from_dict(raw)

    assert raw == read.to_dict()
    assert read.additional_properties == {}
    assert read.maps["a"]["b"] == 1
    assert {found.ShapesTitledThing, found.ShapesTitledToo} == {type(read.titled), type(read.titled_too)}


def test_compositions_of_every_kind_are_read(package: Package) -> None:
    """A sum of objects has all their fields; of anything else the part that says what it is remains."""
    found = importlib.import_module(f"{package('nasty').__name__}.models")
    raw = {
        "siblings": {"id": 1, "extra": "x"},
        "described": {"id": 1},
        "scalar": "x",
        "inline_scalar": "2022-01-01",
        "conflict": {"id": "x", "kind": "k"},
        "of_sum": {"same": "s", "deep": {"x": 1}, "more": "m"},
    }
    read = found.Sums.from_dict(raw)

    assert raw == read.to_dict()
    assert (read.siblings.extra, read.conflict.id, read.of_sum.deep.x) == ("x", "x", 1)
    assert found.Child.from_dict({"toy": "ball", "kind": "x"}).toy == "ball"


def test_enums_and_constants_of_every_kind_are_read(package: Package) -> None:
    """Enums are open, whatever their values are; a constant is not."""
    found = importlib.import_module(f"{package('nasty').__name__}.models")
    raw = {"mixed": 1, "nullable": None, "floats": 1.5, "numbers_as_text": "9", "const_int": 3, "const_text": "fixed"}

    assert raw == found.Enums.from_dict(raw).to_dict()
    assert found.Enums.from_dict({"const_int": 4}).const_int is UNSET


def test_what_is_not_given_is_not_sent(package: Package) -> None:
    """What may be left out has no default that is sent by itself, and which a PATCH would write over what is there."""
    found = importlib.import_module(f"{package('nasty').__name__}.models")
    source = Path(package("nasty").__path__[0], "models", "enums.py").read_text()

    assert found.Enums(const_int=3).to_dict() == {"const_int": 3}
    assert found.Must().to_dict() == {"kind": "mail"}
    assert "Left out, it means 'a'." in source


def test_an_operation_with_every_kind_of_parameter_is_called(package: Package) -> None:
    """Parameters whose names clash, or have no name in Python, reach the place they belong."""
    module = importlib.import_module(f"{package('nasty').__name__}.api.import_.import_")
    request = module._request(
        "a/b", 5, client_query="c", body_query="b", self_="s", from_query="f", ids=[1, 2], json={"a": 1}, session="s"
    )

    assert request.target == (
        "/class/a%2Fb/5/import?client=c&body=b&self=s&from=f&wire=true&ids%5B%5D=1&ids%5B%5D=2&json=%7B%22a%22%3A1%7D"
    )
    assert request.headers == {"Accept": "*/*, application/problem+json", "Cookie": "session=s"}


def test_operations_without_a_name_or_with_the_same_have_one_each(package: Package) -> None:
    """Operations are named by what they are when their names do not tell them apart."""
    root = package("nasty")
    default = importlib.import_module(f"{root.__name__}.api.default")
    names = {info.name for info in pkgutil.iter_modules(default.__path__)}
    first = importlib.import_module(f"{default.__name__}.dup_id_default")

    assert names == {"alias", "dup_id", "dup_id_default", "dup_id_patch_no_id_x", "get_no_id_x", "twice"}
    assert first._OPERATION.name == "dup-Id"
    assert first._OPERATION.parse(Reply(200, {"content-type": "application/json"}, b"null")) is None
