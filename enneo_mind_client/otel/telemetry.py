"""What is told to OpenTelemetry of each call of a client."""

import re
from collections.abc import Mapping
from typing import TypeVar

from opentelemetry.context import attach, detach
from opentelemetry.metrics import MeterProvider
from opentelemetry.propagate import inject
from opentelemetry.trace import (
    SpanKind,
    Status,
    StatusCode,
    Tracer,
    TracerProvider,
    get_current_span,
    get_tracer,
    set_span_in_context,
)

from enneo_mind_client._version import __version__
from enneo_mind_client.client import AsyncEnneoMind, EnneoMind
from enneo_mind_client.errors import APIStatusError, ConfigurationError, EnneoMindError
from enneo_mind_client.events import Attempt, Retry
from enneo_mind_client.otel.conventions import Attributes, error_type, of_metrics, of_span
from enneo_mind_client.otel.metrics import SCOPE, Metrics, metrics_of
from enneo_mind_client.watching import Begun

M = TypeVar("M", bound=EnneoMind | AsyncEnneoMind)

_HEADER_NAME = re.compile(r"[\w.-]+", re.ASCII)


def instrument(
    mind: M, *, tracer_provider: TracerProvider | None = None, meter_provider: MeterProvider | None = None
) -> M:
    """Have a client tell OpenTelemetry of its calls, and return it; a second time replaces the first.

    Each call is a span, with its attempts and retries as events, whatever the client's copies with other options.
    Every attempt takes along what the global propagator writes (`traceparent`), to the instance only.

    Args:
        mind: The client.
        tracer_provider: Where spans go; else the global one, also if it is set later.
        meter_provider: Where metrics go; else the global one, also if it is set later.

    Raises:
        ConfigurationError: It is no client.
    """
    if not isinstance(mind, (EnneoMind, AsyncEnneoMind)):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError(f"instrument takes an EnneoMind or an AsyncEnneoMind, not a {type(mind).__name__}.")
    mind.api.connections.observe(
        _Telemetry(get_tracer(SCOPE, __version__, tracer_provider), metrics_of(meter_provider))
    )
    return mind


def uninstrument(mind: M) -> M:
    """Have a client tell no more, but for the calls under way, and return it."""
    mind.api.connections.observe(None)
    return mind


class _Telemetry:
    """Begins a span for each call."""

    def __init__(self, tracer: Tracer, metrics: Metrics) -> None:
        self._tracer, self._metrics = tracer, metrics

    def __call__(self, begun: Begun) -> "_CallSpan":
        return _CallSpan(begun, self._tracer, self._metrics)


class _CallSpan:
    """The span of a call, the current one until the call ends."""

    def __init__(self, begun: Begun, tracer: Tracer, metrics: Metrics) -> None:
        self._metrics, self._common = metrics, of_metrics(begun)
        name = f"{begun.method} {begun.path}"
        self._span = tracer.start_span(name, kind=SpanKind.CLIENT, attributes=of_span(begun))
        self._token = attach(set_span_in_context(self._span))

    def headers(self, number: int) -> Mapping[str, str]:
        """Return what the global propagator writes, but for what no header can hold, which would fail the call."""
        carrier: dict[str, str] = {}
        inject(carrier)
        return {name: value for name, value in carrier.items() if _is_header(name, value)}

    def attempted(self, attempt: Attempt) -> None:
        """Add an event, and what the whole call has from its last attempt."""
        outcome = _outcome(attempt)
        self._metrics.duration.record(attempt.elapsed, {**self._common, **outcome})
        resent: Attributes = {"http.request.resend_count": attempt.number - 1} if attempt.number > 1 else {}
        known: Attributes = {"enneo.tx_id": attempt.tx_id} if attempt.tx_id else {}
        counted: Attributes = {"enneo.attempt.number": attempt.number, "enneo.attempt.duration": attempt.elapsed}
        self._span.add_event("enneo.attempt", {**counted, **outcome, **resent, **known})
        outcome.pop("error.type", None)  # the call may yet succeed
        self._span.set_attributes({**outcome, **resent, **known})

    def retrying(self, retry: Retry) -> None:
        """Add an event."""
        failed = retry.attempt
        reason = {"error.type": error_type(failed.status, failed.error) or ""}
        self._metrics.retries.add(1, {**self._common, **reason})
        wish: Attributes = {} if failed.retry_after is None else {"enneo.retry.retry_after": failed.retry_after}
        self._span.add_event(
            "enneo.retry", {"enneo.attempt.number": failed.number, "enneo.retry.delay": retry.wait, **reason, **wish}
        )

    def ended(self, error: BaseException | None) -> None:
        """End the span, whatever fails; of an error, tell only what has no secret and nothing personal."""
        try:
            reason = {} if error is None else self._failed(error)
            self._metrics.calls.add(1, {**self._common, **reason})
        finally:
            if get_current_span() is self._span:  # else a task was thrown away, and is closed by another one
                detach(self._token)
            self._span.end()

    def _failed(self, error: BaseException) -> Attributes:
        status = error.status_code if isinstance(error, APIStatusError) else None
        reason: Attributes = {"error.type": error_type(status, type(error).__qualname__) or ""}
        stopped_by = error.stopped_by if isinstance(error, EnneoMindError) else None
        kind = getattr(error, "kind", getattr(error, "phase", None)) if isinstance(error, EnneoMindError) else None
        self._span.set_attributes({**reason, **({"enneo.stopped_by": stopped_by} if stopped_by else {})})
        self._span.set_status(Status(StatusCode.ERROR, kind))
        cls = type(error)
        named: Attributes = {"exception.type": f"{cls.__module__}.{cls.__qualname__}"}
        self._span.add_event("exception", {**named, **({"enneo.error.kind": kind} if kind else {})})
        return reason


def _is_header(name: str, value: object) -> bool:
    is_text = isinstance(value, str) and value.isascii() and value.isprintable()
    return is_text and _HEADER_NAME.fullmatch(name) is not None


def _outcome(attempt: Attempt) -> Attributes:
    reason = error_type(attempt.status, attempt.error)
    status: Attributes = {} if attempt.status is None else {"http.response.status_code": attempt.status}
    return {**status, **({"error.type": reason} if reason else {})}
