"""Which tickets there are: numbers as they are written in a path, rules, and what a test gave."""

from collections.abc import Callable, Container, Iterable
from typing import Any, Final, TypeAlias

import orjson

from enneo_mind_client.model import Model
from enneo_mind_client.shapes import is_object

Tickets: TypeAlias = Callable[[int], bool] | Container[int]
"""Some tickets: a set, a range, or a function that says whether a number belongs."""

LAST_TICKET: Final = 999_999_999


def ending(digits: int) -> Callable[[int], bool]:
    """Return the rule for tickets whose numbers end in three digits."""
    return lambda ticket: ticket % 1000 == digits


def among(ticket: int, tickets: Tickets) -> bool:
    """Return whether a ticket is one of some."""
    return tickets(ticket) if callable(tickets) else ticket in tickets


def is_number(text: str) -> bool:
    """Return whether a part of a path is an integer that makes sense."""
    return len(text) < 20 and text.isascii() and text.removeprefix("-").isdigit()


def answer_of(conversations: Iterable[Any]) -> bytes:
    """Return the body of an answer with some conversations."""
    return orjson.dumps({"conversations": list(conversations), "success": True})


class Given:
    """What a test gave: the answers of tickets, and files."""

    def __init__(self) -> None:
        self.answers = dict[int, bytes]()
        self.files = dict[tuple[str, str], bytes]()

    def set(self, ticket: int, conversations: Iterable[Model | dict[str, Any]]) -> None:
        """Keep the conversations of a ticket."""
        if not 1 <= ticket <= LAST_TICKET:
            raise ValueError(f"a ticket has a number from 1 to {LAST_TICKET}, not {ticket}")
        self.answers[ticket] = answer_of(map(_document, conversations))

    def add(self, name: str, content: bytes) -> tuple[str, str]:
        """Keep a file, and return its number and its name."""
        if not name or "/" in name:
            raise ValueError(f"a file's name is not empty and has no slash: {name!r}")
        key = (str(len(self.files) + 1), name)
        self.files[key] = bytes(content)
        return key


def _document(conversation: object) -> dict[str, Any]:
    if isinstance(conversation, Model):
        return conversation.to_dict()
    if is_object(conversation):
        return conversation
    raise TypeError(f"a conversation is a model or a dict, not {type(conversation).__name__}")
