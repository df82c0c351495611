"""What a call may ask of the world, and the two short loops that do it: decisions live in generators (see `flow`).

A flow yields effects and is sent their results, or is thrown their failures; it never does I/O itself. So sync and
async clients share every decision, and only `drive` and `adrive` exist twice.
"""

import asyncio
import inspect
import math
from collections.abc import Awaitable, Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, TypeVar

from attrs import define, field

from enneo_mind_client.clock import Clock
from enneo_mind_client.errors import APITimeoutError, ConfigurationError, EnneoMindError
from enneo_mind_client.operations import Reply
from enneo_mind_client.retries import Failure

if TYPE_CHECKING:
    from enneo_mind_client.fetching import Fetch

T = TypeVar("T")
TokenSource: TypeAlias = Callable[[], str] | Callable[[], Awaitable[str]]


class AttemptFailed(Exception):  # noqa: N818 - not an error of its own: it carries one to the flow
    """Thrown into a flow by an engine: the request failed, for this reason."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(type(failure.error).__name__)
        self.failure = failure


@define
class Send:
    """Send one request and read the whole answer.

    Attributes:
        timeout: Seconds for all of it, waiting for a connection included.
        connect_timeout: Seconds for connecting.
        max_bytes: The largest decoded body that is read.
        stage: What is being waited for at the moment; kept by the engine.
        reused: Whether the connection had served before; kept by the engine.
        answered: Whether the head of the answer has come; kept by the engine.
    """

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    content: bytes | None = field(repr=False)
    timeout: float
    connect_timeout: float
    max_bytes: int
    stage: Literal["pool", "connect", "read"] = "pool"
    reused: bool = False
    answered: bool = False

    def do(self, engine: "Engine", clock: Clock) -> Reply:
        """Send through a blocking engine."""
        return engine.send(self)

    async def ado(self, engine: "AsyncEngine", clock: Clock) -> Reply:
        """Send through an asynchronous engine."""
        return await engine.send(self)


@define
class Sleep:
    """Wait for some seconds."""

    seconds: float

    def do(self, engine: "Engine", clock: Clock) -> None:
        """Block the thread."""
        clock.sleep(self.seconds)

    async def ado(self, engine: "AsyncEngine", clock: Clock) -> None:
        """Leave the loop free."""
        await clock.asleep(self.seconds)


@define
class Ask:
    """Ask the caller's own function for a token.

    Attributes:
        source: The function.
        timeout: Seconds that a task waits for it; a blocking caller cannot leave it.
    """

    source: TokenSource = field(repr=False)
    timeout: float

    def do(self, engine: "Engine", clock: Clock) -> str:
        """Call a plain function."""
        token = self.source()
        if isinstance(token, Awaitable):
            if inspect.iscoroutine(token):
                token.close()
            raise ConfigurationError("The token function is asynchronous: use it with AsyncEnneoMind.")
        return token

    async def ado(self, engine: "AsyncEngine", clock: Clock) -> str:
        """Await a coroutine function; run a plain one in a thread, so that it never blocks the loop."""
        scope = asyncio.timeout(self.timeout if self.timeout < math.inf else None)
        try:
            async with scope:
                return await self._token()
        except TimeoutError:
            if not scope.expired():
                raise
        raise APITimeoutError("The token function did not answer within the call's deadline.", phase="deadline")

    async def _token(self) -> str:
        if inspect.iscoroutinefunction(self.source):
            token: str | Awaitable[str] = self.source()
        else:
            token = await asyncio.to_thread(self._asked)
        return await token if isinstance(token, Awaitable) else token

    def _asked(self) -> str | Awaitable[str]:
        try:
            return self.source()
        except StopIteration as end:  # which no future can hold: it would be waited for for ever
            raise RuntimeError("the token function raised StopIteration") from end


class Effect(Protocol):
    """One thing that a flow asks for: `Send`, `Sleep` or `Ask`, or `Fetch` or `Work` of a download."""

    def do(self, engine: "Engine", clock: Clock) -> Any:
        """Do it, blocking."""
        ...

    async def ado(self, engine: "AsyncEngine", clock: Clock) -> Any:
        """Do it, asynchronously."""
        ...


Flow: TypeAlias = Generator[Effect, Any, T]


class Lifetime(Protocol):
    """What is opened on first use and ends with its client."""

    @property
    def is_open(self) -> bool:
        """Whether there are connections to close."""
        ...

    def abandon(self) -> None:
        """Close what can be closed without awaiting: the owner was garbage-collected."""
        ...


class Engine(Lifetime, Protocol):
    """Sends requests, blocking. Raises `AttemptFailed` and nothing else."""

    def send(self, send: Send) -> Reply:
        """Send one request and read the whole answer."""
        ...

    def fetch(self, fetch: "Fetch") -> Reply:
        """Send one request and hand the answer on; what is returned has no body."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


class AsyncEngine(Lifetime, Protocol):
    """Sends requests, asynchronously. Raises `AttemptFailed`, or `CancelledError` when it is cancelled."""

    async def send(self, send: Send) -> Reply:
        """Send one request and read the whole answer."""
        ...

    async def fetch(self, fetch: "Fetch") -> Reply:
        """Send one request and hand the answer on; what is returned has no body."""
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...

    def finish(self) -> None:
        """Close every connection, from outside the loops, which are this thread's."""
        ...


def drive(flow: Flow[T], engine: Engine, clock: Clock) -> T:
    """Run a flow to its end, blocking."""
    try:
        effect = next(flow)
        while True:
            try:
                result = effect.do(engine, clock)
            except Exception as error:
                effect = flow.throw(error)
            else:
                effect = flow.send(result)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    except BaseException as error:
        _drop_frames(error)
        raise
    finally:
        flow.close()


async def adrive(flow: Flow[T], engine: AsyncEngine, clock: Clock) -> T:
    """Run a flow to its end, asynchronously."""
    try:
        effect = next(flow)
        while True:
            try:
                result = await effect.ado(engine, clock)
            except Exception as error:
                effect = flow.throw(error)
            else:
                effect = flow.send(result)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    except BaseException as error:
        _drop_frames(error)
        raise
    finally:
        flow.close()


def _drop_frames(error: BaseException) -> None:
    """Forget the frames of flow and engine, whose variables hold credentials, but not those of a caller's function."""
    if isinstance(error, EnneoMindError) or not isinstance(error, Exception):
        error.__traceback__ = error.__context__ = None
