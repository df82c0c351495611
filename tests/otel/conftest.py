"""What telemetry arrives at: exporters in memory, and clients that are instrumented with them."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from enneo_mind_client.otel import instrument
from tests.core.callers import Caller
from tests.core.conftest import caller as caller
from tests.core.conftest import engine as engine
from tests.core.conftest import home as home
from tests.core.fake_clock import FakeClock
from tests.faults.conftest import certificates as certificates
from tests.faults.conftest import scripted as scripted

MakeTold: TypeAlias = Callable[..., Caller]


class Told:
    """What was told, and the providers that it is told to."""

    def __init__(self) -> None:
        self._spans, self._metrics = InMemorySpanExporter(), InMemoryMetricReader()
        self.tracers, self.meters = TracerProvider(), MeterProvider(metric_readers=[self._metrics])
        self.tracers.add_span_processor(SimpleSpanProcessor(self._spans))
        self.tracer = self.tracers.get_tracer("test")

    @property
    def spans(self) -> list[ReadableSpan]:
        """The spans that have ended, in that order."""
        return list(self._spans.get_finished_spans())

    @property
    def span(self) -> ReadableSpan:
        """The only one."""
        (span,) = self.spans
        return span

    def points(self, name: str) -> list[Any]:
        """Return the data points of a metric."""
        data: Any = self._metrics.get_metrics_data()
        every = [m for r in data.resource_metrics for s in r.scope_metrics for m in s.metrics] if data else []
        return [point for metric in every if metric.name == name for point in metric.data.data_points]

    def instrument(self, mind: Any) -> Any:
        """Instrument a client."""
        return instrument(mind, tracer_provider=self.tracers, meter_provider=self.meters)

    def close(self) -> None:
        """Close the providers."""
        self.tracers.shutdown()
        self.meters.shutdown()


@pytest.fixture
def told() -> Iterator[Told]:
    """Take what is told."""
    found = Told()
    yield found
    found.close()


@pytest.fixture
def make(caller: Callable[..., Caller], told: Told) -> MakeTold:
    """Make instrumented callers on the engine of this run, on a clock of their own."""

    def made(url: str, **options: Any) -> Caller:
        found = caller(url, **({"clock": FakeClock()} | options))
        told.instrument(found.mind)
        return found

    return made
