"""How these tests ask for a download."""

from pathlib import Path
from typing import Any, Final

from enneo_mind_client.models import Attachment

from ..faults.answers import http
from ..faults.clients import Client
from ..faults.verbs import Close, Script, Send, Stall

BODY: Final = bytes(range(256)) * 40
TAGGED: Final = {"ETag": '"one"'}
MISSING: Final = {"name": None, "size": None}


def attachment(url: str | None, **changes: Any) -> Attachment:
    """Return an attachment of `BODY` at an address."""
    return Attachment.from_dict({"id": 7, "url": url, "name": "bill.pdf", "size": len(BODY)} | changes)


def download(
    client: Client, url: str | None, folder: Path, *, into: dict[str, Any] | None = None, **changes: Any
) -> Path:
    """Download `BODY`; `into` has the options of the call."""
    result = client.mind.attachments.download(attachment(url, **changes), folder, **(into or {}))
    return client.wait_for(result)


def whole(body: bytes = BODY, **headers: str) -> Script:
    """Answer with a whole file."""
    return Send(http(200, body, headers=TAGGED | named(headers)))


def broken(at: int, body: bytes = BODY, **headers: str) -> Script:
    """Answer with a whole file, and break off a moment after some bytes of it."""
    data = http(200, body, headers=TAGGED | named(headers))
    return Send(data[: len(data) - len(body) + at]), Stall(0.1), Close()


def rest(start: int, body: bytes = BODY, *, said: str | None = None, **headers: str) -> Script:
    """Answer with the file from some byte on."""
    content_range = said or f"bytes {start}-{len(body) - 1}/{len(body)}"
    return Send(http(206, body[start:], headers=TAGGED | {"Content-Range": content_range} | named(headers)))


def named(headers: dict[str, str]) -> dict[str, str]:
    """Return headers by their names on the wire."""
    return {name.replace("_", "-"): value for name, value in headers.items()}


def names(folder: Path) -> list[str]:
    """Return what is in a folder."""
    return sorted(each.name for each in folder.iterdir())
