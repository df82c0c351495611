"""A credential shows nowhere: not in a client, an error, a frame, a log line or a warning, however a call ends."""

import asyncio
import copy
import logging
import pickle
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from enneo_mind_client import Clock

from . import answers
from .clients import CLIENTS, TICKET, Client
from .conftest import Scripted
from .driving import each
from .fault import Fault
from .hunt import held, surfaces
from .loops import until
from .outcome import Outcome, check_hidden
from .playing import API, outcome_of
from .ports import closed_port
from .server import ScriptedServer
from .test_renewal import REFRESH, keep
from .verbs import Choose, Reset, Send, Stall
from .wire import Request

SECRETS = ("sent1nel-of-a-token", "sent1nel-of-a-cookie", REFRESH)
TOKEN, COOKIE = (
    f"{beginning}{'-and-so-on' * 50}" for beginning in SECRETS[:2]
)  # as long as real ones: cut in excerpts
CREDENTIALS: dict[str, dict[str, Any]] = {
    "token": {"token": TOKEN},
    "function": {"token": lambda: TOKEN},
    "cookie": {"session_cookie": COOKIE},
    "refresh": {"token": None, "clock": Clock()},
}


def said_back(request: Request) -> str:
    """Return the credential as the server got it."""
    return request.headers.get("authorization") or request.headers.get("cookie", "nothing")


def echo(status: int, **changes: Any) -> Choose:
    """Return a script that says the credential back as the error of a JSON document."""
    return Choose(lambda request: Send(answers.json_status(status, {"error": said_back(request), **changes})))


ENDS = {
    "success": Send(answers.json_ok()),
    "401": Send(answers.json_status(401, {"error": "no"})),
    "403": Send(answers.http(403)),
    "500": Send(answers.http(500)),
    "echo": echo(500),
    "echo-deep": echo(400, error={"seen": ["Authorization: Bearer " + TOKEN, COOKIE]}),
    "html": Choose(lambda request: Send(answers.html(200, f"<p>{said_back(request)}</p>"))),
    "html-500": Choose(lambda request: Send(answers.html(500, f"<p>{'x' * 150} {said_back(request)}</p>"))),
    "unsuccessful": echo(200, success=False),
    "set-cookie": Choose(lambda request: Send(answers.json_status(403, {}, Set_Cookie=said_back(request)))),
    "reset": Reset(),
    "timeout": Stall(),
    "garbage": Choose(lambda request: Send(f"HTTP/1.1 {said_back(request)}\r\n\r\n".encode())),
    "header": Choose(lambda request: Send(f"HTTP/1.1 200 OK\r\n{said_back(request)}\0\r\n\r\n".encode())),
    "length": Choose(lambda request: Send(f"HTTP/1.1 200 OK\r\nContent-Length: {said_back(request)}\r\n\r\n".encode())),
    "encoding": Choose(lambda request: Send(answers.encoded(b"{}", said_back(request)))),
    "charset": Choose(
        lambda request: Send(answers.json_raw(b"\xff", Content_Type=f"application/json; charset={said_back(request)}"))
    ),
    "location": Choose(lambda request: Send(answers.json_status(302, {}, Location=f"/login?{said_back(request)}"))),
}
every_client = pytest.mark.parametrize("kind", CLIENTS)
every_credential = pytest.mark.parametrize("credential", CREDENTIALS)


def client(kind: str, credential: str, server: ScriptedServer, home: Path) -> Client:
    """Return a client with one of the credentials; one that is renewed comes from the vendor's file."""
    if credential == "refresh":
        keep(home, server, TOKEN, 3600)
    return Client(kind, f"http://{server.address}{API}", timeout=0.2, deadline=2.0, **CREDENTIALS[credential])


@pytest.mark.parametrize("end", ENDS)
@every_credential
@every_client
def test_however_a_call_ends(end: str, credential: str, kind: str, scripted: Scripted, tmp_path: Path) -> None:
    """No error, frame, pickle, log line of any library or warning has the credential, whatever the server says."""
    server = scripted(ENDS[end])
    with client(kind, credential, server, tmp_path) as one:
        outcome = outcome_of(one.ask)

    sent = " ".join(str(request.headers) for request in server.seen.requests)
    assert end == "reset" or any(secret in sent for secret in SECRETS)
    assert (outcome.error is None) == (end == "success")
    check_hidden(SECRETS, outcome)


@every_client
def test_a_refused_connection(kind: str) -> None:
    """A connection error has no credential either."""
    with closed_port() as address, Client(kind, f"http://{address}{API}", token=TOKEN) as one:
        outcome = outcome_of(one.ask)

    assert outcome.error is not None
    check_hidden(SECRETS, outcome)


@pytest.mark.parametrize("kind", ["aiohttp", "httpx"])
@every_credential
def test_a_cancelled_call(credential: str, kind: str, scripted: Scripted, tmp_path: Path) -> None:
    """A CancelledError has no frame with the credential."""
    server = scripted(Stall())
    with client(kind, credential, server, tmp_path) as one:
        mind: Any = one.mind.with_options(timeout=5)

        async def cancelled() -> None:
            task = asyncio.ensure_future(mind.conversations.list(TICKET))
            await until(lambda: len(server.seen.requests) == 1)
            task.cancel()
            await task

        outcome = outcome_of(lambda: one.wait_for(cast("Awaitable[Any]", cancelled())))

    assert isinstance(outcome.error, asyncio.CancelledError)
    check_hidden(SECRETS, outcome)


class Interrupted(Clock):
    """A clock in whose sleep someone presses Ctrl-C."""

    def sleep(self, seconds: float) -> None:
        """Be interrupted."""
        raise KeyboardInterrupt

    async def asleep(self, seconds: float) -> None:
        """Be interrupted."""
        raise KeyboardInterrupt


@every_client
def test_an_interrupted_call(kind: str, scripted: Scripted) -> None:
    """A KeyboardInterrupt has no frame with the credential."""
    server = scripted(echo(500))
    with Client(kind, f"http://{server.address}{API}", token=TOKEN, clock=Interrupted()) as one:
        outcome = outcome_of(one.ask)

    assert isinstance(outcome.error, KeyboardInterrupt)
    check_hidden(SECRETS, outcome)


@every_client
def test_a_token_function_that_fails(kind: str) -> None:
    """The caller's own error comes through as it is, with nothing of ours added to it."""

    def ask() -> str:
        raise LookupError("the vault is closed")

    with Client(kind, "demo", token=ask) as one:
        outcome = outcome_of(one.ask)

    assert isinstance(outcome.error, LookupError)
    check_hidden(SECRETS, outcome)


def _as_pickle(value: object) -> str:
    try:
        return pickle.dumps(value).decode("latin-1")
    except TypeError as refused:
        return str(refused)


def _as_copy(value: object) -> str:
    try:
        return " ".join(held(copy.deepcopy(value)))
    except TypeError as refused:
        return str(refused)


SURFACES: dict[str, Callable[[Any], str]] = {
    "repr": repr,
    "str": str,
    "format": lambda mind: f"{mind} {mind!r} {mind!s}",
    "vars": lambda mind: " ".join(held(mind)),
    "pickle": _as_pickle,
    "copy": _as_copy,
}


@dataclass
class Shown:
    """What a client shows after a success and a failure."""

    mind: Any
    outcomes: tuple[Outcome, Outcome]

    def surface(self, name: str) -> str:
        """Return one surface."""
        said = "\n".join(line for outcome in self.outcomes for line in outcome.said)
        errors = [outcome.error for outcome in self.outcomes if outcome.error is not None]
        shown = {name: content for error in errors for name, content in surfaces(error).items()}
        if name in SURFACES:
            return SURFACES[name](self.mind)
        if name in ("logging", "httpx-logging", "warnings"):
            return said
        return shown[
            {"traceback-locals": "traceback with locals", "error-repr": "0 repr", "error-pickle": "pickle"}[name]
        ]


@each("F59")
@every_credential
def test_a_surface(fault: Fault, kind: str, credential: str, scripted: Scripted, tmp_path: Path) -> None:
    """The rows of the table: one surface each, of a client that has succeeded once and failed once."""
    server = scripted(Send(answers.json_ok()), echo(500))
    with client(kind, credential, server, tmp_path) as one:
        shown = Shown(one.mind, (outcome_of(one.ask), outcome_of(one.ask)))
        text = shown.surface(fault.input)

    assert text
    assert [secret for secret in SECRETS if secret in text] == []


@every_client
def test_what_others_log(kind: str, scripted: Scripted) -> None:
    """The libraries under the client do log at DEBUG, and the test would see a credential there."""
    server = scripted(Send(answers.json_ok()))
    with Client(kind, f"http://{server.address}{API}", token=TOKEN) as one:
        outcome = outcome_of(one.ask)

    under = {"sync": "httpcore", "httpx": "httpcore", "aiohttp": "asyncio"}[kind]
    assert [line for line in outcome.said if under in line]
    assert logging.getLogger("httpx").disabled is False
