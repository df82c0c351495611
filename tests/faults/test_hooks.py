"""What the user's own functions do wrong does not cost a call its answer."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from . import answers
from .clients import Client
from .conftest import Scripted
from .driving import each
from .fault import Fault
from .outcome import check, check_traffic
from .playing import API, outcome_of
from .verbs import Close, Send


class Broken(logging.Handler):
    """A log handler that fails."""

    def emit(self, record: logging.LogRecord) -> None:
        """Fail."""
        raise OSError("the disk is full")


@pytest.fixture
def broken_log() -> Iterator[None]:
    """Have the package log to a handler that fails."""
    logger, handler = logging.getLogger("enneo_mind_client"), Broken()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield
    logger.removeHandler(handler)
    logger.setLevel(level)


def fail(event: Any) -> None:
    """Fail, as a metrics library does whose server is away."""
    raise RuntimeError(f"no metrics for {event}")


@each("F78-hook")
def test_a_hook_that_raises(fault: Fault, kind: str, scripted: Scripted) -> None:
    """A failing hook is logged, and the call goes on."""
    server, other = scripted(Send(answers.http(503)), *fault.scripts), scripted(Close())
    with Client(kind, f"http://{server.address}{API}", on_attempt=fail, on_retry=fail) as client:
        outcome = outcome_of(client.ask)

    check(fault.expect, outcome)
    assert len(server.seen.requests) == 2
    assert [line for line in outcome.said if "The hook fail failed" in line]
    assert other.seen.connections == 0


@each("F78-log")
def test_a_log_handler_that_raises(fault: Fault, kind: str, scripted: Scripted, broken_log: None) -> None:
    """A call whose log line cannot be written is answered all the same."""
    server, other = scripted(*fault.scripts), scripted(Close())
    with Client(kind, f"http://{server.address}{API}") as client:
        outcome = outcome_of(client.ask)

    check(fault.expect, outcome)
    check_traffic(fault.expect, server, other)
