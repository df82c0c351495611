"""What every generated model is: an attrs class that is read and written by the table of its fields."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from types import NoneType
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self
from uuid import UUID

from . import scalars
from .decoders import Decoder, Rank, Reader, Readers, as_is, drifted, free
from .drift import UNSET
from .fields import ITSELF, Fields, Fill, Stray
from .shapes import is_list, is_object, kind_of

additional: Final[Callable[[], dict[str, Any]]] = dict
"""What begins a model's additional properties."""


_set = object.__setattr__


class Model:
    """The base of the generated models.

    A field is `UNSET` where it is absent and None where it is null. Whatever is not declared, or is not as declared, is
    kept in `additional_properties` under its name on the wire, and `model[name]` reaches it. Setting a field ends the
    keeping of its raw value. What came in a list of objects and is none is a model with nothing but `model["$"]`.
    """

    __slots__ = ()
    __wire__: ClassVar[Fields]
    additional_properties: dict[str, Any]

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read an object of the API. It is not modified; lists and free-form objects in it may be shared."""
        fields = cls.__wire__ if cls.__wire__.model is cls else cls.__wire__.of(cls)
        read: Self = fields.read(src_dict if is_object(src_dict) else dict(src_dict))
        return read

    def to_dict(self) -> dict[str, Any]:
        """Write the object as the API does: what was kept as it came, what was changed as it is now."""
        return {name: plain(value) for name, value in members(self).items()}

    if not TYPE_CHECKING:  # a type checker would let any attribute be set

        def __setattr__(self, name: str, value: Any) -> None:
            _set(self, name, value)
            kept = getattr(self, "additional_properties", None)  # there is none yet while it is made
            if kept and (wire_name := self.__wire__.wire_names.get(name)) in kept:
                forget(self, wire_name)

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


def members(model: Model) -> dict[str, Any]:
    """Return what a model is written as: by wire name its values, a raw one where it stands for its field.

    A list of which not all could be read is forgotten as it came when its field has been changed in place.
    """
    found = {**model.additional_properties}
    for name, value in model.__wire__.items(model):
        if name in found and model.__wire__.stands(name, found[name], value):
            continue
        if name in found:
            forget(model, name)
        if value is not UNSET:
            found[name] = value
    return found


def forget(model: Model, name: str) -> None:
    """Keep a raw value no longer. A shallow copy of the model, which shares what is kept, still has it."""
    _set(model, "additional_properties", {key: raw for key, raw in model.additional_properties.items() if key != name})


def plain(value: Any) -> Any:
    """Write a value as JSON knows it; free-form objects are shared, not copied."""
    kind = kind_of(value)
    if kind in _PLAIN:
        return value
    if isinstance(value, Model):
        written = value.to_dict()
        is_stray = type(value.additional_properties) is Stray and written.keys() == {ITSELF}
        return written[ITSELF] if is_stray else written
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


def describe(
    model: type[Model],
    table: Mapping[str, tuple[str, Decoder]],
    *,
    required: Sequence[str] = (),
    extra: Decoder = free,
    fill: Fill | None = None,
) -> None:
    """Give a generated model the table of its fields.

    Args:
        model: The model.
        table: By wire name the attribute and the decoder.
        required: The wire names of the fields that must not be missing.
        extra: What the document says of undeclared members.
        fill: What fills a new object with values, faster than by the table.
    """
    model.__wire__ = Fields(model, table, required, extra, fill)


class model(Decoder):  # noqa: N801 - spelled as the other decoders
    """An object, by a function that returns its class: models may refer to each other.

    Instead of a class it may return an alias of `dict`, which is an object that may hold anything.
    """

    def __init__(self, target: Callable[[], Any]) -> None:
        self._target = target
        super().__init__({dict: self._object}, {list: self._empty})

    @cached_property
    def fields(self) -> Fields | None:
        """The fields of the class; None for an object that may hold anything."""
        target = self._target()
        return target.__wire__ if isinstance(target, type) and issubclass(target, Model) else None

    def reader(self, kind: type) -> Reader:
        """Return how values of a type are read, without a detour for the usual one."""
        if kind is dict:
            return self.fields.read if self.fields else as_is
        return super().reader(kind)

    def read_whole(self, document: Any) -> Any:
        """Read a whole document: one without fields of its own may be empty as PHP writes it, another lacks them."""
        return super().read_whole(document) if self.names() else self.read(document)

    def instead(self, raw: Any) -> Any:
        """Return a model which keeps what came and is no object."""
        return self.fields.stray(raw) if self.fields else UNSET

    def _object(self, value: Mapping[str, Any]) -> Any:
        return self.fields.read(dict(value)) if self.fields else value

    def _empty(self, value: list[Any]) -> Any:
        return drifted(value) if value else self._object({})

    def names(self) -> frozenset[str]:
        """Return the fields of the model."""
        return frozenset(self.fields.table) if self.fields else frozenset()

    def rank(self, value: Any) -> Rank | None:
        """Return how well an object fits; PHP's empty one as any other that is empty."""
        if not is_object(value) and value != []:
            return None
        return self.fields.rank(value or {}) if self.fields else (0, 0)


__all__ = ["Fields", "Model", "Readers", "describe", "members", "model", "plain"]
