"""What a line of the fault table is: a stimulus, and what a client makes of it, as plain data."""

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from .certs import Flaw
from .verbs import Script

Kind: TypeAlias = Literal["wire", "construct", "pure", "concurrency", "drift"]
Where: TypeAlias = Literal["server", "closed_port", "blackhole", "no_such_host", "dead_proxy"]

_GROUPS = ((14, "A"), (23, "B"), (33, "C"), (51, "D"), (62, "E"), (67, "F"), (78, "G"), (86, "H"), (91, "I"), (92, "J"))


@dataclass(frozen=True)
class Between:
    """Any number from `low` to `high`, for a value that chance has a part in."""

    low: float
    high: float

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int | float) and self.low <= value <= self.high


@dataclass(frozen=True)
class Expect:
    """What comes of it; None or empty means that it is not looked at, and `matches` compares.

    Attributes:
        error: The class in the error tree, or a set of which one is right; None for success.
        has: Attributes of the error.
        says: Parts of the error's text, whatever their case.
        hides: Text that may stand neither in the error nor in a log line.
        requests: How many requests the server sees.
        connections: How many connections it sees.
        other: How many connections the other server sees, which nothing should ever reach.
        slept: The waits between attempts.
        within: Seconds of the real clock that it may take.
        reads: What a success holds: dotted path into the list of conversations, and value ("UNSET", dates as ISO text).
        keeps: Raw values kept in additional_properties: dotted path to the model and wire name, value.
        warns: Whether a warning is logged or issued.
    """

    error: str | frozenset[str] | None = None
    has: Mapping[str, Any] = field(default_factory=dict)
    says: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    requests: Any = None
    connections: Any = None
    other: int = 0
    slept: tuple[Any, ...] | None = None
    within: float = 5.0
    reads: Mapping[str, Any] = field(default_factory=dict)
    keeps: Mapping[str, Any] = field(default_factory=dict)
    warns: bool | None = None


@dataclass(frozen=True)
class Fault:
    """One case.

    Attributes:
        id: The fault's number, which says its chapter, then its variant: `F23-302-loop`.
        stimulus: What happens, in words.
        expect: What comes of it.
        kind: Which driver runs it.
        scripts: What the server does; for `wire`.
        input: What is handed to the driver: a document, arguments of the client or the call, numbers.
        options: Options of the client.
        where: Who answers, if not the server.
        tls: The server's certificate, None for plain HTTP.
        scheme: What the client speaks, if not what the server does.
        note: Where the expectation is open, or differs from what one would think, and why.
    """

    id: str
    stimulus: str
    expect: Expect
    kind: Kind = "wire"
    scripts: tuple[Script | Callable[[int], Script], ...] = ()
    input: Any = None
    options: Mapping[str, Any] = field(default_factory=dict)
    where: Where = "server"
    tls: Flaw | None = None
    scheme: Literal["http", "https"] | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if not re.match(r"F\d\d", self.id) or int(self.id[1:3]) > _GROUPS[-1][0]:
            raise ValueError(
                f"{self.id}: the number says the chapter, so a new case is "
                "a variant of the number that it is most like, as `F08-silence` is of F08"
            )

    @property
    def group(self) -> str:
        """The letter of its chapter."""
        return next(letter for last, letter in _GROUPS if int(self.id[1:3]) <= last)


def wire(
    name: str, stimulus: str, script: Script | Callable[[int], Script] | list[Script], expect: Expect, **more: Any
) -> Fault:
    """Return a fault that a server plays: one script, a list of them, or a function of the play's number."""
    scripts = tuple(script) if isinstance(script, list) else (script,)
    return Fault(name, stimulus, expect, scripts=scripts, **more)


def drift(name: str, stimulus: str, document: Any, expect: Expect, **more: Any) -> Fault:
    """Return a fault in a document that arrived whole."""
    return Fault(name, stimulus, expect, kind="drift", input=document, **more)


_OWN = frozenset(Expect.__dataclass_fields__) - {"has", "error"}


def raises(error: str | frozenset[str], **details: Any) -> Expect:
    """Expect an error; details are fields of Expect, or else attributes of the error."""
    own = {name: value for name, value in details.items() if name in _OWN}
    return Expect(error, has={name: value for name, value in details.items() if name not in _OWN}, **own)


def refused(**details: Any) -> Expect:
    """Expect a ConfigurationError, and nothing sent."""
    return raises("ConfigurationError", **{"requests": 0, **details})


def succeeds(**details: Any) -> Expect:
    """Expect the conversations."""
    return Expect(**details)


def matches(expected: Any, actual: Any) -> bool:
    """Return whether a value is the expected one, or one of them if a range, set or Between is expected."""
    if isinstance(expected, Container) and not isinstance(expected, str | bytes | tuple | list | Mapping):
        return actual in expected
    return bool(expected == actual)
