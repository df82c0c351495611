"""The wire rules in whole models: what is read, what is kept, and that nothing is lost."""

import copy
import logging
import pickle
from collections import OrderedDict
from datetime import UTC, datetime
from enum import StrEnum
from io import BytesIO
from typing import Any

import pytest
from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st

from enneo_mind_client import wire
from enneo_mind_client.answers import faults
from enneo_mind_client.drift import Drift
from enneo_mind_client.scalars import File
from enneo_mind_client.wire import UNSET, Unset, drifts

from .hurry import UNHURRIED
from .models import Bird, Cat, Dog, Empty, Everything, One, Times

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["cat", "dog", "calm", "1", "0", "1657056276", "2022-08-12 12:21:21", "0000-00-00 00:00:00"])
)
NAMES = st.sampled_from([*Everything.__wire__.table, "kind", "name", "barks", "wings", "0", "2", "unknown"])
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6), max_leaves=20
)
OBJECTS = st.dictionaries(NAMES, JSON, max_size=12)

DAY = datetime(2022, 8, 12, 12, 21, 21, tzinfo=UTC)

KEPT: list[tuple[str, Any, Any]] = [
    ("text", 5, UNSET),
    ("text", ["a"], UNSET),
    ("id", True, UNSET),
    ("id", "12,", UNSET),
    ("flag", "yes", UNSET),
    ("ratio", "1.5", UNSET),
    ("at", "0000-00-00 00:00:00", None),
    ("at", "soon", None),
    ("at", True, UNSET),
    ("on", "", None),
    ("key", "no", UNSET),
    ("mood", 3, UNSET),
    ("names", {"a": "b"}, UNSET),
    ("names", "a", UNSET),
    ("cat", "Tom", UNSET),
    ("cat", [1], UNSET),
    ("loose", "x", UNSET),
    ("pet", {"kind": "cow"}, UNSET),
    ("pet", 1, UNSET),
    ("many", {"a": 1}, UNSET),
]

PARTLY: list[tuple[str, Any, Any, list[str]]] = [
    ("names", ["a", 1], ["a"], ["[1]"]),
    ("names", [None, "a", None], ["a"], ["[0]", "[2]"]),
    ("names", [None], [], ["[0]"]),
    ("names", {"3": "a", "5": None}, ["a"], ["['5']"]),
    ("numbers", [1, "x", None], [1, None], ["[1]"]),
    ("days", ["2022-08-12 12:21:21", "soon", 0], [DAY, datetime(1970, 1, 1, tzinfo=UTC)], ["[1]"]),
    ("table", [["a", 1], "x", ["b"]], [["a"], ["b"]], ["[0][1]", "[1]"]),
    ("pets", [{"kind": "cat"}, {"kind": "cow"}], [Cat(kind="cat")], ["[1]"]),
    ("pets", [None, {"kind": "dog", "barks": 1}], [Dog(kind="dog", barks=True)], ["[0]"]),
    ("many", [1, "a"], ["a"], ["[0]"]),
    ("lists", [1, "a", 2], [1, 2], ["[1]"]),
    ("lists", ["a", "b", 2], ["a", "b"], ["[2]"]),
]

READ: list[tuple[str, Any, Any]] = [
    ("id", "12", 12),
    ("flag", 0, False),
    ("ratio", 1, 1),
    ("at", 1657056276, datetime(2022, 7, 5, 21, 24, 36, tzinfo=UTC)),
    ("mood", "new", "new"),
    ("names", [], []),
    ("names", {}, []),
    ("names", {"10": "b", "2": "a"}, ["a", "b"]),
    ("numbers", [1, None, "2", 3.0], [1, None, 2, 3]),
    ("cat", [], Cat()),
    ("cat", {}, Cat()),
    ("loose", [], {}),
    ("loose", {"a": [1]}, {"a": [1]}),
    ("cats", {"0": {}, "2": []}, [Cat(), Cat()]),
    ("pet", {"kind": "dog", "barks": 1}, Dog(kind="dog", barks=True)),
    ("pet", {"name": "x", "wings": 2}, Bird(name="x", wings=2)),
    ("pet", {"wings": 2, "mood": "calm"}, Bird(wings=2, mood="calm")),
    ("pet", {"mood": "odd"}, Bird(mood="odd")),
    ("pet", {"name": "x"}, Cat(name="x")),
    ("pets", [{"kind": "cat"}, {"barks": True}], [Cat(kind="cat"), Dog(barks=True)]),
    ("pets", [{"kind": None, "barks": True}], [Dog(kind=None, barks=True)]),
    ("days", ["2022-08-12 12:21:21"], [DAY]),
    ("lists", [1, "2"], [1, 2]),
    ("lists", ["a", "2"], ["a", "2"]),
    ("many", "2022-08-12 12:21:21", datetime(2022, 8, 12, 12, 21, 21, tzinfo=UTC)),
    ("many", 5, 5),
    ("many", "word", "word"),
    ("many", ["a"], ["a"]),
    ("many", 1.5, datetime(1970, 1, 1, 0, 0, 1, 500000, tzinfo=UTC)),
    ("any", [1, {"a": None}], [1, {"a": None}]),
]


@pytest.mark.parametrize(("name", "raw", "value"), KEPT)
def test_a_value_that_is_not_as_declared_is_kept_raw(name: str, raw: Any, value: Any) -> None:
    """A value of the wrong type leaves the field unset, or a date None, and stays under its wire name."""
    before = drifts["Everything", name]
    model = Everything.from_dict({"id": 1, name: raw})

    assert value is getattr(model, Everything.__wire__.table[name][0])
    assert raw == model[name]
    assert raw == model.to_dict()[name]
    assert drifts["Everything", name] == before + 1
    assert [f"$.{name}"] == list(faults(model))


@pytest.mark.parametrize(("name", "raw", "value", "places"), PARTLY)
def test_of_a_list_what_can_be_read_is_read(name: str, raw: Any, value: Any, places: list[str]) -> None:
    """The items that cannot be read are left out, the list stays as it came, and the places are told."""
    before = drifts["Everything", name]
    model = Everything.from_dict({"id": 1, name: raw})

    assert drifts["Everything", name] == before + 1
    assert value == getattr(model, name)
    assert raw == model[name] == model.to_dict()[name]
    assert model == Everything.from_dict(model.to_dict())
    assert [f"$.{name}{place}" for place in places] == list(faults(model))


@pytest.mark.parametrize("stray", [None, 5, "x", [1], True])
def test_in_a_list_of_objects_what_is_none_stands_as_an_empty_one(stray: Any) -> None:
    """Every item keeps its place; one that is no object is a model without a field that keeps what came."""
    raw = {"id": 1, "cats": [{"name": "a"}, stray, {"name": "b"}]}
    model = Everything.from_dict(raw)

    assert model.cats is not None
    assert [cat.name for cat in model.cats] == ["a", UNSET, "b"]  # type: ignore[union-attr]
    assert model.cats[1]["$"] is stray  # type: ignore[index]
    assert raw == model.to_dict()
    assert model == Everything.from_dict(model.to_dict()) == pickle.loads(pickle.dumps(model))
    assert list(faults(model)) == ["$.cats[1]"]


def test_an_empty_model_that_is_given_a_value_is_written_as_an_object() -> None:
    """What stands for no object is one as soon as something is set, and a real member called $ is always one."""
    cats = Everything.from_dict({"id": 1, "cats": [None, {"$": 1}]}).cats
    cats[0].name = "Tom"  # type: ignore[index,union-attr]

    assert Everything(id=1, cats=cats).to_dict()["cats"] == [{"$": None, "name": "Tom"}, {"$": 1}]


def test_a_nullable_object_in_a_list_has_one_to_stand_for_it() -> None:
    """Where null is declared it is None; anything else that is no object is an empty model still."""
    decoder = wire.array(wire.either(wire.model(lambda: Cat), wire.null))
    read = decoder.read([None, {"name": "x"}, 5])

    assert [None, Cat(name="x")] == read[:2]
    assert read[2]["$"] == 5


def test_faults_in_what_is_left_of_a_list_are_told_by_their_places() -> None:
    """A path is that of the wire, also where items before it were left out."""
    raw = {"id": 1, "pets": [None, {"kind": "dog", "barks": "loudly"}]}

    assert list(faults(Everything.from_dict(raw))) == ["$.pets[0]", "$.pets[1].barks"]


def test_free_objects_have_nothing_to_stand_for_them() -> None:
    """A list of objects that may hold anything leaves out what is no object."""
    with pytest.raises(Drift) as caught:
        wire.array(wire.model(lambda: dict[str, Any])).read([{"a": 1}, None])

    assert (caught.value.value, caught.value.places) == ([{"a": 1}], ["[1]"])


@pytest.mark.parametrize(("name", "raw", "value"), READ)
def test_a_value_is_read_as_what_it_is_declared_to_be(name: str, raw: Any, value: Any) -> None:
    """A value that says what is declared in another way is read, and nothing is kept."""
    model = Everything.from_dict({"id": 1, name: raw})
    read = getattr(model, Everything.__wire__.table[name][0])

    assert (value, type(value)) == (read, type(read))
    assert model.additional_properties == {}


@pytest.mark.parametrize("name", Everything.__wire__.table)
def test_null_is_none_for_everything(name: str) -> None:
    """Null is accepted for every field, and written as null."""
    model = Everything.from_dict({"id": 1, name: None})

    assert getattr(model, Everything.__wire__.table[name][0]) is None
    assert model.to_dict() == {"id": 1, name: None}


@UNHURRIED
@given(OBJECTS)
def test_nothing_is_lost_and_nothing_is_modified(raw: dict[str, Any]) -> None:
    """Every object is read without an error, is not modified, and is equal when it was written and read again."""
    before = copy.deepcopy(raw)
    model = Everything.from_dict(raw)
    written = model.to_dict()

    assert before == raw
    assert raw.keys() == written.keys()
    assert model == Everything.from_dict(written) == copy.deepcopy(model) == pickle.loads(pickle.dumps(model))


@UNHURRIED
@given(OBJECTS)
def test_a_model_holds_no_value_that_its_annotation_does_not(raw: dict[str, Any]) -> None:
    """What is read is of the declared type, or None, or unset."""
    model = Everything.from_dict(raw)

    assert type(model.id) in (int, type(None), Unset)
    assert type(model.flag) in (bool, type(None), Unset)
    assert type(model.at) in (datetime, type(None), Unset)
    assert model.names is None or model.names is UNSET or all(type(name) is str for name in model.names)
    assert model.cats is None or model.cats is UNSET or all(type(cat) is Cat for cat in model.cats)


def test_a_drift_is_told_once_and_without_the_value(caplog: pytest.LogCaptureFixture) -> None:
    """The first drift of a field is a warning that names the field, and holds nothing of what was sent."""
    drifts.clear()
    with caplog.at_level(logging.WARNING, "enneo_mind_client"):
        for _ in range(3):
            Cat.from_dict({"name": ["secret"]})

    assert [record.name for record in caplog.records] == ["enneo_mind_client.wire"]
    assert "Cat.name" in caplog.text
    assert "secret" not in caplog.text
    assert drifts["Cat", "name"] == 3


def test_undeclared_members_are_read_as_the_document_says_of_them() -> None:
    """Typed additional properties are read, and kept as they came where they are not of that type."""
    model = Empty.from_dict({"a": "1", "b": None, "c": "x"})

    assert model.additional_properties == {"a": 1, "b": None, "c": "x"}
    assert Empty.from_dict(model.to_dict()) == model
    assert list(faults(model)) == ["$.c"]


def test_undeclared_members_that_were_read_are_no_faults() -> None:
    """Strict mode tells what was read of an undeclared member from what could not be."""
    read = Times.from_dict({"a": "2022-08-12 12:21:21", "b": None, "c d": "soon"})

    assert read["a"] == DAY
    assert list(faults(read)) == ["$['c d']"]


def test_the_kept_members_are_reached_like_those_of_a_dict() -> None:
    """A model is a dict of what is not declared."""
    model = Cat.from_dict({"unknown": 1})
    model["other"] = 2
    del model["unknown"]

    assert ("other" in model, "unknown" in model, model["other"]) == (True, False, 2)
    assert model.additional_keys == ["other"]


@pytest.mark.parametrize(
    ("name", "raw", "value", "written"),
    [
        ("id", "x", 5, 5),
        ("id", "x", None, None),
        ("at", "0000-00-00 00:00:00", None, None),
        ("at", "soon", DAY, "2022-08-12T12:21:21+00:00"),
        ("names", ["a", None], ["a"], ["a"]),
        ("cat", "Tom", Cat(name="Tom"), {"name": "Tom"}),
    ],
)
def test_a_field_that_is_set_replaces_the_kept_raw_value(name: str, raw: Any, value: Any, written: Any) -> None:
    """What a user sets is written instead of what came, null as well, and what came is gone."""
    model = Everything.from_dict({"id": 1, name: raw, "other": 2})
    setattr(model, name, value)

    assert model.additional_properties == {"other": 2}
    assert {"id": 1, "other": 2, name: written} == model.to_dict()
    assert model == Everything.from_dict(model.to_dict())


def test_a_field_that_is_unset_by_hand_is_not_written() -> None:
    """A user can take a field away, with what was kept of it."""
    model = Everything.from_dict({"id": 1, "text": 5})
    model.text = UNSET

    assert model.to_dict() == {"id": 1}


def test_a_list_that_is_changed_in_place_is_written_as_it_is() -> None:
    """A change within a list of which not all could be read is not lost, and the round trip still holds."""
    model = Everything.from_dict({"id": 1, "names": ["a", None]})
    model.names.append("b")  # type: ignore[union-attr]

    assert model.to_dict()["names"] == ["a", "b"]
    assert model == Everything.from_dict(model.to_dict())


def test_a_raw_value_set_by_hand_beside_its_field_gives_way_to_it() -> None:
    """Of a field and a member of the same name the field is written, unless it is unset."""
    model = Everything(id=1)
    model["id"], model["text"] = 2, 3

    assert model.to_dict() == {"id": 1, "text": 3}


def test_missing_required_fields_are_unset_and_told_when_strict() -> None:
    """A required field that is missing is unset, and a fault with its path."""
    model = Everything.from_dict({"cats": [{}], "self": {"cats": [{"name": 1}], "odd key": 1}})

    assert model.id is UNSET
    assert list(faults(model)) == ["$.id", "$.self.id", "$.self.cats[0].name"]


def test_faults_are_found_in_lists_of_lists_and_in_maps() -> None:
    """A path leads to every fault, wherever models stand."""
    model = Cat.from_dict({})
    model.additional_properties = {"a key": [Cat.from_dict({"name": 1})]}

    assert list(faults(model)) == ["$['a key'][0].name"]


def test_a_model_of_one_field_is_read() -> None:
    """A single field is read as several are."""
    assert One.from_dict({"other": 1, "name": "x"}).to_dict() == {"name": "x", "other": 1}
    assert UNSET is One.from_dict({}).name


def test_any_mapping_is_read() -> None:
    """Subclasses of dict, list and str are read as what they are."""

    class Mood(StrEnum):
        WILD = "wild"

    read = Everything.from_dict(OrderedDict(id=1, cat=OrderedDict(name="x"), mood=Mood.WILD))

    assert Everything(id=1, cat=Cat(name="x"), mood="wild") == read


def test_a_subclass_reads_itself() -> None:
    """A subclass of a model reads instances of the subclass, each time."""

    class Lion(Cat):
        __slots__ = ()

    assert [Lion, Lion] == [type(Lion.from_dict({"name": "x"})) for _ in range(2)]
    assert type(Cat.from_dict({})) is Cat


def test_a_subclass_may_have_more_than_the_model() -> None:
    """The fields and the constructor of a subclass are its own, also where something is kept."""

    @define
    class Tagged(Cat):
        tags: list[str] = field(factory=list)

        def __attrs_post_init__(self) -> None:
            self.tags.append(str(self.name))

    read = Tagged.from_dict({"name": "x", "kind": "dog", "other": 1})

    assert (read.tags, read.additional_properties) == (["x"], {"kind": "dog", "other": 1})
    assert read == Tagged.from_dict(read.to_dict())


def test_a_copy_keeps_what_its_model_no_longer_does() -> None:
    """Setting a field of a model takes nothing away from a shallow copy of it."""
    model = Everything.from_dict({"id": "x"})
    other = copy.copy(model)
    model.id = 5

    assert (model.to_dict(), other.to_dict()) == ({"id": 5}, {"id": "x"})


def test_values_set_by_a_user_are_written_as_json_knows_them() -> None:
    """Tuples, moments, files and models are written; what is unknown is left alone."""
    unknown = object()
    model = Everything(id=1, names=("a",), at=datetime(2022, 1, 1), any_=unknown, file=File(BytesIO(b"x")))  # type: ignore[arg-type]  # noqa: DTZ001

    assert {
        "id": 1,
        "names": ["a"],
        "at": "2022-01-01T00:00:00+00:00",
        "any": unknown,
        "file": "x",
    } == model.to_dict()


def test_unset_is_one_falsy_object() -> None:
    """UNSET stays itself through copying and pickling, and says its name."""
    assert not UNSET
    assert repr(UNSET) == "UNSET"
    assert UNSET is Unset() is copy.copy(UNSET) is copy.deepcopy(UNSET) is pickle.loads(pickle.dumps(UNSET))


def test_options_of_a_union_that_are_unions_or_lists_are_told_apart() -> None:
    """Lists of models are told apart by the items that fit, unions within unions by their options."""
    decoder = wire.either(
        wire.array(wire.model(lambda: Cat)),
        wire.array(wire.model(lambda: Dog)),
        wire.either(wire.model(lambda: Bird), wire.model(lambda: dict[str, Any])),
    )

    assert [Dog(kind="dog", barks=True)] == decoder.read([{"kind": "dog", "barks": True}])
    assert [Cat(name="x")] == decoder.read([{"name": "x"}])
    assert Bird(wings=2) == decoder.read({"wings": 2})
    assert decoder.declares(dict)
    assert not decoder.declares(str)
    assert frozenset({"name", "wings", "mood"}) == decoder.names()
