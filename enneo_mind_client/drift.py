"""Values that are absent, and values that are not what the document declares."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar, Final, Literal, Self

from enneo_mind_client.locks import ProcessLock

_logger = logging.getLogger("enneo_mind_client.wire")
_lock = ProcessLock()

drifts: Final[Counter[tuple[str, str]]] = Counter()
"""How often each (model, wire field) came other than declared, in this process."""


class Unset:
    """The type of `UNSET`, which stands for a field that is absent. There is one, and it is falsy."""

    __slots__ = ()
    _only: ClassVar[Self | None] = None

    def __new__(cls) -> Self:
        """Return the one there is."""
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"


UNSET: Final = Unset()


class Drift(Exception):  # noqa: N818 - it is caught where it can be mended and never reaches a user
    """A value cannot be read as declared; `value` stands in for it and the raw one is kept.

    Attributes:
        value: What stands in for it.
        places: The paths, from the value on, of what cannot be read.
        keys: Where the items of a list that stands in for it stood.
    """

    value: Any = UNSET
    places: Sequence[str] = ("",)
    keys: Sequence[object] = ()


class Undated(Drift):
    """A date that is zero or unreadable."""

    value = None


class Partial(Drift):
    """A list of which only some items can be read: these stand in for it."""

    def __init__(self, read: Mapping[object, Any], places: Sequence[str]) -> None:
        super().__init__()
        self.value, self.places, self.keys = [*read.values()], places, [*read]


def noted() -> dict[tuple[str, str], int]:
    """Return the counts of this moment, while other threads go on counting."""
    with _lock.here():
        return dict(drifts)


def note(model: str, field: str, raw: object) -> None:
    """Count a drift, and log the first of its field. What was sent may be personal data: only its type is told."""
    with _lock.here():
        drifts[model, field] += 1
        first = drifts[model, field] == 1
    if first:
        with suppress(Exception):  # a log handler of the caller's that fails costs no call its answer
            _logger.warning(
                "%s.%s came as %s that cannot be read as declared; the raw value is kept in additional_properties",
                model,
                field,
                type(raw).__name__,
            )
