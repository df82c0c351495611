"""Keeps what a server says in the head of an answer, where it may set a session's cookie, out of httpcore's log."""

import logging
import re
from typing import Final

_LOGGER: Final = logging.getLogger("httpcore.http11")
_COOKIE: Final = re.compile(r"""(\(b'set-cookie', )b(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", re.IGNORECASE)
_QUOTED_BACK: Final = re.compile(r"(exception=\w+)\(.*", re.DOTALL)


def keep_quiet() -> None:
    """Have httpcore log at DEBUG what it does, but neither cookies nor the unreadable head of an answer."""
    _LOGGER.addFilter(_mask)


def _mask(record: logging.LogRecord) -> bool:
    if isinstance(record.msg, str) and record.msg.startswith("receive_response_"):
        record.msg = _QUOTED_BACK.sub(r"\1", _COOKIE.sub(r"\1***", record.msg))
    return True
