"""Keeps the values of headers out of httpcore's log: a server sets cookies there, and may say back what it was sent."""

import logging
import re
from typing import Final

_LOGGER: Final = logging.getLogger("httpcore.http11")
_VALUE: Final = re.compile(r"""(\(b'[^']*', )b(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
_QUOTED_BACK: Final = re.compile(r"(exception=\w+)\(.*", re.DOTALL)


def keep_quiet() -> None:
    """Have httpcore log at DEBUG what it does, but neither the values of headers nor a head that cannot be read."""
    _LOGGER.addFilter(_mask)


def _mask(record: logging.LogRecord) -> bool:
    if isinstance(record.msg, str) and record.msg.startswith("receive_response_"):
        record.msg = _QUOTED_BACK.sub(r"\1", _VALUE.sub(r"\1***", record.msg))
    return True
