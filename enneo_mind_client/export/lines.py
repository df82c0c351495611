"""Files of JSON lines, one a ticket, that are only added to: what a crash leaves of the last line is cut off."""

import json
import logging
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any, Final

import orjson

from enneo_mind_client.bulk import TicketConversations
from enneo_mind_client.errors import EnneoMindError
from enneo_mind_client.export.disk import Disk, foreign, writing
from enneo_mind_client.models import Conversation
from enneo_mind_client.shapes import is_list, is_object
from enneo_mind_client.text import printable

_LOGGER: Final = logging.getLogger("enneo_mind_client.export")
DEPTH: Final = 200
"""Levels of a document that are written down."""

_BEGINNING: Final = re.compile(rb'\{"ticketId":([1-9][0-9]{0,39})[,}]')


def line_of(document: dict[str, Any]) -> bytes:
    """Return a document as a line.

    Raises:
        ValueError: It has no JSON form; of what came as JSON, only a number of thousands of digits.
        RecursionError: It is nested too deeply.
    """
    try:
        return orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)
    except orjson.JSONEncodeError:  # halves of characters, and integers of more than 64 bits
        _refuse_depth(document)
        return json.dumps(document, separators=(",", ":")).encode() + b"\n"


def id_of(line: bytes) -> int | None:
    """Return the ticket of a line that is known to be whole, None if it is no line of an export."""
    found = _BEGINNING.match(line)
    return int(found[1]) if found else None


def is_json(line: bytes) -> bool:
    """Return whether a line is an object as a whole."""
    with suppress(ValueError, RecursionError):
        try:
            return bool(orjson.loads(line))
        except orjson.JSONDecodeError:
            return bool(json.loads(line))
    return False


def ticket_line(ticket: TicketConversations) -> bytes:
    """Return a ticket as a line: its conversations are as the API tells them."""
    conversations = [conversation.to_dict() for conversation in ticket.conversations]
    return line_of({"ticketId": ticket.ticket_id, "conversations": conversations})


def failure_line(ticket_id: int, error: EnneoMindError) -> bytes:
    """Return a failure as a line: what happened, and no word of what the ticket holds."""
    said = {
        "ticketId": ticket_id,
        "error": type(error).__name__,
        "status": getattr(error, "status_code", None),
        "message": printable(str(error)),
        "txId": getattr(error, "tx_id", None),
        "attempts": error.attempts,
    }
    return line_of(said)


def ticket_of(line: bytes) -> TicketConversations:
    """Return the ticket that a line was made of, with each digit of its numbers."""
    read: dict[str, Any] = json.loads(line)
    return TicketConversations(read["ticketId"], [*map(Conversation.from_dict, read["conversations"])])


class Lines:
    """A file of lines, each beginning with its ticket's id; made when something is added.

    Attributes:
        path: Where it is.
        count: How many lines it has, once `ids` was read to its end.
    """

    def __init__(self, path: Path, disk: Disk) -> None:
        self.path, self._disk = path, disk
        self._fd: int | None = None
        self.count = 0

    def ids(self) -> Iterator[int]:
        """Yield the tickets of the file as it is now; what is after its last line is cut off.

        Raises:
            ExportError: A line is not of an export.
        """
        self.count = 0
        for line in self._whole_lines():
            self.count += 1
            ticket_id = id_of(line)
            if ticket_id is None or not is_json(line):
                raise foreign(self.path, f"has a line that is not of an export, number {self.count}")
            yield ticket_id

    def append(self, line: bytes) -> None:
        """Add a line.

        Raises:
            ExportError: The disk refuses.
        """
        with writing(self.path):
            if self._fd is None:
                self._fd = self._disk.open(self.path)
            self._disk.append(self._fd, line)
        self.count += 1

    def sync(self) -> None:
        """Have the lines outlive a loss of power."""
        if self._fd is not None:
            with writing(self.path):
                self._disk.sync(self._fd)

    def close(self) -> None:
        """Close the file; the next line opens it, and is the first one if the file was moved away."""
        self.count = 0
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _whole_lines(self) -> Iterator[bytes]:
        if not os.path.lexists(self.path):
            return
        with writing(self.path), os.fdopen(self._disk.open(self.path), "rb") as file:
            end = 0
            for line in file:
                if not line.endswith(b"\n"):
                    _LOGGER.warning("%s ended in the middle of a line: %d bytes were cut off", self.path, len(line))
                    self._disk.cut(file.fileno(), end)
                    return
                end += len(line)
                yield line


def _refuse_depth(document: object) -> None:
    """Refuse what is nested so deep that it may be written here, and then not be read where less stack is left."""
    level = [document]
    for _ in range(DEPTH):
        inner = [value.values() if is_object(value) else value for value in level if is_object(value) or is_list(value)]
        level = [*chain.from_iterable(inner)]
    if level:
        raise RecursionError
