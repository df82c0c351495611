"""The conversations of tickets whose ids are in a table."""

# pyarrow tells no types
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportUnknownArgumentType=false
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from pyspark.sql.types import DecimalType, IntegralType, StringType

from enneo_mind_client.arrow import Errors
from enneo_mind_client.config import count
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.spark.options import read_reading
from enneo_mind_client.spark.reading import Reading
from enneo_mind_client.spark.source import spark_schema

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]
    from pyspark.sql import DataFrame

Batches: TypeAlias = "Iterator[pa.RecordBatch]"


def read_tickets(
    tickets: "DataFrame",
    column: str = "ticket_id",
    *,
    instance: str | None = None,
    partitions: int | None = None,
    rate: float | None = None,
    concurrent_partitions: int | None = None,
    errors: Errors = "raise",
    include_raw_data: bool = False,
    token: str | None = None,
    token_env: str | None = None,
    token_file: str | None = None,
) -> "DataFrame":
    """Return the conversations of the tickets in a table, each ticket read once.

    Args:
        tickets: The table.
        column: Its column of ids, whole numbers (also as decimals) or their digits; nulls are left out.
        instance: The instance; else the one that the executors' environment names.
        partitions: How many tasks the ids are divided among; else as many as Spark makes in any shuffle.
        rate: Tickets a second for the whole job; without it, as many as the instance lets through.
        concurrent_partitions: How many tasks run at a time, among which the rate is divided; else all of them.
        errors: "raise" ends the job with the first ticket that fails, "rows" makes it a row.
        include_raw_data: Whether the server adds the raw data of each conversation.
        token: A token that is shipped to the executors with the code.
        token_env: The variable of the executors that has the token, instead of `ENNEO_TOKEN`.
        token_file: The file on the executors that has the token, read for each request.

    Raises:
        ConfigurationError: An argument cannot work, or the column has no ids.
    """
    if partitions is None:
        partitions = int(str(tickets.sparkSession.conf.get("spark.sql.shuffle.partitions")))
    parts = count(partitions, "partitions")
    running = parts if concurrent_partitions is None else count(concurrent_partitions, "concurrent_partitions")
    given = {
        "instance": instance,
        "rate": rate,
        "errors": errors,
        "includeRawData": include_raw_data,
        "tokenEnv": token_env,
        "tokenFile": token_file,
    }
    options = {name: str(value) for name, value in given.items() if value is not None}
    reading = read_reading(options, token, min(parts, running))
    ids = _ids(tickets.select(tickets[column].alias("ticket_id"))).where("ticket_id is not null")
    # Sorted, so that a task that is tried again reads the same tickets in the same order.
    divided = ids.repartition(parts, "ticket_id").distinct().sortWithinPartitions("ticket_id")
    return divided.mapInArrow(task(reading), spark_schema(reading))


def _ids(column: "DataFrame") -> "DataFrame":
    """Return the ids as whole numbers or digits; those of other databases are often decimals without a fraction."""
    kind = column.schema[0].dataType
    if isinstance(kind, DecimalType) and kind.scale == 0:
        return column.select(column["ticket_id"].cast("string").alias("ticket_id"))
    if not isinstance(kind, (IntegralType, StringType)):
        said = f"The column of ids is {kind.simpleString()}: give whole numbers or their digits, as of cast('bigint')."
        raise ConfigurationError(said)
    return column


def task(reading: Reading) -> Callable[[Batches], Batches]:
    """Return what a task makes of batches of ids."""

    def conversations_of_tickets(batches: Batches) -> Batches:
        # All of them at first: Spark feeds a task from the thread in which it is read.
        columns = [batch.column(0) for batch in batches]
        return reading.read(_values(columns))

    return conversations_of_tickets


def _values(columns: Iterable[Any]) -> Iterator[int]:
    for column in columns:
        yield from column.to_pylist()
