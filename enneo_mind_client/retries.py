"""When to try again and how long to wait: pure policy, no I/O, no clock of its own."""

import math
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, Final

from attrs import field, frozen

from enneo_mind_client.errors import APIStatusError, ConfigurationError, EnneoMindError, StoppedBy
from enneo_mind_client.locks import ProcessLock

IDEMPOTENT_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
"""Methods that may be repeated without harm: RFC 9110, section 9.2.2."""

THROTTLED: Final = 429
UNAVAILABLE: Final = 503
NOT_PROCESSED: Final = frozenset({408, 425, THROTTLED})
"""Statuses that say the request was not acted on: it came too slowly, too early or too often."""

RETRIED_STATUSES: Final = NOT_PROCESSED | frozenset(range(500, 600))


def _check_count(_: object, attribute: Any, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ConfigurationError(f"{attribute.name} must be a whole number from 0 on.")


def _check_seconds(_: object, attribute: Any, value: object) -> None:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value < math.inf:
        raise ConfigurationError(f"{attribute.name} must be a number of seconds from 0 on.")


@frozen(kw_only=True)
class RetryPolicy:
    """How often and how patiently a call is tried again. Frozen; copy it with `attrs.evolve`.

    Waits are drawn from the whole range between zero and the backoff ("full jitter"), so that clients that failed
    together do not come back together.

    Attributes:
        max_retries: How many times a request is sent again, after the first.
        base_delay: Seconds before the first retry at most; doubles with each further one.
        throttled_base_delay: The same where the server said that it is asked too much.
        max_delay: Seconds that a drawn wait never exceeds.
        max_retry_after: Seconds of the server's own wish (`Retry-After`) that are honoured; a longer one fails at once.
    """

    max_retries: int = field(default=3, validator=_check_count)
    base_delay: float = field(default=0.1, validator=_check_seconds)
    throttled_base_delay: float = field(default=1.0, validator=_check_seconds)
    max_delay: float = field(default=10.0, validator=_check_seconds)
    max_retry_after: float = field(default=60.0, validator=_check_seconds)

    def backoff(self, retry: int, *, throttled: bool, chance: float) -> float:
        """Return the seconds to wait before a retry (counted from 1); `chance` is drawn from 0 to 1."""
        base = self.throttled_base_delay if throttled else self.base_delay
        return chance * min(base * 2.0 ** min(retry - 1, 60), self.max_delay)


NO_RETRIES: Final = RetryPolicy(max_retries=0)


@frozen
class Failure:
    """Why one attempt failed, in the terms in which trying again is decided.

    Attributes:
        error: What the caller gets if this is the end.
        processed: Whether the server may have acted on the request, so that repeating it may do something twice.
        limit: How many retries this kind of failure deserves at most; None leaves it to the policy.
        stale: A connection that was kept open had been closed by the server; the request was never looked at.
        retry_after: Seconds the server asks to wait.
    """

    error: EnneoMindError
    processed: bool = True
    limit: int | None = None
    stale: bool = False
    retry_after: float | None = None

    @property
    def throttled(self) -> bool:
        """Whether the server said that it is asked too much."""
        return isinstance(self.error, APIStatusError) and self.error.status_code == THROTTLED


class RetryBudget:
    """Tokens shared by all calls of a client, so that a dead server is not asked many times more than a living one.

    A retry takes tokens; a success gives back what its retries took, or one token. When they run out, calls fail with
    the first error. Numbers as in botocore's 2026 retry mode: 1,000 calls to a dead server send 1,035 requests.
    """

    CAPACITY: Final = 500
    COST: Final = 14
    THROTTLED_COST: Final = 5

    def __init__(self) -> None:
        self._lock = ProcessLock()
        self._tokens = self.CAPACITY

    @property
    def tokens(self) -> int:
        """What is left, from 0 to `CAPACITY`."""
        return self._tokens

    def take(self, *, throttled: bool) -> int:
        """Take the price of a retry and return it; 0 means that there was not enough."""
        cost = self.THROTTLED_COST if throttled else self.COST
        with self._lock.here():
            if self._tokens < cost:
                return 0
            self._tokens -= cost
            return cost

    def give_back(self, taken: int) -> None:
        """Note a success that came after retries worth `taken`."""
        if self._tokens < self.CAPACITY:
            with self._lock.here():
                self._tokens = min(self.CAPACITY, self._tokens + max(taken, 1))


def is_processed(status: int, retry_after: float | None) -> bool:
    """Return whether a server that answers so may have acted on the request; one that names a time to come has not."""
    return status not in NOT_PROCESSED and not (status == UNAVAILABLE and retry_after is not None)


def next_wait(
    failure: Failure, policy: RetryPolicy, *, method: str, retry: int, remaining: float, chance: float
) -> float | StoppedBy:
    """Return the seconds to wait before the next retry (counted from 1), or why there is none."""
    if failure.limit == 0 or (failure.processed and method not in IDEMPOTENT_METHODS):
        return "not_retryable"
    if retry > policy.max_retries or (failure.limit is not None and retry > failure.limit):
        return "attempts"
    wait = policy.backoff(retry, throttled=failure.throttled, chance=chance)
    if failure.retry_after is not None:
        if failure.retry_after > policy.max_retry_after:
            return "retry_after_too_long"
        wait = max(failure.retry_after, min(wait, policy.base_delay))
    return wait if wait < remaining else "deadline"


def read_retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds a response asks to wait, from seconds or an HTTP date; None if it says nothing readable.

    Args:
        headers: The response's headers by lower-case name.
        now: Seconds since 1970.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return float(text) if len(text) <= 300 else None
    try:
        date = parsedate_to_datetime(text)
        return max(0.0, (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now)
    except (ValueError, OverflowError, TypeError):
        return None
