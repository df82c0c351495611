"""The fields of a model: the table by which its objects are read and written, and what makes that fast."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from operator import attrgetter, itemgetter
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import orjson

from .decoders import Decoder, Rank, Reader, as_is
from .drift import UNSET, Drift, Unset, note

if TYPE_CHECKING:
    from .model import Model

MAX_PLANS: Final = 1024
"""Combinations of types that are remembered for a model; the next ones are worked out each time."""

Plan: TypeAlias = tuple[tuple[int, Reader], ...]
"""What is to be done with the values of an object: the places of those that are not taken as they are, and how."""

Getter: TypeAlias = Callable[[Any], Sequence[Any]]


class Fields:
    """The fields of a model in the order of its constructor: wire name, attribute and decoder of each.

    Reading is fast because objects of one kind mostly have values of the same types: what is to be done for a
    combination of types is worked out once.
    """

    def __init__(
        self, model: "type[Model]", table: Mapping[str, tuple[str, Decoder]], required: Sequence[str], extra: Decoder
    ) -> None:
        self.model, self.table, self.required, self._extra = model, table, tuple(required), extra
        # The very strings that orjson makes of keys: looking them up is twice as fast as looking up equal ones.
        self._names: tuple[str, ...] = tuple(orjson.loads(orjson.dumps(dict.fromkeys(table))))
        self._attributes = tuple(attribute for attribute, _ in table.values())
        self._decoders = tuple(decoder for _, decoder in table.values())
        self._absent: dict[str, Any] = dict.fromkeys(table, UNSET)
        self._values = _getter(itemgetter, self._names)
        self._fields = _getter(attrgetter, self._attributes)
        self._plans: dict[tuple[type, ...], Plan] = {}
        self.read = self._reader()

    def of(self, model: "type[Model]") -> "Fields":
        """Return the same fields for a subclass, which remembers them."""
        model.__wire__ = Fields(model, self.table, self.required, self._extra)
        return model.__wire__

    def items(self, model: "Model") -> "zip[tuple[str, Any]]":
        """Return the wire name and the value of every field."""
        return zip(self._names, self._fields(model), strict=True)

    def _reader(self) -> Callable[[dict[str, Any]], Any]:
        """Return what reads an object; a function of its own, which is a little faster than a method."""
        model, absent, expected, values_of, plans = self.model, self._absent, len(self.table), self._values, self._plans

        def read(raw: dict[str, Any]) -> Any:
            size = len(raw)
            try:
                values = values_of(raw)
            except KeyError:
                merged = {**absent, **raw}
                size = len(merged)
                values = values_of(merged)
            kinds = (*map(type, values),)
            plan = plans.get(kinds)
            if plan is None:
                plan = self._plan(kinds)
            kept: Sequence[str] = ()
            if plan:
                values = [*values]
                for place, reader in plan:
                    try:
                        values[place] = reader(values[place])
                    except Drift as drift:
                        kept = (*kept, self._drifted(place, values[place]))
                        values[place] = drift.value
            found: Any = model(*values)
            if kept or size != expected:
                found.additional_properties = self._rest(raw, kept)
            return found

        return read

    def _drifted(self, place: int, raw: Any) -> str:
        name = self._names[place]
        note(self.model.__name__, name, raw)
        return name

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
