"""The download of one file as a flow: where to ask, from which byte on, and whether what came is the file."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from attrs import evolve

from enneo_mind_client._generated.models import Attachment
from enneo_mind_client.addresses import Place, locate, refused
from enneo_mind_client.attachments.folder import Folder
from enneo_mind_client.attachments.many import Limits
from enneo_mind_client.attachments.names import name_of
from enneo_mind_client.attachments.parts import Part
from enneo_mind_client.attachments.receiving import Receiver, WrongPart
from enneo_mind_client.config import CONNECT_TIMEOUT, Settings
from enneo_mind_client.drivers import AttemptFailed, Flow
from enneo_mind_client.errors import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    DownloadError,
    StoppedBy,
)
from enneo_mind_client.failures import status_failure
from enneo_mind_client.fetching import Fetch, Work
from enneo_mind_client.flow import Call, Shared
from enneo_mind_client.operations import Operation, Reply, Request, Response
from enneo_mind_client.retries import Failure
from enneo_mind_client.watching import Begun

MAX_REDIRECTS: Final = 5
PROGRESS: Final = 2**20
"""Bytes after which the retries of a download are counted anew; the budget of the client still bounds them."""

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_OPERATION: Final[Operation[None]] = Operation("downloadAttachment", "GET", "/(attachment)", {})
_REQUEST: Final = Request(_OPERATION, "", {"Accept": "*/*", "Accept-Encoding": "identity"})


def download(attachment: Attachment, folder: Folder, shared: Shared, settings: Settings, limits: Limits) -> Flow[Path]:
    """Yield what to do until the file is in the folder.

    Raises:
        EnneoMindError: It is not.
    """
    link = _link_of(attachment)
    place = locate(link, shared.instance, shared.instance.origin + "/")
    part = Part(folder, name_of(attachment), _key(attachment, place))
    try:
        yield Work(part.open)
        yield from _Transfer(place, part, attachment.size, shared, settings, limits).flow()
        path: Path = yield Work(part.finish)
    finally:
        part.close()
    return path


class _Transfer(Call[None]):
    """A call whose answer goes into a part, over any number of hops, breaks and resumptions."""

    def __init__(self, place: Place, part: Part, size: Any, shared: Shared, settings: Settings, limits: Limits) -> None:
        super().__init__(_REQUEST, shared, evolve(settings, deadline=limits.deadline))
        self._start, self._place, self._part, self._limits = place, place, part, limits
        self._size: int | None = size if isinstance(size, int) else None
        self._receiver, self._known, self._again = Receiver(part, limits.max_bytes), part.size, False

    def _begun(self) -> Begun:
        return Begun(_OPERATION.name, _OPERATION.method, _OPERATION.path, self._start.url, self._start.outside)

    def _exchange(self, proof: Mapping[str, str]) -> Flow[tuple[int | None, Response[None] | Failure]]:
        self._place = self._start  # and not where the last attempt ended: such addresses are often short-lived
        for _ in range(1 + MAX_REDIRECTS):
            self._again = False
            try:
                status, outcome = yield from super()._exchange(proof)
            finally:
                self._receiver.end()
            if isinstance(outcome, Failure) and _is_wrong_part(outcome) and self._part.mark:
                self._begin_anew()
            if not self._again:
                return status, outcome
        raise DownloadError(f"The attachment's address was redirected more than {MAX_REDIRECTS} times.", kind="address")

    def _send(self, proof: Mapping[str, str]) -> Fetch:
        place, remaining = self._place, self.remaining()
        self._receiver = Receiver(self._part, self._limits.max_bytes)
        return Fetch(
            method="GET",
            url=place.url,
            headers={**(self._headers if place.outside else self._proven(proof)), **self._range()},
            content=None,
            timeout=min(self._settings.timeout, remaining),
            connect_timeout=CONNECT_TIMEOUT,
            max_bytes=self._limits.max_bytes,
            sink=self._receiver,
            outside=place.outside,
            total=remaining,
        )

    def _range(self) -> dict[str, str]:
        part = self._part
        return {"Range": f"bytes={part.size}-", "If-Range": part.mark} if part.size and part.mark else {}

    def _at_deadline(self, failure: Failure, remaining: float) -> Failure:
        if isinstance(failure.error, APITimeoutError) and self._elapsed() >= self._limits.deadline:
            return Failure(self._too_late(), limit=0)
        return failure

    def _read(self, reply: Reply) -> Response[None] | Failure:
        if reply.status in _REDIRECTS and "location" in reply.headers:
            return self._redirected(reply)
        if reply.status == 416 and self._part.mark:
            return self._beyond_the_end(reply)
        if reply.status not in (200, 206):
            return self._refused(reply)
        try:
            self._receiver.finish()
        except AttemptFailed as failed:
            return failed.failure
        return self._checked(reply)

    def _redirected(self, reply: Reply) -> Response[None] | Failure:
        failure, target = (
            self._refused(reply),
            locate(reply.headers["location"], self._shared.instance, self._place.url),
        )
        self._again = not (_is_login(failure) and not target.outside and _last(target) != _last(self._place))
        self._place = target if self._again else self._place
        return failure

    def _beyond_the_end(self, reply: Reply) -> Response[None] | Failure:
        """Nothing comes after what is there: it may be the whole file, of a call that ended just before its end."""
        if reply.headers.get("content-range", "") == f"bytes */{self._part.size}":
            return self._checked(reply)
        self._begin_anew()
        return self._refused(reply)

    def _begin_anew(self) -> None:
        self._part.forget_mark()
        self._again = True

    def _checked(self, reply: Reply) -> Response[None] | Failure:
        came, total = self._part.size, self._receiver.total
        if total is not None and came < total:
            return Failure(APIConnectionError(f"{came} of the attachment's {total} bytes came."))
        if total is not None and came > total:
            return WrongPart().failure
        if self._size is not None and came != self._size:
            self._part.forget_mark()
            text = f"The attachment should have {self._size} bytes and has {came}; they are kept in a .part file."
            return Failure(DownloadError(text, kind="size"), limit=0)
        return Response(reply.status, reply.headers, b"", None)

    def _refused(self, reply: Reply) -> Failure:
        shared, place = self._shared, self._place
        if place.outside and reply.status == 401:  # which says nothing of our credential: it was not shown
            text = f"401 from {urlsplit(place.url).netloc}: its address may have expired, list the ticket again."
            return Failure(APIStatusError(text, status_code=401), limit=0)
        return status_failure(
            evolve(reply, content=bytes(self._receiver.aside)),
            _OPERATION,
            base_url=urlsplit(place.url).netloc if place.outside else shared.instance.base_url,
            source="the attachment's address" if place.outside else shared.credential.source,
            now=shared.clock.time(),
        )

    def _next_wait(self, failure: Failure) -> float | StoppedBy:
        if self._part.size - self._known >= PROGRESS:
            self._retries, self._known = 0, self._part.size
        return super()._next_wait(failure)


def _is_wrong_part(failure: Failure) -> bool:
    return isinstance(failure.error, DownloadError) and failure.error.kind == "range"


def _is_login(failure: Failure) -> bool:
    return isinstance(failure.error, AuthenticationError)


def _last(place: Place) -> str:
    return urlsplit(place.url).path.rpartition("/")[2]


def _link_of(attachment: Attachment) -> str:
    if not isinstance(attachment.url, str) or not attachment.url.strip():
        raise refused("is missing")
    return attachment.url


def _key(attachment: Attachment, place: Place) -> str:
    """Return what tells an attachment from others; the query may be a signature, new with each answer."""
    seen = f"{attachment.id} {attachment.size} {place.url.partition('?')[0]}"
    return hashlib.sha256(seen.encode()).hexdigest()[:12]
