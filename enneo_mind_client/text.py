"""Text that came from a server, made fit for a log line or an error message."""

import re
from typing import Final

EXCERPT_LENGTH: Final = 200
"""Characters of a server's body that may stand in an error: bodies hold personal data."""

_TAGS = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_SPACE = re.compile(r"\s+")


def printable(text: str) -> str:
    r"""Escape everything that could move a cursor, break a line or hide text (ANSI, CR, LF, NUL, bidi marks)."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def excerpt(body: bytes | str, length: int = EXCERPT_LENGTH) -> str:
    """Return the readable beginning of a body: without tags, on one line, escaped, at most `length` characters."""
    head = body[: 16 * length]
    text = head.decode("utf-8", "replace") if isinstance(head, bytes) else head
    text = printable(_SPACE.sub(" ", _TAGS.sub(" ", text)).strip())
    return text if len(text) <= length else text[: length - 1] + "…"
