"""How a body is read as JSON: what is accepted, and what each refusal says."""

import json
import sys
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enneo_mind_client import json_body
from enneo_mind_client.errors import ResponseError

from .hurry import UNHURRIED

ACCEPTED: list[tuple[bytes, str, Any]] = [
    (b'{"a": 1}', "", {"a": 1}),
    (b'\xef\xbb\xbf{"a": 1}', "application/json", {"a": 1}),
    ('{"a": "ä"}'.encode("utf-16"), "", {"a": "ä"}),
    ('{"a": "ä"}'.encode("utf-16-be"), "application/json; charset=utf-16-be", {"a": "ä"}),
    ('{"a": "ä"}'.encode("latin-1"), 'application/json; charset="ISO-8859-1"', {"a": "ä"}),
    (b'{"a": "\\ud800"}', "application/json; charset=martian", {"a": "\ud800"}),
    (b'{"a": "\\ud800"}', "application/json; charset=hex", {"a": "\ud800"}),
    (b'{"a": 1, "a": 2}', "", {"a": 2}),
    (b'["\\ud800", 1.5]', "", ["\ud800", 1.5]),
]

REFUSED: list[tuple[bytes, str, str, str]] = [
    (b"", "application/json", "not_json", "empty"),
    (b"<html><h1>Sign in</h1></html>", "text/html", "not_json", "text/html"),
    (b'{"a": ', "", "not_json", "offset 6"),
    (b'{"a": "NaN", "b": NaN}', "", "not_json", "NaN is not JSON at offset 18"),
    (b'{"a": -Infinity}', "", "not_json", "offset 6"),
    (b'{"a": 1e999}', "", "not_json", "a number is too large at offset 6"),
    (b'{"a": ' + b"1" * 5000 + b"}", "", "not_json", "too many digits at offset 6"),
    (b"[" * 200_000, "", "not_json", "nested too deeply at offset 1025"),
    (b'{"a": "\xff"}', "application/json", "encoding", "offset 7"),
    (b"\xef\xbb\xbf\xff", "", "encoding", "offset 3"),
    (b'{"a": "\x00"}', "", "not_json", "offset 7"),
]


@pytest.mark.parametrize(("content", "content_type", "expected"), ACCEPTED)
def test_a_body_is_read(content: bytes, content_type: str, expected: Any) -> None:
    """A body is read in any charset it is in, and with any text JSON can spell."""
    assert expected == json_body.read(content, content_type)


@pytest.mark.parametrize(("content", "content_type", "kind", "told"), REFUSED)
@pytest.mark.parametrize("strict", [False, True])
def test_a_body_that_is_not_json_is_refused(
    content: bytes, content_type: str, kind: str, told: str, strict: bool
) -> None:
    """The one error of a body that is not JSON says what is wrong, where, and how the body begins."""
    with pytest.raises(ResponseError) as caught:
        json_body.read(content, content_type, strict=strict)

    assert kind == caught.value.kind
    assert told in caught.value.message
    assert len(caught.value.excerpt) <= 200
    assert caught.value.__cause__ is None


def test_a_repeated_key_is_refused_when_strict() -> None:
    """An object that has a key twice is no answer where every key counts."""
    with pytest.raises(ResponseError, match="'b' twice") as caught:
        json_body.read(b'{"a": {"b": 1, "b": 2}}', strict=True)

    assert (caught.value.kind, caught.value.path) == ("shape", "$")
    assert json_body.read(b'{"a": 1}', strict=True) == {"a": 1}


LIMITS = (2**53 + 1, 2**63 - 1, 2**63, 2**63 + 1, 2**64 - 1, 2**64, 10**19 + 1, 10**30 + 1, 10**300 + 1)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("integer", [sign * limit for limit in LIMITS for sign in (1, -1)])
def test_an_integer_of_any_length_is_exact(integer: int, strict: bool) -> None:
    """Every digit of an integer is kept, wherever in the document it stands."""
    for space in range(9):
        read = json_body.read(b'{"a":' + b" " * space + b'[1.5, {"b":%d}]}' % integer, strict=strict)

        assert read == {"a": [1.5, {"b": integer}]}
        assert type(read["a"][1]["b"]) is int


@pytest.mark.parametrize(
    "said",
    [
        b'"2022-08-12T12:21:21+02:00"',
        b'"DE89370400440532013000"',
        b"0.1234567890123456789012345",
        b"1234567890123456789",
        b"12345678901234567e10",
        b'"1657056276000"',
    ],
)
def test_what_has_no_long_integer_is_read_once(said: bytes) -> None:
    """Dates, account numbers, fractions and what fits into 64 bits need no second reading."""
    assert not any(json_body._has_long_integer(b'{"a":' + b" " * space + said + b"}") for space in range(4))


def test_a_long_integer_in_a_document_that_is_nested_too_deeply() -> None:
    """Where only the fast reader can read a document its reading holds."""
    content = b"[" * 1020 + b"1" * 30 + b"]" * 1020
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    try:
        read = json_body.read(content)
    finally:
        sys.setrecursionlimit(limit)
    while isinstance(read, list):
        read = read[0]

    assert read == pytest.approx(1.1111111111e29)


@UNHURRIED
@given(
    st.recursive(
        st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=30),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    )
)
def test_any_document_is_read_to_the_last_digit(document: Any) -> None:
    """Whatever the numbers in a document are, it is read as the standard library does."""
    content = json.dumps(document, ensure_ascii=False).encode("utf-8", "ignore")

    assert json.loads(content) == json_body.read(content)


@UNHURRIED
@given(st.binary(max_size=64), st.sampled_from(["", "application/json; charset=utf-16", "text/html; charset=x"]))
def test_any_bytes_are_read_or_refused(content: bytes, content_type: str) -> None:
    """No body raises anything but the one error."""
    for strict in (False, True):
        with suppress(ResponseError):
            json_body.read(content, content_type, strict=strict)
