"""A ticket's thread as one page that loads nothing: safe to open, to print and to pass on.

Messages are written by strangers. nh3 keeps what formats text and drops everything that runs, loads or restyles; the
page's own policy then forbids all of that once more. Jinja2 escapes whatever else is filled in.
"""

import base64
import hashlib
import html
import os
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import jinja2
import nh3

from enneo_mind_client.attachments.many import Download
from enneo_mind_client.cli.dates import Dates
from enneo_mind_client.models import Attachment, Conversation

MAX_IMAGE: Final = 4 * 2**20
"""Bytes of an image that is shown in the page."""

_HERE: Final = Path(__file__).parent
_IMAGES: Final = {b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
_DATA: Final = ("data:image/png;base64,", "data:image/jpeg;base64,", "data:image/gif;base64,")
_TAGS: Final = nh3.ALLOWED_TAGS - {"area", "map", "header", "footer", "nav", "aside", "article", "figure", "main"}
_ATTRIBUTES: Final = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}
_WORDS: Final = {
    "en": {
        "ticket": "Ticket",
        "in": "Received",
        "out": "Sent",
        "note": "Internal note",
        "draft": "Draft",
        "unknown": "Unknown sender",
        "files": "Attachments",
        "empty": "(no text)",
        "none": "This ticket has no conversations.",
        "made": "Times are in the zone of the machine that made this page.",
    },
    "de": {
        "ticket": "Ticket",
        "in": "Eingang",
        "out": "Ausgang",
        "note": "Interne Notiz",
        "draft": "Entwurf",
        "unknown": "Unbekannter Absender",
        "files": "Anhänge",
        "empty": "(kein Text)",
        "none": "Dieses Ticket hat keine Nachrichten.",
        "made": "Zeiten in der Zone des Rechners, der diese Seite erzeugt hat.",
    },
}


def page(
    ticket: int, conversations: Sequence[Conversation], files: Sequence[Download], dates: Dates, folder: Path
) -> str:
    """Return the page; `files` are the attachments that were stored, which it links as seen from `folder`."""
    style = (_HERE / "page.css").read_text("utf-8")
    stored = {id(each.attachment): each.path for each in files if each.path is not None}
    return _template().render(
        ticket=ticket,
        language=dates.language,
        words=_WORDS[dates.language],
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        parts=[_part(each, stored, dates, folder) for each in conversations],
    )


def save(path: Path, text: str) -> None:
    """Write a page for its owner only, whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise


def clean(message: str, *, plain: bool) -> str:
    """Return a message as HTML that runs nothing and loads nothing."""
    if plain:
        return f'<div class="plain">{html.escape(message)}</div>'
    return nh3.clean(
        message,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "tel", "data"},
        link_rel="noopener noreferrer nofollow",
    )


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """Images may only bring themselves, and links may not."""
    is_data = "".join(value.split()).lower().startswith("data:")
    if (tag, attribute) == ("img", "src"):
        return value if value.startswith(_DATA) else None
    return None if is_data else value


def _part(conversation: Conversation, stored: dict[int, Path], dates: Dates, folder: Path) -> dict[str, Any]:
    message = (conversation.content.message if conversation.content else None) or ""
    created = conversation.created_at
    return {
        "side": "in" if conversation.direction == "in" else "out",
        "note": bool(conversation.private),
        "draft": bool(conversation.is_draft),
        "sender": (conversation.sender.name if conversation.sender else None) or None,
        "time": dates.show(created),
        "datetime": created.isoformat() if created else None,
        "message": clean(message, plain=conversation.type_ == "text") if message.strip() else "",
        "files": [_file(each, stored.get(id(each)), folder) for each in conversation.attachments or ()],
    }


def _file(attachment: Attachment, path: Path | None, folder: Path) -> dict[str, Any]:
    return {
        "name": attachment.name or "?",
        "size": f"{attachment.size / 1000:,.0f} kB" if attachment.size else "",
        "link": None if path is None else quote(os.path.relpath(path, folder)),
        "image": None if path is None else _image(path),
    }


def _image(path: Path) -> str | None:
    """Return a stored image as the page holds it; what it is, its first bytes say."""
    if path.stat().st_size > MAX_IMAGE:
        return None
    data = path.read_bytes()
    kind = next((kind for mark, kind in _IMAGES.items() if data.startswith(mark)), None)
    return f"data:{kind};base64,{base64.b64encode(data).decode()}" if kind else None


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(_HERE)
    return jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    ).get_template("page.html.jinja")
