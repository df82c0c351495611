"""The span of a call: its name, attributes, events and end, by the semantic conventions for HTTP clients."""

from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, sampling
from opentelemetry.semconv.attributes import (
    error_attributes,
    exception_attributes,
    http_attributes,
    server_attributes,
    url_attributes,
)
from opentelemetry.trace import SpanKind, StatusCode, get_current_span

from enneo_mind_client.errors import ConfigurationError, EnneoMindError
from enneo_mind_client.otel import uninstrument
from enneo_mind_client.retries import RetryPolicy
from tests.core.callers import READ, TOKEN, get
from tests.faults import answers
from tests.faults.conftest import Scripted
from tests.faults.ports import closed_port
from tests.faults.verbs import Close, ReadRequest, Redirect, Script, Send, Stall

from .conftest import MakeTold, Told

OK = Send(answers.json_ok({"success": True}))
TEMPLATE = "/ticket/{ticketId}/conversation"
PERSONAL = "Erika Mustermann, erika@example.org"


def failing(status: int, **body: str) -> Script:
    """Answer with an error."""
    return Send(answers.json_status(status, body))


def of(span: ReadableSpan, name: str) -> list[dict[str, Any]]:
    """Return the attributes of the events of a name."""
    return [dict(event.attributes or {}) for event in span.events if event.name == name]


def test_a_call_is_a_span(make: MakeTold, told: Told, scripted: Scripted) -> None:
    """Of the kind CLIENT, named by the template, with what the conventions require."""
    server = scripted(OK)
    make(server.url).call(READ.request(path={"ticketId": 7}, query={"includeRawData": True}))

    span = told.span
    assert (span.name, span.kind) == (f"GET {TEMPLATE}", SpanKind.CLIENT)
    assert span.status.status_code is StatusCode.UNSET
    assert span.instrumentation_scope is not None
    assert span.instrumentation_scope.name == "enneo_mind_client"
    assert dict(span.attributes or {}) == {
        http_attributes.HTTP_REQUEST_METHOD: "GET",
        http_attributes.HTTP_RESPONSE_STATUS_CODE: 200,
        server_attributes.SERVER_ADDRESS: "127.0.0.1",
        server_attributes.SERVER_PORT: server.port,
        url_attributes.URL_FULL: f"{server.url}/api/mind/ticket/7/conversation?includeRawData=true",
        "url.template": TEMPLATE,
        "enneo.operation": "getConversations",
    }


def test_attempts_and_retries_are_events(make: MakeTold, told: Told, scripted: Scripted) -> None:
    """Each attempt with its number, status or error and txId; each wait with its delay and reason."""
    broken = Send(answers.http(503, b'{"txId": "abc"}', headers={"Retry-After": "2"}))
    make(scripted(broken, (ReadRequest(), Close()), OK).url).call()

    attempts, retries = of(told.span, "enneo.attempt"), of(told.span, "enneo.retry")
    assert [event.name for event in told.span.events] == [*("enneo.attempt", "enneo.retry") * 2, "enneo.attempt"]
    assert all(attempt.pop("enneo.attempt.duration") >= 0 for attempt in attempts)
    status, resent = http_attributes.HTTP_RESPONSE_STATUS_CODE, http_attributes.HTTP_REQUEST_RESEND_COUNT
    assert attempts == [
        {"enneo.attempt.number": 1, status: 503, "error.type": "503", "enneo.tx_id": "abc"},
        {"enneo.attempt.number": 2, "error.type": "APIConnectionError", resent: 1},
        {"enneo.attempt.number": 3, status: 200, resent: 2},
    ]
    assert retries == [
        {"enneo.attempt.number": 1, "enneo.retry.delay": 2.0, "error.type": "503", "enneo.retry.retry_after": 2.0},
        {"enneo.attempt.number": 2, "enneo.retry.delay": 0.1, "error.type": "APIConnectionError"},
    ]


def test_a_call_that_succeeds_in_the_end_is_no_error(make: MakeTold, told: Told, scripted: Scripted) -> None:
    """The span has the last status, how often it was sent again, and no error."""
    make(scripted(failing(503, txId="abc"), OK).url).call()

    attributes = dict(told.span.attributes or {})
    assert told.span.status.status_code is StatusCode.UNSET
    assert error_attributes.ERROR_TYPE not in attributes
    assert attributes[http_attributes.HTTP_RESPONSE_STATUS_CODE] == 200
    assert attributes[http_attributes.HTTP_REQUEST_RESEND_COUNT] == 1
    assert attributes["enneo.tx_id"] == "abc"


@pytest.mark.parametrize(("script", "reason", "stopped_by", "kind"), [
    (failing(404, error=PERSONAL, txId="abc"), "404", "not_retryable", None),
    (failing(500, error=PERSONAL), "500", "attempts", None),
    (Redirect(302, "/login"), "AuthenticationError", "not_retryable", None),
    (Send(answers.json_ok({"success": False, "error": PERSONAL})), "ResponseError", "not_retryable", "unsuccessful"),
    ((ReadRequest(), Close()), "APIConnectionError", "attempts", None),
])  # fmt: skip
def test_a_failure(
    make: MakeTold, told: Told, scripted: Scripted, script: Script, reason: str, stopped_by: str, kind: str | None
) -> None:
    """The span has the class of the error and why it was not tried again, and neither secrets nor customers."""
    with pytest.raises(EnneoMindError) as caught:
        make(scripted(script).url, retry=RetryPolicy(max_retries=1)).call()

    span, attributes = told.span, dict(told.span.attributes or {})
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, kind)
    assert (attributes[error_attributes.ERROR_TYPE], attributes["enneo.stopped_by"]) == (reason, stopped_by)
    cls = f"enneo_mind_client.errors.{type(caught.value).__name__}"
    assert of(span, "exception") == [
        {exception_attributes.EXCEPTION_TYPE: cls} | ({"enneo.error.kind": kind} if kind else {})
    ]
    assert not any(secret in span.to_json() for secret in (TOKEN, "Erika", "erika"))


def test_a_server_that_is_not_there(make: MakeTold, told: Told) -> None:
    """A call that nobody answers has a span without a status."""
    with closed_port() as address, pytest.raises(EnneoMindError):
        make(f"http://{address}", retry=None).call()

    attributes = dict(told.span.attributes or {})
    assert attributes[error_attributes.ERROR_TYPE] == "APIConnectionError"
    assert http_attributes.HTTP_RESPONSE_STATUS_CODE not in attributes


def test_an_error_of_the_token_function(make: MakeTold, told: Told) -> None:
    """What the caller's own function raises ends the span by its class, without its text."""

    def token() -> str:
        raise LookupError(f"vault says no to {TOKEN}")

    with pytest.raises(LookupError):
        make("demo", token=token).call()

    assert of(told.span, "exception") == [{exception_attributes.EXCEPTION_TYPE: "builtins.LookupError"}]
    assert TOKEN not in told.span.to_json()


def test_a_timeout_says_what_was_waited_for(make: MakeTold, told: Told, scripted: Scripted) -> None:
    """The phase of a timeout is the description of the status."""
    with pytest.raises(EnneoMindError):
        make(scripted((ReadRequest(), Stall(5))).url, timeout=0.1, retry=None).call()

    assert told.span.status.description == "read"


def test_a_second_time_replaces_the_first(make: MakeTold, told: Told, scripted: Scripted) -> None:
    """A client that is instrumented twice tells once, and one that no longer is tells nothing."""
    caller = make(scripted(OK).url)
    assert told.instrument(caller.mind) is caller.mind
    caller.call()
    assert uninstrument(caller.mind) is caller.mind
    caller.call(get(2))

    assert len(told.spans) == 1


def test_a_call_that_is_not_sampled_works(make: MakeTold, told: Told, scripted: Scripted) -> None:
    """A sampler that drops every span changes nothing for the caller, and the server is told that it is dropped."""
    told.tracers.sampler = sampling.ALWAYS_OFF
    server = scripted(OK)
    make(server.url).call()

    assert told.spans == []
    flags = server.seen.requests[0].headers["traceparent"].rpartition("-")[2]
    assert int(flags, 16) & 1 == 0


def test_only_clients_are_instrumented(told: Told) -> None:
    """What is no client is refused by its type."""
    with pytest.raises(ConfigurationError, match="not a str"):
        told.instrument("demo")


@pytest.mark.parametrize("moment", ["start", "end"])
def test_an_exporter_that_fails_fails_no_call(make: MakeTold, told: Told, scripted: Scripted, moment: str) -> None:
    """A broken span processor costs no call its answer, and the span is current no more."""

    class Broken(SpanProcessor):
        def on_start(self, span: Any, parent_context: Any = None) -> None:
            if moment == "start":
                raise ConnectionError("the collector is down")

        def on_end(self, span: ReadableSpan) -> None:
            raise ConnectionError("the collector is down")

    told.tracers.add_span_processor(Broken())

    assert make(scripted(OK).url).call().status_code == 200
    assert not get_current_span().get_span_context().is_valid
