"""The columns of any model, and that nothing is lost in them."""

import importlib
import inspect
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO
from types import ModuleType
from typing import Any
from uuid import UUID

import orjson
import pyarrow as pa
import pytest
from attrs import define, field
from hypothesis import given, settings
from hypothesis import strategies as st

from enneo_mind_client import File, wire
from enneo_mind_client.arrow import schema
from enneo_mind_client.arrow.schemas import struct_of
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.models import Conversation

from ..generator.conftest import Package
from ..wire.models import Bird, Cat, Dog, Everything, One
from .values import has_no_end, objects, there_and_back, without_absence

TEXT, JSON = pa.string(), {b"content": b"json"}


def _models(module: ModuleType) -> list[type[wire.Model]]:
    return [found for _, found in inspect.getmembers(module, inspect.isclass) if issubclass(found, wire.Model)]


def _row(model: wire.Model) -> dict[str, Any]:
    built, unfit = struct_of(type(model)).build([model])

    assert list(unfit) == []
    row: dict[str, Any] = built.to_pylist()[0]
    return row


def test_each_declared_type_has_its_column() -> None:
    """Types become Arrow's; unions, free-form objects and recursion become JSON text and say so."""
    found = schema(Everything)
    cat = pa.struct({"kind": TEXT, "name": TEXT, "additional_properties": TEXT})
    expected = {
        "id": pa.int64(),
        "text": TEXT,
        "flag": pa.bool_(),
        "ratio": pa.float64(),
        "at": pa.timestamp("us", "UTC"),
        "on": pa.date32(),
        "key": TEXT,
        "file": pa.binary(),
        "mood": TEXT,
        "names": pa.list_(TEXT),
        "numbers": pa.list_(pa.int64()),
        "cat": cat,
        "cats": pa.list_(cat),
    }
    in_json = {"loose", "extra", "pet", "pets", "many", "any_", "self_", "additional_properties"}

    assert expected == {name: found.field(name).type for name in expected}
    assert {TEXT} == {found.field(name).type for name in in_json}
    assert in_json <= {field.name for field in found if field.metadata == JSON}


def test_a_field_that_is_added_is_a_column() -> None:
    """Nothing but the table of a model says what its columns are."""

    @define
    class Grown(wire.Model):
        name: object = wire.UNSET
        new_field: object = wire.UNSET
        additional_properties: dict[str, Any] = field(init=False, factory=dict)

    wire.describe(Grown, {"name": ("name", wire.text), "newField": ("new_field", wire.moment)})

    assert schema(Grown).names == ["name", "new_field", "additional_properties"]


@pytest.mark.parametrize(
    ("decoder", "expected"),
    [
        (wire.const(3), pa.int64()),
        (wire.const("x"), TEXT),
        (wire.const(1.5), pa.float64()),
        (wire.const(True), pa.bool_()),
        (wire.const(None), TEXT),
        (wire.null, TEXT),
        (wire.either(wire.null), TEXT),
        (wire.either(wire.text, wire.choice(wire.text, "a")), TEXT),
        (wire.either(wire.integer, wire.text), TEXT),
        (wire.either(wire.array(wire.integer), wire.null), pa.list_(pa.int64())),
        (wire.array(wire.array(wire.date)), pa.list_(pa.list_(pa.date32()))),
        (wire.array(wire.free), TEXT),
    ],
)
def test_other_declared_types_have_one_too(decoder: wire.Decoder, expected: pa.DataType) -> None:
    """Constants have their value's type, null stands in no union's way, and the rest is JSON."""

    class Model(One):
        __slots__ = ()

    wire.describe(Model, {"name": ("name", decoder)})

    assert schema(Model).field("name").type == expected


@pytest.mark.parametrize("document", ["grown", "nasty"])
def test_any_document_has_schemas(package: Package, document: str) -> None:
    """Every model of any document has a schema that ends, names each column once, and goes into a file."""
    models = _models(importlib.import_module(f"{package(document).__name__}.models"))
    schemas = {model: schema(model) for model in models}

    assert len(models) > 10
    for model, found in schemas.items():
        assert len(set(found.names)) == len(model.__wire__.table) + 1
        assert not any(has_no_end(field.type) for field in found)


@pytest.mark.parametrize("document", ["grown", "nasty"])
@settings(deadline=None)
@given(data=st.data())
def test_any_document_comes_back(package: Package, document: str, data: st.DataObject) -> None:
    """Whatever is read into a model of any document comes back from its columns."""
    of = data.draw(st.sampled_from(_models(importlib.import_module(f"{package(document).__name__}.models"))))
    models = [of.from_dict(raw) for raw in data.draw(st.lists(objects(of), max_size=3))]

    assert [*map(without_absence, models)] == [*map(without_absence, there_and_back(models, of))]


@settings(deadline=None)
@given(st.lists(objects(Conversation), max_size=4))
def test_conversations_come_back(raws: list[dict[str, Any]]) -> None:
    """Whatever a server sends as conversations comes back from the columns: what they cannot hold, from the JSON."""
    models = [Conversation.from_dict(raw) for raw in raws]

    assert [*map(without_absence, models)] == [*map(without_absence, there_and_back(models, Conversation))]


@settings(deadline=None)
@given(st.lists(objects(Everything), max_size=4))
def test_every_declared_type_comes_back(raws: list[dict[str, Any]]) -> None:
    """Whatever is read as any declared type comes back from the columns."""
    models = [Everything.from_dict({"id": None, **raw}) for raw in raws]

    assert [*map(without_absence, models)] == [*map(without_absence, there_and_back(models, Everything))]


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("id", 2**63),
        ("id", True),
        ("id", "5"),
        ("text", "\ud800"),
        ("text", 5),
        ("flag", 1),
        ("ratio", 2**53 + 1),
        ("ratio", 10**400),
        ("ratio", True),
        ("at", date(2022, 8, 12)),
        ("on", datetime(2022, 8, 12, tzinfo=UTC)),
        ("key", "no uuid"),
        ("file", "no file"),
        ("names", "no list"),
        ("names", ["a", 1]),
        ("numbers", [1, 2**63]),
        ("cat", Dog()),
        ("cat", {"name": "a dict"}),
        ("cats", [Cat(), Bird(name="b")]),
    ],
)
def test_a_value_that_is_not_of_its_type_is_kept(attribute: str, value: Any) -> None:
    """Put in by hand or out of range, a value is null in its column, kept under its wire name, and crashes nothing."""
    row = _row(Everything(1, **{attribute: value}) if attribute != "id" else Everything(value))
    kept = _row(Everything(1, any_=value))["any_"]

    assert row[attribute] is None
    assert row["additional_properties"] == f'{{"{attribute}":{kept}}}'


def test_only_the_odd_row_is_kept() -> None:
    """One value that cannot be held takes none of its neighbours with it."""
    models = [Everything(1, numbers=[1]), Everything(2, numbers=[2, 2**64]), Everything(3, numbers=None), Everything(4)]
    built = struct_of(Everything).build([*models, Everything(5, numbers=[None, 5])])[0]

    assert built.field("numbers").to_pylist() == [[1], None, None, None, [None, 5]]
    assert built.field("additional_properties").null_count == 4


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime.fromisoformat("2022-08-12T12:00:00"), datetime(2022, 8, 12, 12, tzinfo=UTC)),
        (datetime(2022, 8, 12, 12, tzinfo=timezone(timedelta(hours=2))), datetime(2022, 8, 12, 10, tzinfo=UTC)),
        (
            datetime(2022, 8, 12, 12, tzinfo=timezone(timedelta(seconds=1.5))),
            datetime(2022, 8, 12, 11, 59, 58, 500_000, tzinfo=UTC),
        ),
    ],
)
def test_moments_are_in_utc(value: datetime, expected: datetime) -> None:
    """A moment of any zone is the same moment in UTC, and one of none is UTC."""
    assert _row(Everything(1, at=value))["at"] == expected


@pytest.mark.parametrize(("value", "expected"), [(3, 3.0), (2**60, 2.0**60), (float("inf"), float("inf"))])
def test_numbers_are_floats(value: float, expected: float) -> None:
    """An integer that a float can hold is a float."""
    assert _row(Everything(1, ratio=value))["ratio"] == expected


def test_numbers_beside_an_odd_one_are_as_they_were() -> None:
    """Where one number has to be looked at, the others stay what they are."""
    built = struct_of(Everything).build([Everything(1, ratio=ratio) for ratio in (0.5, 2**60, 2**60 + 1)])[0]

    assert built.field("ratio").to_pylist() == [0.5, 2.0**60, None]


def test_a_file_and_a_uuid_are_what_they_hold() -> None:
    """A file is its bytes, and is left where it stood; a UUID is its text."""
    model = Everything(1, file=File(BytesIO(b"\xff\0")), key=UUID(int=1))

    assert (_row(model)["file"], _row(model)["key"]) == (b"\xff\0", "00000000-0000-0000-0000-000000000001")


def test_json_has_no_number_that_is_none() -> None:
    """JSON knows no infinity, so it is null there, with and without integers of any size beside it."""
    assert _row(Everything(1, any_=[float("nan")]))["any_"] == "[null]"
    assert _row(Everything(1, any_={"a": [float("-inf"), 10**30]}))["any_"] == f'{{"a":[null,{10**30}]}}'


def test_models_and_moments_within_json_are_written_as_the_api_does() -> None:
    """JSON columns hold what `to_dict` would."""
    model = Everything(1, pet=Dog(barks=True), many=datetime(2022, 8, 12, tzinfo=UTC), loose={"a": Cat(name="\ud800")})
    row = _row(model)

    assert orjson.loads(row["pet"]) == {"barks": True}
    assert row["many"] == '"2022-08-12T00:00:00+00:00"'
    assert row["loose"] == '{"a":{"name":"\\ud800"}}'


@pytest.mark.parametrize("value", [{1, 2}, object(), {"a": b"bytes"}])
def test_what_no_json_can_hold_is_told(value: object) -> None:
    """A thing that came from no server and has no JSON form is a typed error."""
    with pytest.raises(ConfigurationError, match="JSON"):
        _row(Everything(1, any_=value))


def test_json_without_end_is_told() -> None:
    """Nesting without an end is a typed error."""
    endless: list[Any] = []
    endless.append(endless)

    with pytest.raises(ConfigurationError, match="JSON"):
        _row(Everything(1, any_=endless))
