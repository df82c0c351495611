"""Takes one answer: the bytes of the file into its part, what the server says instead aside; never a spliced file."""

import re
import sys
import threading
from collections.abc import Mapping
from typing import Final

from enneo_mind_client.attachments.parts import Part
from enneo_mind_client.bodies import BadBody, BodyReader
from enneo_mind_client.drivers import AttemptFailed
from enneo_mind_client.errors import DownloadError
from enneo_mind_client.retries import Failure

_ASIDE: Final = 2**20
_LENGTH: Final = re.compile(r"[0-9]{1,18}")
_RANGE: Final = re.compile(r"bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\*)")


class WrongPart(AttemptFailed):
    """The server sent another part than was asked for: the file is to be downloaded anew."""

    def __init__(self) -> None:
        error = DownloadError("The server sends another part of the file than was asked for.", kind="range")
        super().__init__(Failure(error, limit=0))


class Receiver:
    """The sink of one attempt; what comes after its end is dropped.

    Args:
        part: The file so far.
        max_bytes: Its largest size.

    Attributes:
        aside: The beginning of a body that is not the file.
        total: The size of the whole file, where the server said so.
    """

    def __init__(self, part: Part, max_bytes: int) -> None:
        self._part, self._max_bytes = part, max_bytes
        self._asked_from = part.size if part.mark else 0
        self._guard, self._ended = threading.Lock(), False
        self._body: BodyReader | None = None
        self.aside = bytearray()
        self.total: int | None = None

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Decide by the head where the body goes.

        Raises:
            WrongPart: The body must not be added to what has come.
            DownloadError: The file is larger than may be.
        """
        with self._guard:
            if self._ended:
                return
            if status == 200:
                self._whole(headers)
            elif status == 206:
                self._rest(headers)

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body."""
        with self._guard:
            if self._ended:
                return
            if self._body is None:
                self._put_aside(data)
            else:
                self._decode(self._body, data)

    def end(self) -> None:
        """Take no more."""
        with self._guard:
            self._ended = True

    def finish(self) -> None:
        """Note that the body has ended.

        Raises:
            AttemptFailed: It is not whole.
        """
        try:
            if self._body is not None:
                self._body.finish()
        except BadBody as bad:
            raise AttemptFailed(bad.failure) from None

    def _whole(self, headers: Mapping[str, str]) -> None:
        length, plain = headers.get("content-length", ""), _is_plain(headers)
        if plain and _LENGTH.fullmatch(length):
            self.total = int(length)
            self._check_room(self.total)
        self._part.restart(_mark(headers) if plain else None)
        self._read(headers)

    def _rest(self, headers: Mapping[str, str]) -> None:
        found = _RANGE.fullmatch(headers.get("content-range", ""))
        fits = _is_plain(headers) and _mark(headers) in (None, self._part.mark)
        if not found or not fits or not self._asked_from or int(found[1]) != self._asked_from:
            raise WrongPart
        self.total = None if found[2] == "*" else int(found[2])
        self._check_room(self.total or 0)
        self._read(headers)

    def _read(self, headers: Mapping[str, str]) -> None:
        try:
            self._body = BodyReader(headers.get("content-encoding", ""), sys.maxsize, self._append)
        except BadBody as bad:
            raise AttemptFailed(bad.failure) from None

    def _decode(self, body: BodyReader, data: bytes) -> None:
        try:
            body.feed(data)
        except BadBody as bad:
            raise AttemptFailed(bad.failure) from None

    def _append(self, data: bytes) -> None:
        self._check_room(self._part.size + len(data))
        self._part.append(data)

    def _check_room(self, size: int) -> None:
        if size > self._max_bytes:
            raise DownloadError(f"The file is larger than max_bytes, {self._max_bytes} bytes.", kind="too_large")

    def _put_aside(self, data: bytes) -> None:
        self.aside += data
        if len(self.aside) > _ASIDE:
            raise DownloadError("The server sends something large that is not the file.", kind="too_large")


def _is_plain(headers: Mapping[str, str]) -> bool:
    return headers.get("content-encoding", "").strip().lower() in ("", "identity")


def _mark(headers: Mapping[str, str]) -> str | None:
    """Return what `If-Range` takes: a strong `ETag`, or else the date of the last change."""
    tag = headers.get("etag", "")
    mark = tag if tag.startswith('"') else headers.get("last-modified", "")
    return mark if mark.isascii() and mark.isprintable() and 0 < len(mark) < 1000 else None
