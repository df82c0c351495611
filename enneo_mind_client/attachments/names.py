"""File names that are safe on every system, whatever a sender called the file."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import count
from typing import Final
from urllib.parse import unquote, urlsplit

from enneo_mind_client._generated.models import Attachment

MAX_BYTES: Final = 220
"""Bytes of a name in UTF-8: file systems take 255, and a counter or `.part` may be added."""

_MAX_ENDING: Final = 20
_ILLEGAL: Final = frozenset('<>:"/\\|?*')
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # control, bidi and zero width, half pairs, line ends
_DEVICE: Final = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])(?=\.|$)", re.IGNORECASE)


def name_of(attachment: Attachment) -> str:
    """Return the name an attachment gets: its own, else the one in its address, else one by its number."""
    own = attachment.name if isinstance(attachment.name, str) else ""
    url = attachment.url if isinstance(attachment.url, str) else ""
    return _safe(own) or _safe(_last_segment(url)) or f"attachment-{attachment.id or 'unnamed'}"


def alternatives(name: str) -> Iterator[str]:
    """Yield a name, and then the names to try where it is taken: `bill.pdf`, `bill (2).pdf`, `bill (3).pdf`."""
    yield name
    stem, ending = _split(name)
    yield from (f"{stem} ({number}){ending}" for number in count(2))


def twin_key(name: str) -> str:
    """Return what is equal for names that some file systems take for the same."""
    return unicodedata.normalize("NFC", name).casefold()


def _safe(name: str) -> str:
    """Return one component that can stand in a folder, or nothing."""
    name = "".join(_legal(character) for character in unicodedata.normalize("NFC", name))
    name = name.lstrip(". ").rstrip(". ")
    if not name.strip("_"):
        return ""
    return _shortened(f"_{name}" if _DEVICE.match(name) else name)


def _legal(character: str) -> str:
    return "_" if character in _ILLEGAL or unicodedata.category(character) in _HIDDEN else character


def _shortened(name: str) -> str:
    if len(name.encode()) <= MAX_BYTES:
        return name
    stem, ending = _split(name)
    room = MAX_BYTES - len(ending.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + ending


def _split(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    return (stem, dot + ending) if stem and len(ending.encode()) <= _MAX_ENDING else (name, "")


def _last_segment(url: str) -> str:
    try:
        return unquote(urlsplit(url).path.rpartition("/")[2])
    except ValueError:
        return ""
