"""How single values are read: every spelling that was seen or may come, in tables."""

from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from dateutil.parser import isoparse
from hypothesis import given
from hypothesis import strategies as st

from enneo_mind_client import scalars, wire
from enneo_mind_client.drift import Drift, Undated
from enneo_mind_client.scalars import File

from .hurry import UNHURRIED

MOMENTS: dict[Any, datetime] = {
    1657056276: datetime(2022, 7, 5, 21, 24, 36, tzinfo=UTC),
    1657056276.5: datetime(2022, 7, 5, 21, 24, 36, 500000, tzinfo=UTC),
    0: datetime(1970, 1, 1, tzinfo=UTC),
    -1: datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC),
    "1657056276": datetime(2022, 7, 5, 21, 24, 36, tzinfo=UTC),
    "1657056276.25": datetime(2022, 7, 5, 21, 24, 36, 250000, tzinfo=UTC),
    "20210101": datetime(1970, 8, 22, 21, 55, 1, tzinfo=UTC),
    "2022-08-12 12:21:21": datetime(2022, 8, 12, 12, 21, 21, tzinfo=UTC),
    "2022-08-12T12:21:21": datetime(2022, 8, 12, 12, 21, 21, tzinfo=UTC),
    "2023-11-07T05:31:56Z": datetime(2023, 11, 7, 5, 31, 56, tzinfo=UTC),
    "2023-11-07T05:31:56.123456789Z": datetime(2023, 11, 7, 5, 31, 56, 123456, tzinfo=UTC),
    "2023-11-07T05:31:56+02:00": datetime(2023, 11, 7, 5, 31, 56, tzinfo=timezone(timedelta(hours=2))),
    "2023-11-07T05:31:56-0530": datetime(2023, 11, 7, 5, 31, 56, tzinfo=timezone(-timedelta(hours=5.5))),
    "2023-11-07T05:31+01": datetime(2023, 11, 7, 5, 31, tzinfo=timezone(timedelta(hours=1))),
    "2024-02-29": datetime(2024, 2, 29, tzinfo=UTC),
}

UNDATED: list[Any] = [
    "",
    "0000-00-00 00:00:00",
    "0000-00-00",
    "2023-02-29 00:00:00",
    "2023-11-07T25:00:00",
    "yesterday",
    "2021-W01-1",
    "١٦٥٧٠٥٦٢٧٦",
    "1" * 400,
    "nan",
    1e300,
    10**400,
    float("nan"),
    1657056276000000,
]


@pytest.mark.parametrize(("raw", "expected"), MOMENTS.items())
def test_a_date_and_time_is_read_in_every_spelling(raw: Any, expected: datetime) -> None:
    """A date and time is an aware datetime, however it is spelled."""
    read = wire.moment.read(raw)

    assert (expected, expected.utcoffset()) == (read, read.utcoffset())


@pytest.mark.parametrize("raw", UNDATED)
def test_an_unreadable_date_is_none(raw: Any) -> None:
    """A date that is zero or unreadable drifts to None."""
    for decoder in (wire.moment, wire.date):
        with pytest.raises(Undated) as caught:
            decoder.read(raw)

        assert caught.value.value is None


@UNHURRIED
@given(st.datetimes(min_value=datetime(1990, 1, 1), timezones=st.timezones() | st.none()))  # noqa: DTZ001 - naive
def test_iso_dates_are_read_as_dateutil_reads_them(moment: datetime) -> None:
    """What isoformat writes is read as an independent parser reads it."""
    text = moment.isoformat()
    expected = isoparse(text)

    assert (expected if expected.tzinfo else expected.replace(tzinfo=UTC)) == wire.moment.read(text)


@UNHURRIED
@given(st.datetimes(timezones=st.timezones() | st.none()))
def test_a_moment_survives_being_written(moment: datetime) -> None:
    """A written moment is read as the same one; without a zone it is UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    assert aware.isoformat() == wire.moment.read(scalars.plain_moment(moment)).isoformat()


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("2024-02-29", date(2024, 2, 29)), ("2024-02-29 23:59:59", date(2024, 2, 29)), (1657056276, date(2022, 7, 5))],
)
def test_a_date_is_read_from_a_date_or_a_moment(raw: Any, expected: date) -> None:
    """A date is the day of whatever moment comes in its place."""
    assert expected == wire.date.read(raw)


@pytest.mark.parametrize(
    ("raw", "expected"), [(7, 7), ("123", 123), ("-5", -5), ("+5", 5), (123.0, 123), (10**30, 10**30), (-0.0, 0)]
)
def test_an_integer_is_read_from_digits_and_whole_floats(raw: Any, expected: int) -> None:
    """An integer also comes as its digits, or as a float that is whole."""
    read = wire.integer.read(raw)

    assert (expected, int) == (read, type(read))


@pytest.mark.parametrize(
    "raw", [True, "1.0", " 1", "1 ", "", "١٢", "103013960646,", "1_000", "1" * 5000, 1.5, 2.0**53, 1e300, [], {}]
)
def test_anything_else_is_no_integer(raw: Any) -> None:
    """A value whose digits are not certain is not taken for an integer; true is none either."""
    with pytest.raises(Drift):
        wire.integer.read(raw)


@pytest.mark.parametrize(("raw", "expected"), [(0, False), (1, True), ("0", False), ("1", True), (True, True)])
def test_a_boolean_is_read_from_zero_and_one(raw: Any, expected: bool) -> None:
    """A boolean also comes as 0 and 1, and as their digits."""
    assert expected is wire.boolean.read(raw)


@pytest.mark.parametrize("raw", [2, "true", "", 1.0, "2", []])
def test_anything_else_is_no_boolean(raw: Any) -> None:
    """No other value is taken for a boolean."""
    with pytest.raises(Drift):
        wire.boolean.read(raw)


def test_a_number_may_be_an_integer() -> None:
    """A number stays the integer it came as, and true is none."""
    assert (wire.number.read(1), wire.number.read(1.5)) == (1, 1.5)
    with pytest.raises(Drift):
        wire.number.read(True)


def test_a_uuid_is_read_in_its_spellings() -> None:
    """A UUID is read with and without its hyphens; anything else is none."""
    expected = UUID("12345678-1234-5678-1234-567812345678")

    assert expected == wire.uuid.read(str(expected)) == wire.uuid.read(expected.hex)
    with pytest.raises(Drift):
        wire.uuid.read("no")


def test_a_file_within_json_is_read_and_written() -> None:
    """A file that is a member of an object holds its text, which can be read again and again."""
    file = wire.binary.read("ä\ud800")

    assert "ä\ud800" == scalars.plain_file(file) == scalars.plain_file(file)
    assert File(BytesIO(b"x")) == File(BytesIO(b"x")) != File(BytesIO(b"y"))


def test_a_stream_that_cannot_go_back_is_read_once() -> None:
    """A payload that is no seekable stream is read as it is."""

    class Pipe(BytesIO):
        def seekable(self) -> bool:
            return False

    file = File(Pipe(b"x"))

    assert (file.read(), file.read()) == (b"x", b"")
