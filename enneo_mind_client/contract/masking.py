"""Values of answers made fit for a report: their form is kept, and what they say is not."""

import re
from typing import Any, Final

import orjson

from enneo_mind_client.contract.dates import form_of
from enneo_mind_client.shapes import is_list, is_object
from enneo_mind_client.text import printable

LENGTH: Final = 40
"""Characters of a value that are shown."""

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_/-]{0,31}")
_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+_-]{1,80}")
_NAME = re.compile(r"[A-Za-z_$@][A-Za-z0-9_$-]{0,63}")
_DIGITS_OF_A_WORD: Final = 3
_KEPT_NUMBERS: Final = ("0", "1")


def masked(value: Any) -> str:
    """Return a JSON value with x for letters and 9 for digits, as long as it is but at most `LENGTH`."""
    if value is None or isinstance(value, bool):
        return orjson.dumps(value).decode()
    if is_list(value):
        return f"array of {len(value)}"
    if is_object(value):
        return f"object of {len(value)}"
    if isinstance(value, str):
        return f'"{_cut(_blank(value))}"'
    written = str(value)
    return written if written in _KEPT_NUMBERS else _cut(re.sub("[0-9]", "9", written))


def masked_date(value: Any) -> str:
    """Return a date with 9 for digits; a zero date, which is nobody's, as it is."""
    form = form_of(value)
    if not isinstance(value, str) or form in ("other", "empty"):
        return masked(value)
    return f'"{_cut(value if form == "zero" else re.sub("[0-9]", "9", value))}"'


def masked_word(value: Any) -> str:
    """Return a value of an enum: as it is if it looks like one, and else masked."""
    return f'"{value}"' if isinstance(value, str) and _looks_like(_WORD, value) else masked(value)


def masked_type(content_type: str) -> str:
    """Return a content type: as it is if it looks like one, and else masked."""
    return content_type if _looks_like(_TYPE, content_type) else masked(content_type)


def step(name: str) -> str:
    """Return a member's name as a step of a JSON path; what looks like no name of a field is masked."""
    return f".{name}" if _looks_like(_NAME, name) else f"['{_cut(_blank(name))}']"


def _looks_like(pattern: re.Pattern[str], text: str) -> bool:
    # Digits in a row are rather the number of a customer, contract or account.
    return pattern.fullmatch(text) is not None and sum(map(str.isdigit, text)) <= _DIGITS_OF_A_WORD


def _blank(text: str) -> str:
    return "".join(map(_letter, text[: LENGTH + 1]))


def _letter(letter: str) -> str:
    if letter.isdigit():
        return "9"
    return letter if letter.isascii() and not letter.isalpha() else "x"


def _cut(text: str) -> str:
    return printable(text) if len(text) <= LENGTH else printable(text[:LENGTH]) + "…"
