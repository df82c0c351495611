"""Who may ask: bearer tokens that may expire, the session cookie, and refresh tokens that rotate."""

import re
from collections.abc import Callable, Mapping

from starlette.requests import Request

from enneo_mind_client.testing.refusals import OAuthRefusal, Refusal

_COOKIE = re.compile(r"(?:^|;)\s*connect\.sid=([^;]*)")


class Access:
    """The credentials of one local Mind."""

    def __init__(self, token: str, cookie: str, lifetime: float | None, clock: Callable[[], float]) -> None:
        self._first, self._cookie, self._lifetime, self._clock = token, cookie, lifetime, clock
        self._issued = 0
        self._expires = dict[str, float]()
        self.refresh_token = ""
        self._issue(token)

    def _issue(self, token: str) -> None:
        self._expires[token] = float("inf") if self._lifetime is None else self._clock() + self._lifetime
        self.refresh_token = f"{self._first}-refresh-{self._issued}"
        self._issued += 1

    def revoke(self) -> None:
        """Make every access token invalid now; refreshing brings a new one."""
        self._expires.clear()

    def check(self, request: Request) -> None:
        """Refuse a request without a valid credential."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self._clock() < self._expires.get(token, float("-inf")):
            return
        cookie = _COOKIE.search(request.headers.get("cookie", ""))
        if cookie and cookie[1] == self._cookie:
            return
        reason = "The credential is not known here, or it has expired" if scheme or cookie else "No credential was sent"
        raise Refusal(401, "Unauthorized", reason, {"WWW-Authenticate": "Bearer"})

    def refresh(self, form: Mapping[str, str]) -> dict[str, str | float]:
        """Answer a token request: the old refresh token is used up, a new pair is issued."""
        if form.get("grant_type") != "refresh_token":
            raise OAuthRefusal(400, "unsupported_grant_type", "Only refresh_token is supported")
        if form.get("refresh_token") != self.refresh_token:
            raise OAuthRefusal(400, "invalid_grant", "The refresh token is unknown or was already used")
        token = f"{self._first}-{self._issued}"
        self._issue(token)
        lifetime = {} if self._lifetime is None else {"expires_in": self._lifetime}
        return {"access_token": token, "token_type": "Bearer", "refresh_token": self.refresh_token, **lifetime}
