"""What an export writes, what it asks for, and how it goes on."""

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from enneo_mind_client.errors import (
    APIConnectionError,
    AuthenticationError,
    ConfigurationError,
    EnneoMindError,
    ExportError,
    InternalServerError,
)
from enneo_mind_client.export.columnar import spans
from enneo_mind_client.export.results import Progress
from enneo_mind_client.models import Conversation

from ..bulk.fakes import FakeApi, StillClock, missing, unauthorized
from .exporting import FORMATS, Export, failed, lines, names, rows, thread, tickets

THERE = [ticket for ticket in range(1, 21) if ticket % 7]
ROWS = [(ticket, 10 * ticket + number) for ticket in THERE for number in range(ticket % 3)]


@pytest.mark.parametrize("form", FORMATS)
def test_every_row_in_order(export: Export, tmp_path: Path, form: str) -> None:
    """A format holds all conversations in the order of the tickets and of the server."""
    result = export(range(1, 21), tmp_path, form)

    assert rows(result.path.parent, form) == ROWS
    assert (result.tickets, result.failures, result.fetched, result.skipped) == (18, 2, 18, 0)


@pytest.mark.parametrize("form", FORMATS)
def test_again_changes_nothing(export: Export, tmp_path: Path, form: str) -> None:
    """A second run asks for nothing, tickets without conversations and failed ones included."""
    export(range(1, 21), tmp_path, form)
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}
    api = FakeApi(thread)
    result = export(range(1, 21), tmp_path, form, api=api)

    assert (api.asked, result.fetched, result.skipped, result.tickets) == ([], 0, 20, 18)
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == before


@pytest.mark.parametrize("form", FORMATS)
def test_other_tickets_are_added(once: Export, tmp_path: Path, form: str) -> None:
    """What is there stays, and only what is not is asked for."""
    once(range(1, 11), tmp_path, form)
    api = FakeApi(thread)
    result = once(range(5, 21), tmp_path, form, api=api)

    assert api.asked == [*range(11, 21)]
    assert (rows(tmp_path, form), result.tickets) == (ROWS, 18)


def test_parts_have_a_number_of_tickets(export: Export, tmp_path: Path) -> None:
    """All parts are full but the last, and nothing is left beside."""
    export(range(1, 21), tmp_path, part_size=4)

    assert [len(part) for part in lines(tmp_path)] == [4, 4, 4, 4, 2]
    assert names(tmp_path) == [
        ".lock",
        *(f"conversations/part-00000{number}.jsonl" for number in range(5)),
        "failures.jsonl",
    ]


def test_ids_are_whatever_comes(export: Export, tmp_path: Path) -> None:
    """Ids that come again are not asked for again; what is no id is told, and not sent; neither is one too large."""
    api = FakeApi(thread)
    given = ["3", " 2 ", 3, "x", 0, -1, "", None, True, 2.5, 2**63, "1"]
    result = export(iter(given), tmp_path, api=api)

    assert (api.asked, tickets(tmp_path)) == ([3, 2, 1], [3, 2, 1])
    assert (result.skipped, result.invalid) == (1, 8)
    assert result.invalid_ids[0] == "'x' is no ticket id: give a whole number above 0."
    assert result.invalid_ids[-1] == "9223372036854775808 is no ticket id: it has more than 64 bits."


@pytest.mark.parametrize("ids", ["376189", b"12"])
def test_a_text_is_no_list(export: Export, tmp_path: Path, ids: object) -> None:
    """Its letters are not asked for."""
    api = FakeApi(thread)
    with pytest.raises(ConfigurationError, match="give a list"):
        export(ids, tmp_path, api=api)

    assert api.asked == []


@pytest.mark.parametrize("ids", [376189, None])
def test_one_number_is_no_list(export: Export, tmp_path: Path, ids: object) -> None:
    """Nor is nothing."""
    with pytest.raises(ConfigurationError, match=r"^The ids are no list but a "):
        export(ids, tmp_path)


def test_asynchronous_ids_need_the_other_call(tmp_path: Path) -> None:
    """The blocking one says so, in words of ours."""

    async def ids():
        yield 1

    with pytest.raises(ConfigurationError, match="AsyncEnneoMind"):
        Export(blocking=True)(ids(), tmp_path)


def test_a_range_without_end(export: Export, tmp_path: Path) -> None:
    """Of one that is longer than Python can count nobody knows how long it is, and it is read as any other."""
    told = list[Progress]()

    def answer(ticket: int) -> list[Conversation]:
        raise AuthenticationError("no", status_code=401) if ticket > 50 else missing()

    with pytest.raises(AuthenticationError):
        export(range(1, 2**70), tmp_path, answer=answer, on_progress=told.append)

    assert {each.total for each in told} == {None}


def test_of_much_that_is_no_id_a_hundred_are_kept(once: Export, tmp_path: Path) -> None:
    """The rest is counted: a file of another kind does not fill the memory."""
    result = once(["x"] * 1000, tmp_path)

    assert (result.invalid, len(result.invalid_ids)) == (1000, 100)


def test_ids_may_come_asynchronously(tmp_path: Path) -> None:
    """An asynchronous generator of ids is read as it goes, and closed."""

    async def ids():
        try:
            for number in (1, 2, 2, 3):
                yield number
        finally:
            closed.append(True)

    closed = list[bool]()
    Export(blocking=False)(ids(), tmp_path)

    assert (tickets(tmp_path), closed) == ([1, 2, 3], [True])


def test_a_failure_says_why(once: Export, tmp_path: Path) -> None:
    """A line has the ticket, the kind of error, the server's words and its txId."""

    def answer(ticket: int) -> list[Conversation]:
        error = InternalServerError("500 oh\x1b[2J", status_code=500, tx_id="4bf92f")
        raise error.after(3, 1.5, "attempts")

    once([5], tmp_path, answer=answer)

    assert json.loads((tmp_path / "failures.jsonl").read_text()) == {
        "ticketId": 5,
        "error": "InternalServerError",
        "status": 500,
        "message": "500 oh\\x1b[2J",
        "txId": "4bf92f",
        "attempts": 3,
    }


def nested(levels: int) -> dict[str, object]:
    """Return an object with half a character, so deep."""
    found: dict[str, object] = {"half": "\ud800"}
    for _ in range(levels):
        found = {"in": [found]}
    return found


def test_an_answer_that_cannot_be_written_is_a_failure(once: Export, tmp_path: Path) -> None:
    """What is nested a thousand deep ends that ticket, not the export; odd numbers and half characters are kept."""
    odd = {"half": "\ud800", "large": 10**40}

    def answer(ticket: int) -> list[Conversation]:
        return [Conversation.from_dict({"id": 1, "more": nested(ticket) if ticket > 2 else odd})]

    once([3000, 240, 2, 60], tmp_path, answer=answer, part_size=1)
    part = (tmp_path / "conversations" / "part-000000.jsonl").read_text()

    assert failed(tmp_path) == [3000, 240]
    assert json.loads(part)["conversations"][0]["more"] == odd


def test_odd_values_are_in_the_parquet_too(once: Export, tmp_path: Path) -> None:
    """They are read back from the lines digit by digit."""
    import pyarrow.parquet as pq

    odd = {"id": 10**40, "more": "\ud800"}
    once([2], tmp_path, "parquet", answer=lambda _: [Conversation.from_dict(odd)])
    table = pq.read_table(tmp_path / "conversations" / "part-000000.parquet")

    assert json.loads(table["additional_properties"][0].as_py()) == odd


def test_failed_tickets_are_tried_again_when_told(export: Export, tmp_path: Path) -> None:
    """They are asked for first; those that come are added, the others are told anew."""
    export(range(1, 22), tmp_path)
    api = FakeApi(lambda ticket: [] if ticket == 14 else thread(ticket))
    result = export([22], tmp_path, api=api, retry_failed=True)

    assert api.asked == [7, 14, 21, 22]
    assert (lines(tmp_path)[-1], failed(tmp_path)) == ([14, 22], [7, 21])
    assert (result.tickets, result.failures, result.fetched) == (20, 2, 2)
    assert "failures.jsonl.retrying" not in names(tmp_path)


def test_a_retry_that_ended_early_is_carried_on(export: Export, tmp_path: Path) -> None:
    """Nothing of it is forgotten, asked twice, or in two files, whether or not it is asked for again."""
    export(range(1, 36), tmp_path)

    def answer(ticket: int) -> list[Conversation]:
        if ticket == 21:
            raise unauthorized()
        return [] if ticket == 7 else thread(ticket)

    with pytest.raises(AuthenticationError):
        export([], tmp_path, answer=answer, retry_failed=True)
    assert {"failures.jsonl", "failures.jsonl.retrying"} <= {*names(tmp_path)}
    api = FakeApi(thread)
    result = export([], tmp_path, api=api)

    assert api.asked == [21, 28, 35]
    assert (failed(tmp_path), result.failures, tickets(tmp_path)[-1]) == ([14, 21, 28, 35], 4, 7)


def test_nothing_to_try_again(once: Export, tmp_path: Path) -> None:
    """Without failures there is nothing to do."""
    assert once([], tmp_path, retry_failed=True).tickets == 0


def test_a_refused_credential_ends_it(export: Export, tmp_path: Path) -> None:
    """At once, and with a new one it goes on."""

    def answer(ticket: int) -> list[Conversation]:
        if ticket == 9:
            raise unauthorized()
        return thread(ticket)

    api = FakeApi(answer)
    with pytest.raises(AuthenticationError):
        export(range(1, 1001), tmp_path, api=api)
    assert len(api.asked) < 20
    export(range(1, 21), tmp_path)

    assert (tickets(tmp_path), failed(tmp_path)) == (THERE, [7, 14])


@pytest.mark.parametrize("error", [APIConnectionError("gone"), InternalServerError("500", status_code=500)])
def test_an_outage_is_no_fault_of_the_tickets(export: Export, tmp_path: Path, error: EnneoMindError) -> None:
    """Where all fail one after another the export stops, and blames none of them."""

    def answer(ticket: int) -> list[Conversation]:
        if ticket > 8:
            raise error
        return thread(ticket)

    with pytest.raises(ExportError, match=r"failed for 5 tickets in a row: .* The last error: (gone|500)") as raised:
        export(range(1, 10_000), tmp_path, answer=answer, give_up_after=5)
    assert (raised.value.kind, raised.value.path, raised.value.__cause__) == ("outage", str(tmp_path), error)
    assert failed(tmp_path) == [7]
    export(range(1, 21), tmp_path)

    assert (tickets(tmp_path), failed(tmp_path)) == (THERE, [7, 14])


def test_some_failures_are_no_outage(export: Export, tmp_path: Path) -> None:
    """Tickets that fail for the server's sake are told like others once another one comes."""

    def answer(ticket: int) -> list[Conversation]:
        if ticket % 5:
            raise InternalServerError("500", status_code=500)
        return []

    result = export(range(1, 24), tmp_path, answer=answer, give_up_after=5)

    assert (tickets(tmp_path), result.failures, failed(tmp_path)[-3:]) == ([5, 10, 15, 20], 19, [21, 22, 23])


def test_it_may_never_give_up(once: Export, tmp_path: Path) -> None:
    """Who says so gets a failure for each ticket, written down as it comes: none of them waits in memory."""
    written = list[int]()

    def answer(ticket: int) -> list[Conversation]:
        written.append(len(failed(tmp_path)) if ticket > 200 else 0)
        raise InternalServerError("500", status_code=500)

    assert once(range(1, 301), tmp_path, answer=answer, give_up_after=None).failures == 300
    assert max(written) > 200


def test_progress_is_told(export: Export, tmp_path: Path) -> None:
    """A hook hears of every ticket, and at the end that all are dealt with."""
    export([1, 2], tmp_path)
    told = list[Progress]()
    export([1, 2, "x", 3, 3, 7, 8], tmp_path, on_progress=told.append)

    assert [each.position for each in told][-1] == 7
    assert {each.total for each in told} == {7}
    last = told[-1]
    assert (last.fetched, last.failed, last.skipped) == (2, 1, 3)


def test_how_many_there_are_may_be_unknown(export: Export, tmp_path: Path) -> None:
    """Of an iterator nobody knows how long it is."""
    told = list[Progress]()
    export(iter([1, 2]), tmp_path, on_progress=told.append)

    assert {(each.total, each.left) for each in told} == {(None, None)}


def test_rate_and_time_left() -> None:
    """They are those of the tickets that were asked for."""
    far = Progress(position=60, total=100, fetched=18, failed=2, skipped=40, elapsed=4.0)

    assert (far.rate, far.left) == (5.0, 8.0)
    assert Progress(position=0, total=9, fetched=0, failed=0, skipped=0, elapsed=0.0).left is None


def test_a_hook_that_fails_stops_nothing(once: Export, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Its failure is logged."""

    def hook(_: Progress) -> None:
        raise ValueError("broken hook")

    with caplog.at_level(logging.ERROR):
        assert once([1], tmp_path, on_progress=hook).tickets == 1
    assert "broken hook" in caplog.text


@pytest.mark.parametrize("options", [{"part_size": 0}, {"give_up_after": 0}, {"form": "xml"}])
def test_an_option_that_cannot_work(once: Export, tmp_path: Path, options: dict[str, object]) -> None:
    """It is refused before anything is asked or written."""
    with pytest.raises(ConfigurationError):
        once([1], tmp_path / "new", **options)
    assert not (tmp_path / "new").exists()


def test_cancelled_in_the_middle(tmp_path: Path) -> None:
    """A task that is cancelled leaves the folder free, and whole parts and lines."""

    async def main() -> None:
        from enneo_mind_client.export.disk import Disk
        from enneo_mind_client.export.folder import Folder
        from enneo_mind_client.export.job import Job
        from enneo_mind_client.export.runs import arun

        async def slow(ticket: int) -> list[Conversation]:
            await asyncio.sleep(0.001)
            if ticket > 30:
                far.set()
            return thread(ticket)

        far = asyncio.Event()

        job = Job(Folder(tmp_path, "parquet", Disk()), StillClock(), 3)
        task = asyncio.create_task(arun(FakeApi(slow), range(1, 100_000), job))
        await far.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    result = Export(blocking=True)(range(1, 4), tmp_path, "parquet")

    assert result.fetched == 0


def test_after_it_is_closed_nothing_is_written(tmp_path: Path) -> None:
    """A thread that comes late leaves the folder alone: it may be another's by then."""
    from enneo_mind_client.bulk import TicketConversations
    from enneo_mind_client.export.disk import Disk
    from enneo_mind_client.export.folder import Folder
    from enneo_mind_client.export.job import Job

    job = Job(Folder(tmp_path, "jsonl", Disk()), StillClock(), 1)
    job.open()
    assert job.take(TicketConversations(1, []))
    job.close()
    job.seal()
    job.finish()

    job.open()
    with closing(Folder(tmp_path, "jsonl", Disk())) as free:
        free.open()

    assert names(tmp_path) == [".lock", "tickets.jsonl.part"]


@pytest.mark.parametrize(
    ("ids", "text"),
    [([], ""), ([1], "1"), ([1, 2, 3, 5, 9, 8, 8, 9], "1-3 5 9 8 8-9"), ([2**62], str(2**62))],
)
def test_spans(ids: list[int], text: str) -> None:
    """Runs of ids are intervals."""
    assert spans(ids) == text


def test_a_generator_of_ids_is_read_as_it_goes(once: Export, tmp_path: Path) -> None:
    """Not all ids are read before the first ticket is there."""
    seen = list[int]()

    def ids() -> Iterator[int]:
        for number in range(1, 2000):
            seen.append(number)
            yield number

    def hook(far: Progress) -> None:
        ahead.append(len(seen) - far.position)

    ahead = list[int]()
    once(ids(), tmp_path, on_progress=hook, part_size=500)

    assert max(ahead) < 500
