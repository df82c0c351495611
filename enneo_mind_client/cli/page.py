"""A ticket's thread as one page that loads nothing: safe to open, to print and to pass on.

What strangers wrote is cleaned (`message.py`), Jinja2 escapes whatever else is filled in, and the page's own policy
forbids once more that anything runs, loads or is sent. There is no script, so that there is none to attack.
"""

import base64
import hashlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import jinja2
from attrs import define, field

from enneo_mind_client.attachments.many import Download
from enneo_mind_client.cli.dates import Dates
from enneo_mind_client.cli.message import clean, whole
from enneo_mind_client.cli.words import WORDS, size
from enneo_mind_client.models import Attachment, Conversation

MAX_IMAGE: Final = 4 * 2**20
"""Bytes of an image that is shown in the page."""
MAX_IMAGES: Final = 64 * 2**20
"""Bytes of all images together; those beyond are linked."""

_HERE: Final = Path(__file__).parent
_IMAGES: Final = {b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


def page(
    ticket: int, conversations: Sequence[Conversation], files: Sequence[Download], dates: Dates, folder: Path
) -> str:
    """Return the page; `files` are the attachments that were asked for, which it links as seen from `folder`."""
    style = (_HERE / "page.css").read_text("utf-8")
    making = _Making(dates, folder, files)
    text = _template().render(
        ticket=ticket,
        language=dates.language,
        words=making.words,
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        parts=[making.part(each) for each in conversations],
        zones=dates.zones(each.created_at for each in conversations),
    )
    return whole(text)


def save(path: Path, text: str) -> None:
    """Write a page for its owner only, whole or not at all; into what is no file, such as a pipe, as it comes."""
    path = path.resolve() if path.is_file() else path  # what a link names, and not the link
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise


@define
class _Making:
    """What the parts of one page have in common."""

    dates: Dates
    folder: Path
    files: Sequence[Download]
    room: int = MAX_IMAGES
    stored: dict[int, Path] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.stored = {id(each.attachment): each.path for each in self.files if each.path is not None}

    @property
    def words(self) -> dict[str, str]:
        return WORDS[self.dates.language]

    def part(self, conversation: Conversation) -> dict[str, Any]:
        sender, created = conversation.sender or None, conversation.created_at
        direction = conversation.direction or ""
        side = direction if direction in ("in", "out") else "other"
        return {
            "side": side,
            "mark": self.words["note"] if conversation.private else self.words.get(side, direction),
            "note": bool(conversation.private),
            "draft": bool(conversation.is_draft),
            "sender": (sender and (sender.name or sender.email)) or None,
            "address": (sender and sender.name and sender.email) or None,
            "to": _line(conversation.to or conversation.to_email or ()),
            "cc": _line(conversation.cc_emails or ()),
            "time": self.dates.show(created),
            "datetime": created.isoformat() if created else None,
            "message": self.message(conversation),
            "files": [self.file(each) for each in conversation.attachments or ()],
        }

    def message(self, conversation: Conversation) -> str:
        """Return the message of a part, with those of its own pictures that were stored."""
        text = (conversation.content.message if conversation.content else None) or ""
        kind = conversation.type_
        plain = kind == "text" or (kind != "html" and "<" not in text)
        attachments = conversation.attachments or ()

        def picture(name: str) -> str | None:
            named = [each for each in attachments if _is_named(each, name.partition("@")[0])]
            return self.image(self.stored.get(id(named[0]))) if named else None

        return clean(text, plain=plain, picture=self.words["picture"], pictures=picture)

    def file(self, attachment: Attachment) -> dict[str, Any]:
        path = self.stored.get(id(attachment))
        return {
            "name": attachment.name or "?",
            "kind": Path(attachment.name or "").suffix[1:5].upper() or "?",
            "size": size(attachment.size, self.dates.language) if attachment.size else "",
            "missing": path is None and bool(self.files),
            "link": None if path is None else quote(os.fsencode(os.path.relpath(path, self.folder))),
            "image": self.image(path),
        }

    def image(self, path: Path | None) -> str | None:
        """Return a stored image as the page holds it, if there is room; what it is, its first bytes say."""
        if path is None or path.stat().st_size > min(MAX_IMAGE, self.room):
            return None
        data = path.read_bytes()
        kind = next((kind for mark, kind in _IMAGES.items() if data.startswith(mark)), None)
        self.room -= len(data) if kind else 0
        return f"data:{kind};base64,{base64.b64encode(data).decode()}" if kind else None


def _is_named(attachment: Attachment, content_id: str) -> bool:
    """Say whether a content id is that of an attachment: mail programs make it of the file's name."""
    name = attachment.name or ""
    return bool(content_id) and content_id in (name, Path(name).stem)


def _line(addresses: Iterable[str]) -> str:
    return ", ".join(map(str, addresses))


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(_HERE)
    return jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    ).get_template("page.html.jinja")
