"""Finds what a server sends after the end of its answer, which the next call would take for its own answer.

h11 keeps such bytes and httpcore puts the connection back in its pool with them; neither has a word for asking, so the
way to h11 is private, and tests fail when it ends.
"""

from functools import reduce
from typing import Any, Final

import httpx

_WAY: Final = ("stream", "_stream", "_httpcore_stream", "_stream", "_connection", "_h11_state", "trailing_data")


def spoilt_stream(response: httpx.Response | None) -> Any:
    """Return the network stream of a response that is over, to be closed, if more than the response came; else None."""
    found: Any = reduce(lambda link, name: getattr(link, name, None), _WAY, response)
    return response.extensions.get("network_stream") if response is not None and found and found[0] else None
