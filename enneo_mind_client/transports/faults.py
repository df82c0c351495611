"""Names what went wrong on the way, in our own words: the same for every engine."""

import re
import socket
import ssl
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from enneo_mind_client.drivers import AttemptFailed, Send
from enneo_mind_client.errors import APIConnectionError, APITimeoutError, Phase
from enneo_mind_client.retries import Failure
from enneo_mind_client.text import printable

_DETAIL: Final = 160
_QUOTED: Final = re.compile(r""":?\s*(bytearray\()?\bb['"].*""", re.DOTALL)
"""What an HTTP library quotes of an answer that it cannot read: it may be personal."""


def timed_out(send: Send, phase: Phase, cause: BaseException) -> AttemptFailed:
    """Return the failure of an attempt whose time was up."""
    seconds = send.connect_timeout if phase == "connect" else send.timeout
    what = {
        "connect": "did not accept a connection",
        "pool": "has no free connection: raise max_connections or ask for less at once; it was waited",
    }.get(phase, "did not answer in full")
    text = f"{host_of(send)} {what} for {min(seconds, send.timeout):g} s."
    return failed(APITimeoutError(text, phase=phase), cause, reached=phase == "read")


def broken(send: Send, cause: BaseException, *, reached: bool, proxy: str | None = None) -> AttemptFailed:
    """Return the failure of an attempt whose connection could not be made, or broke."""
    host, via = host_of(send), f" through the proxy {proxy}" if proxy else ""
    for link in filter(_is_the_systems, _chain(cause)):
        if isinstance(link, socket.gaierror):
            text = f"{host} cannot be found{via}: check the instance's name and the network."
            return failed(APIConnectionError(text), cause, reached=False, limit=1)
        if isinstance(link, ssl.SSLCertVerificationError):
            text = f"{host} has a certificate that is not trusted{via}: {printable(link.verify_message)}."
            return failed(APIConnectionError(text), cause, reached=False, limit=0)
        if isinstance(link, ssl.SSLError) and not reached:
            text = f"{host} does not speak TLS as it should{via} ({_reason(link)}): is https right?"
            return failed(APIConnectionError(text), cause, reached=False, limit=0)
        if isinstance(link, ConnectionRefusedError):
            text = f"{host} refused the connection{via}: check the instance, and that it is up."
            return failed(APIConnectionError(text), cause, reached=False)
    if not reached:
        return failed(APIConnectionError(f"{host} cannot be reached{via}: {_detail(cause)}."), cause, reached=False)
    return failed(APIConnectionError(f"{host} broke the connection off: {_detail(cause)}."), cause)


def stale(send: Send, cause: BaseException) -> AttemptFailed:
    """Return the failure of an attempt on a connection that had been kept open, and was closed by the server."""
    text = f"{host_of(send)} closed a connection that had been kept open."
    return failed(APIConnectionError(text), cause, stale=True)


def garbled(send: Send, cause: BaseException) -> AttemptFailed:
    """Return the failure of an attempt whose answer is no HTTP."""
    return failed(APIConnectionError(f"{host_of(send)} does not speak HTTP: {_detail(cause)}."), cause, limit=1)


def failed(
    error: APIConnectionError,
    cause: BaseException,
    *,
    reached: bool = True,
    limit: int | None = None,
    stale: bool = False,
) -> AttemptFailed:
    """Return a failure caused by what the operating system said, if it said something.

    The HTTP library's own errors are left behind: they hold the request with its headers, and the proxy's password.
    """
    error.__cause__ = next((_bare(link) for link in _chain(cause) if _is_the_systems(link)), None)
    return AttemptFailed(Failure(error, processed=reached, limit=limit, stale=stale))


def host_of(send: Send) -> str:
    """Return the host and port that a request goes to."""
    return urlsplit(send.url).netloc


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _is_the_systems(link: BaseException) -> bool:
    return isinstance(link, OSError) and type(link).__module__ in ("builtins", "socket", "ssl")


def _bare(link: BaseException) -> BaseException:
    """Without its frames, whose variables hold credentials."""
    link.__cause__ = link.__context__ = None
    return link.with_traceback(None)


def _reason(error: ssl.SSLError) -> str:
    return printable(error.reason or "no reason given")


def _detail(cause: BaseException) -> str:
    words: object = getattr(cause, "message", None) or cause  # aiohttp's whole text shows the proxy's password
    text = printable(_QUOTED.sub("", str(words)))[:_DETAIL].rstrip(".")
    return f"{type(cause).__name__}{': ' if text else ''}{text}"
