"""Everything this package raises.

    EnneoMindError
     |- ConfigurationError             a bad instance, token, URL, option or file: nothing was sent
     |- APIConnectionError             no whole answer came: refused, reset, DNS, TLS, dropped body
     |   `- APITimeoutError            ... in time; .phase says what was waited for
     |- APIStatusError                 the server answered with an error status
     |   |- BadRequestError            400
     |   |- AuthenticationError        401, or a redirect to a login page
     |   |- PermissionDeniedError      403
     |   |- NotFoundError              404
     |   |- ConflictError              409
     |   |- UnprocessableEntityError   422
     |   |- RateLimitError             429
     |   `- InternalServerError        5xx
     |- ResponseError                  a success status, but the body is no answer; .kind says why
     |- DownloadError                  an attachment that could not be stored as asked; .kind says why
     `- ExportError                    an export that cannot go on; what is written so far stays; .kind says why

All are picklable, and none ever holds a credential.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self, TypeAlias

from enneo_mind_client.headers import Headers

StoppedBy: TypeAlias = Literal["attempts", "deadline", "budget", "not_retryable", "retry_after_too_long"]
"""Why a call was not tried again."""

Phase: TypeAlias = Literal["connect", "read", "pool", "deadline"]
"""What a call was waiting for when its time was up."""

ResponseKind: TypeAlias = Literal["not_json", "encoding", "shape", "unsuccessful", "too_large"]
"""What is wrong with a successful response."""

DownloadKind: TypeAlias = Literal["address", "size", "too_large", "range", "disk"]
"""Why an attachment could not be stored."""

ExportKind: TypeAlias = Literal["disk", "locked", "foreign", "outage"]
"""Why an export cannot go on."""


class EnneoMindError(Exception):
    """The base of every error of this package.

    Attributes:
        message: What happened, and the next step, in one line.
        attempts: How many requests were sent for the call.
        elapsed: Seconds from the start of the call to this error.
        stopped_by: Why the call was not tried again; None where trying again was never a question.
    """

    attempts: int = 0
    elapsed: float = 0.0
    stopped_by: StoppedBy | None = None

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def after(self, attempts: int, elapsed: float, stopped_by: StoppedBy | None) -> Self:
        """Note how the call went that ends in this error, and return the error."""
        self.attempts, self.elapsed, self.stopped_by = attempts, elapsed, stopped_by
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__)


def _restore(cls: type[EnneoMindError], args: tuple[Any, ...], state: dict[str, Any]) -> EnneoMindError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(state)
    return error


class ConfigurationError(EnneoMindError):
    """The client was given an instance, credential, option or file that cannot work. Nothing was sent."""


class APIConnectionError(EnneoMindError):
    """No whole answer came: connection refused or reset, name not found, TLS failure, body broken off."""


class APITimeoutError(APIConnectionError):
    """The answer did not come in time.

    Attributes:
        phase: `connect`, `read` (of one attempt), `pool` (no free connection) or `deadline` (of the whole call).
    """

    def __init__(self, message: str, *, phase: Phase) -> None:
        super().__init__(message)
        self.phase: Phase = phase


class APIStatusError(EnneoMindError):
    """The server answered with a status that is not a success.

    Attributes:
        status_code: The HTTP status, a plain int because servers send more than the registered ones.
        message: What the server says, fit for its user; a description of the status if it says nothing.
        details: What the server tells a developer, if anything.
        tx_id: The server's transaction id, which is the OpenTelemetry trace id to give to its support.
        headers: The response's headers, found by a name in any case, without cookies.
        body: The readable beginning of the body, at most 200 characters.
    """

    def __init__(
        self,
        text: str,
        *,
        status_code: int,
        message: str | None = None,
        details: str | None = None,
        tx_id: str | None = None,
        headers: Mapping[str, str] | None = None,
        body: str = "",
    ) -> None:
        super().__init__(text)
        self.status_code = status_code
        self.message = message or text
        self.details = details
        self.tx_id = tx_id
        self.headers: Mapping[str, str] = Headers.read((headers or {}).items())
        self.body = body


class BadRequestError(APIStatusError):
    """400: the request itself is wrong."""


class AuthenticationError(APIStatusError):
    """401, or a redirect to a login page: the credential is missing, wrong or expired."""


class PermissionDeniedError(APIStatusError):
    """403: the credential is known but may not do this; with this API it may also have expired."""


class NotFoundError(APIStatusError):
    """404: there is no such ticket or path on this instance."""


class ConflictError(APIStatusError):
    """409: the request conflicts with the present state."""


class UnprocessableEntityError(APIStatusError):
    """422: the request is well formed, but its values are not accepted."""


class RateLimitError(APIStatusError):
    """429: too many requests.

    Attributes:
        retry_after: Seconds the server asks to wait, None if it does not say.
    """

    retry_after: float | None = None


class InternalServerError(APIStatusError):
    """5xx: the server, or a gateway before it, failed."""


class ResponseError(EnneoMindError):
    """A success status whose body is no answer.

    Attributes:
        kind: `not_json`, `encoding`, `shape`, `unsuccessful` or `too_large`.
        path: Where in the document, as a JSON path (`$.conversations[3].createdAt`), if that is known.
        paths: Every such place; more than one only in strict mode, and of an answer that is a list as a whole.
        excerpt: The readable beginning of the body, at most 200 characters.
    """

    def __init__(self, message: str, *, kind: ResponseKind, paths: Sequence[str] = (), excerpt: str = "") -> None:
        super().__init__(message)
        self.kind: ResponseKind = kind
        self.paths = tuple(paths)
        self.excerpt = excerpt

    @property
    def path(self) -> str | None:
        """The first of `paths`."""
        return self.paths[0] if self.paths else None


class DownloadError(EnneoMindError):
    """An attachment could not be stored.

    Attributes:
        kind: `address` (missing, or not one to fetch from), `size` (not what the API says), `too_large`, `range` (the
            server sends another part than was asked for) or `disk`.
    """

    def __init__(self, message: str, *, kind: DownloadKind) -> None:
        super().__init__(message)
        self.kind: DownloadKind = kind


class ExportError(EnneoMindError):
    """An export cannot go on. What it has written stays, and the same call goes on from there.

    Attributes:
        kind: `disk` (full, read-only or the like), `locked` (another export writes there), `foreign` (the folder holds
            something that is not of this export) or `outage` (the server fails for one ticket after another).
        path: The folder or file that this is about.
    """

    def __init__(self, message: str, *, kind: ExportKind, path: str) -> None:
        super().__init__(message)
        self.kind: ExportKind = kind
        self.path = path


_BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def status_error(status_code: int) -> type[APIStatusError]:
    """Return the class for a status, whether or not the status is registered."""
    known = _BY_STATUS.get(status_code)
    if known is None:
        return InternalServerError if 500 <= status_code <= 599 else APIStatusError
    return known
