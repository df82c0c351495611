"""Models written as the generator writes them, for the tests of what reads them."""

from __future__ import annotations

import datetime  # noqa: TC003 - so that annotations can be resolved
from typing import Any, Literal

from attrs import define, field

from enneo_mind_client import wire
from enneo_mind_client.wire import UNSET, Unset


@define
class Cat(wire.Model):
    """A model told apart by a constant."""

    kind: Literal["cat"] | Unset | None = UNSET
    name: str | Unset | None = UNSET
    additional_properties: dict[str, Any] = field(init=False, factory=dict)


@define
class Dog(wire.Model):
    """A model told apart by a constant, or by what it requires."""

    kind: Literal["dog"] | Unset | None = UNSET
    barks: bool | Unset | None = UNSET
    additional_properties: dict[str, Any] = field(init=False, factory=dict)


@define
class Bird(wire.Model):
    """A model told apart by its fields alone."""

    name: str | Unset | None = UNSET
    wings: int | Unset | None = UNSET
    mood: str | Unset | None = UNSET
    additional_properties: dict[str, Any] = field(init=False, factory=dict)


@define
class Empty(wire.Model):
    """A model without fields, whose members are numbers."""

    additional_properties: dict[str, int | Any] = field(init=False, factory=dict)


@define
class Times(wire.Model):
    """A model without fields, whose members are moments."""

    additional_properties: dict[str, datetime.datetime | Any] = field(init=False, factory=dict)


@define
class One(wire.Model):
    """A model of one field."""

    name: str | Unset | None = UNSET
    additional_properties: dict[str, Any] = field(init=False, factory=dict)


@define
class Everything(wire.Model):
    """A model with a field of every kind."""

    id: int | None
    text: str | Unset | None = UNSET
    flag: bool | Unset | None = UNSET
    ratio: float | Unset | None = UNSET
    at: datetime.datetime | Unset | None = UNSET
    on: datetime.date | Unset | None = UNSET
    key: Any | Unset | None = UNSET
    file: Any | Unset | None = UNSET
    mood: str | Unset | None = UNSET
    names: list[str] | Unset | None = UNSET
    numbers: list[int | None] | Unset | None = UNSET
    cat: Cat | Unset | None = UNSET
    cats: list[Cat] | Unset | None = UNSET
    loose: dict[str, Any] | Unset | None = UNSET
    extra: Empty | Unset | None = UNSET
    pet: Cat | Dog | Bird | Unset | None = UNSET
    pets: list[Cat | Dog] | Unset | None = UNSET
    days: list[datetime.datetime] | Unset | None = UNSET
    table: list[list[str]] | Unset | None = UNSET
    lists: list[int] | list[str] | Unset | None = UNSET
    many: datetime.datetime | int | str | list[str] | Unset | None = UNSET
    any_: Any | Unset | None = UNSET
    self_: Everything | Unset | None = UNSET
    additional_properties: dict[str, Any] = field(init=False, factory=dict)


wire.describe(Cat, {"kind": ("kind", wire.const("cat")), "name": ("name", wire.text)})
wire.describe(Dog, {"kind": ("kind", wire.const("dog")), "barks": ("barks", wire.boolean)}, required=("barks",))
wire.describe(
    Bird,
    {
        "name": ("name", wire.text),
        "wings": ("wings", wire.integer),
        "mood": ("mood", wire.choice(wire.text, "calm", "wild")),
    },
)
wire.describe(One, {"name": ("name", wire.text)})
wire.describe(Empty, {}, extra=wire.integer)
wire.describe(Times, {}, extra=wire.moment)
wire.describe(
    Everything,
    {
        "id": ("id", wire.integer),
        "text": ("text", wire.text),
        "flag": ("flag", wire.boolean),
        "ratio": ("ratio", wire.number),
        "at": ("at", wire.moment),
        "on": ("on", wire.date),
        "key": ("key", wire.uuid),
        "file": ("file", wire.binary),
        "mood": ("mood", wire.choice(wire.text, "calm", "wild")),
        "names": ("names", wire.array(wire.text)),
        "numbers": ("numbers", wire.array(wire.either(wire.integer, wire.null))),
        "cat": ("cat", wire.model(lambda: Cat)),
        "cats": ("cats", wire.array(wire.model(lambda: Cat))),
        "loose": ("loose", wire.model(lambda: dict[str, Any])),
        "extra": ("extra", wire.model(lambda: Empty)),
        "pet": ("pet", wire.either(wire.model(lambda: Cat), wire.model(lambda: Dog), wire.model(lambda: Bird))),
        "pets": ("pets", wire.array(wire.either(wire.model(lambda: Cat), wire.model(lambda: Dog)))),
        "days": ("days", wire.array(wire.moment)),
        "table": ("table", wire.array(wire.array(wire.text))),
        "lists": ("lists", wire.either(wire.array(wire.integer), wire.array(wire.text))),
        "many": ("many", wire.either(wire.moment, wire.integer, wire.text, wire.array(wire.text))),
        "any": ("any_", wire.free),
        "self": ("self_", wire.model(lambda: Everything)),
    },
    required=("id",),
)
