"""The call's span and everything around it: the caller's trace, the server's, threads, tasks and cancellation."""

import asyncio
import logging
from collections.abc import Callable
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import baggage, context
from opentelemetry.propagate import get_global_textmap, set_global_textmap
from opentelemetry.propagators.textmap import TextMapPropagator
from opentelemetry.trace import get_current_span

from enneo_mind_client import AsyncEnneoMind, EnneoMind, NotFoundError
from enneo_mind_client.models import Attachment
from enneo_mind_client.otel import instrument, uninstrument
from enneo_mind_client.testing import LocalMind
from tests.core.callers import TOKEN, get
from tests.faults import answers
from tests.faults.certs import Certificates
from tests.faults.conftest import Scripted
from tests.faults.conftest import trusting as trusting
from tests.faults.loops import cancelled_in
from tests.faults.verbs import ReadRequest, Redirect, Send, Stall

from .conftest import MakeTold, Told

OK = Send(answers.json_ok({"success": True}))
TICKETS = range(1, 31)


def trace_of(value: str) -> tuple[str, str]:
    """Return the trace and the span of a `traceparent`."""
    version, trace, span, _ = value.split("-")
    assert version == "00"
    return trace, span


def test_every_attempt_takes_the_trace_along(make: MakeTold, told: Told, scripted: Scripted) -> None:
    """The server gets the caller's trace and this call's span, with each attempt."""
    server = scripted(Send(answers.json_status(503, {})), OK)
    with told.tracer.start_as_current_span("caller") as caller:
        make(server.url).call()

    span = told.spans[0]
    expected = (f"{caller.get_span_context().trace_id:032x}", f"{span.context.span_id:016x}")
    assert [trace_of(request.headers["traceparent"]) for request in server.seen.requests] == [expected] * 2
    assert span.parent is not None
    assert span.parent.span_id == caller.get_span_context().span_id


def test_the_servers_id_is_the_trace(told: Told) -> None:
    """The txId that a server gives with an error is the caller's trace, as the real one's is."""
    with LocalMind() as local, EnneoMind(local.base_url, token=local.token) as mind, pytest.raises(NotFoundError) as no:
        told.instrument(mind).conversations.list(10**9)

    assert no.value.tx_id == f"{told.span.context.trace_id:032x}"
    assert dict(told.span.attributes or {})["enneo.tx_id"] == no.value.tx_id


def test_what_the_global_propagator_writes_goes_along(make: MakeTold, scripted: Scripted) -> None:
    """The caller's baggage too, since that is in the propagator unless it is configured otherwise."""
    server = scripted(OK)
    token = context.attach(baggage.set_baggage("tenant", "Stadtwerke Süd"))
    try:
        make(server.url).call()
    finally:
        context.detach(token)

    assert server.seen.requests[0].headers["baggage"] == "tenant=Stadtwerke+S%C3%BCd"


class Odd(TextMapPropagator):
    """A propagator of somebody's own that writes what is no header."""

    @property
    def fields(self) -> set[str]:
        """What it writes: it does not say."""
        return set()

    def inject(self, carrier: Any, context: Any = None, setter: Any = None) -> None:
        """Write a header, and what is none."""
        carrier |= {"x-good": "1", "x-number": 5, "x-lines": "a\r\nb: c", "x bad": "a", "x-letter": "ü"}

    def extract(self, carrier: Any, context: Any = None, getter: Any = None) -> Any:
        """Read nothing."""


def test_what_no_header_can_hold_stays_behind(make: MakeTold, scripted: Scripted) -> None:
    """A propagator that writes what is no header costs no call its answer, and no line is smuggled in."""
    server, usual = scripted(OK), get_global_textmap()
    set_global_textmap(Odd())
    try:
        make(server.url).call()
    finally:
        set_global_textmap(usual)
    sent = server.seen.requests[0].headers

    assert [name for name in sent if name.startswith(("x", "b:", "b"))] == ["x-good"]


def test_the_span_is_current_during_the_call_only(make: MakeTold, told: Told, scripted: Scripted) -> None:
    """What is traced inside, as by the instrumentation of an HTTP library, is a child; what comes after is not."""

    def token() -> str:
        told.tracer.start_span("vault").end()
        return TOKEN

    make(scripted(OK).url, token=token).call()
    told.tracer.start_span("after").end()

    vault, call, after = told.spans
    assert vault.parent is not None
    assert vault.parent.span_id == call.context.span_id
    assert (call.parent, after.parent) == (None, None)
    assert not get_current_span().get_span_context().is_valid


@pytest.mark.parametrize("stage", ["reading", "sleeping"])
async def test_a_cancelled_call_ends_its_span(told: Told, scripted: Scripted, stage: str) -> None:
    """Cancelled while it reads or waits: the span has ended, as cancelled, and is current no more."""
    reading = (ReadRequest(), Stall(30))
    server = scripted(reading if stage == "reading" else Send(answers.json_status(503, {}, Retry_After="20")))
    async with AsyncEnneoMind(server.url, token=TOKEN) as mind:
        call = told.instrument(mind).conversations.list(1)
        error, _ = await cancelled_in(call, lambda: bool(server.seen.requests))

    assert isinstance(error, asyncio.CancelledError)
    assert dict(told.span.attributes or {})["error.type"] == "CancelledError"
    assert not get_current_span().get_span_context().is_valid


async def test_a_call_that_is_thrown_away_ends_its_span(told: Told, caplog: pytest.LogCaptureFixture) -> None:
    """A coroutine that nobody awaits to its end is closed by anyone: that is no error in the log."""

    async def wait() -> str:
        await asyncio.sleep(0)
        return TOKEN

    mind = told.instrument(AsyncEnneoMind("demo", token=wait))
    with caplog.at_level(logging.DEBUG):
        call = mind.conversations.list(1)
        copy_context().run(call.send, None)
        call.close()

    assert dict(told.span.attributes or {})["error.type"] == "GeneratorExit"
    assert caplog.messages == []


def test_concurrent_calls_are_siblings(told: Told) -> None:
    """Calls of one task group are all children of the caller's span, and not of each other."""

    async def read(url: str, token: str) -> None:
        async with AsyncEnneoMind(url, token=token) as mind:
            told.instrument(mind)
            with told.tracer.start_as_current_span("caller"):
                await asyncio.gather(*(mind.conversations.list(number) for number in TICKETS))

    with LocalMind() as local:
        asyncio.run(read(local.base_url, local.token))

    check_children(told)


def stream(mind: EnneoMind, _: str) -> int:
    """Stream in threads."""
    return len(list(mind.conversations.stream(TICKETS)))


def download_all(mind: EnneoMind, folder: str) -> int:
    """Download in threads."""
    conversations = [each for number in TICKETS for each in mind.conversations.list(number)]
    return len(mind.attachments.download_all(conversations, folder))


@pytest.mark.parametrize("work", [stream, download_all])
def test_threads_know_the_callers_span(told: Told, tmp_path: Path, work: Callable[..., int]) -> None:
    """A span for each ticket or file, under the span that was current where they were asked for."""
    with LocalMind() as local, EnneoMind(local.base_url, token=local.token) as mind:
        told.instrument(mind)
        with told.tracer.start_as_current_span("caller"):
            number = work(mind, str(tmp_path))

    check_children(told, number + (len(TICKETS) if work is download_all else 0))


def test_tasks_know_the_callers_span(told: Told) -> None:
    """A span for each ticket of an asynchronous stream, under the span that was current."""

    async def read(url: str, token: str) -> None:
        async with AsyncEnneoMind(url, token=token) as mind:
            told.instrument(mind)
            with told.tracer.start_as_current_span("caller"):
                async for _ in mind.conversations.stream(TICKETS):
                    with told.tracer.start_as_current_span("other"):
                        await asyncio.sleep(0)

    with LocalMind() as local:
        asyncio.run(read(local.base_url, local.token))

    check_children(told, others=len(TICKETS))


def check_children(told: Told, number: int = len(TICKETS), others: int = 0) -> None:
    """Check that there are so many calls, each a child of `caller`, and nothing else."""
    (caller,) = (span for span in told.spans if span.name == "caller")
    calls = [span for span in told.spans if span.name.startswith("GET ")]
    assert len(calls) == number
    assert len(told.spans) == 1 + number + others
    assert {span.parent and span.parent.span_id for span in calls} == {caller.context.span_id}


def attachment(url: str) -> Attachment:
    """Return an attachment whose name and address are a customer's."""
    return Attachment.from_dict({"id": 7, "url": url, "name": "Erika.pdf", "size": 3})


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("redirected", [False, True])
def test_other_hosts_are_told_nothing(
    told: Told, scripted: Scripted, certificates: Certificates, tmp_path: Path, redirected: bool
) -> None:
    """The trace goes to the instance and not to where an attachment lies, nor does the address go into the span."""
    bucket = scripted(Send(answers.http(200, b"abc")), tls=certificates.server())
    outside = f"https://127.0.0.1:{bucket.port}/Erika.pdf?X-Amz-Signature=hush"
    server = scripted(Redirect(302, outside))
    with EnneoMind(server.url, token=TOKEN) as mind:
        told.instrument(mind).attachments.download(attachment("/a/Erika.pdf" if redirected else outside), tmp_path)

    assert [request.headers.keys() & {"traceparent", "tracestate"} for request in bucket.seen.requests] == [set()]
    assert [set(request.headers) & {"traceparent"} for request in server.seen.requests] == [
        {"traceparent"}
    ] * redirected
    full = dict(told.span.attributes or {})["url.full"]
    origin = server.url if redirected else f"https://127.0.0.1:{bucket.port}"
    assert full == f"{origin}/REDACTED" + ("" if redirected else "?X-Amz-Signature=REDACTED")
    assert "Erika" not in told.span.to_json()


def test_without_an_sdk_nothing_is_sent(make: MakeTold, scripted: Scripted) -> None:
    """With the API alone a call works, and has no trace to take along."""
    server = scripted(OK)
    caller: Any = make(server.url)
    instrument(uninstrument(caller.mind))
    caller.call(get())

    assert "traceparent" not in server.seen.requests[0].headers
