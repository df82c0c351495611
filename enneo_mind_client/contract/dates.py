"""In which of the forms that occur a date came."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from enneo_mind_client.shapes import is_object

_MILLISECONDS: Final = 100_000_000_000  # as seconds, the year 5138
_DATES: Final = frozenset({"datetime", "date"})
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
_ON_CALENDAR: Final = frozenset({"iso", "iso_without_zone", "sql", "date"})
_FORMS: Final = tuple(
    (form, re.compile(pattern, re.ASCII))
    for form, pattern in (
        ("zero", rf"0000-00-00([T ]{_TIME}Z?)?"),
        ("iso", rf"\d{{4}}-\d{{2}}-\d{{2}}[Tt]{_TIME}([Zz]|[+-]\d{{2}}:\d{{2}})"),
        ("iso_without_zone", rf"\d{{4}}-\d{{2}}-\d{{2}}[Tt]{_TIME}"),
        ("sql", rf"\d{{4}}-\d{{2}}-\d{{2}} {_TIME}"),
        ("date", r"\d{4}-\d{2}-\d{2}"),
        ("epoch_text", r"[+-]?\d{1,20}(\.\d*)?"),
        ("empty", r"\s*"),
    )
)


def form_of(value: Any) -> str:
    """Return the form of a date."""
    if value is None:
        return "null"
    if isinstance(value, str):
        form = next((form for form, pattern in _FORMS if pattern.fullmatch(value)), "other")
        return form if form not in _ON_CALENDAR or _is_on_calendar(value) else "impossible"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "epoch" if abs(value) < _MILLISECONDS else "epoch_milliseconds"
    return "other"


def _is_on_calendar(text: str) -> bool:
    """Return whether there is such a day and time: no 30th of February, no 24:00."""
    try:
        datetime.fromisoformat(text.upper())
    except ValueError:
        return False
    return True


def is_date(schemas: Iterable[Any]) -> bool:
    """Return whether something is declared as a date, in any spelling of the format."""
    return any(is_date_format(schema.get("format")) for schema in schemas if is_object(schema))


def is_date_format(name: object) -> bool:
    """Return whether a format is that of a date: `date-time`, `DateTime`, `date`."""
    return isinstance(name, str) and name.replace("-", "").replace("_", "").lower() in _DATES
