"""Values of any model, as a server may send them, and the way back from an array to the object that was sent."""

import datetime
import json
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from enneo_mind_client import UNSET, wire
from enneo_mind_client.arrow.columns import ADDITIONAL, TEXT_OF_ANY, List, Struct
from enneo_mind_client.arrow.schemas import struct_of
from enneo_mind_client.decoders import Decoder, array
from enneo_mind_client.model import model, plain

_SCALARS = (
    None, True, 0, 1, -1.5, 1e308, 4e9, 2**53 + 1, 2**60, 2**63, -(2**63), 10**30, 1657056276, "", "1", "ä🙂", "\ud800",
    "\0", "0000-00-00 00:00:00", "2022-08-12 12:21:21", "2022-08-12", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "2020-01-01T00:00:00+01:00:00.5", "00000000-0000-0000-0000-00000000000A",
)  # fmt: skip
_NESTED = (
    [], {}, [None], [[]], [2**64, 1], ["a", "\udc00"],
    {"0": 1}, {"1": "b", "0": "a"}, {"a": {"b": [1]}}, {"a": "\ud800"},
)  # fmt: skip
ODD = st.sampled_from([*_SCALARS, *_NESTED])


def objects(of: type[wire.Model], depth: int = 3) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects of a model: fields mostly as declared, some odd, some absent, some that it does not know."""
    fields = {name: _values(decoder, depth) for name, (_, decoder) in of.__wire__.table.items()}
    return st.fixed_dictionaries({}, optional={**fields, "unknown": ODD})


def _values(decoder: Decoder, depth: int) -> st.SearchStrategy[Any]:
    if isinstance(decoder, array):
        return ODD | st.lists(_values(decoder.item, depth), max_size=3)
    if isinstance(decoder, model) and decoder.fields is not None and depth:
        return ODD | objects(decoder.fields.model, depth - 1)
    usual = [*decoder.values, 5, 1.25, "text", True, "2022-08-12 12:21:21", "00000000-0000-0000-0000-000000000001"]
    return ODD | st.sampled_from(usual)


def there_and_back(models: list[Any], of: type[wire.Model]) -> list[Any]:
    """Return what is read from the array that is made of some objects; None for those that the array cannot hold."""
    struct = struct_of(of)
    built, unfit = struct.build(models)
    built.validate(full=True)
    values = built.to_pylist()
    return [None if place in unfit else restored(struct, value, of) for place, value in enumerate(values)]


def restored(struct: Struct, value: dict[str, Any] | None, of: type[wire.Model]) -> Any:
    """Return the object of a model that a value of its array stands for."""
    return None if value is None else of.from_dict(_raw(struct, value))


def _raw(column: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column, Struct):
        rest = json.loads(value[ADDITIONAL] or "{}")
        fields = {n: _raw(inner, value[a]) for a, (n, inner) in column.columns.items() if value[a] is not None}
        return {**fields, **rest}
    if isinstance(column, List):
        return [_raw(column.item, item) for item in value]
    if column is TEXT_OF_ANY:
        return json.loads(value)
    return value.decode("utf-8", "surrogatepass") if isinstance(value, bytes) else plain(value)


def without_absence(value: Any) -> Any:
    """Return an object of a model in which nothing says whether a field without a value was absent or null."""
    if isinstance(value, wire.Model):
        found = {name: without_absence(item) for name, item in value.__wire__.items(value)}
        return type(value), {n: item for n, item in found.items() if item is not None}, value.additional_properties
    if isinstance(value, list):
        return [without_absence(item) for item in value]
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=datetime.UTC) if value.tzinfo is None else value
    return None if value is UNSET else value


def has_no_end(kind: pa.DataType, depth: int = 12) -> bool:
    """Return whether a type is nested deeper than any document would."""
    return depth == 0 or any(has_no_end(kind.field(place).type, depth - 1) for place in range(kind.num_fields))
