"""How the real wire differs from its own document: each habit of the real API is a switch.

A habit that is switched on shows in every third conversation, so that one answer mixes both forms as the real one does:
habit number P of `Quirks` (counted from 0) shows in conversation K (from 0) of ticket N where (N + K + P) % 3 == 0.
The habits of errors show in every error.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, Self, TypeAlias

Document: TypeAlias = dict[str, Any]
Twist: TypeAlias = Callable[[Document], None]

SHARE: Final = 3
"""A habit shows in one of so many conversations."""


@dataclass(frozen=True, kw_only=True)
class Quirks:
    """Which habits of the real wire to show. `Quirks()` is the real API as it is known to be.

    Attributes:
        epoch_dates: Dates as epoch seconds: `1657056276`.
        sql_dates: Dates without a zone: `"2022-08-12 12:21:21"`.
        zero_dates: `modifiedAt` as MySQL's zero date: `"0000-00-00 00:00:00"`.
        int_booleans: `0` and `1` for booleans.
        string_integers: Numbers as text: `"ticketId": "123"`.
        null_extracted_data: `"extractedData": null`, which the document's own example shows.
        empty_interface: `"interface": []`, PHP's empty object, which the document's own example shows.
        gappy_lists: PHP lists with gaps: `{"0": ..., "2": ...}` for attachments, recipients and intents.
        null_objects: null for `sender` and `content`, and for an attachment's `extractionData`.
        extra_fields: Fields of earlier versions of the document: `body`, `bodyPlain`, `bodyClean`, `crmNotificationId`,
            `deletedAt`.
        unknown_values: A `direction` and a `type` nobody has heard of: `"internal"`, `"adaptiveCard"`.
        absent_fields: Without the fields that earlier versions of the document did not have.
        null_values: null for a text, a number, a boolean and a list: `fromEmailName`, `agentId`, `isRead`, `ccEmails`.
        string_booleans: `"0"` and `"1"` for booleans.
        empty_errors: 403 and 404 without a body, as the document itself declares them.
        html_errors: 5xx with a page of HTML, as a gateway before the API sends it.
    """

    epoch_dates: bool = True
    sql_dates: bool = True
    zero_dates: bool = False
    int_booleans: bool = True
    string_integers: bool = False
    null_extracted_data: bool = True
    empty_interface: bool = True
    gappy_lists: bool = False
    null_objects: bool = False
    extra_fields: bool = True
    unknown_values: bool = False
    absent_fields: bool = False
    null_values: bool = False
    string_booleans: bool = False
    empty_errors: bool = False
    html_errors: bool = False

    @classmethod
    def none(cls) -> Self:
        """Every answer as the document says, once its corrections are applied."""
        return cls(**dict.fromkeys(QUIRKS, False))

    @classmethod
    def all(cls) -> Self:
        """Every habit at once."""
        return cls(**dict.fromkeys(QUIRKS, True))

    def twists(self) -> tuple[tuple[int, Twist], ...]:
        """Return the habits of conversations that are on, each with its number."""
        return tuple((at, change) for at, (name, change) in enumerate(_TWISTS.items()) if getattr(self, name))


QUIRKS: Final = tuple(field.name for field in fields(Quirks))
"""The names of all habits."""

REAL: Final = Quirks()


def twist(conversations: list[Document], ticket: int, twists: tuple[tuple[int, Twist], ...]) -> None:
    """Change the conversations of a ticket in place."""
    for position, change in twists:
        for conversation in conversations[-(ticket + position) % SHARE :: SHARE]:
            change(conversation)


def _epoch_dates(conversation: Document) -> None:
    for name in ("createdAt", "modifiedAt"):
        conversation[name] = int(datetime.fromisoformat(conversation[name]).timestamp())


def _sql_dates(conversation: Document) -> None:
    for name in ("createdAt", "modifiedAt"):
        conversation[name] = conversation[name].replace("T", " ").rstrip("Z")


def _zero_dates(conversation: Document) -> None:
    conversation["modifiedAt"] = "0000-00-00 00:00:00"


def _int_booleans(conversation: Document) -> None:
    for name in ("private", "isDraft", "isRead"):
        conversation[name] = int(conversation[name])
    for attachment in conversation["attachments"]:
        attachment["inline"] = int(attachment["inline"])


def _string_integers(conversation: Document) -> None:
    for document in (conversation, conversation["sender"], *conversation["attachments"]):
        numbers = {name: value for name, value in document.items() if name.endswith(("id", "Id", "size"))}
        document.update({name: str(value) for name, value in numbers.items() if isinstance(value, int)})


def _null_extracted_data(conversation: Document) -> None:
    for attachment in conversation["attachments"]:
        attachment["extractedData"] = None


def _empty_interface(conversation: Document) -> None:
    conversation["interface"] = []


def _gappy_lists(conversation: Document) -> None:
    for name in ("attachments", "to", "toEmail", "intentIds"):
        # An empty array has no gaps; otherwise as if array_filter had dropped the second entry.
        if values := conversation[name]:
            conversation[name] = {str(at if at == 0 else at + 1): value for at, value in enumerate(values)}


def _null_objects(conversation: Document) -> None:
    for attachment in _each(conversation["attachments"]):
        attachment["extractionData"] = None
    conversation["sender"] = conversation["content"] = None


def _each(values: list[Document] | dict[str, Document]) -> list[Document]:
    return list(values.values()) if isinstance(values, dict) else values


def _extra_fields(conversation: Document) -> None:
    content = conversation["content"]
    message = content["message"] if content else ""
    conversation.update(body=message, bodyPlain=message[:80], bodyClean=message[:80], deletedAt=None)
    conversation["crmNotificationId"] = conversation["id"]


def _unknown_values(conversation: Document) -> None:
    conversation["direction"], conversation["type"] = "internal", "adaptiveCard"


def _absent_fields(conversation: Document) -> None:
    for name in ("isDraft", "to", "bccEmails", "channelId", "isRead", "interface"):
        del conversation[name]


def _null_values(conversation: Document) -> None:
    conversation.update(fromEmailName=None, agentId=None, isRead=None, ccEmails=None)


def _string_booleans(conversation: Document) -> None:
    for name in ("private", "isDraft", "isRead"):
        conversation[name] = str(int(conversation[name]))
    for attachment in _each(conversation["attachments"]):
        attachment["inline"] = str(int(attachment["inline"]))


_TWISTS: Final[dict[str, Twist]] = {
    "epoch_dates": _epoch_dates,
    "sql_dates": _sql_dates,
    "zero_dates": _zero_dates,
    "int_booleans": _int_booleans,
    "string_integers": _string_integers,
    "null_extracted_data": _null_extracted_data,
    "empty_interface": _empty_interface,
    "gappy_lists": _gappy_lists,
    "null_objects": _null_objects,
    "extra_fields": _extra_fields,
    "unknown_values": _unknown_values,
    "absent_fields": _absent_fields,
    "null_values": _null_values,
    "string_booleans": _string_booleans,
}
