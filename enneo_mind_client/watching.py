"""Who watches a call and asks for headers to go along (see `otel`), and who holds it back: the pace of a stream."""

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Protocol, TypeAlias

from attrs import field, frozen

from enneo_mind_client.events import Attempt, Retry, tell


@frozen
class Begun:
    """A call that begins.

    Attributes:
        operation: The operation's name in the OpenAPI document.
        method: The HTTP method.
        path: The path's template, without values: `/ticket/{ticketId}/conversation`.
        url: The address, which may hold personal data.
        outside: Whether it is of another host than the instance.
    """

    operation: str
    method: str
    path: str
    url: str = field(repr=False)
    outside: bool = False


class Watch(Protocol):
    """Watches one call, in the thread or task that makes it. What a method raises is logged and fails no call."""

    def headers(self, number: int) -> Mapping[str, str]:
        """Return what goes along with attempt `number`, to the instance only; ours have precedence."""
        ...

    def attempted(self, attempt: Attempt) -> None:
        """Be told of an attempt that has ended."""
        ...

    def retrying(self, retry: Retry) -> None:
        """Be told of a decision to try again."""
        ...

    def ended(self, error: BaseException | None) -> None:
        """Be told of the end: the error that is raised, a `CancelledError` for one, or None."""
        ...


Observer: TypeAlias = Callable[[Begun], Watch]
"""Called at the begin of each call; returns what watches it."""


class Watching:
    """Has a call watched while the `with` block lasts."""

    def __init__(self, observer: Observer, begun: Begun) -> None:
        self._observer, self._begun = observer, begun

    def __enter__(self) -> Watch | None:
        self._watch = tell(self._observer, self._begun)
        return self._watch

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._watch is not None:
            tell(self._watch.ended, _reason(error))


def _reason(error: BaseException | None) -> BaseException | None:
    """Return why a flow was closed that did not end by itself: its driver was cancelled or interrupted."""
    return error.__context__ or error if isinstance(error, GeneratorExit) else error


class Pace(Protocol):
    """What a stream of many tickets tells and is told by the calls it makes."""

    def wait(self) -> float:
        """Return the seconds to hold the next attempt back."""
        ...

    def observe(self, attempt: Attempt) -> None:
        """Learn from an attempt."""
        ...
