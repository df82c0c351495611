"""How a body is read as JSON: what is accepted, and what each refusal says."""

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


def test_an_integer_of_any_length_is_exact_when_strict() -> None:
    """Where every digit counts, an integer above 64 bits is read as it is."""
    assert json_body.read(b"1" + b"0" * 30, strict=True) == 10**30


@UNHURRIED
@given(st.binary(max_size=64), st.sampled_from(["", "application/json; charset=utf-16", "text/html; charset=x"]))
def test_any_bytes_are_read_or_refused(content: bytes, content_type: str) -> None:
    """No body raises anything but the one error."""
    for strict in (False, True):
        with suppress(ResponseError):
            json_body.read(content, content_type, strict=strict)
