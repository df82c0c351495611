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

Getter: TypeAlias = Callable[[Any], Sequence[Any]]
Other: TypeAlias = Callable[[Any, int, Any], Any]
"""Reads a value that is not plainly what it is declared to be: of an object, at a place, the value."""

Fill: TypeAlias = Callable[[Any, Sequence[Any], Other], None]
"""Gives a new object its values, each read by its decoder unless it plainly is as declared."""

ITSELF: Final = "$"
"""The name under which a model keeps what came in its place and is no object."""


class Stray(dict[str, Any]):
    """The additional properties of a model that stands in a list for what is no object."""


class _Readers(dict[type, Reader]):
    """How a decoder reads values, by their type; worked out once for each."""

    def __init__(self, decoder: Decoder) -> None:
        super().__init__({NoneType: as_is, Unset: as_is})
        self._decoder = decoder

    def __missing__(self, kind: type) -> Reader:
        self[kind] = reader = self._decoder.reader(kind)
        return reader


class Fields:
    """The fields of a model in the order of its constructor: wire name, attribute and decoder of each.

    Reading is fast because the values are fetched all at once, and because the generated `fill` of a model looks at
    the types of its values in straight code; what is not usual is left to the decoders. A model without one is read
    by the table alone, to the same result.
    """

    def __init__(
        self,
        model: "type[Model]",
        table: Mapping[str, tuple[str, Decoder]],
        required: Sequence[str],
        extra: Decoder,
        fill: Fill | None = None,
    ) -> None:
        self.model, self.table, self.required, self.extra, self._given = model, table, tuple(required), extra, fill
        # The very strings that orjson makes of keys: looking them up is twice as fast as looking up equal ones.
        self._names: tuple[str, ...] = tuple(orjson.loads(orjson.dumps(dict.fromkeys(table))))
        self._attributes = tuple(attribute for attribute, _ in table.values())
        self._absent: dict[str, Any] = dict.fromkeys(table, UNSET)
        self._values = _getter(itemgetter, self._names)
        self._fields = _getter(attrgetter, self._attributes)
        self.wire_names = dict(zip(self._attributes, self._names, strict=True))

    def of(self, model: "type[Model]") -> "Fields":
        """Return the same fields for a subclass, which remembers them; its objects are made by its own constructor."""
        read = self.read

        def read_as_subclass(raw: dict[str, Any]) -> Any:
            found = read(raw)
            made: Any = model(*self._fields(found))
            made.additional_properties = found.additional_properties
            return made

        model.__wire__ = Fields(model, self.table, self.required, self.extra)
        model.__wire__.read = read_as_subclass
        return model.__wire__

    def items(self, model: "Model") -> "zip[tuple[str, Any]]":
        """Return the wire name and the value of every field."""
        return zip(self._names, self._fields(model), strict=True)

    @cached_property
    def read(self) -> Callable[[dict[str, Any]], Any]:
        """What reads an object; a function of its own, which is a little faster than a method."""
        model, absent, expected, values_of = self.model, self._absent, len(self.table), self._values
        fill, other, unhooked = self._given or self._fill, self._other(), _unhooked(model)

        def read(raw: dict[str, Any]) -> Any:
            size = len(raw)
            try:
                values = values_of(raw)
            except KeyError:
                merged = {**absent, **raw}
                size = len(merged)
                values = values_of(merged)
            found = unhooked()
            fill(found, values, other)
            if size != expected:
                self._keep_undeclared(raw, found)
            found.__class__ = model
            return found

        return read

    def stray(self, raw: Any) -> Any:
        """Return what stands for a value that came in the place of an object and is none."""
        note(self.model.__name__, ITSELF, raw)
        found = self.read({})
        found.additional_properties = Stray({ITSELF: raw})
        return found

    def drift(self, name: str, raw: Any) -> Drift | None:
        """Return how a kept raw value differs from what is declared."""
        decoder = self.table[name][1] if name in self.table else self.extra
        try:
            decoder.read(raw)
        except Drift as drift:
            return drift
        return None

    def stands(self, name: str, raw: Any, value: Any) -> bool:
        """Return whether a field still has the value that a kept raw one was read as."""
        if value is UNSET or value is None:
            return True
        drift = self.drift(name, raw)
        return drift is not None and bool(drift.value == value)

    def _fill(self, found: Any, values: Sequence[Any], other: Other) -> None:
        found.additional_properties = {}
        for place, value in enumerate(values):
            usual = value is None or value is UNSET
            setattr(found, self._attributes[place], value if usual else other(found, place, value))

    def _other(self) -> Other:
        """Return what reads a value by its decoder; if that refuses, it is kept as it came."""
        readers, drifted = [_Readers(decoder) for _, decoder in self.table.values()], self._drifted

        def other(found: Any, place: int, value: Any) -> Any:
            try:
                return readers[place][type(value)](value)
            except Drift as drift:
                return drifted(found, self._names[place], value, drift)

        return other

    def _drifted(self, found: Any, name: str, value: Any, drift: Drift) -> Any:
        note(self.model.__name__, name, value)
        found.additional_properties[name] = value
        return drift.value

    def _keep_undeclared(self, raw: dict[str, Any], found: Any) -> None:
        """Keep what is not declared, read as the document says of such if it can be."""
        rest: dict[str, Any] = found.additional_properties
        for name, value in raw.items():
            if name not in self.table:
                try:
                    rest[name] = value if value is None else self.extra.read(value)
                except Drift:
                    note(self.model.__name__, "*", value)
                    rest[name] = value

    def rank(self, raw: dict[str, Any]) -> Rank | None:
        """Return how well an object fits this model.

        It does not if a constant differs, a required field is missing, or there is no field of the model in it. A
        constant that is null says as much as one that is absent.
        """
        matched = 0
        for name, values in self._constants:
            if raw.get(name) is not None:
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


def _unhooked(model: "type[Model]") -> Any:
    """Return a class with the layout of a model that has neither its hook for setting attributes nor its constructor.

    An object is of that class while it is filled, and is then made one of the model: the hook would take most of the
    time, and has nothing to do yet.
    """
    plain = {"__slots__": (), "__setattr__": object.__setattr__, "__init__": object.__init__}
    return type(model.__name__, (model,), plain)


def _getter(kind: Callable[..., Any], names: tuple[str, ...]) -> Getter:
    """Return what gets several items or attributes at once, as a tuple also where there is one or none."""
    if len(names) > 1:
        several: Getter = kind(*names)
        return several
    if not names:
        return lambda _: ()
    single = kind(*names)
    return lambda source: (single(source),)
