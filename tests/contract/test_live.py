"""Checks of an instance: what is called, what is left, and what counts as an answer."""

import http.server
import sys
import threading
from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest

from enneo_mind_client import AsyncEnneoMind, EnneoMind, RetryPolicy
from enneo_mind_client.contract import acheck, check, junit
from enneo_mind_client.contract.documents import Document, Documents
from enneo_mind_client.contract.judging import Exchange
from enneo_mind_client.contract.tally import Tally
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.testing import FrozenClock, LocalMind, Quirks

from .asking import asked, document, told, written

GROWN = Path(__file__).parents[1] / "generator" / "specs" / "grown.yaml"


def grown(folder: Path, paths: dict[str, Any]) -> Path:
    """Write a document with operations that answer with text."""
    made = document({"type": "string"})
    (item,) = made["paths"].values()
    made["paths"] = {
        path: {method: {**item["get"], "operationId": f"{method} {path}", **more} for method, more in methods.items()}
        for path, methods in paths.items()
    }
    return written(folder, "grown.json", made)


async def test_the_asynchronous_check_tells_the_same() -> None:
    """Blocking or not, the report is the same."""
    with LocalMind() as local:
        async with AsyncEnneoMind(local.base_url, token=local.token) as mind:
            found = await acheck(mind, tickets=[1, 2])
        with EnneoMind(local.base_url, token=local.token) as blocking:
            assert check(blocking, tickets=[1, 2]) == found
    assert found.findings


def test_retries_hold() -> None:
    """A check is made with the client's retries: what is answered at last is judged."""
    with LocalMind(quirks=Quirks.none()) as local:
        local.fail(status=503, times=2)
        with EnneoMind(local.base_url, token=local.token, clock=FrozenClock()) as mind:
            report = check(mind, tickets=[1])

    assert (report.checked[0].statuses, report.findings, local.requests) == ({200: 1}, (), 3)


@pytest.mark.parametrize(("status", "published"), [(429, 1), (503, 1), (500, 0), (418, 0)])
def test_an_error_is_judged_as_well(status: int, published: int) -> None:
    """What ends in an error is an answer: an undeclared status is an error, or a note where the corrections know it."""
    with LocalMind(quirks=Quirks.none()) as local:
        local.fail(status=status, times=None)
        with EnneoMind(local.base_url, token=local.token, retry=None) as mind:
            report = check(mind, tickets=[1])
    expected = [("undeclared_status", "status", str(status))] if status != 500 else []

    assert told(report) == expected
    assert [each.severity for each in report.findings] == (["note"] if published else ["error"] * len(expected))
    assert not report.is_whole


def test_a_refused_credential_ends_the_check() -> None:
    """A refused credential is no deviation, and no second call is made with it."""
    with LocalMind() as local, EnneoMind(local.base_url, token="wrong-wrong-wrong") as mind:
        report = check(mind, tickets=[1, 2, 3])

    assert (report.refused, report.findings, len(report.unanswered), local.requests) == (True, (), 1, 1)


class Gossip(http.server.BaseHTTPRequestHandler):
    """A server that tells of customers: in its refusals, and where HTTP has no place for it."""

    def do_GET(self) -> None:
        """Answer."""
        if "conversation" in self.path:
            body = b'{"error": "The session of Kim.Winter@example.com has expired", "txId": "Kim"}'
            self.wfile.write(b"HTTP/1.0 401 Unauthorized\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        else:
            self.wfile.write(b"HTTP/1.0 200 OK\r\nKim.Winter@example.com\r\n\r\n")

    def log_message(self, *_: Any) -> None:
        """Be quiet."""


@pytest.fixture
def gossip() -> Iterator[str]:
    """Start such a server and return its address."""
    with http.server.HTTPServer(("127.0.0.1", 0), Gossip) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/api/mind"
        server.shutdown()
        thread.join()


def test_what_a_refusal_says_is_not_told(gossip: str) -> None:
    """Why a call was not answered is told without the server's words, which may be of a customer."""
    with EnneoMind(gossip, token="t", retry=None) as mind:
        report = check(mind, tickets=1)

    assert report.refused
    assert "the credential was refused with a 401" in report.text()
    assert "Kim" not in report.text() + junit(report) + str(report.to_dict())


async def test_what_is_no_http_is_not_told(gossip: str, tmp_path: Path) -> None:
    """What stands where HTTP has no place for it is not told, nor is a text that a parameter was given."""
    needs = {"name": "mail", "in": "query"}
    api = grown(tmp_path, {"/plain": {"get": {"parameters": [needs]}}})
    values: Any = {"parameters": {"mail": ["Kim.Winter@example.com"]}, "document": api}
    with EnneoMind(gossip, token="t", retry=None) as mind:
        blocking = check(mind, **values)
    async with AsyncEnneoMind(gossip, token="t", retry=None) as asynchronous:
        for report in (blocking, await acheck(asynchronous, **values)):
            assert "does not speak HTTP" in report.unanswered[0].reason
            assert report.unanswered[0].call == 'mail="xxx.xxxxxx@xxxxxxx.xxx"'
            assert "Kim" not in report.text() + junit(report) + str(report.to_dict())


def test_a_credential_that_is_renewed() -> None:
    """The answer to a renewal is not taken for the operation's."""
    tokens = chain(["old-old-old"], repeat("local-mind-token"))
    with LocalMind(quirks=Quirks.none()) as local, EnneoMind(local.base_url, token=lambda: next(tokens)) as mind:
        report = check(mind, tickets=[1])

    assert (report.checked[0].statuses, report.findings) == ({200: 1}, ())


def test_no_answer_is_told() -> None:
    """A call that comes to nothing is told with its values, and what is answered is judged."""
    with LocalMind() as local:
        where = local.base_url
    with EnneoMind(where, token="t", retry=None) as mind:
        report = check(mind, tickets=[7, 8])

    assert [each.call for each in report.unanswered] == ["ticketId=7", "ticketId=8"]
    assert (report.refused, report.is_whole) == (False, False)
    assert "refused the connection" in report.unanswered[0].reason


def test_an_answer_before_a_failure_is_not_the_last() -> None:
    """Where the last attempt fails, an earlier answer is not judged in its place."""
    with LocalMind() as local:
        local.fail(status=503)
        with EnneoMind(
            local.base_url, token=local.token, clock=FrozenClock(), max_response_bytes=100, retry=RetryPolicy()
        ) as mind:
            report = check(mind, tickets=[1])

    assert (report.checked, [each.reason for each in report.unanswered]) == ((), ["ResponseError (too_large)"])


def test_what_is_called_and_what_is_left(tmp_path: Path) -> None:
    """Each GET whose parameters are given is called, and each other operation is left with the reason."""
    needs = {"name": "q", "in": "query", "required": True}
    paths: dict[str, Any] = {
        "/ticket/{ticketId}/conversation": {"get": {}, "post": {}},
        "/ticket/{id}": {"get": {}},
        "/tickets/{ticket_id}/a/{part}": {"get": {"parameters": [{"name": "x", "in": "query"}]}},
        "/customer/{id}": {"get": {}},
        "/search": {"get": {"parameters": [needs]}},
        "/body": {"get": {"requestBody": {"required": True}}},
        "/plain": {"get": {}},
    }
    report = asked(
        tickets=[1, 2],
        parameters={"part": ["a", "b"], "x": "one", "unused": ["y"]},
        document=grown(tmp_path, paths),
    )

    assert {each.operation: sum(each.statuses.values()) for each in report.checked} == {
        "get /ticket/{ticketId}/conversation": 2,
        "get /ticket/{id}": 2,
        "get /tickets/{ticket_id}/a/{part}": 4,
        "get /plain": 1,
    }
    assert {each.operation: each.reason for each in report.skipped} == {
        "post /ticket/{ticketId}/conversation": "POST may change something",
        "get /customer/{id}": "no value for id",
        "get /search": "no value for q",
        "get /body": "it takes a body",
    }


def test_the_grown_document_works_without_a_line_for_it() -> None:
    """Any document is checked: operations of whatever kind are called or left, and nothing breaks."""
    pytest.importorskip("ruamel.yaml")
    report = asked(tickets=[1], parameters={"id": ["1"], "customerId": ["5"]}, document=GROWN)

    assert len(report.checked) >= 3
    assert len(report.skipped) >= 5
    assert report.documents == ("given",)


def test_values_are_sent_where_they_belong(tmp_path: Path) -> None:
    """A value goes into the path, query, header or cookie that takes it."""
    places = [{"name": name, "in": name} for name in ("query", "header", "cookie")]
    paths = {"/{path}": {"get": {"parameters": places}}}
    with LocalMind() as local, EnneoMind(local.base_url, token=local.token) as mind:
        given = {"path": "a b", "query": "q&q", "header": "h", "cookie": "c"}
        report = check(mind, parameters=given, document=grown(tmp_path, paths))

    assert report.checked[0].statuses == {404: 1}


def test_nothing_to_call() -> None:
    """Without values there is nothing to call, which is told at once."""
    with pytest.raises(ConfigurationError, match="nothing to call: give --tickets"):
        asked(tickets=[])


def test_nothing_that_only_reads(tmp_path: Path) -> None:
    """Where the document has only what may change something, that is the reason given."""
    with pytest.raises(ConfigurationError, match="post /plain: POST may change something"):
        asked(document=grown(tmp_path, {"/plain": {"post": {}}}))


def test_the_corrections_say_how_grave_it_is(tmp_path: Path) -> None:
    """What both documents do not know is as grave as the corrected one says."""
    schemas = ({"type": "string", "enum": ["a"]}, {"type": "string", "x-extensible-enum": ["a"]})
    names = ("published", "corrected")
    tally = Tally(Documents(tuple(Document(name, document(each)) for name, each in zip(names, schemas, strict=True))))
    tally.add(Exchange("GET", "/thing", 200, None, b'"b"'))
    (finding,) = tally.report().findings

    assert (finding.document, finding.severity) == ("both", "warning")


@pytest.mark.parametrize("tickets", [[0], ["x"], [-1], [1.5]])
def test_no_ticket(tickets: list[Any]) -> None:
    """What is no ticket's number is refused before anything is sent."""
    with pytest.raises(ConfigurationError, match="no ticket id"):
        asked(tickets=tickets)


def test_a_document_with_a_byte_order_mark(tmp_path: Path) -> None:
    """A document that an editor began with a byte order mark is JSON all the same."""
    content = b"\xef\xbb\xbf" + grown(tmp_path, {"/plain": {"get": {}}}).read_bytes()

    assert asked(tickets=[], document=written(tmp_path, "marked.json", content)).documents == ("given",)


YAML = "openapi: 3.0.0\npaths:\n  /plain:\n    get: {responses: {200: {description: 2022-08-12}}}\n"


def test_a_document_in_yaml(tmp_path: Path) -> None:
    """A document may be YAML, with statuses as numbers, where a library for it is installed."""
    pytest.importorskip("ruamel.yaml")
    report = asked(tickets=[], document=written(tmp_path, "api.yaml", YAML))

    assert told(report) == [("undeclared_status", "status", "404")]
    assert report.findings[0].operation == "GET /plain"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{[", "is not JSON: line 1, column 2"),
        (b"\xff\x00", "neither JSON nor YAML"),
        ("a: [1", "neither JSON nor YAML"),
        ("a: &a [*a]", "contains itself"),
        ("[" * 5000, "nested too deeply|neither JSON nor YAML"),
        ("", "not an OpenAPI 3 document"),
    ],
)
def test_a_document_that_is_broken(tmp_path: Path, content: Any, words: str) -> None:
    """A document that cannot be read is told in one line with its name."""
    with pytest.raises(ConfigurationError, match=words) as caught:
        asked(document=written(tmp_path, "api.yaml", content))
    assert "api.yaml" in str(caught.value) or not content


def test_a_document_that_is_not_there(tmp_path: Path) -> None:
    """A document that is not there is told as such."""
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        asked(document=tmp_path / "none.json")


@pytest.mark.parametrize("missing", [["ruamel.yaml"], ["ruamel.yaml", "yaml"]])
def test_another_library_for_yaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: list[str]) -> None:
    """YAML is read by PyYAML where that is installed, and without a library one line says what to install."""
    pytest.importorskip("yaml")
    for name in missing:
        monkeypatch.setitem(sys.modules, name, None)
    path = written(tmp_path, "api.yaml", YAML)

    if "yaml" not in missing:
        assert told(asked(tickets=[], document=path)) == [("undeclared_status", "status", "404")]
    else:
        with pytest.raises(ConfigurationError, match="pip install ruamel"):
            asked(tickets=[], document=path)


async def test_without_a_token_nothing_is_told_but_that(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong with the client itself ends the check, and is no call without an answer."""
    mind = EnneoMind("demo", token=lambda: "not a token\n")
    with mind, pytest.raises(ConfigurationError):
        check(mind, tickets=[1])


def test_an_operation_that_only_the_corrections_have(tmp_path: Path) -> None:
    """An operation that one of two documents lacks is judged by the other."""
    whole, lacking = document({"type": "string"}), document({"type": "string"})
    lacking["paths"] = {}
    tally = Tally(Documents((Document("published", lacking), Document("corrected", whole))))
    tally.add(Exchange("GET", "/thing", 200, None, b"1"))

    assert [(each.kind, each.document) for each in tally.report().findings] == [("wrong_type", "corrected")]
