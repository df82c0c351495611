"""Keeps a process on one core, so that the client and the server do not take turns on one."""

import os


def pin(core: int) -> None:
    """Stay on a core, where the system can be told so and has that many."""
    if hasattr(os, "sched_setaffinity") and core in os.sched_getaffinity(0):
        os.sched_setaffinity(0, {core})
