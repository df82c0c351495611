"""What is shown of values: their form, and not what they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enneo_mind_client.contract.masking import LENGTH, masked, masked_date, masked_word, step


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null"),
        (True, "true"),
        (0, "0"),
        (1, "1"),
        (376189, "999999"),
        (-3.5, "-9.9"),
        ("Käthe Müller-2", '"xxxxx xxxxxx-9"'),
        ("a@b.de", '"x@x.xx"'),
        ("", '""'),
        ("\x1b[31m\n", '"\\x1b[99x\\n"'),
        ("日本 ٣", '"xx 9"'),
        ("x" * 50, f'"{"x" * 40}…"'),
        ([1, 2], "array of 2"),
        ({"name": "Käthe"}, "object of 1"),
    ],
)
def test_masked(value: object, shown: str) -> None:
    """Letters become x, digits 9, and a container says only how much is in it."""
    assert masked(value) == shown


@given(st.text(max_size=200) | st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_nothing_of_a_value_is_left(value: object) -> None:
    """No letter but x, no digit but 9 and no control character comes through, and never more than the cap."""
    shown = masked(value)

    assert shown.isprintable()
    if isinstance(value, str) and value[: LENGTH + 1].isprintable():
        assert not {letter for letter in shown if letter.isalnum()} - {"x", "9"}
        assert len(shown) <= LENGTH + 3


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2022-08-12T12:21:21Z", '"9999-99-99T99:99:99Z"'),
        ("2022-08-12 12:21:21", '"9999-99-99 99:99:99"'),
        ("0000-00-00 00:00:00", '"0000-00-00 00:00:00"'),
        (1657056276, "9999999999"),
        ("gestern bei Käthe", '"xxxxxxx xxx xxxxx"'),
        (None, "null"),
    ],
)
def test_a_date_keeps_its_form(value: object, shown: str) -> None:
    """A date shows its form; what is none is masked as anything else."""
    assert masked_date(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("adaptiveCard", '"adaptiveCard"'),
        ("application/pdf", '"application/pdf"'),
        ("Käthe Hoffmann", '"xxxxx xxxxxxxx"'),
        ("max@example.com", '"xxx@xxxxxxx.xxx"'),
        ("Kaethe.Hoffmann", '"xxxxxx.xxxxxxxx"'),
        ("V12345678", '"x99999999"'),
        (7, "9"),
    ],
)
def test_a_word_of_an_enum_is_shown(value: object, shown: str) -> None:
    """A value of an enum is shown if it looks like one, and masked if it looks like a name, address or number."""
    assert masked_word(value) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("createdAt", ".createdAt"),
        ("sha256", ".sha256"),
        ("a@b.de", "['x@x.xx']"),
        ("0", "['9']"),
        ("a b", "['x x']"),
        ("DE89370400440532013000", "['xx99999999999999999999']"),
        ("customer-4711", "['xxxxxxxx-9999']"),
    ],
)
def test_a_key_that_is_no_name_is_masked(name: str, shown: str) -> None:
    """A key of an object may be personal data: only what looks like a field's name is shown."""
    assert step(name) == shown
