"""What is counted: calls, retries, the time of requests, and drift; all of few kinds, however many tickets."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from enneo_mind_client import EnneoMind, NotFoundError
from enneo_mind_client.drift import drifts, note
from enneo_mind_client.otel.conventions import BUCKETS, OTHER, Attributes, of_metrics, of_span, redacted
from enneo_mind_client.testing import LocalMind
from enneo_mind_client.watching import Begun
from tests.core.callers import TOKEN, get
from tests.faults import answers
from tests.faults.conftest import Scripted
from tests.faults.verbs import Send

from .conftest import MakeTold, Told

OK = Send(answers.json_ok({"success": True}))
TEMPLATE = "/ticket/{ticketId}/conversation"


def values(told: Told, name: str) -> dict[tuple[Any, ...], float]:
    """Return what a metric says, by status or error and by what else is not the same for all calls."""
    kinds = ("http.response.status_code", "error.type")
    points = told.points(name)
    assert all({"http.request.method": "GET", "url.template": TEMPLATE}.items() <= p.attributes.items() for p in points)
    return {
        tuple(p.attributes.get(kind) for kind in kinds): p.value if hasattr(p, "value") else p.count for p in points
    }


def test_calls_retries_and_times_are_counted(make: MakeTold, told: Told, scripted: Scripted) -> None:
    """A call that was tried again is one call, one retry and two requests."""
    caller = make(scripted(Send(answers.json_status(503, {})), OK, Send(answers.json_status(404, {}))).url)
    caller.call(get(1))
    with pytest.raises(NotFoundError):
        caller.call(get(2))

    assert values(told, "enneo_mind.client.calls") == {(None, None): 1, (None, "404"): 1}
    assert values(told, "enneo_mind.client.retries") == {(None, "503"): 1}
    assert values(told, "http.client.request.duration") == {(503, "503"): 1, (200, None): 1, (404, "404"): 1}


def test_durations_are_as_the_conventions_say(make: MakeTold, told: Told, scripted: Scripted) -> None:
    """Seconds, in the buckets that are advised, with the server that was asked."""
    server = scripted(OK)
    make(server.url).call()

    (point,) = told.points("http.client.request.duration")
    assert tuple(point.explicit_bounds) == BUCKETS
    assert dict(point.attributes) == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "server.address": "127.0.0.1",
        "server.port": server.port,
        "url.template": TEMPLATE,
    }


def test_drift_is_counted_once(told: Told) -> None:
    """However many clients are instrumented, a field that came other than declared counts as often as it came."""
    for _ in range(3):
        told.instrument(EnneoMind("demo", token=TOKEN))
    note("Telemetry", "aField", "x")
    note("Telemetry", "aField", "x")

    found = {tuple(p.attributes.values()): p.value for p in told.points("enneo_mind.client.drifts")}
    assert len(told.points("enneo_mind.client.drifts")) == len(drifts)
    assert found["Telemetry", "aField"] == drifts["Telemetry", "aField"] == 2


def test_drift_is_read_while_it_is_counted(told: Told) -> None:
    """Fields that drift for the first time do not disturb the reader."""
    told.instrument(EnneoMind("demo", token=TOKEN))
    with ThreadPoolExecutor(2) as pool:
        tasks = [pool.submit(note, "Telemetry", f"field{number}", 1) for number in range(500)]
        while not all(task.done() for task in tasks):
            assert told.points("enneo_mind.client.drifts")
    for number in range(500):
        del drifts["Telemetry", f"field{number}"]


def test_a_stream_makes_no_new_kinds(told: Told) -> None:
    """A thousand tickets are a thousand calls of one kind."""
    with LocalMind() as local, EnneoMind(local.base_url, token=local.token) as mind:
        assert sum(1 for _ in told.instrument(mind).conversations.stream(range(1, 101))) == 100

    assert values(told, "enneo_mind.client.calls") == {(None, None): 100}


@pytest.mark.parametrize(("url", "address", "port"), [
    ("https://demo.enneo.ai/api/mind/x", "demo.enneo.ai", 443),
    ("http://localhost/x", "localhost", 80),
    ("http://[::1]:8080/x", "::1", 8080),
])  # fmt: skip
def test_the_server(url: str, address: str, port: int) -> None:
    """Host and port, also where the port is that of the scheme."""
    expected: Attributes = {"server.address": address, "server.port": port}
    for attributes in (of_span(Begun("x", "GET", "/x", url)), of_metrics(Begun("x", "GET", "/x", url))):
        assert expected.items() <= attributes.items()


def test_the_hosts_of_attachments_are_not_told_apart() -> None:
    """Who writes tickets cannot make new kinds of metrics."""
    attributes = of_metrics(Begun("x", "GET", "/(attachment)", "https://a.example.org/1", outside=True))

    assert attributes == {"http.request.method": "GET", "url.template": "/(attachment)", "server.address": OTHER}


@pytest.mark.parametrize(("url", "template", "shown"), [
    ("https://h/api/ticket/7/conversation?includeRawData=true", TEMPLATE, "https://h/api/ticket/7/conversation?includeRawData=true"),
    ("https://u:pw@h/api/ticket/7/conversation#top", TEMPLATE, "https://h/api/ticket/7/conversation"),
    ("https://h/ticket/Erika/conversation", TEMPLATE, "https://h/ticket/REDACTED/conversation"),
    ("https://h/f/2b5bd3f0-0000-4000-8000-00000000000a", "/f/{id}", "https://h/f/2b5bd3f0-0000-4000-8000-00000000000a"),
    ("https://h/a%2Fb", "/{id}", "https://h/REDACTED"),
    ("https://h/search?q=Erika&phone=491701234567&a=", "/search", "https://h/search?q=REDACTED&phone=REDACTED&a=REDACTED"),
    ("https://h/s?sig=a&n%0Ae=1", "/s", "https://h/s?sig=REDACTED&n%0Ae=REDACTED"),
    ("https://h/inbox/Erika.pdf", "/(attachment)", "https://h/REDACTED"),
    ("https://h", "/(attachment)", "https://h/REDACTED"),
    ("https://h/a/b", "/x/a/b/c", "https://h/REDACTED"),
])  # fmt: skip
def test_addresses_without_what_is_personal(url: str, template: str, shown: str) -> None:
    """Ids and switches stay; names, texts, numbers that may be a customer's, signatures and users go."""
    assert redacted(url, template) == shown
