"""A token that ends is renewed once for all who need it, ahead of time, and never at another origin's word."""

from pathlib import Path
from typing import Any

import pytest

from enneo_mind_client import AuthenticationError, Clock

from . import answers
from .clients import Client
from .conftest import Scripted
from .driving import each
from .fault import Fault
from .outcome import check
from .playing import outcome_of
from .server import ScriptedServer
from .verbs import Choose, Script, Send, Stall
from .wire import Request

NO = Send(answers.json_status(401, {"error": "token expired"}))
DISCOVERY = "/.well-known/openid-configuration"
REFRESH = "refresh-s3cr3t"


class Issuer:
    """A server that takes one token, and gives it for the refresh token."""

    def __init__(self, scripted: Scripted, good: str = "new-token", renewing: Script | None = None) -> None:
        self.good, self.renewing, self.endpoint = good, renewing, ""
        self.server: ScriptedServer = scripted(Choose(self._script_for))

    def _script_for(self, request: Request) -> Script:
        if request.target == DISCOVERY:
            return Send(answers.json_ok({"token_endpoint": self.endpoint or f"{self.server.url}/token"}))
        if request.target == "/token":
            return self.renewing or Send(answers.json_ok({"access_token": self.good, "expires_in": 3600}))
        return Send(answers.json_ok()) if request.headers["authorization"] == f"Bearer {self.good}" else NO

    def renewals(self) -> int:
        """Return how often a token was asked for."""
        return sum(request.target == "/token" for request in self.server.seen.requests)

    def refused(self) -> int:
        """Return how often another token came than the good one."""
        calls = [request for request in self.server.seen.requests if "authorization" in request.headers]
        return sum(request.headers["authorization"] != f"Bearer {self.good}" for request in calls)


def keep(home: Path, server: ScriptedServer, token: str, expires_in: float) -> Path:
    """Write the vendor's file."""
    path = home / ".enneo" / "env"
    path.parent.mkdir()
    values = {
        "ENNEO_INSTANCE": server.address,
        "ENNEO_TOKEN": token,
        "ENNEO_REFRESH_TOKEN": REFRESH,
        "ENNEO_TOKEN_EXPIRES_AT": str(int(Clock().time() + expires_in)),
    }
    path.write_text("".join(f'export {name}="{value}"\n' for name, value in values.items()))
    path.chmod(0o600)
    return path


def client(kind: str, **options: Any) -> Client:
    """Return a client that finds all it needs in the vendor's file, and waits in real time."""
    return Client(kind, None, **{"token": None, "clock": Clock(), **options})


@each("F56")
def test_many_calls_are_refused_at_once(fault: Fault, kind: str, scripted: Scripted, tmp_path: Path) -> None:
    """Fifty calls that meet a 401 together make one renewal, and all succeed."""
    issuer = Issuer(scripted)
    path = keep(tmp_path, issuer.server, "old-token", 3600)
    with client(kind) as many:
        results = many.at_once(fault.input["calls"])

    assert [result for result in results if isinstance(result, BaseException)] == []
    assert fault.input["refreshes"] == issuer.renewals()
    assert "new-token" in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600


@each("F57")
def test_a_renewal_that_fails(fault: Fault, kind: str, scripted: Scripted, tmp_path: Path) -> None:
    """A renewal that fails or hangs ends in an AuthenticationError that says so, within the deadline."""
    issuer = Issuer(scripted, renewing=Stall() if fault.input["refresh"] == "hangs" else Send(answers.http(500)))
    keep(tmp_path, issuer.server, "old-token", 3600)
    with client(kind, **fault.options) as one:
        outcome = outcome_of(one.ask)

    check(fault.expect, outcome, secret=REFRESH)
    assert "could not be renewed" in str(outcome.error)


@each("F67")
def test_a_token_that_ends_soon(fault: Fault, kind: str, scripted: Scripted, tmp_path: Path) -> None:
    """A token near its end is renewed before it is used, and one that is not is left alone."""
    renews = fault.input["refreshes"] > 0
    issuer = Issuer(scripted, good="new-token" if renews else fault.input["token"])
    keep(tmp_path, issuer.server, fault.input["token"], fault.input["expires_in"])
    with client(kind) as one:
        outcome = outcome_of(one.ask)

    check(fault.expect, outcome, secret=REFRESH)
    assert (fault.input["refreshes"], 0) == (issuer.renewals(), issuer.refused())


@pytest.mark.parametrize("kind", ["sync", "aiohttp", "httpx"])
def test_a_token_endpoint_elsewhere(kind: str, scripted: Scripted, tmp_path: Path) -> None:
    """A refresh token is sent to the instance's own origin only, whatever the instance says."""
    issuer, elsewhere = Issuer(scripted), scripted(Stall())
    issuer.endpoint = f"{elsewhere.url}/token"
    keep(tmp_path, issuer.server, "old-token", 3600)
    with client(kind) as one, pytest.raises(AuthenticationError, match="origin"):
        one.ask()

    assert (elsewhere.seen.connections, elsewhere.seen.bytes_received) == (0, 0)
