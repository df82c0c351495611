"""An engine that answers from a script, for tests of decisions: no sockets, no time."""

import asyncio
import copy
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from attrs import evolve

from enneo_mind_client.auth import Credential, FixedCredential, bearer
from enneo_mind_client.config import Instance, Settings
from enneo_mind_client.drivers import AttemptFailed, Send, adrive, drive
from enneo_mind_client.errors import APIConnectionError, APITimeoutError
from enneo_mind_client.flow import Call, Shared
from enneo_mind_client.operations import Reply, Request, Response
from enneo_mind_client.retries import Failure, RetryBudget
from enneo_mind_client.secret import Secret

from .callers import TOKEN, get
from .fake_clock import FakeClock

Step: TypeAlias = Reply | Failure | BaseException | Callable[[Send], Any]

OK = Reply(200, {"content-type": "application/json"}, b'{"success": true}')
REFUSED = Failure(APIConnectionError("refused"), processed=False)
BROKEN = Failure(APIConnectionError("broken"))
STALE = Failure(APIConnectionError("stale"), stale=True)
LATE = Failure(APITimeoutError("late", phase="read"))


def answer(status: int, content: bytes = b"{}", **headers: str) -> Reply:
    """Return an answer; `retry_after="2"` adds a header."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, {"content-type": "application/json", **named}, content)


class ScriptedEngine:
    """Plays its steps in turn, the last one again and again, and remembers what was sent."""

    is_open = False

    def __init__(self, *steps: Step) -> None:
        self.steps, self.sent = list(steps), list[Send]()

    def send(self, send: Send) -> Reply:
        """Play the next step."""
        self.sent.append(send)
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if callable(step):
            step = step(send)
        if isinstance(step, Failure):
            raise AttemptFailed(_anew(step))
        if isinstance(step, BaseException):
            raise step
        return step

    def close(self) -> None:
        """Do nothing."""

    def abandon(self) -> None:
        """Do nothing."""


class AsyncScriptedEngine(ScriptedEngine):
    """The same, awaited."""

    async def send(self, send: Send) -> Reply:  # type: ignore[override]
        """Play the next step, letting others go first."""
        await asyncio.sleep(0)
        return super().send(send)

    async def aclose(self) -> None:
        """Do nothing."""


def _anew(failure: Failure) -> Failure:
    error = copy.copy(failure.error)
    error.__cause__ = failure.error.__cause__
    return evolve(failure, error=error)


class Desk:
    """Everything that calls share, and the two ways to make one."""

    def __init__(self, *steps: Step, credential: Credential | None = None, **settings: Any) -> None:
        self.clock, self.budget = FakeClock(), RetryBudget()
        self.engine, self.aengine = ScriptedEngine(*steps), AsyncScriptedEngine(*steps)
        self.settings = Settings(**settings)
        fixed = FixedCredential(bearer(Secret(TOKEN)), "the token argument")
        self.shared = Shared(Instance.parse("demo"), credential or fixed, self.clock, self.budget, "agent/1", 100)

    def call(self, request: Request[Any] | None = None, pace: Any = None) -> Response[Any]:
        """Make a call, blocking."""
        return drive(Call(request or get(), self.shared, self.settings, pace).flow(), self.engine, self.clock)

    async def acall(self, request: Request[Any] | None = None, pace: Any = None) -> Response[Any]:
        """Make a call, asynchronously."""
        call = Call(request or get(), self.shared, self.settings, pace)
        return await adrive(call.flow(), self.aengine, self.clock)  # type: ignore[arg-type]

    @property
    def sent(self) -> list[Send]:
        """What was sent, either way."""
        return self.engine.sent + self.aengine.sent


def token_of(headers: Mapping[str, str]) -> str:
    """Return the token that was sent."""
    return headers["Authorization"].removeprefix("Bearer ")
