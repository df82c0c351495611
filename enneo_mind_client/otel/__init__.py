"""OpenTelemetry: a span for each call, `traceparent` for the server, and metrics. Needs the extra `otel`.

    with instrument(EnneoMind("demo")) as mind:
        ...

A client is instrumented by name and not every one in the process: so nothing is patched, a test or a library can have
its own providers, and a client that is not instrumented pays nothing.
"""

try:
    from enneo_mind_client.otel.telemetry import instrument, uninstrument
except ModuleNotFoundError as error:
    needed = "telemetry needs an extra; install it with: pip install 'enneo-mind-client[otel]'"
    raise ModuleNotFoundError(needed, name=error.name) from error

__all__ = ["instrument", "uninstrument"]
