"""A ticket's thread, readable in a terminal."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Final

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from enneo_mind_client.cli.dates import Dates
from enneo_mind_client.cli.plain_text import plain_text
from enneo_mind_client.models import Attachment, Conversation
from enneo_mind_client.text import printable

UTC_DATES: Final = Dates(zone=UTC)


def thread(ticket_id: int, conversations: Sequence[Conversation], dates: Dates = UTC_DATES) -> RenderableType:
    """Return a thread for `rich.console.Console.print`: time, direction, sender, text and attachments of each part."""
    count = len(conversations)
    head = Text(f"Ticket {ticket_id}, {count} conversation{'' if count == 1 else 's'}", style="bold")
    return Group(head, *(_part(conversation, dates) for conversation in conversations))


def _part(conversation: Conversation, dates: Dates) -> RenderableType:
    incoming = conversation.direction == "in"
    text = plain_text(conversation.content.message or "") if conversation.content else ""
    return Panel(
        Text("\n").join([Text(text or "(no text)"), *_attachments(conversation)]),
        title=Text(_title(conversation, dates)),
        title_align="left",
        border_style="yellow" if conversation.private else "cyan" if incoming else "green",
    )


def _title(conversation: Conversation, dates: Dates) -> str:
    sender = conversation.sender.name if conversation.sender else None
    marks = [mark for mark, on in (("note", conversation.private), ("draft", conversation.is_draft)) if on]
    arrow = {"in": "→ in", "out": "← out"}.get(str(conversation.direction), str(conversation.direction or "?"))
    return printable("  ".join([dates.show(conversation.created_at), arrow, sender or "unknown sender", *marks]))


def _attachments(conversation: Conversation) -> Iterator[Text]:
    for attachment in conversation.attachments or []:
        yield Text(_attachment(attachment), style="dim")


def _attachment(attachment: Attachment) -> str:
    size = f", {attachment.size / 1000:,.0f} kB" if attachment.size else ""
    kind = f", {attachment.content_type}" if attachment.content_type else ""
    return printable(f"📎 {attachment.name or 'unnamed'}{kind}{size}")
