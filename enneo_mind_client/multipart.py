"""Writes `multipart/form-data` (RFC 7578), names escaped as browsers do."""

import mimetypes
import re
import secrets
from collections.abc import Iterable
from typing import Final

from attrs import frozen

_UNSAFE: Final = re.compile(r'["\r\n]')


@frozen
class Part:
    """One field or file of a form.

    Attributes:
        name: The field's name.
        content: What it holds.
        file_name: Its name, if it is a file.
        mime_type: What kind it is; guessed for a file that does not say.
    """

    name: str
    content: bytes
    file_name: str | None = None
    mime_type: str | None = None


def write(parts: Iterable[Part]) -> tuple[bytes, str]:
    """Return a body of these parts and its media type."""
    boundary = secrets.token_hex(16)
    lines = [line for part in parts for line in (f"--{boundary}".encode(), *_head(part), b"", part.content)]
    return b"\r\n".join([*lines, f"--{boundary}--".encode(), b""]), f"multipart/form-data; boundary={boundary}"


def _head(part: Part) -> Iterable[bytes]:
    disposition, kind = f'form-data; name="{_escaped(part.name)}"', part.mime_type
    if part.file_name is not None:
        disposition += f'; filename="{_escaped(part.file_name)}"'
        kind = kind or mimetypes.guess_type(part.file_name)[0] or "application/octet-stream"
    yield f"Content-Disposition: {disposition}".encode()
    if kind is not None:
        yield f"Content-Type: {_UNSAFE.sub('', kind)}".encode()


def _escaped(text: str) -> str:
    return _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", text)
