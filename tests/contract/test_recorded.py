"""Recorded answers: what counts of a hostile file, and what is said of a broken one."""

import base64
import gzip
from pathlib import Path
from typing import Any

import pytest

from enneo_mind_client.contract import Report, check_recorded
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.testing import Quirks
from enneo_mind_client.testing.threads import Thread

from .asking import JSON, document, told, written

URL = "https://demo.enneo.ai/api/mind/ticket/376189/conversation?includeRawData=false"
BODY = '{"conversations": [{"id": "12"}], "success": true}'
FOUND = [("wrong_type", "$.conversations[*].id", "string")]


def entry(url: str = URL, method: str = "GET", status: Any = 200, **content: Any) -> dict[str, Any]:
    """Return an entry of a HAR file."""
    return {
        "request": {
            "method": method,
            "url": url,
            "headers": [{"name": "Authorization", "value": "Bearer secret-token"}],
            "cookies": [{"name": "connect.sid", "value": "secret-cookie"}],
        },
        "response": {
            "status": status,
            "headers": [{"name": "Content-Type", "value": "application/json; charset=iso-8859-1"}, "junk"],
            "content": {"text": BODY, **content},
        },
    }


def har(folder: Path, *entries: Any) -> Report:
    """Judge a HAR file."""
    return check_recorded([written(folder, "session.har", {"log": {"version": "1.2", "entries": entries}})])


def errors(report: Report) -> list[tuple[str, str, str]]:
    """Return the findings that are errors."""
    return [(each.kind, each.path, each.value) for each in report.findings if each.severity == "error"]


def test_only_what_is_of_an_operation_counts(tmp_path: Path) -> None:
    """Of a browser's session other hosts' files, other methods and cached or failed answers are counted and left."""
    report = har(
        tmp_path,
        entry(),
        entry("https://cdn.example.com/app.js"),
        entry(method="OPTIONS"),
        entry(status=0),
        entry(status=304),
        entry(status=None),
        entry("https://[broken/ticket/1/conversation"),
        entry("/ticket/1/conversation/2"),
        {"request": None, "response": []},
        "junk",
    )

    assert (report.ignored, report.checked[0].statuses) == (9, {200: 1})
    assert errors(report) == FOUND


@pytest.mark.parametrize(
    "url",
    [
        "/ticket/1/conversation",
        "/ticket/1/conversation/",
        "http://127.0.0.1:8005/api/mind/ticket/1/conversation",
        "https://x/deep/er/ticket/a%2Fb/conversation#part",
    ],
)
def test_any_base_path(tmp_path: Path, url: str) -> None:
    """An operation is known below whatever base path."""
    assert errors(har(tmp_path, entry(url))) == FOUND


def test_one_instance_of_several(tmp_path: Path) -> None:
    """Where an instance is named, other hosts do not count, nor its own pages; what has no host does."""
    path = "/ticket/1/conversation"
    hosts = ("https://Demo.enneo.ai:443/api/mind", "https://demo.enneo.ai", "https://other.enneo.ai/api/mind", "")
    session = written(tmp_path, "session.har", {"log": {"entries": [entry(host + path) for host in hosts]}})
    report = check_recorded(session, instance="demo")

    assert (report.ignored, report.checked[0].statuses) == (2, {200: 2})


def test_base64(tmp_path: Path) -> None:
    """A body may be written in base64."""
    report = har(tmp_path, entry(text=base64.b64encode(BODY.encode()).decode(), encoding="base64"))

    assert errors(report) == FOUND


def test_a_body_that_was_not_recorded(tmp_path: Path) -> None:
    """An answer without its body is judged by its status."""
    assert errors(har(tmp_path, entry(text=None), entry(text=None, status=418))) == [
        ("undeclared_status", "status", "418")
    ]


def test_an_answer_without_a_content_type(tmp_path: Path) -> None:
    """Where other headers were recorded, a content type that is not there is missing."""
    path, headers = "/ticket/1/conversation", {"Server": "nginx"}
    exchange = {"path": path, "status": 200, "headers": headers, "body": {"conversations": [], "success": True}}

    assert told(check_recorded([written(tmp_path, "one.json", exchange)])) == [
        ("undeclared_content_type", "headers.content-type", "none")
    ]


def test_text_in_a_har_is_unicode(tmp_path: Path) -> None:
    """The charset of the answer is not that of the file, and half a character is no traceback."""
    assert errors(har(tmp_path, entry(text='{"conversations": [], "x": "ä"}'))) == []
    assert [kind for kind, *_ in errors(har(tmp_path, entry(text="\ud800")))] == ["not_json"]


def test_nothing_secret_is_told(tmp_path: Path) -> None:
    """Neither a token nor a cookie nor a ticket's number comes into a report."""
    report = har(tmp_path, entry(text='{"conversations": [{"id": "secret-token 376189"}], "connect.sid": "secret"}'))
    told = report.text() + str(report.to_dict())

    assert "secret" not in told
    assert "376189" not in told


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe", "it is not UTF-8"),
        (b"<html>", "is not JSON: line 1, column 1"),
        (b"", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[" + b"1" * 5000 + b"]", "has a huge number"),
        (b'{"log": {"entries": {}}}', "no log.entries"),
        (b'{"log": {}}', "no log.entries"),
        (b"[{}]", "entry 0 has no status"),
        (b'[{"status": 200}]', "entry 0 has no status, or no path"),
        (b'[{"status": "200", "path": "/x"}]', "entry 0 has no status"),
        (b"[null]", "entry 0 has no status"),
        (b"7", "entry 0 has no status"),
    ],
)
def test_a_broken_file(tmp_path: Path, content: bytes, words: str) -> None:
    """A file that is none of the known kinds is one line that names it."""
    with pytest.raises(ConfigurationError, match=words) as caught:
        check_recorded([written(tmp_path, "broken.json", content)])
    assert "broken.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_broken_base64(tmp_path: Path) -> None:
    """A body that is not base64 is told with its entry."""
    with pytest.raises(ConfigurationError, match=r"session\.har is broken: the body of entry 1"):
        har(tmp_path, entry(), entry(text="%%%", encoding="base64"))


@pytest.mark.parametrize("name", ["missing.json", ""])
def test_a_file_that_is_not_there(tmp_path: Path, name: str) -> None:
    """A file that cannot be read is told with the reason."""
    with pytest.raises(ConfigurationError, match="cannot be read: "):
        check_recorded([tmp_path / name])


def test_exchanges(tmp_path: Path) -> None:
    """One or many exchanges, with text or JSON as the body, a path or an address, and GET where nothing is said."""
    many = [
        {"url": URL, "status": 200, "headers": JSON, "body": BODY},
        {"path": "/ticket/1/conversation", "method": "get", "status": 200, "body": {"success": 1}},
        {"path": "/ticket/1/conversation", "method": "DELETE", "status": 200},
        {"path": "/other", "status": 200},
    ]
    report = check_recorded([written(tmp_path, "many.json", many), written(tmp_path, "one.json", many[1])])

    assert (report.ignored, report.checked[0].statuses) == (2, {200: 3})
    assert errors(report) == [*FOUND, ("wrong_type", "$.success", "integer")]


def test_a_mark_at_the_begin_of_a_file(tmp_path: Path) -> None:
    """A byte order mark, which some tools write, is no part of the JSON."""
    path = written(tmp_path, "marked.json", b'\xef\xbb\xbf{"path": "/ticket/1/conversation", "status": 200}')

    assert check_recorded([path]).checked[0].statuses == {200: 1}


def test_a_plain_body(tmp_path: Path) -> None:
    """The body of an answer is judged if its operation is named."""
    conversations = Thread(1, 376189).conversations
    path = written(tmp_path, "body.json", {"conversations": conversations, "success": True})

    assert check_recorded([path], operation="getConversations").findings == ()


def test_an_operation_that_is_not_there(tmp_path: Path) -> None:
    """An operation that the document does not have is told with those that it has."""
    with pytest.raises(ConfigurationError, match=r"no operation getOthers; it has getConversations\."):
        check_recorded([written(tmp_path, "body.json", {})], operation="getOthers")


def test_the_more_exact_path_is_meant(tmp_path: Path) -> None:
    """Of two paths that fit, the longer one is meant, and then the one with fewer parameters."""
    api = document({"type": "string"})
    (item,) = api["paths"].values()
    api["paths"] = {
        path: {"get": {**item["get"], "operationId": path}} for path in ("/{id}", "/things/{id}", "/things/new")
    }
    urls = ["https://x/things/new", "https://x/things/1", "https://x/api/1"]
    exchanges = written(tmp_path, "all.json", [{"url": url, "status": 200} for url in urls])
    report = check_recorded([exchanges], document=written(tmp_path, "api.json", api))

    assert [checked.operation for checked in report.checked] == ["/things/new", "/things/{id}", "/{id}"]


def test_recordings_of_a_local_mind_tell_the_same(tmp_path: Path) -> None:
    """What is recorded of an instance is judged as the instance itself."""
    from enneo_mind_client.testing.quirks import twist

    conversations = Thread(1, 376189).conversations
    twist(conversations, 376189, Quirks().twists())
    path = written(tmp_path, "body.json", {"conversations": conversations, "success": True})
    kinds = {kind for kind, *_ in told(check_recorded([path], operation="getConversations"))}

    assert kinds == {"wrong_type", "date_form", "undeclared_field"}


def test_a_session_without_content(tmp_path: Path) -> None:
    """A session that was saved without its content has nothing to judge, which is no success; an empty body is one."""
    without = har(tmp_path, entry(text=None, size=512))
    empty = har(tmp_path, entry(text=None, size=0))

    assert (without.findings, without.is_whole) == ((), False)
    assert errors(empty) == [("not_json", "$", "200 empty")]


def test_bytes_are_read_by_their_charset(tmp_path: Path) -> None:
    """A body that was recorded as bytes, in lines of base64, is in the charset that its header says."""
    body = base64.encodebytes('{"conversations": [{"id": "Käthe"}]}'.encode("iso-8859-1")).decode()

    assert errors(har(tmp_path, entry(text=body, encoding="base64"))) == FOUND


def test_bytes_that_were_recorded_compressed(tmp_path: Path) -> None:
    """A body as it came over the wire is unpacked, and one that broke off there is said to be broken."""
    packed = gzip.compress(BODY.encode())
    whole, part = (base64.b64encode(each).decode() for each in (packed, packed[:-9]))

    assert errors(har(tmp_path, entry(text=whole, encoding="base64"))) == FOUND
    with pytest.raises(ConfigurationError, match="entry 1 is not whole gzip"):
        har(tmp_path, entry(), entry(text=part, encoding="base64"))


def test_what_the_browser_broke_off(tmp_path: Path) -> None:
    """What a page gave up while it came is no empty answer of the server, and leaves the operation unchecked."""
    given_up = entry(text="", size=0)
    given_up["response"]["_error"] = "net::ERR_ABORTED"
    report = har(tmp_path, given_up)

    assert (report.findings, report.is_whole) == ((), False)


@pytest.mark.parametrize("headers", [[{"name": "Content-Type", "value": "text/html"}], {"CONTENT-TYPE": "text/html"}])
def test_headers_in_either_form(tmp_path: Path, headers: Any) -> None:
    """The headers of a recorded answer may be as in a HAR file, too; and one file may be named by itself."""
    answer = {"method": None, "path": "/ticket/1/conversation", "status": 200, "headers": headers, "body": {}}
    report = check_recorded(str(written(tmp_path, "one.json", answer)))

    assert ("undeclared_content_type", "headers.content-type", "text/html") in told(report)
