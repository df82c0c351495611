"""What came of a case, and whether it is what the table says."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from typing import Any

from enneo_mind_client import UNSET, EnneoMindError

from .fault import Expect, matches
from .hunt import surfaces
from .server import ScriptedServer


@dataclass
class Outcome:
    """What came of a case.

    Attributes:
        value: What the call returned.
        error: What it raised.
        slept: The waits between its attempts.
        said: Log lines at INFO and above, and warnings.
        warned: Whether one of them is a warning.
        told_before: Whether what is warned of once a process may have been warned of already.
        elapsed: Seconds of the real clock.
    """

    value: Any = None
    error: BaseException | None = None
    slept: tuple[float, ...] = ()
    said: list[str] = field(default_factory=list)
    warned: bool = False
    told_before: bool = False
    elapsed: float = 0.0

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Note what is logged, at any level by anyone, and warned of."""
        handler = _Noting(self)
        root, level = logging.getLogger(), logging.getLogger().level
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            root.addHandler(handler)
            root.setLevel(logging.DEBUG)
            try:
                yield
            finally:
                root.removeHandler(handler)
                root.setLevel(level)
                self._note(caught)

    def _note(self, caught: list[warnings.WarningMessage]) -> None:
        self.said += [f"{warning.category.__name__}: {warning.message}" for warning in caught]
        self.warned = self.warned or bool(caught)


class _Noting(logging.Handler):
    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self._outcome = outcome
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._outcome.said.append(f"{self.format(record)} {record.args!r}")
        self._outcome.warned |= record.levelno >= logging.WARNING and record.name.startswith("enneo_mind_client")


def check(expect: Expect, outcome: Outcome, address: str = "", secret: str = "") -> None:
    """Compare an outcome with what is expected of it."""
    if expect.error is None:
        if outcome.error is not None:
            raise AssertionError(f"not expected: {outcome.error!r}") from outcome.error
        check_value(expect, outcome.value)
    else:
        _check_error(expect, outcome.error, address)
    if expect.slept is not None:
        assert len(expect.slept) == len(outcome.slept), outcome.slept
        assert all(map(matches, expect.slept, outcome.slept)), outcome.slept
    if expect.warns is not None:
        assert expect.warns == (outcome.warned or (expect.warns and outcome.told_before)), outcome.said
    assert outcome.elapsed < expect.within
    check_hidden((*expect.hides, *([secret] if secret else [])), outcome)


def check_traffic(expect: Expect, server: ScriptedServer, other: ScriptedServer) -> None:
    """Compare what the servers saw, and see that every socket was closed."""
    assert server.seen.wait_for(lambda seen: seen.open == 0, 2), "a socket was left open"
    if expect.requests is not None:
        assert matches(expect.requests, len(server.seen.requests)), server.seen
    if expect.connections is not None:
        assert matches(expect.connections, server.seen.connections), server.seen
    assert (expect.other, 0) == (other.seen.connections, other.seen.bytes_received)


def check_hidden(hidden: tuple[str, ...], outcome: Outcome) -> None:
    """See that some texts stand nowhere in an error nor in a log line."""
    shown = {} if outcome.error is None else surfaces(outcome.error)
    if not isinstance(outcome.error, EnneoMindError | None):
        shown.pop("pickle", None)
    for text in hidden:
        found = [name for name, content in shown.items() if text in content and not _is_markup(text, name)]
        assert found == [], f"{text!r} in {found}: {[shown[name] for name in found]}"
        assert [line for line in outcome.said if text in line] == []


def _is_markup(text: str, surface: str) -> bool:
    """A traceback has line breaks of its own, and a pickle any byte."""
    return not text.isprintable() and surface.startswith(("traceback", "pickle"))


def _check_error(expect: Expect, error: BaseException | None, address: str) -> None:
    assert matches(expect.error, type(error).__name__), f"{error!r}"
    for name, value in expect.has.items():
        assert matches(value, getattr(error, name)), f"{name}: {getattr(error, name)!r}, of {error!r}"
    for part in expect.says:
        assert part.format(address=address).lower() in str(error).lower()
    if isinstance(error, EnneoMindError) and error.attempts:
        assert error.elapsed >= 0
        assert error.stopped_by is not None


def check_value(expect: Expect, value: Any) -> None:
    """Compare what was returned with what a row looks at."""
    for path, wanted in expect.reads.items():
        assert matches(wanted, _plain(_at(value, path.split(".")))), path
    for path, raw in expect.keeps.items():
        *way, name = path.split(".")
        assert raw == _at(value, way).additional_properties[name], path


def _at(value: Any, way: list[str]) -> Any:
    steps = [step for step in way if step]
    return reduce(lambda held, step: held[int(step)] if step.isdecimal() else getattr(held, step), steps, value)


def _plain(value: Any) -> Any:
    if type(value).__name__ == type(UNSET).__name__:  # the stock client has one of its own
        return "UNSET"
    return value.isoformat() if isinstance(value, datetime) else value
