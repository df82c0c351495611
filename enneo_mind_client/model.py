"""What every generated model is: an attrs class that is read and written by the table of its fields."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter, itemgetter
from types import NoneType
from typing import Any, ClassVar, Final, Self, TypeAlias
from uuid import UUID

import orjson

from . import scalars
from .decoders import Decoder, Rank, Reader, Readers, as_is, drifted, free
from .drift import UNSET, Drift, Unset, note
from .shapes import is_list, is_object, kind_of

MAX_PLANS: Final = 1024
"""Combinations of types that are remembered for a model; the next ones are worked out each time."""

Plan: TypeAlias = tuple[tuple[int, Reader], ...]
"""What is to be done with the values of an object: the places of those that are not taken as they are, and how."""

additional: Final[Callable[[], dict[str, Any]]] = dict
"""What begins a model's additional properties."""

Getter: TypeAlias = Callable[[Any], Sequence[Any]]


class Model:
    """The base of the generated models.

    A field is `UNSET` where it is absent and None where it is null. Whatever is not declared, or is not as declared, is
    kept in `additional_properties` under its name on the wire, and `model[name]` reaches it.
    """

    __slots__ = ()
    __wire__: ClassVar["Fields"]
    additional_properties: dict[str, Any]

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read an object of the API. It is not modified; lists and free-form objects in it may be shared."""
        fields = cls.__wire__ if cls.__wire__.model is cls else cls.__wire__.of(cls)
        read: Self = fields.read(src_dict if is_object(src_dict) else dict(src_dict))
        return read

    def to_dict(self) -> dict[str, Any]:
        """Write the object as the API does. A kept raw value stands until its field is given another than None."""
        result = {name: plain(value) for name, value in self.additional_properties.items()}
        for name, value in self.__wire__.items(self):
            if value is None:
                result.setdefault(name, None)
            elif value is not UNSET:
                result[name] = plain(value)
        return result

    @property
    def additional_keys(self) -> list[str]:
        """The names that are kept besides the fields."""
        return list(self.additional_properties)

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties


def plain(value: Any) -> Any:
    """Write a value as JSON knows it; free-form objects are shared, not copied."""
    kind = kind_of(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, Model):
        return value.to_dict()
    if is_list(value) or kind is tuple:
        return [*map(plain, value)]
    writer = next((_WRITERS[base] for base in kind.__mro__ if base in _WRITERS), as_is)
    return writer(value)


_PLAIN = frozenset({str, int, float, bool, NoneType, dict})
_WRITERS: Mapping[type, Callable[[Any], Any]] = {
    datetime: scalars.plain_moment,
    date: date.isoformat,
    UUID: str,
    scalars.File: scalars.plain_file,
}


class Fields:
    """The fields of a model in the order of its constructor: wire name, attribute and decoder of each.

    Reading is fast because objects of one kind mostly have values of the same types: what is to be done for a
    combination of types is worked out once.
    """

    def __init__(
        self, model: type[Model], table: Mapping[str, tuple[str, Decoder]], required: Sequence[str], extra: Decoder
    ) -> None:
        self.model, self.table, self.required, self._extra = model, table, tuple(required), extra
        # The very strings that orjson makes of keys: looking them up is twice as fast as looking up equal ones.
        self._names = tuple(orjson.loads(orjson.dumps(dict.fromkeys(table))))
        self._size = len(table)
        self._attributes = tuple(attribute for attribute, _ in table.values())
        self._decoders = tuple(decoder for _, decoder in table.values())
        self._absent: dict[str, Any] = dict.fromkeys(table, UNSET)
        self._values = _getter(itemgetter, self._names)
        self._fields = _getter(attrgetter, self._attributes)
        self._plans: dict[tuple[type, ...], Plan] = {}

    def of(self, model: type[Model]) -> "Fields":
        """Return the same fields for a subclass, which remembers them."""
        model.__wire__ = Fields(model, self.table, self.required, self._extra)
        return model.__wire__

    def items(self, model: Model) -> "zip[tuple[str, Any]]":
        """Return the wire name and the value of every field."""
        return zip(self._names, self._fields(model), strict=True)

    def read(self, raw: dict[str, Any]) -> Any:
        """Read an object."""
        size = len(raw)
        try:
            values = self._values(raw)
        except KeyError:
            merged = {**self._absent, **raw}
            size = len(merged)
            values = self._values(merged)
        plan = self._plans.get(kinds := tuple(map(type, values)))
        if plan is None:
            plan = self._plan(kinds)
        kept: list[str] | None = None
        if plan:
            values = [*values]
            for place, reader in plan:
                try:
                    values[place] = reader(values[place])
                except Drift as drift:
                    kept = [*(kept or ()), self._names[place]]
                    note(self.model.__name__, self._names[place], values[place])
                    values[place] = drift.value
        model: Any = self.model(*values)
        if kept or size != self._size:
            model.additional_properties = self._rest(raw, kept or ())
        return model

    def _rest(self, raw: dict[str, Any], kept: Sequence[str]) -> dict[str, Any]:
        """Return what is not declared, read as the document says of such, and the kept values as they came."""
        rest: dict[str, Any] = {}
        for name, value in raw.items():
            if name in kept:
                rest[name] = value
            elif name not in self.table:
                try:
                    rest[name] = value if value is None else self._extra.read(value)
                except Drift:
                    note(self.model.__name__, "*", value)
                    rest[name] = value
        return rest

    def _plan(self, kinds: tuple[type, ...]) -> Plan:
        readers = [
            as_is if kind is NoneType or kind is Unset else decoder.reader(kind)
            for kind, decoder in zip(kinds, self._decoders, strict=True)
        ]
        plan = tuple((place, reader) for place, reader in enumerate(readers) if reader is not as_is)
        if len(self._plans) < MAX_PLANS:
            self._plans[kinds] = plan
        return plan

    def rank(self, raw: dict[str, Any]) -> Rank | None:
        """Return how well an object fits this model.

        It does not if a constant differs, a required field is missing, or there is no field of the model in it.
        """
        matched = 0
        for name, values in self._constants:
            if name in raw:
                matches = raw[name] in values
                if not matches and len(values) == 1:
                    return None
                matched += matches
        known = sum(name in self.table for name in raw)
        fits = raw.keys() >= set(self.required) and (known > 0 or not raw)
        return (matched, known) if fits else None

    @cached_property
    def _constants(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        return tuple((name, decoder.values) for name, (_, decoder) in self.table.items() if decoder.values)


def _getter(kind: Callable[..., Any], names: tuple[str, ...]) -> Getter:
    """Return what gets several items or attributes at once, as a tuple also where there is one or none."""
    if len(names) > 1:
        several: Getter = kind(*names)
        return several
    if not names:
        return lambda _: ()
    single = kind(*names)
    return lambda source: (single(source),)


def describe(
    model: type[Model],
    table: Mapping[str, tuple[str, Decoder]],
    *,
    required: Sequence[str] = (),
    extra: Decoder = free,
) -> None:
    """Give a generated model the table of its fields; `extra` is what the document says of undeclared ones."""
    model.__wire__ = Fields(model, table, required, extra)


class model(Decoder):  # noqa: N801 - spelled as the other decoders
    """An object, by a function that returns its class: models may refer to each other.

    Instead of a class it may return an alias of `dict`, which is an object that may hold anything.
    """

    def __init__(self, target: Callable[[], Any]) -> None:
        self._target = target
        super().__init__({dict: self._object}, {list: self._empty})

    @cached_property
    def _fields(self) -> Fields | None:
        target = self._target()
        return target.__wire__ if isinstance(target, type) and issubclass(target, Model) else None

    def reader(self, kind: type) -> Reader:
        """Return how values of a type are read, without a detour for the usual one."""
        if kind is dict:
            return self._fields.read if self._fields else as_is
        return super().reader(kind)

    def _object(self, value: Mapping[str, Any]) -> Any:
        return self._fields.read(dict(value)) if self._fields else value

    def _empty(self, value: list[Any]) -> Any:
        return drifted(value) if value else self._object({})

    def names(self) -> frozenset[str]:
        """Return the fields of the model."""
        return frozenset(self._fields.table) if self._fields else frozenset()

    def rank(self, value: Any) -> Rank | None:
        """Return how well an object fits."""
        if not is_object(value):
            return (0, 0) if value == [] else None
        return self._fields.rank(value) if self._fields else (0, 0)


__all__ = ["Fields", "Model", "Readers", "describe", "model", "plain"]
