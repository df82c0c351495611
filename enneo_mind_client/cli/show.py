"""`enneo-mind show`: a ticket's thread, in the terminal or as one page."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from enneo_mind_client import EnneoMind
from enneo_mind_client.attachments.many import Download
from enneo_mind_client.cli import require, stop
from enneo_mind_client.cli.common import Ticket, Where, console, end, line_of, reporting, say
from enneo_mind_client.cli.dates import Dates
from enneo_mind_client.cli.thread import thread
from enneo_mind_client.models import Conversation

Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write one self-contained page instead.")]
To = Annotated[
    Path | None, typer.Option("--to", metavar="DIR", help="With --html: store the attachments there and link them.")
]


def show(ticket: Ticket, html: Html = None, to: To = None, instance: Where = None) -> None:
    """Show the thread of a ticket, in the terminal or as a page for a browser.

    For instance:

        enneo-mind show 376189

        enneo-mind show 376189 --html ticket.html --to inbox
    """
    if to is not None and html is None:
        stop("--to goes with --html; to store attachments alone: enneo-mind attachments", 2)
    with reporting(), EnneoMind(instance) as mind:
        conversations = mind.conversations.list(ticket)
        files = mind.attachments.download_all(conversations, to) if to is not None else []
    if html is None:
        console().print(thread(ticket, conversations, Dates.of_reader()))
    else:
        _write(html, ticket, conversations, files)
    errors = [each.error for each in files if each.error is not None]
    for error in errors:
        say(line_of(error))
    end(1, errors)


def _write(path: Path, ticket: int, conversations: list[Conversation], files: list[Download]) -> None:
    require("cli", "nh3", "jinja2")
    from enneo_mind_client.cli.page import page, save

    try:
        save(path, page(ticket, conversations, files, Dates.of_reader(), path.parent))
    except OSError as error:
        stop(f"{path} cannot be written: {error.strerror}")
    sys.stdout.write(f"{path}\n")
