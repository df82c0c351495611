"""What the local Mind reads of a request: where it was sent, its trace, and what is remembered of it."""

import re
from typing import NamedTuple

from starlette.requests import Request

_TRACE = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


class Received(NamedTuple):
    """A request that came, and the status it was answered with."""

    method: str
    path: str
    status: int


def origin(request: Request) -> str:
    """Return the origin the request was sent to."""
    return f"{request.scope['scheme']}://{request.headers.get('host', 'localhost')}"


def trace_id(request: Request, number: int) -> str:
    """Return the trace id the request brings along (W3C traceparent), or one made from its number."""
    trace = _TRACE.fullmatch(request.headers.get("traceparent", ""))
    # The multiplier spreads consecutive numbers over 48 bits, and no two share an id.
    return trace[1] if trace else f"{number * 0x5DEECE66D % (1 << 48):012x}"
