"""Credentials: what goes into the headers of an attempt, and how it is renewed. Sans I/O: flows for the drivers."""

import base64
import json
import math
from collections.abc import Mapping
from typing import Any, Final, Protocol, cast

from enneo_mind_client.drivers import Ask, Flow, TokenSource
from enneo_mind_client.errors import AuthenticationError
from enneo_mind_client.secret import HeaderValue, Secret

COOKIE_NAME: Final = "connect.sid"


class CallClock(Protocol):
    """The time a call has, as its flow tells it to those it asks."""

    def remaining(self) -> float:
        """Return the seconds left until the call's deadline; raises when there are none."""
        ...


class Credential(Protocol):
    """What a client proves itself with.

    Attributes:
        source: Where it came from, for messages: `ENNEO_TOKEN`, `the token argument`, a file.
    """

    source: str

    def headers(self, call: CallClock) -> Flow[Mapping[str, str]]:
        """Return the headers for one attempt."""
        ...

    def renew(self, refused: Mapping[str, str], call: CallClock) -> Flow[bool]:
        """Return whether there are other headers to try than those that were refused."""
        ...


def bearer(token: Secret) -> dict[str, str]:
    """Return the header for a token."""
    return {"Authorization": HeaderValue(f"Bearer {token.reveal()}")}


def cookie(session: Secret) -> dict[str, str]:
    """Return the header for a session; a value copied together with its name is understood."""
    return {"Cookie": HeaderValue(f"{COOKIE_NAME}={session.reveal().removeprefix(COOKIE_NAME + '=')}")}


def expiry_of(token: Secret) -> float | None:
    """Return when a JWT expires, in seconds since 1970; None if it does not say or is no JWT."""
    parts = token.reveal().split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        exp = cast("dict[str, Any]", claims)["exp"]
        end = float(exp) if isinstance(exp, (int, float)) and not isinstance(exp, bool) else math.nan
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    return end if math.isfinite(end) else None


class FixedCredential:
    """A token or session that never changes; refused once, it is refused for good."""

    def __init__(self, headers: Mapping[str, str], source: str) -> None:
        self._headers = headers
        self.source = source

    def headers(self, call: CallClock) -> Flow[Mapping[str, str]]:
        """Return the same headers each time."""
        return self._headers
        yield

    def renew(self, refused: Mapping[str, str], call: CallClock) -> Flow[bool]:
        """Return False."""
        return False
        yield


class AskedCredential:
    """A caller's function, asked for the token of each attempt."""

    source = "the token function"

    def __init__(self, ask: TokenSource) -> None:
        self._source = ask

    def headers(self, call: CallClock) -> Flow[Mapping[str, str]]:
        """Return the headers for the token that the function gives now."""
        token = yield Ask(self._source, call.remaining())
        return bearer(Secret(token, "what the token function returned"))

    def renew(self, refused: Mapping[str, str], call: CallClock) -> Flow[bool]:
        """Return whether the function gives another token now."""
        return (yield from self.headers(call)) != refused


def login_again(source: str, reason: str) -> AuthenticationError:
    """Return the error for a session that could not be renewed."""
    return AuthenticationError(
        f"The token from {source} could not be renewed ({reason}). Log in again with the vendor's tools.",
        status_code=401,
    )
