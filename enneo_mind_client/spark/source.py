"""The data source: what Spark asks for on the driver (a schema, partitions) and in each task (batches)."""

# pyarrow tells no types
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportUnknownArgumentType=false
from typing import TYPE_CHECKING, ClassVar, Final

from attrs import frozen
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from enneo_mind_client.arrow import conversation_schema
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.spark.credentials import TokenPlace
from enneo_mind_client.spark.options import Ids, Options
from enneo_mind_client.spark.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa  # type: ignore[import-untyped]
    from pyspark.sql import SparkSession

NAME: Final = "enneo_conversations"


def register(spark: "SparkSession", *, token: str | None = None) -> None:
    """Make `spark.read.format("enneo_conversations")` known.

    Args:
        spark: The session.
        token: A token for the executors, where neither a variable nor a file of theirs has one. It is shipped to them
            with the code, and is in no option, plan or log. Registering again with another token replaces it.

    Raises:
        ConfigurationError: The token cannot be one.
    """
    spark.dataSource.register(source_with(token))


def source_with(token: str | None) -> "type[ConversationsSource]":
    """Return the data source that a token is shipped with."""
    # A class that is in no module is shipped as a whole, with its token, and not by its name.
    return type("ConversationsSource", (ConversationsSource,), {"_token": TokenPlace(text=token)})


class ConversationsSource(DataSource):
    """The conversations of tickets; see `docs/guide/spark.md` for the options."""

    _token: ClassVar[TokenPlace] = TokenPlace()

    @classmethod
    def name(cls) -> str:
        """Return the name of the format."""
        return NAME

    def schema(self) -> StructType:
        """Return the schema, worked out from the models: nothing is asked."""
        return spark_schema(self._read().reading)

    def reader(self, schema: StructType) -> DataSourceReader:
        """Return what plans and reads.

        Raises:
            ConfigurationError: Another schema is asked for.
        """
        options = self._read()
        if schema != spark_schema(options.reading):
            raise ConfigurationError("The schema is given by the API: leave .schema(...) out, and select columns.")
        return ConversationsReader(options)

    def _read(self) -> Options:
        return Options.parse(self.options, self._token.text)


def spark_schema(reading: Reading) -> StructType:
    """Return the schema of the rows."""
    return from_arrow_schema(conversation_schema(errors=reading.errors))


@frozen
class Tickets(InputPartition):
    """The tickets of a partition."""

    ids: Ids


class ConversationsReader(DataSourceReader):
    """Divides the tickets on the driver, and reads them in tasks."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def partitions(self) -> list[InputPartition]:
        """Return the partitions, which depend on nothing but the options."""
        return [Tickets(ids) for ids in self._options.partitions]

    def read(self, partition: InputPartition) -> "Iterator[pa.RecordBatch]":
        """Yield the conversations of a partition.

        Raises:
            TypeError: It is another reader's.
        """
        if not isinstance(partition, Tickets):
            raise TypeError(f"{type(partition).__name__} is no partition of this reader's")
        return self._options.reading.read(partition.ids)
