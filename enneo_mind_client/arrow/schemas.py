"""From the tables of the generated models to columns: a document that has grown changes them, and no line here."""

# pyarrow tells no types
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportUnknownArgumentType=false
from functools import cache
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]

from enneo_mind_client import wire
from enneo_mind_client.arrow.columns import (
    BINARY,
    BOOLEAN,
    DAY,
    INTEGER,
    MOMENT,
    NUMBER,
    TEXT,
    TEXT_OF_ANY,
    UUID_TEXT,
    Column,
    List,
    Scalar,
    Struct,
)
from enneo_mind_client.decoders import Decoder, array, either
from enneo_mind_client.fields import Fields
from enneo_mind_client.model import Model, model
from enneo_mind_client.shapes import kind_of

_SCALARS: Final = (
    (wire.integer, INTEGER),
    (wire.number, NUMBER),
    (wire.text, TEXT),
    (wire.boolean, BOOLEAN),
    (wire.moment, MOMENT),
    (wire.date, DAY),
    (wire.uuid, UUID_TEXT),
    (wire.binary, BINARY),
)
_CONSTANTS: Final[dict[type[object], Scalar]] = {int: INTEGER, float: NUMBER, str: TEXT, bool: BOOLEAN}


def schema(of: type[Model]) -> pa.Schema:
    """Return the Arrow schema of a generated model: its attributes, and `additional_properties` as JSON text."""
    return pa.schema(struct_of(of).schema())


def struct_of(of: type[Model]) -> Struct:
    """Return the columns of a generated model."""
    return _struct_of(of.__wire__)


@cache
def _struct_of(fields: Fields) -> Struct:
    return _struct(fields, ())


def _struct(fields: Fields, within: tuple[type[Model], ...]) -> Struct:
    inside = (*within, fields.model)
    return Struct(
        fields, {attribute: (name, _column(decoder, inside)) for name, (attribute, decoder) in fields.table.items()}
    )


def _column(decoder: Decoder, within: tuple[type[Model], ...]) -> Column:
    """Return how a declared type is written; what has no Arrow type of its own, or no end, is JSON."""
    if isinstance(decoder, array):
        item = _column(decoder.item, within)
        return item if item is TEXT_OF_ANY else List(item)
    if isinstance(decoder, either):
        return _either(decoder, within)
    if isinstance(decoder, model):
        fields = decoder.fields
        has_end = fields is not None and bool(fields.table) and fields.model not in within
        return _struct(fields, within) if fields is not None and has_end else TEXT_OF_ANY
    return _scalar(decoder)


def _either(decoder: either, within: tuple[type[Model], ...]) -> Column:
    options = [_column(option, within) for option in decoder.options if option is not wire.null]
    first, *others = options or [TEXT_OF_ANY]
    are_one = not others or (isinstance(first, Scalar) and all(other is first for other in others))
    return first if are_one else TEXT_OF_ANY


def _scalar(decoder: Decoder) -> Scalar:
    for known, column in _SCALARS:
        if decoder.declared == known.declared:
            return column
    return _CONSTANTS.get(kind_of(decoder.values[0]), TEXT_OF_ANY) if len(decoder.values) == 1 else TEXT_OF_ANY
