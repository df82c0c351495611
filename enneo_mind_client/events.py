"""What happens during a call, told to the log and to the caller's own hooks."""

import logging
import os
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Final, TypeAlias, TypeVar

from attrs import frozen

LOGGER: Final = logging.getLogger("enneo_mind_client")
E_ = TypeVar("E_")
R_ = TypeVar("R_")


@frozen
class Attempt:
    """One request and what came of it.

    Attributes:
        operation: The operation's name in the OpenAPI document.
        method: The HTTP method.
        path: The path's template, without values: `/ticket/{ticketId}/conversation`.
        number: 1 for the first request of a call.
        status: The HTTP status, None if no answer came.
        elapsed: Seconds from sending to the end of the body.
        tx_id: The server's transaction id, where it gave one.
        error: The class name of what went wrong, None for a success.
        retry_after: Seconds the server asks to wait, where it said so.
    """

    operation: str
    method: str
    path: str
    number: int
    status: int | None
    elapsed: float
    tx_id: str | None = None
    error: str | None = None
    retry_after: float | None = None


@frozen
class Retry:
    """A decision to try again.

    Attributes:
        attempt: The attempt that failed.
        wait: Seconds until the next one.
    """

    attempt: Attempt
    wait: float


AttemptHook: TypeAlias = Callable[[Attempt], object]
RetryHook: TypeAlias = Callable[[Retry], object]


def log_attempt(attempt: Attempt) -> None:
    """Write one line an attempt: never a header, a query, a body or a whole URL."""
    if LOGGER.isEnabledFor(logging.INFO):
        _log(
            "%s %s -> %s in %.3f s, attempt %d, txId %s",
            attempt.method,
            attempt.path,
            attempt.status if attempt.status is not None else attempt.error,
            attempt.elapsed,
            attempt.number,
            attempt.tx_id or "-",
        )


def log_retry(retry: Retry) -> None:
    """Write one line a retry."""
    _log(
        "%s %s failed with %s, next attempt in %.3f s",
        retry.attempt.method,
        retry.attempt.path,
        retry.attempt.error,
        retry.wait,
    )


def _log(text: str, *values: object) -> None:
    """A handler of the caller's that fails costs no call its answer; who wants to know sets one that does not raise."""
    with suppress(Exception):
        LOGGER.info(text, *values)


def tell(hook: Callable[[E_], R_] | None, event: E_) -> R_ | None:
    """Call a hook and return its result, or None: its failure is logged and does not fail the call."""
    if hook is None:
        return None
    try:
        if not isinstance(said := hook(event), Coroutine):
            return said
        said.close()
        raise TypeError("a hook is a plain function: what this one returned would never be awaited")
    except Exception:
        with suppress(Exception):
            LOGGER.exception(
                "The hook %s failed; the call goes on.", getattr(hook, "__qualname__", type(hook).__name__)
            )
    return None


def switch_on_logging() -> None:
    """Write what `ENNEO_LOG` asks for (`debug`, `info`, `warning`): to standard error, if logging is not set up."""
    level = os.environ.get("ENNEO_LOG", "").strip().upper()
    if level not in {"DEBUG", "INFO", "WARNING"}:
        return
    LOGGER.setLevel(level)
    if not LOGGER.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        LOGGER.addHandler(handler)
