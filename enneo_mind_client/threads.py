"""Threads for blocking calls, which nobody can cancel: a program that ends does not wait for them.

Each call has the context variables of whoever asks for it, so that hooks and token functions find their caller's.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import Context, copy_context
from functools import partial
from queue import SimpleQueue
from typing import Any, Self, TypeVar

T = TypeVar("T")


class Threads:
    """At most so many, which end with the `with` block; unlike those of a `ThreadPoolExecutor`, they are daemons.

    Args:
        most: Threads at most; each is started when there is something to do for it.
        name: Of each thread.
    """

    def __init__(self, most: int, name: str) -> None:
        self._most, self._name = most, name
        self._jobs = SimpleQueue[Callable[[], object] | None]()
        self._idle, self._threads = threading.Semaphore(0), list[threading.Thread]()

    def submit(self, call: Callable[[], T]) -> Future[T]:
        """Have a function called by the next thread that is free; to be used by one thread only."""
        future = Future[T]()
        self._jobs.put(partial(_do, future, copy_context(), call))
        if not self._idle.acquire(blocking=False) and len(self._threads) < self._most:
            self._threads.append(threading.Thread(target=self._work, name=self._name, daemon=True))
            self._threads[-1].start()
        return future

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Wait until all is done."""
        for _thread in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
            del job  # what it holds is not to be kept until the next one comes
            self._idle.release()


def begin(call: Callable[[], T], name: str) -> Future[T]:
    """Have a function called by a daemon thread of its own."""
    future = Future[T]()
    threading.Thread(target=_do, args=(future, copy_context(), call), name=name, daemon=True).start()
    return future


def _do(future: Future[Any], context: Context, call: Callable[[], object]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = context.run(call)
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)
