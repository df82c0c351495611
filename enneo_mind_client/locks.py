"""A lock that a forked child has anew: in the parent's copy, a thread may hold it that the child does not have."""

import os
import threading


class ProcessLock:
    """Gives each process a lock of its own."""

    def __init__(self) -> None:
        self._pid, self._lock = os.getpid(), threading.Lock()

    def here(self) -> threading.Lock:
        """Return this process's lock."""
        if self._pid != os.getpid():
            self._lock, self._pid = threading.Lock(), os.getpid()
        return self._lock
