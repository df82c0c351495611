"""Until when the attempt of this thread may wait; what keeps to it is in `bounded`, which needs httpx."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final


class _Bound(threading.local):
    until = float("inf")


bound_here: Final = _Bound()


@contextmanager
def bound(until: float) -> Generator[None, None, None]:
    """Bound what this thread waits for in the block, by a moment of the monotonic clock."""
    bound_here.until = until
    try:
        yield
    finally:
        bound_here.until = float("inf")


def rebound(until: float) -> None:
    """Set another bound, within the block of `bound`: something has come."""
    bound_here.until = until
