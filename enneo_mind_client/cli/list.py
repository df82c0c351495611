"""`enneo-mind list`: the conversations of tickets, as a table for people or as lines of JSON for programs."""

import json
import sys
from typing import Annotated, Any, Final

import typer
from rich.table import Table
from rich.text import Text

from enneo_mind_client import EnneoMind, TicketConversations
from enneo_mind_client.cli.common import Where, console, end, line_of, reporting, say
from enneo_mind_client.cli.dates import Dates
from enneo_mind_client.cli.plain_text import plain_text
from enneo_mind_client.errors import EnneoMindError
from enneo_mind_client.models import Conversation
from enneo_mind_client.text import printable

Tickets = Annotated[list[int], typer.Argument(min=1, help="The tickets' numbers.")]
AsJson = Annotated[bool, typer.Option("--json/--table", help="A line of JSON for each ticket, or a table.")]

_TEXT: Final = 8
"""Columns of a message that are shown however narrow a screen is."""


def list_(tickets: Tickets, json: AsJson = False, instance: Where = None) -> None:
    """List the conversations of tickets.

    With --json each line is {"ticketId": 1, "conversations": [...], "error": null}, in the order of the tickets; the
    conversations are as the API tells them. Errors are on standard error too.

    For instance:

        enneo-mind list 376189 376190

        enneo-mind list 376189 --json | jq '.conversations[].content.message'
    """
    done, errors = 0, list[EnneoMindError]()
    with reporting(), EnneoMind(instance) as mind:
        table = _table()
        for ticket in mind.conversations.stream(tickets, ordered=True):
            if json:
                sys.stdout.write(_line(ticket))
            if ticket.error is None:
                done += 1
                _add(table, ticket)
            else:
                errors.append(ticket.error)
                say(f"ticket {ticket.ticket_id}: {line_of(ticket.error)}")
    if table.row_count and not json:
        console().print(table)
    end(done, errors)


def _line(ticket: TicketConversations) -> str:
    error = ticket.error
    document: dict[str, Any] = {
        "ticketId": ticket.ticket_id,
        "conversations": [conversation.to_dict() for conversation in ticket.conversations],
        "error": None if error is None else {"type": type(error).__name__, "message": line_of(error)},
    }
    return json.dumps(document) + "\n"


def _table() -> Table:
    table = Table(box=None, pad_edge=False, expand=True)
    for heading in ("ticket", "time", "", "sender", "files"):
        # On a narrow screen times and names take several lines; numbers are whole, and the text has its room.
        narrow = heading in ("time", "sender")
        table.add_column(heading, no_wrap=not narrow, justify="right" if heading in ("ticket", "files") else "left")
    table.add_column("text", no_wrap=True, overflow="ellipsis", ratio=1, width=_TEXT)
    return table


def _add(table: Table, ticket: TicketConversations) -> None:
    dates = Dates.of_reader()
    for conversation in ticket.conversations:
        sender = (conversation.sender.name if conversation.sender else None) or "-"
        cells = (
            str(ticket.ticket_id),
            dates.show(conversation.created_at),
            _kind(conversation),
            sender,
            str(len(conversation.attachments or ())),
            plain_text((conversation.content.message if conversation.content else None) or "").replace("\n", " "),
        )
        table.add_row(*(Text(printable(cell)) for cell in cells))


def _kind(conversation: Conversation) -> str:
    if conversation.private:
        return "note"
    return "draft" if conversation.is_draft else str(conversation.direction or "-")
