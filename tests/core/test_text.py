"""Text from a server becomes one line that can stand in a log: escaped, short, without tags."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enneo_mind_client.text import EXCERPT_LENGTH, excerpt, printable


@pytest.mark.parametrize(("text", "shown"), [
    ("plain", "plain"),
    ("Jörg ✓", "Jörg ✓"),
    ("a\r\nb", "a\\r\\nb"),
    ("\x1b[31mred", "\\x1b[31mred"),
    ("a\0b", "a\\x00b"),
    ("a\u202eb", "a\\u202eb"),
    ("a\u2028b", "a\\u2028b"),
    ("\ud800", "\\ud800"),
    ("a\tb", "a\\tb"),
])  # fmt: skip
def test_what_moves_a_cursor_is_escaped(text: str, shown: str) -> None:
    """Line breaks, escape sequences, NUL, bidi marks and lone surrogates are shown, not obeyed."""
    assert printable(text) == shown


@given(st.text(st.characters()))
def test_any_text_becomes_printable(text: str) -> None:
    """Nothing is left that is not printable, and printing twice changes nothing."""
    shown = printable(text)

    assert shown.isprintable()
    assert printable(shown) == shown


@pytest.mark.parametrize(("body", "shown"), [
    (b"<html><head><style>p {}</style></head><body><h1>Down</h1>\n for   maintenance</body>", "Down for maintenance"),
    (b"<script>alert('x')</SCRIPT >safe", "safe"),
    (b"caf\xe9 \xff", "caf� �"),
    (b"", ""),
    ("a\x1b b", "a\\x1b b"),
])  # fmt: skip
def test_an_excerpt_is_readable(body: bytes | str, shown: str) -> None:
    """Tags, scripts and white space go, bad bytes are replaced."""
    assert excerpt(body) == shown


@given(st.one_of(st.binary(max_size=5000), st.text(max_size=5000)))
def test_an_excerpt_is_short_and_one_line(body: bytes | str) -> None:
    """Whatever the body is, its excerpt is printable and of bounded length."""
    shown = excerpt(body)

    assert shown.isprintable()
    assert len(shown) <= EXCERPT_LENGTH


def test_a_long_body_is_marked_as_cut() -> None:
    """An ellipsis says that there is more."""
    assert excerpt("x" * 300) == "x" * 199 + "…"
