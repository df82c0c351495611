"""The data source in Spark itself, with two cores."""

import io
import json
import re
import urllib.request
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from enneo_mind_client import EnneoMind
from enneo_mind_client.arrow import conversation_schema, to_arrow
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.export import export
from enneo_mind_client.spark import read_tickets, register
from enneo_mind_client.testing import LocalMind

from .conftest import MISSING, TOKEN

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # sockets that pyspark leaves to the garbage collector
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]

_GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "spark.md"
_PLACE = ("ticket_id", "position", "id")

Load = Callable[..., DataFrame]


@pytest.fixture
def load(spark: SparkSession, mind: LocalMind) -> Load:
    """Load tickets from the local Mind, by options."""
    register(spark)

    def load(**options: object) -> DataFrame:
        given = {"instance": mind.base_url, **options}
        return spark.read.format("enneo_conversations").options(**given).load()

    return load


def _expected(mind: LocalMind, ids: Any) -> pa.Table:
    with EnneoMind(mind.base_url, token=TOKEN) as client:
        return to_arrow(client.conversations.stream(ids, ordered=True), errors="rows").drop(["error_tx_id"])


def _found(frame: DataFrame) -> pa.Table:
    found = frame.toArrow().cast(conversation_schema(errors="rows"))
    return found.sort_by([("ticket_id", "ascending"), ("position", "ascending")]).drop(["error_tx_id"])


def _by_error(found: pa.Table) -> tuple[Any, Any]:
    """Return which rows are conversations, and which are tickets that failed."""
    return found["error_type"].is_null(), found["error_type"].is_valid()


def test_a_range_is_read_as_in_one_process(load: Load, mind: LocalMind) -> None:
    """Four partitions on two cores hold what one process reads, and the ticket that failed as a row."""
    frame = load(range="1-200", partitions="4", errors="rows")

    assert _expected(mind, range(1, 201)).equals(_found(frame))
    assert frame.rdd.getNumPartitions() == 4


def test_a_range_holds_what_an_export_wrote(load: Load, mind: LocalMind, tmp_path: Path) -> None:
    """The same 1,000 tickets as Parquet of one process: as many rows, every value, and the tickets that failed.

    `python -m benchmarks.spark` compares 20,000, which takes a minute or more.
    """
    with EnneoMind(mind.base_url, token=TOKEN) as client:
        result = export(client, range(1, 1001), tmp_path, part_size=300)
    failures = [json.loads(line)["ticketId"] for line in (tmp_path / "failures.jsonl").read_text().splitlines()]
    written = pq.read_table(result.path, schema=conversation_schema())
    found = _found(load(range="1-1000", partitions="4", errors="rows"))
    whole, failed = (found.filter(condition) for condition in _by_error(found))

    assert failed["ticket_id"].to_pylist() == failures == [MISSING, 403, 404, 500]
    assert (len(written), result.tickets) == (len(whole), 1000 - len(failures))
    assert written.equals(whole.select(written.schema.names))


def test_a_table_of_ids_is_read_as_in_one_process(spark: SparkSession, mind: LocalMind) -> None:
    """Ids in a table, twice, as digits and with nulls, are each read once."""
    ids = [str(number) for number in (*range(1, 60), *range(40, 80))]
    table = spark.createDataFrame([*((number,) for number in ids), (None,)], "ticket string")
    frame = read_tickets(table, "ticket", instance=mind.base_url, partitions=3, rate=1000, errors="rows")

    assert _expected(mind, range(1, 80)).equals(_found(frame))


def test_ids_may_be_decimals(spark: SparkSession, mind: LocalMind) -> None:
    """Those of other databases often are, and mean the same numbers."""
    ids = spark.sql("select cast(id as decimal(38, 0)) as n from range(1, 4)")
    frame = read_tickets(ids, "n", instance=mind.base_url, partitions=2, errors="rows", token=TOKEN)

    assert _found(frame).equals(_expected(mind, range(1, 4)))


@pytest.mark.parametrize("kind", ["double", "decimal(10, 2)", "boolean", "date"])
def test_a_column_of_something_else_is_refused(spark: SparkSession, kind: str) -> None:
    """It is said when the table is made, and not once for each ticket."""
    with pytest.raises(ConfigurationError, match=r"^The column of ids is .*cast\('bigint'\)"):
        read_tickets(spark.sql(f"select cast(null as {kind}) as n"), "n", partitions=1, token=TOKEN)


def test_a_table_is_divided_as_spark_does(spark: SparkSession, mind: LocalMind) -> None:
    """Without a number there are as many tasks as in any shuffle."""
    frame = read_tickets(spark.range(1, 3), "id", instance=mind.base_url, concurrent_partitions=1)

    assert frame.rdd.getNumPartitions() == 2


def test_a_ticket_that_fails_ends_the_job(load: Load) -> None:
    """Without rows for errors, the job fails, and says which ticket and why."""
    with pytest.raises(PySparkException, match=f"Ticket {MISSING} failed: NotFoundError, Not Found, 404"):
        load(range="10-15").collect()


def test_a_task_is_tried_again_with_the_same_rows(load: Load, mind: LocalMind) -> None:
    """A task that failed in the middle is read again, and nothing is missing or there twice."""
    expected = _expected(mind, range(20, 60))
    mind.fail(ticket=55, status=404, times=1)
    asked = mind.requests
    found = load(range="20-59", partitions="1").toArrow()

    assert mind.requests > asked + 40
    assert [expected[name].to_pylist() for name in _PLACE] == [found[name].to_pylist() for name in _PLACE]


def test_a_wrong_option_is_told_at_once(load: Load) -> None:
    """What cannot work fails when it is loaded, with our words."""
    with pytest.raises(PySparkException, match="There is no option 'rnage'"):
        load(rnage="1-20")


def test_the_token_is_written_nowhere(spark: SparkSession, load: Load, mind: LocalMind, traces: Path) -> None:
    """Shipped, in a variable or refused as an option: plans, events, log, UI and errors have no token in them."""
    register(spark, token=TOKEN)
    shipped = load(range="3-6", partitions="2")
    shown = io.StringIO()
    with redirect_stdout(shown):
        for mode in ("simple", "extended", "codegen", "cost", "formatted"):
            shipped.explain(mode=mode)
    shipped.createOrReplaceTempView("conversations")
    spark.sql("create or replace temp view some as select * from conversations").collect()
    spark.sql("cache table kept as select ticket_id from some").collect()
    table = read_tickets(spark.range(3, 6), "id", instance=mind.base_url, partitions=2, token=TOKEN)
    table.createOrReplaceTempView("of_table")
    register(spark)
    said = [_error(lambda: load(range="3-6", token=TOKEN)), _error(lambda: load(ids=MISSING).collect())]
    said += [_error(read_tickets(spark.range(13, 14), "id", instance=mind.base_url, token=TOKEN).collect)]
    named = load(ids="3", tokenEnv="TOKEN_OF_ANOTHER_NAME")

    assert (shipped.count() > 0, table.count() > 0, named.count() > 0) == (True, True, True)
    assert "tokenFile" in said[0]
    written = [shown.getvalue(), *said, _ui(spark), str(shipped._jdf.queryExecution().toString())]
    files = {path.name: path.read_text("utf-8", "replace") for path in traces.rglob("*") if path.is_file()}
    assert [number for number, text in enumerate(written) if TOKEN in text] == []
    assert [name for name, text in files.items() if TOKEN in text] == []
    assert sum("enneo_conversations" in text for text in (*written, *files.values())) >= 4


def test_the_examples_of_the_guide_run(spark: SparkSession, mind: LocalMind, tmp_path: Path) -> None:
    """What the guide shows runs as it is, but for the names of the instance, the tickets and the places."""
    here = {
        '"demo"': repr(mind.base_url),
        "376189-396188": "3-6",
        "crm.complaints": "complaints",
        "partitions=16": "partitions=2",
        '"complaints-with-conversations"': repr(str(tmp_path / "found")),
    }
    code = "\n".join(re.findall(r"```py\n(.*?)```", _GUIDE.read_text("utf-8"), re.DOTALL))
    assert [name for name in here if name not in code] == []
    for name, place in here.items():
        code = code.replace(name, place)
    spark.range(3, 5).withColumnRenamed("id", "ticket_id").createOrReplaceTempView("complaints")
    names: dict[str, Any] = {}
    with redirect_stdout(io.StringIO()) as shown:
        exec(code, names)

    assert "ticket_id" in shown.getvalue()
    assert {row.ticket_id for row in spark.read.parquet(str(tmp_path / "found")).collect()} == {3, 4}


def _error(call: Callable[[], object]) -> str:
    with pytest.raises(PySparkException) as caught:
        call()
    return str(caught.value)


def _ui(spark: SparkSession) -> str:
    """Return the pages of the UI and the answers of its interface."""
    address, name = spark.sparkContext.uiWebUrl, spark.sparkContext.applicationId
    api = f"/api/v1/applications/{name}"
    pages = ["/SQL/", "/environment/", "/stages/", f"{api}/environment", f"{api}/stages?details=true"]
    texts = [_page(f"{address}{page}") for page in (*pages, f"{api}/sql?details=true&planDescription=true&length=99")]
    numbers = sorted({int(number) for number in re.findall(r"execution/\?id=(\d+)", texts[0])})
    return "\n".join([*texts, *(_page(f"{address}/SQL/execution/?id={number}") for number in numbers)])


def _page(address: str) -> str:
    with urllib.request.urlopen(address) as page:
        text: str = page.read().decode()
        return text
