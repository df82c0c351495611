"""How declared types are read from JSON: one reader for each JSON type a value may come as.

A value that has no reader, or that its reader refuses, is a drift. Null is accepted for every field
and has no reader. Of a list those items are read that can be.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from types import NoneType
from typing import Any, Final, TypeAlias

from . import scalars
from .drift import UNSET, Drift, Partial
from .shapes import is_list, kind_of

Reader: TypeAlias = Callable[[Any], Any]
Readers: TypeAlias = Mapping[type, Reader]
Rank: TypeAlias = tuple[int, int]
"""How well an object fits a model of a union: constants that match, keys that are known."""


def as_is(value: Any) -> Any:
    """Read a value that already is what it should be."""
    return value


def drifted(_: object) -> Any:
    """Refuse a value."""
    raise Drift


class Decoder:
    """How one declared type is read: as the JSON types it is declared to be, and as those it may come as besides."""

    def __init__(self, declared: Readers, tolerated: Readers | None = None, values: Sequence[Any] = ()) -> None:
        self.declared = declared
        self.tolerated: Readers = tolerated or {}
        self.values = tuple(values)

    def reader(self, kind: type) -> Reader:
        """Return how values of a type are read."""
        for base in (kind,) if kind is bool else kind.__mro__:
            found = self.declared.get(base) or self.tolerated.get(base)
            if found is not None:
                return found
        return drifted

    def declares(self, kind: type) -> bool:
        """Return whether values are declared to come as a type."""
        return kind in self.declared

    def read(self, value: Any) -> Any:
        """Read a value or raise Drift."""
        return self.reader(kind_of(value))(value)

    def read_whole(self, document: Any) -> Any:
        """Read a whole document, where null and a value that is only tolerated are no answer."""
        return self.read(document) if self.declares(kind_of(document)) else drifted(document)

    def names(self) -> frozenset[str]:
        """Return the declared members of an object."""
        return frozenset()

    def rank(self, value: Any) -> Rank | None:
        """Return how well a value fits in a union, None if it does not fit."""
        return (0, 0)

    def instead(self, raw: Any) -> Any:
        """Return what stands in a list for an item that cannot be read, `UNSET` if nothing can."""
        return UNSET


integer: Final = Decoder({int: as_is}, {str: scalars.integer_from_text, float: scalars.integer_from_float})
number: Final = Decoder({float: as_is, int: as_is})
text: Final = Decoder({str: as_is})
boolean: Final = Decoder({bool: as_is}, {int: scalars.boolean, str: scalars.boolean})
moment: Final = Decoder({str: scalars.moment}, dict.fromkeys((int, float), scalars.moment_from_epoch))
date: Final = Decoder({str: scalars.day}, dict.fromkeys((int, float), scalars.day_from_epoch))
uuid: Final = Decoder({str: scalars.uuid})
binary: Final = Decoder({str: scalars.file})
null: Final = Decoder({NoneType: as_is})
free: Final = Decoder(dict.fromkeys((str, int, float, bool, dict, list, NoneType), as_is))


def choice(base: Decoder, *values: Any) -> Decoder:
    """An open enum: a value that is not declared is kept as it came."""
    return Decoder(base.declared, base.tolerated, values)


def const(value: Any) -> Decoder:
    """The one value that may come."""

    def read(raw: Any) -> Any:
        return raw if raw == value else drifted(raw)

    return Decoder({type(value): read}, values=(value,))


class array(Decoder):  # noqa: N801 - spelled as the other decoders
    """A list; also an object whose keys are numbers, as PHP writes a list with gaps.

    Attributes:
        item: How its items are read.
    """

    def __init__(self, item: Decoder) -> None:
        self.item = item
        super().__init__({list: self._list}, {dict: self._numbered})

    def reader(self, kind: type) -> Reader:
        """Return how values of a type are read: a list mostly has items of one type, which are read at once."""
        if kind is not list:
            return super().reader(kind)
        usual = next(iter(self.item.declared), type(None))
        read = self.item.reader(usual)

        def read_list(values: list[Any]) -> list[Any]:
            for value in values:
                if type(value) is not usual:
                    return self._list(values)
            try:
                return values if read is as_is else [*map(read, values)]
            except Drift:
                return self._list(values)

        return read_list

    def _list(self, values: list[Any]) -> list[Any]:
        return self._items(enumerate(values))

    def _items(self, items: Iterable[tuple[object, Any]]) -> list[Any]:
        """Read item by item; of one that cannot be read stands what can stand for it, or nothing."""
        found: dict[object, Any] = {}
        places: list[str] = []
        for key, raw in items:
            try:
                found[key] = self.item.read(raw)
            except Drift as drift:
                instead = drift.value if is_list(drift.value) else self.item.instead(raw)
                if instead is not UNSET:
                    found[key] = instead
                if instead is UNSET or instead is drift.value:
                    places += [f"[{key!r}]{place}" for place in drift.places]
        if places:
            raise Partial(found, places)
        return [*found.values()]

    def _numbered(self, values: dict[str, Any]) -> list[Any]:
        if not all(key.isascii() and key.isdigit() and len(key) < 20 for key in values):
            raise Drift
        return self._items((key, values[key]) for key in sorted(values, key=int))

    def read_whole(self, document: Any) -> Any:
        """Read a whole document; numbered as PHP writes a list with gaps, it is one as well."""
        return self.read(document)

    def rank(self, value: Any) -> Rank | None:
        """Return how well the item fits that fits worst, of those that could be one at all."""
        items = value if is_list(value) else value.values()
        ranks = [self.item.rank(item) for item in items if self.item.reader(kind_of(item)) is not drifted]
        return None if None in ranks else min((rank for rank in ranks if rank is not None), default=(0, 0))


class either(Decoder):  # noqa: N801
    """One of several types: the first that fits, and of several objects the one that fits best.

    Attributes:
        options: How each of them is read.
    """

    def __init__(self, *options: Decoder) -> None:
        self.options = options
        super().__init__({}, {})

    def declares(self, kind: type) -> bool:
        """Return whether an option is declared to come as a type."""
        return any(option.declares(kind) for option in self.options)

    def reader(self, kind: type) -> Reader:
        """Return how values of a type are read: as what is declared to come so, and only then as anything else."""
        candidates = self._candidates(kind)
        if len(candidates) == 1:
            return candidates[0].reader(kind)

        def read(value: Any) -> Any:
            ranked = [(rank, option) for option in candidates if (rank := option.rank(value)) is not None]
            fullest = Drift()
            for _, option in sorted(ranked, key=lambda pair: pair[0], reverse=True):
                try:
                    return option.read(value)
                except Drift as drift:
                    if is_list(drift.value) and len(drift.value) > len(fullest.value or ()):
                        fullest = drift
            raise fullest

        return read

    def read_whole(self, document: Any) -> Any:
        """Read a whole document as what is declared to come so, or else as what one of the options takes for itself."""
        if self.declares(kind_of(document)):
            return self.read(document)
        for option in self.options:
            with suppress(Drift):
                return option.read_whole(document)
        raise Drift

    def names(self) -> frozenset[str]:
        """Return what any option declares."""
        return frozenset(name for option in self.options for name in option.names())

    def rank(self, value: Any) -> Rank | None:
        """Return how well the option fits that fits best."""
        ranks = [option.rank(value) for option in self._candidates(kind_of(value))]
        return max((rank for rank in ranks if rank is not None), default=None)

    def instead(self, raw: Any) -> Any:
        """Return what stands for an item if only one option has something for it."""
        found = [instead for option in self.options if (instead := option.instead(raw)) is not UNSET]
        return found[0] if len(found) == 1 else UNSET

    def _candidates(self, kind: type) -> list[Decoder]:
        readers = [(option, option.reader(kind)) for option in self.options]
        able = [(option, reader) for option, reader in readers if reader is not drifted]
        return [option for option, _ in sorted(able, key=lambda pair: (not pair[0].declares(kind), pair[1] is as_is))]
