"""How single JSON values are read as what they are declared to be, and written back."""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from typing import BinaryIO, Final
from uuid import UUID

from attrs import define, field

from .drift import Drift, Undated

EXACT: Final = 2**53
"""From here on a float no longer tells one integer from the next."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,4000}\Z")
_EPOCH = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]*)?\Z")
_BOOLEANS = {0: False, 1: True, "0": False, "1": True}


def _content(payload: BinaryIO) -> object:
    return payload.getvalue() if isinstance(payload, BytesIO) else payload


@define
class File:
    """The content of a file, sent or received.

    Attributes:
        payload: An open binary stream; `BytesIO` for what was received.
        file_name: The file's name, which is not to be trusted as a path.
        mime_type: The file's content type.
    """

    payload: BinaryIO = field(eq=_content)
    file_name: str | None = None
    mime_type: str | None = None

    def read(self) -> bytes:
        """Return what is left to read of the payload, which stays where it was so that it can be read again."""
        position = self.payload.tell() if self.payload.seekable() else None
        content = self.payload.read()
        if position is not None:
            self.payload.seek(position)
        return content


def integer_from_text(value: str) -> int:
    """Read digits, with a sign or without."""
    if _INTEGER.match(value) is None:
        raise Drift
    return int(value)


def integer_from_float(value: float) -> int:
    """Read a float that is an integer, unless digits may have been lost on the way."""
    if not value.is_integer() or abs(value) >= EXACT:
        raise Drift
    return int(value)


def boolean(value: int | str) -> bool:
    """Read a boolean from 0, 1 and their digits."""
    try:
        return _BOOLEANS[value]
    except KeyError:
        raise Drift from None


def moment_from_epoch(value: float) -> datetime:
    """Read seconds since 1970."""
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        raise Undated from None


def moment(value: str) -> datetime:
    """Read a date and time as ISO 8601, as MySQL writes it, or as epoch seconds in digits; without a zone it is UTC."""
    if value[4:8:3] != "--":
        return _moment_from_digits(value)
    try:
        if len(value) == 19 and value[16] == ":":  # Y-m-d H:M:S, six times as fast as replacing the zone afterwards
            return datetime.fromisoformat(value + "Z")
        read = datetime.fromisoformat(value)
    except ValueError:
        raise Undated from None
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)


def _moment_from_digits(value: str) -> datetime:
    if _EPOCH.match(value) is None:
        raise Undated
    return moment_from_epoch(float(value))


def day(value: str) -> date:
    """Read a date; of a date and time the date."""
    return moment(value).date()


def day_from_epoch(value: float) -> date:
    """Read the date, in UTC, of seconds since 1970."""
    return moment_from_epoch(value).date()


def uuid(value: str) -> UUID:
    """Read a UUID in any of its spellings."""
    try:
        return UUID(value)
    except ValueError:
        raise Drift from None


def file(value: str) -> File:
    """Read a file that is a member of a JSON object."""
    return File(BytesIO(value.encode("utf-8", "surrogatepass")))


def plain_moment(value: datetime) -> str:
    """Write a date and time with its zone; without one it is UTC, as in reading."""
    return (value if value.tzinfo is not None else value.replace(tzinfo=UTC)).isoformat()


def plain_file(value: File) -> str:
    """Write a file as a member of a JSON object."""
    return value.read().decode("utf-8", "surrogatepass")
