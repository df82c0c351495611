"""Kills exports with SIGKILL at many points and lets them be carried on: run as a process, prints what came of it.

    python -m tests.export.killing parquet --points 200 --seed 1

Every run of an export is a process of its own, forked from this one, which has imported everything. Tickets come from a
stand-in for the API in the same process, so that the time goes into the export and not into a server. Of the points
two thirds are moments, spread over the time that an export takes; in the others the export kills itself in a step on
the disk: before it, in the middle of what it writes, or right after. Every tenth export is killed three times.
"""

# ruff: noqa: T201
import argparse
import asyncio
import hashlib
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from attrs import frozen

from enneo_mind_client.clock import Clock
from enneo_mind_client.errors import NotFoundError
from enneo_mind_client.export.disk import Disk
from enneo_mind_client.export.folder import Folder
from enneo_mind_client.export.job import Job
from enneo_mind_client.export.runs import arun, run
from enneo_mind_client.models import Conversation

from ..bulk.fakes import FakeApi

TICKETS, PART = range(1, 1001), 150
STEPS = ("append", "cut", "sync", "flush", "rename", "remove", "open")
MISSING = 97
SEVERAL = 1 / 10


def conversation(ticket: int, number: int) -> Conversation:
    """Return a small conversation with an attachment and a field that the document does not know."""
    attachment = {"id": ticket, "name": f"Zähler {ticket}.jpg"}
    when = 1657056276 + 60 * ticket + number
    return Conversation.from_dict(
        {"id": 10 * ticket + number, "createdAt": when, "attachments": [attachment], "unknown": {"n": ticket}}
    )


THREADS = {ticket: [conversation(ticket, number) for number in range(ticket % 3)] for ticket in TICKETS}


def answer(ticket: int) -> list[Conversation]:
    """Answer as an API does of which some tickets are missing."""
    if ticket % MISSING == 0:
        raise NotFoundError("no such ticket", status_code=404, tx_id=f"tx{ticket}")
    return THREADS[ticket]


def die() -> None:
    """End this process as the kernel does when memory is short."""
    os.kill(os.getpid(), signal.SIGKILL)


@frozen
class Point:
    """Where a run is killed: after some seconds, or in the n-th step of a kind."""

    seconds: float | None = None
    step: str = ""
    number: int = 0
    moment: str = ""


class MortalDisk(Disk):
    """A disk that counts its steps, and kills the process in one of them."""

    def __init__(self, point: Point | None = None) -> None:
        self.point, self.counts = point or Point(), Counter[str]()

    def _step(self, name: str, whole: Callable[[], Any], half: Callable[[], Any] | None = None) -> Any:
        self.counts[name] += 1
        here = name == self.point.step and self.counts[name] == self.point.number
        if here and self.point.moment == "before":
            die()
        if here and self.point.moment == "within" and half is not None:
            half()
            die()
        result = whole()
        if here:
            die()
        return result

    def open(self, path: Path) -> int:
        """Open."""
        return self._step("open", lambda: super(MortalDisk, self).open(path))

    def append(self, fd: int, data: bytes) -> None:
        """Add; half of it, where it dies within."""
        add = super().append
        self._step("append", lambda: add(fd, data), lambda: add(fd, data[: len(data) // 2]))

    def cut(self, fd: int, size: int) -> None:
        """Cut."""
        self._step("cut", lambda: super(MortalDisk, self).cut(fd, size))

    def sync(self, fd: int) -> None:
        """Count it; SIGKILL leaves what the system has been given, so waiting for the disk proves nothing here."""
        self._step("sync", lambda: None)

    def flush(self, path: Path) -> None:
        """Count it, likewise."""
        self._step("flush", lambda: None)

    def rename(self, source: Path, target: Path) -> None:
        """Rename."""
        self._step("rename", lambda: source.replace(target))

    def remove(self, path: Path) -> None:
        """Remove."""
        self._step("remove", lambda: super(MortalDisk, self).remove(path))


def export(to: Path, form: Any, disk: Disk, *, blocking: bool) -> None:
    """Export everything, as both clients do."""
    job, api = Job(Folder(to, form, disk), Clock(), PART), FakeApi(answer, clock=Clock())
    if blocking:
        run(api, TICKETS, job, concurrency=4)  # type: ignore[arg-type]
    else:
        asyncio.run(arun(api, TICKETS, job))  # type: ignore[arg-type]


def digest(to: Path) -> dict[str, str]:
    """Return what an export left: each file by the hash of its bytes."""
    files = {str(path.relative_to(to)): path for path in sorted(to.rglob("*"))}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "" for name, path in files.items()
    }


def in_child(work: Callable[[], Any], point: Point | None = None) -> tuple[Any, bool]:
    """Do something in a process of its own; return what it returned, and whether it was killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reader)
            os.write(writer, json.dumps(work()).encode())
            code = 0
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            os._exit(code)
    os.close(writer)
    if point is not None and point.seconds is not None:
        time.sleep(point.seconds)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status)
    if not killed and os.WEXITSTATUS(status):
        raise SystemExit("an export failed: see above")
    return json.loads(said) if said and not killed else None, killed


class Killer:
    """Kills exports in one format."""

    def __init__(self, form: str, folder: Path, seed: int) -> None:
        self.form, self.folder, self.chance = form, folder, random.Random(seed)
        self.killed, self.finished, self.bad = Counter[str](), 0, list[str]()
        runs = [self._undisturbed(folder / f"whole-{number}") for number in range(3)]
        self.whole, self.steps, _ = runs[0]
        self.bad += ["two undisturbed runs differ"] if any(run[0] != self.whole for run in runs) else []
        self.seconds = min(seconds for _, _, seconds in runs)

    def _undisturbed(self, to: Path) -> tuple[dict[str, str], dict[str, int], float]:
        def work() -> Any:
            disk, began = MortalDisk(), time.monotonic()
            export(to, self.form, disk, blocking=False)
            return dict(disk.counts), time.monotonic() - began, digest(to)

        (counts, seconds, found), _ = in_child(work)
        return found, counts, seconds

    def point(self) -> Point:
        """Return a point to kill at."""
        if self.chance.random() < 2 / 3:
            return Point(self.chance.uniform(0, self.seconds))
        step = self.chance.choice([step for step in STEPS if self.steps.get(step)])
        number = self.chance.randint(1, self.steps[step])
        return Point(None, step, number, self.chance.choice(["before", "within", "after"]))

    def try_one(self, number: int) -> None:
        """Kill an export once or several times, let it be carried on, and compare."""
        to = self.folder / str(number)
        for _ in range(3 if self.chance.random() < SEVERAL else 1):
            point = self.point()

            def work(point: Point = point) -> None:
                export(to, self.form, MortalDisk(point), blocking=number % 10 == 0)

            _, killed = in_child(work, point)
            self.killed[point.step or "moment"] += killed
            self.finished += not killed

        def carry_on() -> Any:
            export(to, self.form, Disk(), blocking=number % 10 == 0)
            return digest(to)

        found, _ = in_child(carry_on)
        if found != self.whole:
            names = {name for name, _ in set(found.items()) ^ set(self.whole.items())}
            self.bad.append(f"{number}: {point} {', '.join(sorted(names))}")


def warm_up(form: str, to: Path) -> None:
    """Export a little in this process, so that no child has to import anything."""
    asyncio.run(arun(FakeApi(answer, clock=Clock()), range(1, 4), Job(Folder(to, form, Disk()), Clock(), PART)))  # type: ignore[arg-type]
    digest(to)


def main() -> None:
    """Kill, and print what came of it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("format")
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        warm_up(options.format, Path(folder) / "warm")
        killer = Killer(options.format, Path(folder), options.seed)
        began = time.monotonic()
        number = 0
        while killer.killed.total() < options.points:
            killer.try_one(number)
            number += 1
    report = {"killed": killer.killed.total(), "by": killer.killed, "ended_before": killer.finished}
    print(json.dumps({**report, "bad": killer.bad, "seconds": round(time.monotonic() - began, 1)}))
    sys.exit(bool(killer.bad))


if __name__ == "__main__":
    main()
