"""What a task does, without Spark."""

import asyncio
import gc
import threading
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from pyspark.sql.datasource import InputPartition
from pyspark.sql.types import StructType

from enneo_mind_client import EnneoMind
from enneo_mind_client.arrow import conversation_schema, to_arrow
from enneo_mind_client.clock import Clock
from enneo_mind_client.errors import ConfigurationError, EnneoMindError
from enneo_mind_client.spark.background import blocking
from enneo_mind_client.spark.credentials import TokenPlace
from enneo_mind_client.spark.reading import Reading, paced
from enneo_mind_client.spark.source import ConversationsSource, Tickets, source_with
from enneo_mind_client.spark.tables import task
from enneo_mind_client.testing import LocalMind

TOKEN = "fake-token-3f9a77"


class SlowClock(Clock):
    """Time that passes only in sleep, and where it is made to."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        """Return the time."""
        return self.now

    async def asleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


class SkippingClock(Clock):
    """The machine's time, and all that would have been slept."""

    skipped = 0.0

    def monotonic(self) -> float:
        """Return the time."""
        return super().monotonic() + self.skipped

    async def asleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.skipped += seconds
        await asyncio.sleep(0)


@pytest.fixture
def mind() -> Iterator[LocalMind]:
    """Run a local Mind in which one ticket is missing."""
    with LocalMind(token=TOKEN) as mind:
        mind.fail(ticket=13, status=404, times=None)
        yield mind


def _reading(mind: LocalMind, **options: object) -> Reading:
    return Reading(mind.base_url, TokenPlace(text=TOKEN), **options)


def test_a_task_reads_what_a_client_does(mind: LocalMind) -> None:
    """Batches of a task hold, in the order of the ids, what a stream in one process does."""
    found = pa.Table.from_batches(_reading(mind, errors="rows").read(range(10, 40)))
    with EnneoMind(mind.base_url, token=TOKEN) as client:
        expected = to_arrow(client.conversations.stream(range(10, 40), ordered=True), errors="rows")

    assert found.drop(["error_tx_id"]).equals(expected.drop(["error_tx_id"]))
    assert found["error_tx_id"].null_count == len(found) - 1


def test_a_task_that_is_tried_again_gives_the_same_rows(mind: LocalMind) -> None:
    """Nothing but the ids and the options decides about the rows, their order and their batches."""
    again = [[*_reading(mind).read([30, 2, 31, 4, 1])] for _ in range(2)]

    assert again[0] == again[1]


def test_many_conversations_are_many_batches(mind: LocalMind) -> None:
    """A batch ends with the ticket that fills it, so that memory is that of a batch."""
    batches = _reading(mind, errors="rows").read(range(1, 800))
    sizes = [batch.num_rows for batch in batches]

    assert len(sizes) > 1
    assert 4096 <= sizes[0] < 4200


def test_no_tickets_are_no_batches(mind: LocalMind) -> None:
    """An empty partition yields nothing."""
    assert [*_reading(mind).read([])] == []


def test_raw_data_comes_if_asked_for(mind: LocalMind) -> None:
    """The option for raw data reaches the server."""
    with_raw = [*_reading(mind, include_raw_data=True).read([3])]

    assert [*_reading(mind).read([3])] != with_raw


def test_a_task_keeps_to_its_rate(mind: LocalMind) -> None:
    """Eleven tickets at twenty a second take half a second of the task's clock, whatever the server could do."""
    clock = SkippingClock()
    began = clock.monotonic()
    read = [*_reading(mind, rate=20.0).read(range(20, 31), clock)]

    assert clock.monotonic() - began >= 0.49
    assert {*range(20, 31)} >= {*read[0].column("ticket_id").to_pylist()}


def test_a_ticket_that_fails_ends_the_task(mind: LocalMind) -> None:
    """The error says which ticket and why, what would let the job go on, and nothing that the server wrote."""
    mind.fail(ticket=14, status=422, times=None)

    with pytest.raises(
        EnneoMindError, match=r"Ticket 13 failed: NotFoundError, Not Found, 404.*errors='rows'"
    ) as caught:
        list(_reading(mind).read(range(10, 15)))
    assert caught.value.__cause__ is None


def test_a_refused_token_ends_the_task(mind: LocalMind) -> None:
    """A credential that is refused ends the job in any case, with no word of the server's."""
    reading = Reading(mind.base_url, TokenPlace(text="fake-other-token"), "rows")

    with pytest.raises(
        EnneoMindError, match=r"The token was refused \(AuthenticationError, Unauthorized, 401"
    ) as caught:
        list(reading.read(range(10, 15)))
    assert "fake-other-token" not in str(caught.value)


def test_what_is_no_id_ends_the_task(mind: LocalMind) -> None:
    """A text that is no id is told as it is."""
    with pytest.raises(ConfigurationError, match="'x' is no ticket id"):
        list(_reading(mind).read(["x"]))


def test_a_task_reads_its_token_from_a_file(mind: LocalMind, tmp_path: Path) -> None:
    """A file on the executor is a token."""
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")

    assert next(Reading(mind.base_url, TokenPlace(file=str(path))).read([3])).num_rows > 0


def test_a_batch_that_nobody_takes_leaves_nothing_behind(mind: LocalMind) -> None:
    """Spark may stop in the middle (LIMIT): threads and connections end with the generator."""
    before = threading.active_count()
    batches = _reading(mind, errors="rows").read(range(1, 1500))
    next(batches)
    batches.close()
    gc.collect()

    assert before == threading.active_count()


async def test_ids_come_at_a_rate() -> None:
    """So many ids a second are given out, the first at once."""
    clock = SlowClock()
    times = [clock.now async for _ in paced(range(5), 4, clock)]

    assert times == [0.0, 0.25, 0.5, 0.75, 1.0]


async def test_a_task_that_fell_behind_does_not_rush() -> None:
    """After a pause only a tenth of a second is caught up, so that the rate holds in any second."""
    clock = SlowClock()
    times = []
    async for number in paced(range(8), 20, clock):
        times.append(round(clock.now, 3))
        clock.now += 10 if number == 1 else 0

    assert times == [0.0, 0.05, 10.05, 10.05, 10.05, 10.1, 10.15, 10.2]


async def test_without_a_rate_nothing_waits() -> None:
    """No rate is no wait."""
    clock = SlowClock()

    assert [number async for number in paced([1, 2, 3], None, clock)] == [1, 2, 3]
    assert clock.now == 0


def test_the_loop_goes_on_between_results() -> None:
    """While nobody asks for the next result, what is under way goes on."""
    went_on = threading.Event()

    async def source() -> AsyncGenerator[int, None]:
        async def work() -> None:
            await asyncio.sleep(0)
            went_on.set()

        working = asyncio.create_task(work())
        yield 1
        await working

    results = blocking(source())
    next(results)

    assert went_on.wait(10)
    assert [*results] == []


def test_an_error_of_the_source_is_raised_where_it_is_read() -> None:
    """What fails in the background fails in the task."""

    async def source() -> AsyncGenerator[int, None]:
        yield 1
        raise ConfigurationError("no")

    results = blocking(source())
    next(results)

    with pytest.raises(ConfigurationError, match="no"):
        next(results)


def test_the_data_source_plans_without_asking(mind: LocalMind) -> None:
    """Name, schema and partitions need neither a network nor a token."""
    source = ConversationsSource({"range": "1-10", "partitions": "3", "instance": "nowhere.invalid"})
    schema = source.schema()

    assert isinstance(schema, StructType)
    assert (source.name(), schema.fieldNames()) == ("enneo_conversations", conversation_schema().names)
    assert [[*part.ids] for part in source.reader(schema).partitions()] == [[1, 2, 3], [4, 5, 6], [7, 8, 9, 10]]


def test_another_schema_is_refused() -> None:
    """A schema of the caller's own is not what the batches have."""
    with pytest.raises(ConfigurationError, match=r"leave \.schema"):
        ConversationsSource({"ids": "1"}).reader(StructType())


def test_the_data_source_reads_a_partition_with_the_token_that_is_shipped(mind: LocalMind) -> None:
    """A token that was registered is the one of the tasks, and shows in no repr."""
    source = source_with(TOKEN)({"ids": "3,4", "instance": mind.base_url})
    reader = source.reader(source.schema())

    assert next(reader.read(reader.partitions()[0])).num_rows > 0
    assert TOKEN not in f"{source!r} {vars(type(source))} {vars(reader)}"
    with pytest.raises(TypeError, match="InputPartition"):
        reader.read(InputPartition(1))


def test_a_table_of_ids_is_read_whole(mind: LocalMind) -> None:
    """A task of a table reads the ids of all its batches, as numbers or digits."""
    ids = [pa.RecordBatch.from_pydict({"ticket_id": part}) for part in ([3, 4], [5])]
    texts = [pa.RecordBatch.from_pydict({"ticket_id": ["3", "4", "5"]})]
    found = [[*task(_reading(mind))(iter(batches))] for batches in (ids, texts)]

    assert found[0] == found[1]
    assert {3, 4, 5} == set(found[0][0].column("ticket_id").to_pylist())


def test_a_partition_is_small_when_it_is_shipped() -> None:
    """A range of any length is shipped as its ends."""
    from pyspark.cloudpickle import dumps

    assert len(dumps(Tickets(range(1, 10**9)))) < 400
