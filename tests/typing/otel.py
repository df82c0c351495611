"""Type-checked, never run: a client that is instrumented is still the client it was."""

from typing import assert_type

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.trace import TracerProvider

from enneo_mind_client import AsyncEnneoMind, EnneoMind
from enneo_mind_client.otel import instrument, uninstrument


class Mine(EnneoMind):
    """A client of the caller's."""


def check_instrument() -> None:
    """Blocking, asynchronous and the caller's own."""
    assert_type(instrument(EnneoMind()), EnneoMind)
    assert_type(instrument(AsyncEnneoMind(), tracer_provider=TracerProvider()), AsyncEnneoMind)
    assert_type(instrument(Mine(), meter_provider=MeterProvider()), Mine)
    assert_type(uninstrument(Mine()), Mine)
