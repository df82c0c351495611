"""What a server's Retry-After means: seconds or a date, and never an exception or a wait without end."""

import time
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enneo_mind_client.retries import read_retry_after

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC).timestamp()

TABLE = [
    ("0", 0.0),
    ("2", 2.0),
    (" 2 ", 2.0),
    ("1.5", 1.5),
    (".5", 0.5),
    ("5.", 5.0),
    ("007", 7.0),
    ("99999", 99999.0),
    ("9" * 300, float("9" * 300)),
    ("9" * 301, None),
    ("9" * 100_000, None),
    ("-10", None),
    ("+10", None),
    ("1e3", None),
    ("1_000", None),
    ("0x10", None),
    ("1.2.3", None),
    (".", None),
    ("inf", None),
    ("nan", None),
    ("", None),
    (" ", None),
    ("abc", None),
    ("2 s", None),
    ("٣", None),
    ("²", None),
    ("Thu, 01 Jan 2026 12:00:30 GMT", 30.0),
    ("Thu, 01 Jan 2026 11:00:00 GMT", 0.0),
    ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
    ("Thu, 01 Jan 2026 12:00:30", 30.0),
    ("Thu, 01 Jan 2026 12:00:30 -0000", 30.0),
    ("Thu, 01 Jan 2026 13:00:30 +0100", 30.0),
    ("Xyz, 01 Jan 2026 12:00:30 GMT", 30.0),
    ("01 Jan 2026 12:00:30 GMT", 30.0),
    ("Thu, 01-Jan-26 12:00:30 GMT", 30.0),
    ("Thursday, 99-Foo-26 12:00:30 GMT", None),
    ("Thu, 01 Jan 100000 12:00:30 GMT", None),
    ("Thu, 01 Jan 2026 12:00:30 +9999", None),
    ("2026-01-01T12:00:30Z", None),
]


@pytest.mark.parametrize(("text", "seconds"), TABLE, ids=lambda value: str(value)[:30])
def test_a_wish_is_read(text: str, seconds: float | None) -> None:
    """Seconds from now, never negative, and None for what nobody can read."""
    assert read_retry_after({"retry-after": text}, NOW) == seconds


def test_no_wish_is_none() -> None:
    """Most answers say nothing."""
    assert read_retry_after({}, NOW) is None


def test_a_date_without_a_zone_is_utc_wherever_the_machine_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """HTTP dates are in UTC; the machine's own zone has no say."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert read_retry_after({"retry-after": "Thu, 01 Jan 2026 12:00:30"}, NOW) == 30.0
    finally:
        monkeypatch.undo()
        time.tzset()


@given(st.text())
def test_no_text_raises(text: str) -> None:
    """Whatever a server writes, the answer is None or a number from zero on."""
    seconds = read_retry_after({"retry-after": text}, NOW)

    assert seconds is None or 0 <= seconds < float("inf")


@given(st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis takes it so
def test_every_date_is_read(date: datetime) -> None:
    """A date as HTTP writes it is the seconds until then."""
    seconds = read_retry_after({"retry-after": format_datetime(date, usegmt=True)}, NOW)

    assert seconds == max(0.0, date.replace(microsecond=0).timestamp() - NOW)
