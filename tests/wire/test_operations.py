"""How a call becomes a request, and a reply becomes what the operation promises."""

import logging
import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enneo_mind_client import operations, wire
from enneo_mind_client.encoding import Style
from enneo_mind_client.errors import ConfigurationError, ResponseError
from enneo_mind_client.operations import Body, File, Operation, Reply, Response
from enneo_mind_client.wire import UNSET

from .hurry import UNHURRIED
from .models import Bird, Cat, Dog, Everything

EVERYTHING: Operation[Everything] = Operation(
    name="get", method="GET", path="/a/{x}", answers={"200": operations.json(wire.model(lambda: Everything))}
)


def answering(**answers: operations.Answer) -> Operation[Any]:
    """Return an operation by its answers."""
    named = {name.removeprefix("s"): answer for name, answer in answers.items()}
    return Operation(name="op", method="GET", path="/", answers=named)


def reply(content: bytes, status: int = 200, content_type: str = "application/json", **headers: str) -> Reply:
    """Return a reply."""
    return Reply(status, {"content-type": content_type, **headers}, content)


# Requests.


@pytest.mark.parametrize(
    ("value", "segment"),
    [
        (5, "5"),
        ("a b", "a%20b"),
        ("a/b", "a%2Fb"),
        ("../..", "..%2F.."),
        ("ä?#", "%C3%A4%3F%23"),
        (True, "true"),
        (datetime(2022, 1, 1, tzinfo=UTC), "2022-01-01T00%3A00%3A00%2B00%3A00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ([1, "b, c"], "1,b%2C%20c"),
        ("...", "..."),
    ],
)
def test_a_path_value_is_one_segment(value: Any, segment: str) -> None:
    """Whatever a value holds, it is one encoded segment of the path."""
    assert f"/a/{segment}" == EVERYTHING.request(path={"x": value}).target


@pytest.mark.parametrize("value", ["", ".", "..", None, UNSET, [], "\ud800"])
def test_a_value_that_would_change_the_path_is_refused(value: Any) -> None:
    """A value that is no segment is a configuration error, and nothing is sent."""
    with pytest.raises(ConfigurationError):
        EVERYTHING.request(path={"x": value})


@UNHURRIED
@given(st.text(min_size=1, alphabet=st.characters(exclude_categories=("Cs",))))
def test_no_text_leaves_its_segment(value: str) -> None:
    """No text adds a segment, a query or a fragment to the path."""
    if value not in {".", ".."}:
        assert set(EVERYTHING.request(path={"x": value}).target[3:]).isdisjoint("/?# ")


@pytest.mark.parametrize(
    ("value", "style", "query"),
    [
        (True, None, "?q=true"),
        (None, None, ""),
        (UNSET, None, ""),
        ([1, None, 2], None, "?q=1&q=2"),
        ([1, 2], "list", "?q=1,2"),
        ([1, 2], "pipes", "?q=1%7C2"),
        (["a,b", "c"], "list", "?q=a%2Cb,c"),
        ([1, 2], "spaces", "?q=1%202"),
        (datetime(2022, 1, 1), None, "?q=2022-01-01T00%3A00%3A00%2B00%3A00"),  # noqa: DTZ001 - without a zone it is UTC
        (date(2022, 1, 1), None, "?q=2022-01-01"),
        ([date(2022, 1, 1)], None, "?q=2022-01-01"),
        ({"a": 1, "b": [2, 3], "c": None}, None, "?a=1&b=2&b=3"),
        ({"a": {"b": 1}, "c": [2]}, "deepObject", "?q%5Ba%5D%5Bb%5D=1&q%5Bc%5D=2"),
        ({"a": 1, "b": None}, "list", "?q=a,1"),
        ([], "list", ""),
        ({}, "pipes", ""),
        ([], None, ""),
        ([None], "list", ""),
        ([""], "list", "?q="),
        ([None, 1], "list", "?q=1"),
        ([True, date(2022, 1, 1)], "list", "?q=true,2022-01-01"),
        ([], "json", "?q=%5B%5D"),
        (Cat(name="x"), None, "?name=x"),
        ({"a": 1}, "json", "?q=%7B%22a%22%3A1%7D"),
        ("", None, "?q="),
    ],
)
def test_a_query_parameter_is_written_in_its_style(value: Any, style: Style | None, query: str) -> None:
    """A parameter of the query is written as the document says."""
    operation: Operation[None] = Operation("op", "GET", "/", {}, styles={"q": style} if style else {})

    assert f"/{query}" == operation.request(query={"q": value}).target


def test_headers_and_cookies_are_sent_if_they_are_set() -> None:
    """Parameters in headers and cookies are sent as text, and not at all if they are unset."""
    request = EVERYTHING.request(
        path={"x": 1},
        headers={"X-A": [1, 2], "X-B": UNSET, "X-C": None, "X-D": []},
        cookies={"a": "b;c", "d": UNSET, "e": []},
    )

    assert request.headers == {"Accept": "application/json", "X-A": "1,2", "Cookie": "a=b%3Bc"}
    assert "Cookie" not in EVERYTHING.request(path={"x": 1}, cookies={"a": None}).headers


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "ä", "\x00"])
def test_a_header_cannot_be_split(value: str) -> None:
    """A value that could end its header is refused."""
    with pytest.raises(ConfigurationError):
        EVERYTHING.request(path={"x": 1}, headers={"X-A": value})


def posting(*bodies: Body) -> Operation[None]:
    """Return an operation by the bodies it takes."""
    return Operation("op", "POST", "/", {}, bodies=bodies)


JSON = Body("json", "application/json")


@pytest.mark.parametrize(
    ("value", "content"),
    [
        (Cat(name="x"), b'{"name":"x"}'),
        ([Cat(name="x"), None], b'[{"name":"x"},null]'),
        (None, b"null"),
        ({"at": datetime(2022, 1, 1, tzinfo=UTC), "cat": Cat()}, b'{"at":"2022-01-01T00:00:00+00:00","cat":{}}'),
        ({"a": 10**30, "b": "\ud800", "c": Cat()}, b'{"a": 1000000000000000000000000000000, "b": "\\ud800", "c": {}}'),
    ],
)
def test_a_json_body_is_written(value: Any, content: bytes) -> None:
    """Models, and whatever came from the server, can be sent as JSON."""
    request = posting(JSON).request(body=value)

    assert (content, "application/json") == (request.content, request.headers["Content-Type"])


@pytest.mark.parametrize("value", [object(), {"a": 10**30, "b": object()}, {"a": 10**30, "b": float("nan")}])
def test_a_value_that_is_no_json_is_refused(value: object) -> None:
    """A value that JSON does not know is a configuration error."""
    with pytest.raises(ConfigurationError, match="JSON"):
        posting(JSON).request(body=value)


@dataclass
class Reading:
    """A value of a user's own that orjson knows how to write."""

    value: float


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda number: number, "$"),
        (lambda number: {"a": [1, {"b": number}]}, "$.a[1].b"),
        (lambda number: Everything(id=1, ratio=number), "$.ratio"),
        (lambda number: {"a b": Reading(number), "c": "null"}, "$['a b'].value"),
        (lambda number: {"large": 10**30, "a": (number,)}, "$.a[0]"),
    ],
)
def test_a_number_that_json_has_not_is_refused_by_its_place(make: Any, path: str, number: float) -> None:
    """NaN and infinity are an error that names the place, and are never sent as null."""
    with pytest.raises(ConfigurationError, match=re.escape(f"{path} cannot be written as JSON")):
        posting(JSON).request(body=make(number))


def test_words_that_look_like_no_numbers_are_sent() -> None:
    """Null, and texts with the names of such numbers, are as good as any."""
    assert posting(JSON).request(body={"a": None, "b": "NaN"}).content == b'{"a":null,"b":"NaN"}'


def test_a_parameter_that_is_no_number_is_refused() -> None:
    """No NaN is written into a URL."""
    with pytest.raises(ConfigurationError, match="no number"):
        EVERYTHING.request(path={"x": math.nan})


def test_no_body_is_sent_if_it_is_unset() -> None:
    """An optional body that is not given is not sent."""
    request = posting(JSON).request(body=UNSET)

    assert request.content is None
    assert "Content-Type" not in request.headers


def test_a_form_is_written() -> None:
    """A form is written as a query is."""
    request = posting(Body("form", "application/x-www-form-urlencoded")).request(body={"a": [1, True], "b": "ä&"})

    assert request.content == b"a=1&a=true&b=%C3%A4%26"
    assert posting(Body("form", "f")).request(body=Cat(name="x")).content == b"name=x"


@pytest.mark.parametrize("make", [bytes, bytearray, BytesIO])
@pytest.mark.parametrize("kind", ["multipart", "content"])
def test_bytes_and_open_files_are_sent_as_they_are(kind: Any, make: Any) -> None:
    """What is uploaded is the content, and not what Python shows of it."""
    operation, held = posting(Body(kind, "application/octet-stream")), make(b"PDF")

    content = operation.request(body={"file": held} if kind == "multipart" else held).content

    assert content is not None
    assert b"PDF" in content
    assert b"b'PDF'" not in content
    assert b"BytesIO" not in content


@pytest.mark.parametrize("held", [StringIO("text"), object(), {1, 2}], ids=["text file", "object", "set"])
@pytest.mark.parametrize("kind", ["multipart", "content"])
def test_what_is_no_content_is_refused(kind: Any, held: Any) -> None:
    """An object that would only be shown is not sent."""
    operation = posting(Body(kind, "application/octet-stream"))

    with pytest.raises(ConfigurationError, match="give a File"):
        operation.request(body={"file": held} if kind == "multipart" else held)


def test_a_body_of_several_types_is_sent_as_the_first_kind_that_takes_it() -> None:
    """A union of types is taken by the kind of body that declares it."""
    operation = posting(Body("json", "application/json", lambda: str | int), Body("form", "x-form", lambda: dict))

    assert operation.request(body="a").content == b'"a"'


def test_a_multipart_list_leaves_out_what_is_null() -> None:
    """A null in a list of a form is no part: a form has no way to say it."""
    content = posting(Body("multipart", "multipart/form-data")).request(body={"names": ["a", None, "b"]}).content

    assert content is not None
    assert content.count(b'name="names"') == 2


def test_a_multipart_body_is_written_with_a_boundary_of_its_own() -> None:
    """Files, texts, objects and lists are parts; two requests have different boundaries."""
    model = Everything(id=UNSET, text="ä", flag=True, cat=Cat(name="x"), names=["a", "b"])  # type: ignore[arg-type]
    model["file"] = File(BytesIO(b"\x00\xff"), "photo.jpg", "image/jpeg")
    model["gone"] = None
    operation = posting(Body("multipart", "multipart/form-data"))
    request, other = operation.request(body=model), operation.request(body=model)
    content = request.content or b""

    assert request.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert request.headers["Content-Type"] != other.headers["Content-Type"]
    assert b'name="file"; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n\x00\xff\r\n' in content
    assert b'name="cat"\r\nContent-Type: application/json\r\n\r\n{"name":"x"}\r\n' in content
    assert b'name="text"\r\n\r\n\xc3\xa4\r\n' in content
    assert content.count(b'name="names"') == 2
    assert b"gone" not in content


@pytest.mark.parametrize(
    ("value", "content", "content_type"),
    [
        (File(BytesIO(b"\xff"), mime_type="image/png"), b"\xff", "image/png"),
        (File(BytesIO(b"\xff")), b"\xff", "application/octet-stream"),
        (b"\x00", b"\x00", "application/octet-stream"),
        ("ä", "ä".encode(), "application/octet-stream"),
    ],
)
def test_a_file_is_sent_as_it_is(value: Any, content: bytes, content_type: str) -> None:
    """A body of bytes is sent as it is, under the file's own type; the same file can be sent again."""
    operation = posting(Body("content", "application/octet-stream"))
    for _ in range(2):
        request = operation.request(body=value)

        assert (content, content_type) == (request.content, request.headers["Content-Type"])


@pytest.mark.parametrize("content_type", ["*/*", "image/*"])
def test_a_range_of_content_types_is_not_sent_as_one(content_type: str) -> None:
    """Where an operation takes any type, what does not say its own is sent as bytes."""
    request = posting(Body("content", content_type)).request(body=File(BytesIO(b"x")))

    assert request.headers["Content-Type"] == "application/octet-stream"


def test_a_file_is_sent_in_parts_where_it_can_be() -> None:
    """A model that may be sent as JSON or in parts is JSON without a file, and parts with one, however deep."""
    both = posting(Body("json", "application/json"), Body("multipart", "multipart/form-data"))
    alone = posting(Body("json", "application/json", lambda: Cat), Body("form", "x-form", lambda: Cat))
    cat = Cat(name="x")
    cat["photos"] = [File(BytesIO(b"x"))]

    assert both.request(body=Cat(name="x")).headers["Content-Type"] == "application/json"
    assert both.request(body=cat).headers["Content-Type"].startswith("multipart/form-data")
    assert alone.request(body=cat).headers["Content-Type"] == "application/json"


def test_of_several_bodies_the_one_for_the_value_is_sent() -> None:
    """The type of a value decides how it is sent; a type that is not declared is refused."""
    operation = posting(
        Body("json", "application/json", lambda: Cat),
        Body("form", "application/x-www-form-urlencoded", lambda: dict[str, Any]),
    )

    assert operation.request(body=Cat()).headers["Content-Type"] == "application/json"
    assert operation.request(body={}).headers["Content-Type"] == "application/x-www-form-urlencoded"
    with pytest.raises(ConfigurationError, match="no body of type Dog"):
        operation.request(body=Dog())


# Replies.


def test_a_json_reply_is_read() -> None:
    """A success is what its document says."""
    assert Everything(id=1) == EVERYTHING.parse(reply(b'{"id":1}'))


@pytest.mark.parametrize("content", [b"null", b"[]", b'"x"', b"0", b"[{}]"])
def test_a_reply_of_another_shape_is_no_answer(content: bytes) -> None:
    """A whole document of the wrong type is an error, at its root."""
    with pytest.raises(ResponseError) as caught:
        EVERYTHING.parse(reply(content))

    assert (caught.value.kind, caught.value.paths) == ("shape", ("$",))


@pytest.mark.parametrize(
    "content", [b'{"success":false}', b'{"success":0,"error":"x"}', b'{"success":"0"}', b'{"error":"no\\u001b[2J"}']
)
def test_a_reply_that_says_it_failed_is_an_error(content: bytes) -> None:
    """A success that says it is none carries the server's own words, made printable."""
    with pytest.raises(ResponseError) as caught:
        EVERYTHING.parse(reply(content))

    assert caught.value.kind == "unsuccessful"
    assert caught.value.message.isprintable()


@pytest.mark.parametrize("content", [b'{"id":1,"success":true}', b'{"id":1,"error":""}', b'{"id":1,"error":null}'])
def test_a_reply_that_says_it_succeeded_is_read(content: bytes) -> None:
    """An empty error is none."""
    assert EVERYTHING.parse(reply(content)).id == 1


def test_a_declared_error_is_a_field() -> None:
    """A member called error that the document declares says nothing about success."""
    decoder = wire.either(wire.model(lambda: Bird), wire.null)
    names = decoder.names() | {"error"}
    decoder.names = lambda: names  # type: ignore[method-assign]

    assert answering(s200=operations.json(decoder)).parse(reply(b'{"wings":1,"error":"x"}'))["error"] == "x"


def test_json_under_another_label_is_read_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """JSON whose content type is another is read, with one warning for the operation."""
    operation: Operation[Any] = Operation("mislabelled", "GET", "/", {"200": operations.json(wire.free)})
    with caplog.at_level(logging.WARNING, "enneo_mind_client"):
        for _ in range(2):
            assert operation.parse(reply(b"[1]", content_type="text/html")) == [1]

    assert caplog.messages == ["mislabelled answers JSON labelled text/html"]


def test_strict_names_every_place_that_differs() -> None:
    """In strict mode one error names each value that is not as declared."""
    content = orjson.dumps({"text": 5, "cats": [{"name": n} for n in range(7)], "self": {"id": 1, "at": ""}})

    assert EVERYTHING.parse(reply(content)).text is UNSET
    with pytest.raises(ResponseError, match="and 5 more") as caught:
        EVERYTHING.parse(reply(content), strict=True)
    assert {"$.id", "$.text", "$.self.at", *(f"$.cats[{n}].name" for n in range(7))} - set(caught.value.paths) == set()
    assert Everything(id=1) == EVERYTHING.parse(reply(b'{"id":1}'), strict=True)


def test_a_document_that_is_nested_too_deeply_is_no_answer() -> None:
    """Models within models without end are an error, not a crash."""
    content = b'{"self":' * 1000 + b"{}" + b"}" * 1000

    with pytest.raises(ResponseError, match="nested too deeply"):
        EVERYTHING.parse(reply(content))


def test_lists_values_and_nulls_are_answers_if_declared() -> None:
    """A document that is a list, a number or null is read where the document says so, a list also as PHP writes it."""
    cats = answering(s200=operations.json(wire.array(wire.model(lambda: Cat))))
    nullable = answering(s200=operations.json(wire.either(wire.integer, wire.null)))

    assert [Cat(), Cat()] == cats.parse(reply(b'{"0":{},"7":{}}')) == cats.parse(reply(b"[{},{}]"))
    assert (nullable.parse(reply(b"5")), nullable.parse(reply(b"null"))) == (5, None)


def test_a_list_of_which_something_cannot_be_read() -> None:
    """In a whole answer objects stand for what is none; where nothing can stand for it, an error names every place."""
    cats = answering(s200=operations.json(wire.array(wire.model(lambda: Cat))))
    texts = answering(s200=operations.json(wire.array(wire.text)))

    assert [
        cat["$"] if cat.additional_properties else cat.name for cat in cats.parse(reply(b'[null,{"name":"x"}]'))
    ] == [None, "x"]
    with pytest.raises(ResponseError) as caught:
        cats.parse(reply(b"[null,{},5]"), strict=True)
    assert caught.value.paths == ("$[0]", "$[2]")
    with pytest.raises(ResponseError, match=r"at \$\[1\], \$\[3\]") as caught:
        texts.parse(reply(b'["a",null,"b",1]'))
    assert caught.value.paths == ("$[1]", "$[3]")


def test_text_is_read_in_its_charset() -> None:
    """Text is decoded as it is declared to be."""
    operation = answering(s200=operations.text())

    assert operation.parse(reply("ä".encode("latin-1"), content_type="text/plain; charset=latin-1")) == "ä"


def test_a_file_is_read_with_its_name_and_type() -> None:
    """A download is a file: content, name and type; without these headers only content."""
    operation = answering(s200=operations.content("application/pdf"))
    file = operation.parse(
        reply(b"\xff", content_type="image/png", **{"content-disposition": "attachment; filename=a.png"})
    )

    assert (file.payload.read(), file.file_name, file.mime_type) == (b"\xff", "a.png", "image/png")
    assert operation.parse(Reply(200, {}, b"")) == File(BytesIO(b""))
    assert operation.request().headers == {"Accept": "application/pdf"}


def test_a_declared_status_decides_what_is_read() -> None:
    """A status is looked up itself, then as 2XX."""
    operation = answering(s200=operations.json(wire.integer), s204=operations.nothing())
    ranged = answering(s2XX=operations.json(wire.integer))

    assert (operation.parse(reply(b"1")), operation.parse(reply(b"", 204))) == (1, None)
    assert ranged.parse(reply(b"1", 299)) == 1


TICKET = operations.json(wire.model(lambda: Dog))
JOB = operations.json(wire.model(lambda: Bird))
CSV = "text/csv"


@pytest.mark.parametrize(
    ("answers", "given", "value"),
    [
        ({"s201": TICKET}, reply(b'{"barks":true}', 200), Dog(barks=True)),
        ({"s201": TICKET, "s202": JOB}, reply(b'{"wings":2}', 200), Bird(wings=2)),
        ({"s201": TICKET, "s202": JOB}, reply(b'{"barks":true}', 203), Dog(barks=True)),
        ({"s200": TICKET, "s204": operations.nothing()}, reply(b"", 202), None),
        ({"s204": operations.nothing()}, reply(b'{"id":1}', 200), None),
        ({"s204": operations.nothing()}, reply(b"", 200, ""), None),
        ({"s200": operations.text(CSV)}, reply(b"a;b", 201, "text/csv; charset=utf-8"), "a;b"),
        ({"s200": operations.content()}, reply(b"x", 201, "image/png"), File(BytesIO(b"x"), None, "image/png")),
        ({"s200": operations.json(wire.either(wire.model(lambda: Cat), wire.null))}, reply(b"null", 202), None),
    ],
)
def test_an_undeclared_success_is_read_if_it_says_what_is_declared(answers: Any, given: Reply, value: Any) -> None:
    """200 where 201 is declared, and the like: the body decides; in strict mode it is an error all the same."""
    operation = answering(**answers)

    assert value == operation.parse(given)
    with pytest.raises(ResponseError, match=f"{given.status} is not declared"):
        operation.parse(given, strict=True)


@pytest.mark.parametrize(
    ("answers", "given"),
    [
        ({"s200": TICKET}, reply(b"", 204)),
        ({"s200": TICKET}, reply(b'{"job":"x"}', 202)),
        ({"s200": TICKET}, reply(b"[]", 202)),
        ({"s200": TICKET}, reply(b'"x"', 202)),
        ({"s200": TICKET}, reply(b"<html>", 202, "text/html")),
        ({"s200": TICKET, "s204": operations.nothing()}, reply(b'{"job":"x"}', 202)),
        ({"s200": operations.json(wire.either(wire.model(lambda: Cat), wire.null))}, reply(b'{"job":1}', 202)),
        ({"s200": operations.content()}, reply(b"half", 206, "image/png")),
        ({"s200": operations.content("application/pdf")}, reply(b"<html>", 201, "text/html")),
        ({"s200": operations.content("application/pdf")}, reply(b"", 204, "application/pdf")),
    ],
)
def test_an_undeclared_success_of_which_nobody_knows_what_it_says(answers: Any, given: Reply) -> None:
    """What does not fit the declared type, is empty where a body is due or only a part, is an error of that status."""
    with pytest.raises(ResponseError, match=f"{given.status} is not declared") as caught:
        answering(**answers).parse(given)

    assert caught.value.kind == "shape"


def test_an_undeclared_status_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """Reading a status that is not declared is one warning for the operation and the status."""
    operation: Operation[Any] = Operation("statuses", "GET", "/", {"200": operations.json(wire.integer)})
    with caplog.at_level(logging.WARNING, "enneo_mind_client"):
        for _ in range(2):
            assert operation.parse(reply(b"1", 201)) == 1

    assert caplog.messages == ["statuses answers with status 201, which is not declared"]


FAILED = b'{"success":false,"error":"no"}'
ERROR = b'{"error":"no","txId":"x"}'


@pytest.mark.parametrize(
    ("answers", "given"),
    [
        ({"s200": operations.content()}, reply(FAILED)),
        ({"s200": operations.content("application/json")}, reply(FAILED)),
        ({"s200": operations.content("application/pdf")}, reply(ERROR)),
        ({"s200": operations.text(CSV)}, reply(FAILED)),
        ({"s204": operations.nothing()}, reply(FAILED)),
        ({"s200": operations.nothing()}, reply(ERROR)),
        ({}, reply(FAILED, 202)),
        ({"s201": TICKET}, reply(FAILED)),
    ],
)
def test_a_report_of_a_failure_is_never_an_answer(answers: Any, given: Reply) -> None:
    """Where a file, a text or nothing is due, JSON that says that the call failed is an error, whatever the status."""
    with pytest.raises(ResponseError, match="did not succeed") as caught:
        answering(**answers).parse(given)

    assert caught.value.kind == "unsuccessful"


@pytest.mark.parametrize("content", [ERROR, b"[1]", b'{"success":true}', b"no JSON at all"])
def test_a_file_that_is_json_is_a_file(content: bytes) -> None:
    """JSON that reports no failure is the file that was asked for."""
    assert File(BytesIO(content), None, "application/json") == answering(s200=operations.content()).parse(
        reply(content)
    )


def test_where_nothing_is_declared_nothing_is_read() -> None:
    """An operation without a declared success returns None for any."""
    operation = answering()

    assert operation.parse(reply(b"x", 299)) is None
    assert operation.request().headers == {"Accept": "*/*"}


def test_a_response_does_not_print_its_body() -> None:
    """The repr of a response or a request has no content in it: it may be personal data."""
    shown = repr(Response(200, {}, b"secret", 1)) + repr(posting(JSON).request(body="secret"))

    assert "secret" not in shown
