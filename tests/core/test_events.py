"""What a call tells the log and the caller's hooks, and what it never tells."""

import logging
import subprocess
import sys
from functools import partial
from typing import Any

import pytest

from enneo_mind_client import EnneoMind
from enneo_mind_client.errors import ConfigurationError, InternalServerError
from enneo_mind_client.events import LOGGER, Attempt, Retry, switch_on_logging

from .callers import READ, TOKEN
from .scripts import BROKEN, OK, Desk, answer

SECRETIVE = READ.request(path={"ticketId": 376189}, query={"search": "Jörg"})


def test_hooks_are_told() -> None:
    """Each attempt and each decision to try again, with what they need to be counted by."""
    attempts: list[Attempt] = []
    retries: list[Retry] = []
    failing = answer(503, b'{"txId": "abc"}', retry_after="2")
    desk = Desk(failing, BROKEN, OK, on_attempt=attempts.append, on_retry=retries.append)

    desk.call()

    common = ("getConversations", "GET", "/ticket/{ticketId}/conversation")
    assert attempts == [
        Attempt(*common, 1, 503, 0.0, "abc", "InternalServerError", 2.0),
        Attempt(*common, 2, None, 0.0, None, "APIConnectionError", None),
        Attempt(*common, 3, 200, 0.0, None, None, None),
    ]
    assert retries == [Retry(attempts[0], 2.0), Retry(attempts[1], 0.1)]


class Broken:
    """A hook with no name of its own, which fails."""

    def __call__(self, _: object) -> None:
        """Fail."""
        raise ValueError("statsd is down")


def failing(_: object) -> None:
    """Fail."""
    raise ValueError("statsd is down")


@pytest.mark.parametrize(("hook", "name"), [(Broken(), "Broken"), (failing, "failing")])
def test_a_hook_that_fails_fails_no_call(hook: Any, name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Its failure is logged with its name."""
    desk = Desk(answer(503), OK, on_attempt=hook, on_retry=hook)

    assert desk.call().status_code == 200
    assert f"The hook {name} failed; the call goes on." in caplog.text
    assert caplog.text.count("statsd is down") >= 3


async def waiting(_: object) -> None:
    """Wait, which nobody does for a hook."""


class Waiting:
    """A hook with state."""

    async def __call__(self, _: object) -> None:
        """Wait, which nobody does for a hook."""


@pytest.mark.parametrize("name", ["on_attempt", "on_retry"])
@pytest.mark.parametrize(("hook", "says"), [
    (waiting, "must be a plain function, not an asynchronous one"),
    (partial(waiting, None), "must be a plain function, not an asynchronous one"),
    (Waiting(), "must be a plain function, not an asynchronous one"),
    (Waiting().__call__, "must be a plain function, not an asynchronous one"),
    ("print", "must be a function"),
])  # fmt: skip
def test_a_hook_that_cannot_be_called_plainly_is_refused(name: str, hook: Any, says: str) -> None:
    """Calls wait for no hook, so an asynchronous one would do nothing, in silence."""
    options: dict[str, Any] = {name: hook}
    with pytest.raises(ConfigurationError, match=f"{name} {says}"):
        EnneoMind("demo", token="t", **options)


def test_a_hook_that_returns_a_coroutine_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """What only shows when it is called is told of then; nothing is left that was never awaited."""
    desk = Desk(OK, on_attempt=lambda attempt: waiting(attempt))

    assert desk.call().status_code == 200
    assert "would never be awaited" in caplog.text


def test_a_line_is_written_for_each_attempt(caplog: pytest.LogCaptureFixture) -> None:
    """Method, path template, status or error, time, number and txId: and one line for each wait."""
    with caplog.at_level(logging.INFO, LOGGER.name):
        Desk(answer(503, b'{"txId": "abc"}'), BROKEN, OK).call(SECRETIVE)

    path = "GET /ticket/{ticketId}/conversation"
    assert caplog.messages == [
        f"{path} -> 503 in 0.000 s, attempt 1, txId abc",
        f"{path} failed with InternalServerError, next attempt in 0.050 s",
        f"{path} -> APIConnectionError in 0.000 s, attempt 2, txId -",
        f"{path} failed with APIConnectionError, next attempt in 0.100 s",
        f"{path} -> 200 in 0.000 s, attempt 3, txId -",
    ]


def test_a_line_shows_no_value_of_the_call(caplog: pytest.LogCaptureFixture) -> None:
    """Neither ids nor queries, headers, bodies or what a server would smuggle in."""
    nasty = answer(500, b'{"txId": "a\\nFAKE LINE\\u001b[31m", "error": "hush"}', x_header="hush")
    with caplog.at_level(logging.DEBUG), pytest.raises(InternalServerError):
        Desk(nasty).call(SECRETIVE)

    for hidden in (TOKEN, "376189", "rg", "search", "hush", "\x1b", "\nFAKE", "enneo.ai"):
        assert not any(hidden in message for message in caplog.messages), hidden


def test_nothing_is_written_unasked(caplog: pytest.LogCaptureFixture) -> None:
    """At the usual level a library is silent."""
    with caplog.at_level(logging.WARNING, LOGGER.name):
        Desk(answer(503), OK).call()

    assert caplog.messages == []


LEVELS = """
import logging, sys
from enneo_mind_client.events import LOGGER, switch_on_logging
if "set up" in sys.argv:
    logging.basicConfig(level="ERROR")
switch_on_logging()
switch_on_logging()
print(LOGGER.level, len(LOGGER.handlers))
"""


def levels(asked: str, *arguments: str) -> list[int]:
    """Return the level and number of handlers of the package's logger in a process where ENNEO_LOG asks for this."""
    command = [sys.executable, "-c", LEVELS, *arguments]
    done = subprocess.run(command, env={"ENNEO_LOG": asked}, capture_output=True, text=True, check=True)
    return [int(number) for number in done.stdout.split()]


@pytest.mark.parametrize(("asked", "level"), [("debug", 10), (" INFO ", 20), ("warning", 30)])
def test_logging_is_switched_on_by_a_variable(asked: str, level: int) -> None:
    """One handler, however many clients there are."""
    assert levels(asked) == [level, 1]


@pytest.mark.parametrize("asked", ["", "yes", "1", "trace"])
def test_another_value_switches_nothing_on(asked: str) -> None:
    """What is no level is left alone."""
    assert levels(asked) == [0, 0]


def test_logging_that_is_set_up_is_used() -> None:
    """An application's own handlers get the lines, and no second copy is written."""
    assert levels("info", "set up") == [20, 0]


@pytest.mark.parametrize(("set_up", "added"), [(False, [logging.StreamHandler]), (True, [])])
def test_a_process_without_logging_gets_a_handler(
    monkeypatch: pytest.MonkeyPatch, set_up: bool, added: list[type]
) -> None:
    """What is asked for by the variable is written somewhere, and once."""
    monkeypatch.setattr(LOGGER, "handlers", [])
    monkeypatch.setattr(LOGGER, "propagate", set_up)
    monkeypatch.setattr(LOGGER, "level", LOGGER.level)
    monkeypatch.setenv("ENNEO_LOG", "debug")

    switch_on_logging()

    assert [type(handler) for handler in LOGGER.handlers] == added
    assert LOGGER.level == logging.DEBUG
    LOGGER.setLevel(logging.NOTSET)


def test_lines_go_to_standard_error() -> None:
    """A script without any logging of its own shows what ENNEO_LOG asks for."""
    script = (
        "from enneo_mind_client import EnneoMind\n"
        "from enneo_mind_client.errors import APIConnectionError\n"
        "with EnneoMind('http://127.0.0.1:1', token='t', retry=None) as mind:\n"
        "    try: mind.conversations.list(1)\n"
        "    except APIConnectionError: pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"ENNEO_LOG": "info", "PATH": "", "HOME": "/"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "enneo_mind_client INFO GET /ticket/{ticketId}/conversation -> APIConnectionError" in done.stderr
