"""A token that is renewed ahead of its end: two tiers, one renewal in flight, by OpenID discovery."""

import copy
from collections.abc import Callable, Mapping
from typing import Any, Final, cast
from urllib.parse import urlencode

import orjson
from attrs import frozen

from enneo_mind_client.auth import CallClock, bearer, expiry_of, login_again
from enneo_mind_client.clock import Clock
from enneo_mind_client.config import CONNECT_TIMEOUT, Instance, origin_of
from enneo_mind_client.drivers import AttemptFailed, Flow, Send, Sleep
from enneo_mind_client.errors import AuthenticationError, ConfigurationError
from enneo_mind_client.events import LOGGER
from enneo_mind_client.flow import MAX_STALE
from enneo_mind_client.locks import ProcessLock
from enneo_mind_client.operations import Reply
from enneo_mind_client.secret import HeaderValue, Secret

ADVISORY: Final = 120.0
"""Seconds before its end from which a token is renewed, by whoever comes by first; a failure is tolerated."""

MANDATORY: Final = 30.0
"""Seconds before its end from which a token is no longer used: every call waits for the renewal."""

PATIENCE: Final = 5.0
"""Seconds after a renewal before the next one is tried: it may have failed, or given a token of a very short life."""

_TIMEOUT: Final = 10.0
_POLL: Final = 0.02
_MAX_BYTES: Final = 2**20


@frozen
class Tokens:
    """An access token, what renews it, and when it ends (seconds since 1970, infinite if unknown)."""

    access: Secret
    refresh: Secret | None
    expires_at: float


def tokens(access: Secret, refresh: Secret | None, expires_at: float | None) -> Tokens:
    """Return tokens whose end is what was said, or else what the token itself says."""
    end = expires_at if expires_at is not None else expiry_of(access)
    return Tokens(access, refresh, float("inf") if end is None else end)


class RenewedCredential:
    """A token with a refresh token, kept somewhere that other processes share.

    Args:
        instance: The only origin that the refresh token is sent to.
        load: Reads the tokens from where they are kept.
        store: Writes them back there.
        source: Where they are kept, for messages.
        clock: Tells the time.
    """

    def __init__(
        self,
        instance: Instance,
        *,
        load: Callable[[], Tokens],
        store: Callable[[Tokens], None],
        source: str,
        clock: Clock,
    ) -> None:
        self.source = source
        self._instance, self._load, self._store, self._clock = instance, load, store, clock
        self._tokens = load()
        self._lock = ProcessLock()
        self._renewed_at = float("-inf")
        self._failure: tuple[float, AuthenticationError] | None = None

    def headers(self, call: CallClock) -> Flow[Mapping[str, str]]:
        """Return the headers for the present token, renewed first if its end is near."""
        seen = self._tokens
        left = seen.expires_at - self._clock.time()
        if left < ADVISORY and self._clock.monotonic() - self._renewed_at >= PATIENCE:
            yield from self._renew(seen, call, needed=left < MANDATORY)
        return bearer(self._tokens.access)

    def renew(self, refused: Mapping[str, str], call: CallClock) -> Flow[bool]:
        """Return whether another token is there after at most one renewal, whoever made it."""
        present = self._tokens
        if bearer(present.access) == refused:
            yield from self._renew(present, call, needed=True)
        return True

    def _renew(self, seen: Tokens, call: CallClock, *, needed: bool) -> Flow[None]:
        lock = self._lock.here()
        while not lock.acquire(blocking=False):
            if not needed:
                return
            yield Sleep(min(_POLL, call.remaining()))
        try:
            if self._tokens is seen:
                yield from self._renew_alone(call, needed=needed)
        finally:
            lock.release()

    def _renew_alone(self, call: CallClock, *, needed: bool) -> Flow[None]:
        failed_at, failure = self._failure or (float("-inf"), None)
        if self._clock.monotonic() - failed_at >= PATIENCE:
            failure = yield from self._try_to_renew(call)
        if failure is not None and needed:
            raise copy.copy(failure) from failure.__cause__

    def _try_to_renew(self, call: CallClock) -> Flow[AuthenticationError | None]:
        try:
            self._tokens = self._kept_by_others() or (yield from self._exchange(call))
        except AuthenticationError as failure:
            LOGGER.warning("The token from %s could not be renewed.", self.source)
            self._failure = (self._clock.monotonic(), failure.with_traceback(None))
            return failure
        self._failure, self._renewed_at = None, self._clock.monotonic()
        return None

    def _kept_by_others(self) -> Tokens | None:
        """Another process may have renewed the token; a refresh token works only once."""
        try:
            kept = self._load()
        except ConfigurationError:
            return None
        fresh = kept.access != self._tokens.access and kept.expires_at - self._clock.time() > ADVISORY
        return kept if fresh else None

    def _exchange(self, call: CallClock) -> Flow[Tokens]:
        refresh = self._tokens.refresh
        if refresh is None:
            raise login_again(self.source, "there is no refresh token")
        discovery = yield from self._ask(call, "GET", f"{self._instance.origin}/.well-known/openid-configuration")
        endpoint = str(discovery.get("token_endpoint"))
        if origin_of(endpoint) != self._instance.origin:
            raise login_again(self.source, "the token endpoint is not on the instance's own origin")
        form = HeaderValue(urlencode({"grant_type": "refresh_token", "refresh_token": refresh.reveal()}))
        answer = yield from self._ask(call, "POST", endpoint, form)
        return self._keep(answer, refresh)

    def _keep(self, answer: Mapping[str, Any], refresh: Secret) -> Tokens:
        try:
            renewed = Secret(answer["refresh_token"]) if answer.get("refresh_token") else refresh
            lifetime = answer.get("expires_in")
            end = None if lifetime is None else self._clock.time() + int(float(lifetime))
            fresh = tokens(Secret(answer["access_token"]), renewed, end)
        except (KeyError, TypeError, ValueError, OverflowError, ConfigurationError):
            raise login_again(self.source, "the token endpoint's answer has no usable token") from None
        try:
            self._store(fresh)
        except (OSError, ConfigurationError) as error:
            LOGGER.warning("The renewed token could not be written to %s: %s", self.source, type(error).__name__)
        return fresh

    def _ask(self, call: CallClock, method: str, url: str, form: HeaderValue | None = None) -> Flow[Mapping[str, Any]]:
        headers = {"Accept": "application/json"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        timeout = min(_TIMEOUT, call.remaining())
        send = Send(method, url, headers, None if form is None else form.encode(), timeout, CONNECT_TIMEOUT, _MAX_BYTES)
        try:
            reply = yield from _over_a_live_connection(send)
        except AttemptFailed as failed:
            raise login_again(self.source, failed.failure.error.message) from failed.failure.error
        return self._read(reply)

    def _read(self, reply: Reply) -> Mapping[str, Any]:
        if reply.status != 200:
            raise login_again(self.source, f"the instance answered {reply.status}")
        try:
            answer: object = orjson.loads(reply.content)
        except orjson.JSONDecodeError:
            answer = None
        if not isinstance(answer, dict):
            raise login_again(self.source, "the instance's answer is not readable")
        return cast("Mapping[str, Any]", answer)


def _over_a_live_connection(send: Send) -> Flow[Reply]:
    """Send again what met a kept-alive connection that the server had closed: nobody looked at it."""
    for _ in range(MAX_STALE):
        try:
            reply: Reply = yield send
        except AttemptFailed as failed:
            if not failed.failure.stale:
                raise
        else:
            return reply
    reply = yield send
    return reply
