"""One call, from request to result, as a generator that yields what to do: every decision, and no I/O."""

import math
from collections.abc import Mapping
from typing import Final, Generic, TypeVar

from attrs import frozen

from enneo_mind_client.auth import Credential
from enneo_mind_client.clock import Clock
from enneo_mind_client.config import CONNECT_TIMEOUT, Instance, Settings
from enneo_mind_client.drivers import AttemptFailed, Flow, Send, Sleep
from enneo_mind_client.errors import (
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    EnneoMindError,
    ResponseError,
    StoppedBy,
)
from enneo_mind_client.events import Attempt, Retry, log_attempt, log_retry, tell
from enneo_mind_client.failures import conceal, status_failure
from enneo_mind_client.operations import Reply, Request, Response
from enneo_mind_client.retries import IDEMPOTENT_METHODS, Failure, RetryBudget, next_wait
from enneo_mind_client.secret import HeaderValue
from enneo_mind_client.watching import Begun, Observer, Pace, Watch, Watching

T = TypeVar("T")
E = TypeVar("E", bound=EnneoMindError)

MAX_STALE: Final = 5
"""Closed connections that one call finds in the pool before it counts them as failures."""


@frozen
class Shared:
    """What all calls of a client share, whatever options they have.

    Attributes:
        instance: Where they go.
        credential: What they prove themselves with.
        clock: Their time and chance.
        budget: What they may spend on retries.
        agent: The `User-Agent` header.
        max_connections: Connections at the same time, for each event loop.
        observer: Who watches them.
    """

    instance: Instance
    credential: Credential
    clock: Clock
    budget: RetryBudget
    agent: str
    max_connections: int
    observer: Observer | None = None


class Call(Generic[T]):
    """One call and its attempts."""

    def __init__(self, request: Request[T], shared: Shared, settings: Settings, pace: Pace | None = None) -> None:
        self._request, self._shared, self._settings, self._pace = request, shared, settings, pace
        self._operation = request.operation
        self._url = shared.instance.base_url + request.target
        self._headers = {"User-Agent": shared.agent, "Accept-Encoding": "gzip, deflate", **request.headers}
        self._started = shared.clock.monotonic()
        self._attempts = self._retries = self._spent = self._price = self._renewals = self._stale = 0
        self._watch: Watch | None = None

    def flow(self) -> Flow[Response[T]]:
        """Yield what to do until the call has succeeded.

        Raises:
            EnneoMindError: It has not.
        """
        return self._watched(observer) if (observer := self._shared.observer) else self._run()

    def _watched(self, observer: Observer) -> Flow[Response[T]]:
        with Watching(observer, self._begun()) as self._watch:
            return (yield from self._run())

    def _begun(self) -> Begun:
        return Begun(self._operation.name, self._operation.method, self._operation.path, self._url)

    def _run(self) -> Flow[Response[T]]:
        try:
            while isinstance(outcome := (yield from self._attempt()), Failure):
                wait = self._next_wait(outcome)
                if isinstance(wait, str):
                    raise self._ended(outcome.error, wait)
                yield from self._pause(wait)
        except EnneoMindError as error:
            self._ended(error, "deadline" if isinstance(error, APITimeoutError) else "not_retryable")
            raise
        self._shared.budget.give_back(self._spent)
        return outcome

    def _pause(self, wait: float) -> Flow[None]:
        retry = Retry(self._told, wait)
        log_retry(retry)
        tell(self._settings.on_retry, retry)
        tell(self._watch.retrying if self._watch else None, retry)
        try:
            yield Sleep(wait)
        except GeneratorExit:  # cancelled: the retry that was paid for is never sent
            self._shared.budget.give_back(self._price)
            raise

    def remaining(self) -> float:
        """Return the seconds left until the deadline.

        Raises:
            APITimeoutError: There are none.
        """
        left = self._settings.deadline - self._elapsed()
        if left <= 0:
            raise self._too_late()
        return left

    def _attempt(self) -> Flow[Response[T] | Failure]:
        while True:
            if self._pace is not None and (wait := self._pace.wait()) > 0:
                yield Sleep(min(wait, self.remaining()))
            proof = yield from self._shared.credential.headers(self)
            began = self._shared.clock.monotonic()
            status, outcome = yield from self._exchange(proof)
            failure = outcome if isinstance(outcome, Failure) else None
            self._tell(status, failure, self._shared.clock.monotonic() - began)
            refused = failure is not None and isinstance(failure.error, AuthenticationError)
            if not refused or self._renewals or not (yield from self._renewed(proof)):
                return outcome

    def _exchange(self, proof: Mapping[str, str]) -> Flow[tuple[int | None, Response[T] | Failure]]:
        remaining, send = self.remaining(), self._send(proof)
        self._attempts += 1
        try:
            reply: Reply = yield send
        except AttemptFailed as failed:
            conceal(failed.failure.error, proof)
            failure = self._at_deadline(failed.failure, remaining)
            return (yield from self._exchange(proof)) if self._is_unseen(failure) else (None, failure)
        outcome = self._read(reply)
        if isinstance(outcome, Failure):
            conceal(outcome.error, proof)
        return reply.status, outcome

    def _send(self, proof: Mapping[str, str]) -> Send:
        settings, request = self._settings, self._request
        return Send(
            self._operation.method,
            self._url,
            self._proven(proof),
            request.content,
            min(settings.timeout, self.remaining()),
            CONNECT_TIMEOUT,
            settings.max_response_bytes,
        )

    def _proven(self, proof: Mapping[str, str]) -> dict[str, str]:
        watched = tell(self._watch.headers if self._watch else None, self._attempts + 1)
        headers = {**(watched or {}), **self._headers, **proof}
        if "Cookie" in self._headers and "Cookie" in proof:
            headers["Cookie"] = HeaderValue(f"{proof['Cookie']}; {self._headers['Cookie']}")
        return headers

    def _read(self, reply: Reply) -> Response[T] | Failure:
        shared = self._shared
        if not 200 <= reply.status < 300:
            base_url, source = shared.instance.base_url, shared.credential.source
            return status_failure(reply, self._operation, base_url=base_url, source=source, now=shared.clock.time())
        try:
            parsed = self._operation.parse(reply, strict=self._settings.strict)
        except ResponseError as error:
            return Failure(error.with_traceback(None), limit=1 if error.kind in ("not_json", "encoding") else 0)
        return Response(reply.status, reply.headers, reply.content, parsed, self._attempts, self._elapsed())

    def _renewed(self, refused: Mapping[str, str]) -> Flow[bool]:
        self._renewals += 1
        return (yield from self._shared.credential.renew(refused, self))

    def _is_unseen(self, failure: Failure) -> bool:
        """A kept-alive connection that the server had closed is replaced at once, and is no attempt."""
        unseen = failure.stale and self._operation.method in IDEMPOTENT_METHODS and self._stale < MAX_STALE
        self._stale += unseen
        self._attempts -= unseen
        return unseen

    def _next_wait(self, failure: Failure) -> float | StoppedBy:
        self._retries += 1
        wait = next_wait(
            failure,
            self._settings.retry,
            method=self._operation.method,
            retry=self._retries,
            remaining=self._settings.deadline - self._elapsed(),
            chance=self._shared.clock.random(),
        )
        if isinstance(wait, str):
            return wait
        self._price = self._shared.budget.take(throttled=failure.throttled)
        self._spent += self._price
        return wait if self._price else "budget"

    def _at_deadline(self, failure: Failure, remaining: float) -> Failure:
        """An attempt that only the call's own end could cut short has met that end, whatever it was waiting for."""
        if not isinstance(failure.error, APITimeoutError):
            return failure
        bound = min(self._settings.timeout, CONNECT_TIMEOUT if failure.error.phase == "connect" else math.inf)
        return Failure(self._too_late(failure.error.message), limit=0) if remaining <= bound else failure

    def _too_late(self, waited: str = "") -> APITimeoutError:
        text = f"{self._operation.method} {self._operation.path} was not done within its deadline of"
        error = APITimeoutError(f"{text} {self._settings.deadline:g} s. {waited}".rstrip(), phase="deadline")
        return self._ended(error, "deadline")

    def _ended(self, error: E, stopped_by: StoppedBy) -> E:
        if error.stopped_by is None:
            error.after(self._attempts, self._elapsed(), stopped_by)
        return error

    def _elapsed(self) -> float:
        return self._shared.clock.monotonic() - self._started

    def _tell(self, status: int | None, failure: Failure | None, elapsed: float) -> None:
        operation, error = self._operation, None if failure is None else failure.error
        self._told = attempt = Attempt(
            operation.name,
            operation.method,
            operation.path,
            self._attempts,
            status,
            elapsed,
            error.tx_id if isinstance(error, APIStatusError) else None,
            None if error is None else type(error).__name__,
            None if failure is None else failure.retry_after,
        )
        log_attempt(attempt)
        tell(self._settings.on_attempt, attempt)
        tell(self._watch.attempted if self._watch else None, attempt)
        if self._pace is not None:
            self._pace.observe(attempt)
