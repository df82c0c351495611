"""Columns: how the values of one declared type become an Arrow array, many at once.

A column is told every value of a batch. Absent values and null become null. A value that its Arrow type cannot hold (an
integer of more than 64 bits, half a character) becomes null as well, and its place is told, so that the object it
stands in keeps it as JSON. Usual values are handed to Arrow as they are; only where one is unusual, all are looked at.
"""

# pyarrow tells no types
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportUnknownArgumentType=false
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import accumulate, chain
from operator import attrgetter
from types import NoneType
from typing import Any, Final, Protocol, TypeAlias
from uuid import UUID

import pyarrow as pa  # type: ignore[import-untyped]
from attrs import frozen

from enneo_mind_client.arrow.json_text import json_text
from enneo_mind_client.drift import UNSET, Unset
from enneo_mind_client.fields import Fields
from enneo_mind_client.scalars import File

Built: TypeAlias = "tuple[pa.Array, Sequence[int]]"
"""An array, and the places of the values that it cannot hold."""

Kinds: TypeAlias = frozenset[type]

ADDITIONAL: Final = "additional_properties"
_JSON: Final = {"content": "json"}
_UNFIT: Final = (OverflowError, UnicodeEncodeError, pa.ArrowInvalid)


class Column(Protocol):
    """How values of a declared type become an array."""

    @property
    def type(self) -> pa.DataType:
        """The type of the array."""
        ...

    def build(self, values: Sequence[Any]) -> Built:
        """Return the array, and the places of the values that it cannot hold."""
        ...


@frozen
class Scalar:
    """Values of one Arrow type.

    Attributes:
        type: The type.
        kinds: The Python types that Arrow reads right by itself.
        fit: Return what is written for any other value, None if there is nothing.
        is_usual: Return whether Arrow reads all these values right, by more than their types.
    """

    type: pa.DataType
    kinds: Kinds
    fit: Callable[[Any], Any]
    is_usual: Callable[[Sequence[Any]], bool] = lambda _: True

    def build(self, values: Sequence[Any]) -> Built:
        """Return the array, and the places of the values that it cannot hold."""
        values, kinds = present(values)
        if kinds <= self.kinds and self.is_usual(values):
            try:
                return pa.array(values, self.type), ()
            except _UNFIT:
                pass
        fitting = [None if value is None else self.fit(value) for value in values]
        unfit = [
            place for place, pair in enumerate(zip(values, fitting, strict=True)) if pair[0] is not None is pair[1]
        ]
        return pa.array(fitting, self.type), unfit


@frozen
class List:
    """Lists, of which one with an item that cannot be held is kept as a whole."""

    item: Column

    @property
    def type(self) -> pa.DataType:
        """The type of the array."""
        return pa.list_(self.item.type)

    def build(self, values: Sequence[Any]) -> Built:
        """Return the array, and the places of the values that it cannot hold."""
        values, kinds = present(values)
        unfit = set[int]() if kinds <= {list} else {place for place, value in enumerate(values) if not _is_list(value)}
        lists, array, bad = self._build(values, unfit)
        if bad:
            ends = [*accumulate(len(value or ()) for value in lists)]
            unfit |= {bisect_right(ends, place) for place in bad}
            lists, array, _ = self._build(values, unfit)
        return array, sorted(unfit)

    def _build(self, values: Sequence[Any], unfit: set[int]) -> tuple[Sequence[Any], pa.Array, Sequence[int]]:
        lists = [None if place in unfit else value for place, value in enumerate(values)] if unfit else values
        ends = accumulate((len(value or ()) for value in lists), initial=0)
        items, bad = self.item.build([*chain.from_iterable(filter(None, lists))])
        missing = pa.array([value is None for value in lists], pa.bool_())
        return lists, pa.ListArray.from_arrays(pa.array(ends, pa.int32()), items, mask=missing), bad


class Struct:
    """Objects of a model, with one more field: as JSON, what is in none of the others.

    Attributes:
        fields: The fields of the model.
        columns: Attribute of the model to wire name and column.
    """

    def __init__(self, fields: Fields, columns: Mapping[str, tuple[str, Column]]) -> None:
        self.fields, self.columns = fields, columns
        self._blank: Any = fields.read({})

    @property
    def type(self) -> pa.DataType:
        """The type of the array."""
        return pa.struct(self.schema())

    def schema(self, given: Sequence[str] = ()) -> list[pa.Field]:
        """Return the fields of the array, without those that are given."""
        own = [
            pa.field(attribute, column.type, metadata=_JSON if column is TEXT_OF_ANY else None)
            for attribute, (_, column) in self.columns.items()
            if attribute not in given
        ]
        return [*own, pa.field(ADDITIONAL, pa.string(), metadata=_JSON)]

    def build(self, values: Sequence[Any]) -> Built:
        """Return the array, and the places of the values that it cannot hold."""
        values, kinds = present(values)
        model = self.fields.model
        unfit = (
            () if kinds <= {model} else [i for i, v in enumerate(values) if v is not None and not isinstance(v, model)]
        )
        missing = [not isinstance(value, model) for value in values]
        array = pa.StructArray.from_arrays(
            self.arrays(values), fields=self.schema(), mask=pa.array(missing, pa.bool_())
        )
        return array, unfit

    def arrays(self, values: Sequence[Any], given: Mapping[str, Sequence[Any]] | None = None) -> list[pa.Array]:
        """Return an array for each field.

        Args:
            values: Objects of the model; anything else stands for an object without fields.
            given: Fields that have an array elsewhere, and what is in it: where theirs differs, it is kept.
        """
        models = [value if isinstance(value, self.fields.model) else self._blank for value in values]
        rest: list[dict[str, Any]] = [*map(attrgetter(ADDITIONAL), models)]
        arrays: list[pa.Array] = []
        unfit: Sequence[int]
        for attribute, (name, column) in self.columns.items():
            found = [*map(attrgetter(attribute), models)]
            if given and attribute in given:
                unfit = _differing(found, given[attribute])
            else:
                array, unfit = column.build(found)
                arrays.append(array)
            for place in unfit:
                rest[place] = {name: found[place], **rest[place]}
        return [*arrays, TEXT_OF_ANY.build([kept or None for kept in rest])[0]]


def present(values: Sequence[Any]) -> tuple[Sequence[Any], set[type]]:
    """Return the values with None for what is absent, and the types of those that are there."""
    kinds = set(map(type, values))
    if Unset in kinds:
        values = [None if value is UNSET else value for value in values]
    return values, kinds - {Unset, NoneType}


def _differing(values: Sequence[Any], given: Sequence[Any]) -> list[int]:
    pairs = enumerate(zip(values, given, strict=True))
    return [place for place, (value, other) in pairs if value is not None and value is not UNSET and value != other]


def _is_list(value: Any) -> bool:
    return value is None or isinstance(value, list)


def _integer(value: Any) -> int | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63
    return value if fits else None


def _number(value: Any) -> float | None:
    if isinstance(value, float):
        return value
    try:
        fits = isinstance(value, int) and not isinstance(value, bool) and float(value) == value
    except OverflowError:
        return None
    return float(value) if fits else None


def _text(value: Any) -> str | None:
    try:
        return str(value.encode(), "utf-8") if isinstance(value, str) else None
    except UnicodeEncodeError:
        return None


def _boolean(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _moment(value: Any) -> datetime | None:
    """Return the moment in UTC, unless that is before the year 1 or after 9999, where Python has no dates."""
    if not isinstance(value, datetime):
        return None
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        return None


def _is_utc(values: Sequence[Any]) -> bool:
    # Arrow leaves out what an offset has below a second.
    return {value.tzinfo for value in values if value is not None} <= {UTC}


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


INTEGER: Final = Scalar(pa.int64(), frozenset({int}), _integer)
NUMBER: Final = Scalar(pa.float64(), frozenset({float, int}), _number)
TEXT: Final = Scalar(pa.string(), frozenset({str}), _text)
BOOLEAN: Final = Scalar(pa.bool_(), frozenset({bool}), _boolean)
MOMENT: Final = Scalar(pa.timestamp("us", "UTC"), frozenset({datetime}), _moment, _is_utc)
DAY: Final = Scalar(pa.date32(), frozenset({date}), _day)
UUID_TEXT: Final = Scalar(pa.string(), frozenset(), lambda value: str(value) if isinstance(value, UUID) else None)
BINARY: Final = Scalar(pa.binary(), frozenset(), lambda value: value.read() if isinstance(value, File) else None)
TEXT_OF_ANY: Final = Scalar(pa.string(), frozenset(), json_text)
