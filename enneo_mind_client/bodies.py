"""A response's body: decoded within a cap, whole or not at all, whatever the server claims about it."""

import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Final

from enneo_mind_client.errors import ResponseError
from enneo_mind_client.retries import Failure

MAX_ENCODINGS: Final = 5
"""Encodings around one body, as in curl; more are an attack."""

_GZIP: Final = zlib.MAX_WBITS | 16
_STEP: Final = 2**16
_HEAD: Final = 64


class BadBody(Exception):  # noqa: N818 - not an error of its own: it carries one
    """The body cannot be read, for this reason."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.error.message)
        self.failure = failure


class BodyReader:
    """Collects a body chunk by chunk.

    Args:
        content_encoding: The `Content-Encoding` header.
        max_bytes: The largest decoded body; nothing larger is ever held.
        write: Takes the decoded bytes as they come, instead of their being held.

    Raises:
        BadBody: An encoding that is unknown, or too many of them.
    """

    def __init__(self, content_encoding: str, max_bytes: int, write: Callable[[bytes], object] | None = None) -> None:
        names = [name.strip().lower() for name in content_encoding.split(",")]
        encodings = [name for name in reversed(names) if name not in ("", "identity")]
        if len(encodings) > MAX_ENCODINGS:
            raise _bad_encoding(f"it is encoded {len(encodings)} times", limit=0)
        self._links = [_Link(name) for name in encodings]
        self._body = BytesIO()  # and not a list to be joined, which would hold a large body twice
        self._write = write or self._body.write
        self._room = self._max_bytes = max_bytes

    def feed(self, chunk: bytes) -> None:
        """Take the next chunk as it came over the wire."""
        self._push(chunk, 0)

    def finish(self) -> bytes:
        """Return the whole decoded body."""
        for link in self._links:
            if not link.is_whole():
                raise _bad_encoding("it ends in the middle of its compression")
        return self._body.getvalue()

    def _push(self, data: bytes, depth: int) -> None:
        if depth == len(self._links):
            self._keep(data)
            return
        for piece in self._links[depth].pieces(data):
            self._push(piece, depth + 1)

    def _keep(self, data: bytes) -> None:
        self._room -= len(data)
        if self._room < 0:
            self._body = BytesIO()
            self._write = self._body.write
            raise BadBody(Failure(too_large(self._max_bytes), limit=0))
        self._write(data)


class _Link:
    """One decompressor, which never makes more than a step of output at a time."""

    def __init__(self, name: str) -> None:
        if name not in ("gzip", "x-gzip", "deflate"):
            raise _bad_encoding(f"it is encoded as {name!a:.40}, which was not asked for")
        self._wbits = zlib.MAX_WBITS if name == "deflate" else _GZIP
        self._inflate = zlib.decompressobj(self._wbits)
        self._head: bytes | None = b"" if name == "deflate" else None
        self._fed = False

    def is_whole(self) -> bool:
        return self._inflate.eof or not self._fed

    def pieces(self, data: bytes) -> Iterator[bytes]:
        self._fed = self._fed or bool(data)
        data, full = self._next_member(data), False
        while data or full:
            piece = self._step(data)
            data, full = self._left_over(), len(piece) == _STEP
            yield piece

    def _step(self, data: bytes) -> bytes:
        try:
            piece = self._inflate.decompress(data, _STEP)
        except zlib.error:
            return self._step_bare(data)
        undecided = self._head is not None and not piece and len(self._head) < _HEAD
        self._head = (self._head or b"") + data if undecided else None
        return piece

    def _step_bare(self, data: bytes) -> bytes:
        """By RFC 9110 "deflate" is zlib's format, but some servers send the bare stream."""
        if self._head is None:
            raise _bad_encoding("it is not compressed as its header says")
        data, self._head = self._head + data, None
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        return self._step(data)

    def _left_over(self) -> bytes:
        if self._inflate.eof:
            return self._next_member(self._inflate.unused_data)
        return self._inflate.unconsumed_tail

    def _next_member(self, data: bytes) -> bytes:
        """Gzip may come in several members, with zeros behind the last one."""
        if self._inflate.eof and (data := data.lstrip(b"\0")):
            self._inflate = zlib.decompressobj(self._wbits)
        return data


def too_large(max_bytes: int) -> ResponseError:
    """Return the error for a body that is larger than the cap."""
    return ResponseError(f"The body is larger than the {max_bytes} bytes that are read at most.", kind="too_large")


def _bad_encoding(what: str, limit: int = 1) -> BadBody:
    return BadBody(Failure(ResponseError(f"The body cannot be read: {what}.", kind="encoding"), limit=limit))
