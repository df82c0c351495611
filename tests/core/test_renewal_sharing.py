"""Many callers, threads and processes share one renewal."""

import asyncio
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from enneo_mind_client.clock import Clock
from enneo_mind_client.drivers import Send
from enneo_mind_client.renewal import ADVISORY

from .scripts import OK, answer
from .sessions import WALL, Session


def test_a_token_that_was_replaced_meanwhile_is_not_renewed(home: Path) -> None:
    """Who was refused with yesterday's token uses today's."""
    session = Session(home, None)

    def meanwhile(send: Send) -> Any:
        session.write("theirs", 86_400)
        session.credential._tokens = session.credential._load()
        session.calls = [OK]
        return answer(401)

    session.calls = [meanwhile]
    session.desk.engine.steps = [lambda send: meanwhile(send) if session.calls == [meanwhile] else session.serve(send)]
    session.desk.call()

    assert (session.tokens, session.renewals) == (["old", "theirs"], [])


@pytest.mark.parametrize("ends_in", [-1, ADVISORY - 1])
async def test_fifty_tasks_renew_once(home: Path, ends_in: float) -> None:
    """However many tasks find the token at its end, one renews it; who need not wait goes on with the old one."""
    session = Session(home, ends_in)

    await asyncio.gather(*(session.desk.acall() for _ in range(50)))

    assert len(session.renewals) == 1
    assert set(session.tokens) == ({"fresh"} if ends_in < 0 else {"fresh", "old"})


async def test_fifty_refused_tasks_renew_once(home: Path) -> None:
    """However many are refused at the same time, one renews the token and all are replayed."""
    session = Session(home, None)
    session.desk.aengine.steps = [
        lambda send: answer(401) if send.headers.get("Authorization") == "Bearer old" else session.serve(send)
    ]

    replies = await asyncio.gather(*(session.desk.acall() for _ in range(50)))

    assert {reply.status_code for reply in replies} == {200}
    assert len(session.renewals) == 1


class RealSleep(Clock):
    """A wall clock of the tests' day, and real sleeps, for threads that wait for one another."""

    def time(self) -> float:
        """Return a known second."""
        return float(WALL)


def test_fifty_threads_renew_once(home: Path) -> None:
    """Threads that come at once are served by one renewal; none renews what another has just got."""
    session = Session(home, -1)
    session.desk.shared = evolve(session.desk.shared, clock=RealSleep())
    session.desk.clock = session.credential._clock = RealSleep()  # type: ignore[assignment]
    slow = session.serve
    session.desk.engine.steps = [lambda send: (time.sleep(0.01), slow(send))[1]]
    start, errors = threading.Barrier(50), list[BaseException]()

    def call() -> None:
        start.wait()
        try:
            session.desk.call()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=call) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert (len(session.renewals), session.tokens) == (1, ["fresh"] * 50)


def test_a_cancelled_renewal_lets_the_next_one_in(home: Path) -> None:
    """Ctrl-C in the middle of a renewal does not lock the others out."""
    session = Session(home, -1)
    session.answer = KeyboardInterrupt()

    with pytest.raises(KeyboardInterrupt):
        session.desk.call()
    session.answer = {"access_token": "fresh", "expires_in": 86_400}
    session.desk.call()

    assert session.tokens == ["fresh"]


def test_a_forked_child_has_a_lock_of_its_own(home: Path) -> None:
    """A renewal that was under way when the process forked is not waited for in the child."""
    session = Session(home, -1)
    session.credential._lock.here().acquire()
    session.credential._lock._pid = -1

    session.desk.call()

    assert session.tokens == ["fresh"]
