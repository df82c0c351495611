"""The instruments: calls, retries, the time of requests, and drift."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from opentelemetry.metrics import CallbackOptions, MeterProvider, Observation, get_meter

from enneo_mind_client._version import __version__
from enneo_mind_client.drift import noted
from enneo_mind_client.locks import ProcessLock
from enneo_mind_client.otel.conventions import BUCKETS

SCOPE: Final = "enneo_mind_client"
_lock = ProcessLock()


class Metrics:
    """The instruments of one provider."""

    def __init__(self, provider: MeterProvider | None) -> None:
        meter = get_meter(SCOPE, __version__, provider)
        self.calls = meter.create_counter(
            "enneo_mind.client.calls", "{call}", "Calls, however many requests each took."
        )
        self.retries = meter.create_counter("enneo_mind.client.retries", "{retry}", "Decisions to try again.")
        self.duration = meter.create_histogram(
            "http.client.request.duration",
            "s",
            "Duration of HTTP client requests.",
            explicit_bucket_boundaries_advisory=BUCKETS,
        )
        meter.create_observable_counter(
            "enneo_mind.client.drifts", [_drifts], "{field}", "Fields that came other than declared, in this process."
        )


def metrics_of(provider: MeterProvider | None) -> Metrics:
    """Return the instruments of a provider; they are made once, since drift would else be reported by each client."""
    with _lock.here():
        return _made(provider)


_made = cache(Metrics)


def _drifts(_: CallbackOptions) -> Iterator[Observation]:
    for (model, field), count in noted().items():
        yield Observation(count, {"enneo.model": model, "enneo.field": field})
