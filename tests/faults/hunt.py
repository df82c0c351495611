"""Looks for a secret wherever an error or an object could show it."""

import pickle
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

_TESTS: Final = str(Path(__file__).parent)


def surfaces(error: BaseException) -> dict[str, str]:
    """Return everything that an error shows: itself and each error it came from, what they hold, and their frames."""
    shown = {
        "traceback": "".join(traceback.format_exception(error)),
        "traceback with locals": locals_of(error),
        "pickle": pickle.dumps(error).decode("latin-1"),
    }
    for number, link in enumerate(chain(error)):
        shown |= {f"{number} str": str(link), f"{number} repr": repr(link), f"{number} held": " ".join(held(link))}
    return shown


def locals_of(error: BaseException) -> str:
    """Return the traceback as tools show it that collect errors, with the variables of every frame but the tests'."""
    whole = traceback.TracebackException.from_exception(error, capture_locals=True)
    for link in _links(whole):
        link.stack[:] = [frame for frame in link.stack if not frame.filename.startswith(_TESTS)]
    return "".join(whole.format())


def _links(shown: traceback.TracebackException | None) -> Iterator[traceback.TracebackException]:
    if shown is not None:
        yield shown
        yield from _links(shown.__cause__)
        yield from _links(shown.__context__)


def chain(error: BaseException | None, seen: frozenset[int] = frozenset()) -> Iterator[BaseException]:
    """Yield an error, its cause and its context, and theirs, whether or not they would be printed."""
    if error is not None and id(error) not in seen:
        yield error
        yield from chain(error.__cause__, seen | {id(error)})
        yield from chain(error.__context__, seen | {id(error)})


def held(value: Any, depth: int = 8) -> Iterator[str]:
    """Yield the repr of a value and of all that it holds, as tools do that dump objects."""
    yield repr(value)
    if depth:
        for inner in _inside(value):
            yield from held(inner, depth - 1)


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    if isinstance(value, str | bytes | int | float | type(None)):
        return []
    slots = [getattr(value, name, None) for cls in type(value).__mro__ for name in getattr(cls, "__slots__", ())]
    return [*vars(value).values(), *slots] if hasattr(value, "__dict__") else slots
