"""Exports of both clients from a local Mind, and what is needed for them."""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from enneo_mind_client import AsyncEnneoMind, EnneoMind
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.export import ExportResult, aexport, export
from enneo_mind_client.export.database import merge
from enneo_mind_client.testing import LocalMind

from .exporting import FORMATS, failed, rows

TOKEN = "fake-token-3f9a77"


@pytest.fixture(scope="module")
def mind() -> Iterator[LocalMind]:
    """Run a local Mind."""
    with LocalMind(token=TOKEN) as local:
        yield local


def blocking(local: LocalMind, *arguments: Any, **options: Any) -> ExportResult:
    """Export with the blocking client."""
    with EnneoMind(local.base_url, token=TOKEN) as client:
        return export(client, *arguments, **options)


def awaited(local: LocalMind, *arguments: Any, **options: Any) -> ExportResult:
    """Export with the asynchronous client."""

    async def main() -> ExportResult:
        async with AsyncEnneoMind(local.base_url, token=TOKEN) as client:
            return await aexport(client, *arguments, **options)

    return asyncio.run(main())


@pytest.mark.parametrize("form", FORMATS)
def test_both_clients_write_the_same(mind: LocalMind, tmp_path: Path, form: Any) -> None:
    """Rows are those that `list` tells; failed tickets are told with their txId, and no credential is anywhere."""
    ids = [3, 1404, 1, 2403, 7]
    ended = [write(mind, ids, tmp_path / write.__name__, format=form, part_size=2) for write in (blocking, awaited)]
    with EnneoMind(mind.base_url, token=TOKEN) as client:
        told = [(ticket, each.id) for ticket in (3, 1, 7) for each in client.conversations.list(ticket)]

    for result, name in zip(ended, ("blocking", "awaited"), strict=True):
        to = tmp_path / name
        assert (rows(to, form), failed(to), result.tickets) == (told, [1404, 2403], 3)
        said = [json.loads(line) for line in (to / "failures.jsonl").read_text().splitlines()]
        assert [each["error"] for each in said] == ["NotFoundError", "PermissionDeniedError"]
        assert all(each["txId"] for each in said)
        assert not any(TOKEN.encode() in file.read_bytes() for file in to.rglob("*") if file.is_file())


def test_parquet_is_byte_for_byte_the_same(mind: LocalMind, tmp_path: Path) -> None:
    """Whichever client writes it, whenever."""
    for write in (blocking, awaited):
        write(mind, range(1, 30), tmp_path / write.__name__, part_size=10)
    parts = [sorted((tmp_path / name / "conversations").iterdir()) for name in ("blocking", "awaited")]

    assert [part.read_bytes() for part in parts[0]] == [part.read_bytes() for part in parts[1]]


def test_raw_data_is_asked_for(mind: LocalMind, tmp_path: Path) -> None:
    """The option goes to the server."""
    sizes = list[int]()
    for raw in (False, True):
        result = blocking(mind, [1], tmp_path / str(raw), format="jsonl", include_raw_data=raw)
        sizes.append((result.path / "part-000000.jsonl").stat().st_size)

    assert sizes[1] > sizes[0]


@pytest.mark.parametrize(
    ("form", "absent", "extra"),
    [("parquet", "pyarrow", "export"), ("jsonl.zst", "pyarrow", "export"), ("duckdb", "duckdb", "duckdb")],
)
def test_a_missing_extra_is_named(
    mind: LocalMind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Any, absent: str, extra: str
) -> None:
    """One line says what to install; nothing is asked or written."""
    monkeypatch.setitem(sys.modules, absent, None)
    with pytest.raises(ConfigurationError, match=rf"pip install 'enneo-mind-client\[{extra}\]'"):
        blocking(mind, [1], tmp_path / "x", format=form)

    assert not (tmp_path / "x").exists()


def test_json_lines_need_no_extra(mind: LocalMind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are written without pyarrow."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    assert blocking(mind, [1], tmp_path, format="jsonl").tickets == 1


def test_a_database_of_failures_only(mind: LocalMind, tmp_path: Path) -> None:
    """It has its tables, without rows."""
    blocking(mind, [404], tmp_path, format="duckdb")
    with closing(duckdb.connect(tmp_path / "conversations.duckdb", read_only=True)) as database:
        found = database.sql("SELECT count(*), count(created_at) FROM conversations").fetchall()

    assert found == [(0, 0)]


def test_a_database_keeps_tickets_without_conversations(mind: LocalMind, tmp_path: Path) -> None:
    """Table `tickets` has every ticket of every run, in order; moments are moments, and names may hold a quote."""
    to = tmp_path / "O'Neill"
    blocking(mind, [3, 1], to, format="duckdb")
    blocking(mind, [2], to, format="duckdb")
    with closing(duckdb.connect(to / "conversations.duckdb", read_only=True)) as database:
        assert database.sql("SELECT ticket_id FROM tickets").fetchall() == [(3,), (1,), (2,)]
        types = dict(database.sql("SELECT column_name, column_type FROM (DESCRIBE conversations)").fetchall())

    assert types["created_at"] == "TIMESTAMP WITH TIME ZONE"
    assert types["attachments"].startswith("STRUCT(id BIGINT")


def test_parts_that_are_in_the_database_are_dropped(mind: LocalMind, tmp_path: Path) -> None:
    """A crash after the database got its name, and before they were removed, doubles nothing."""
    blocking(mind, [1, 2, 3], tmp_path / "parquet", part_size=2)
    blocking(mind, [1, 2, 3], tmp_path / "duckdb", part_size=2, format="duckdb")
    (tmp_path / "parquet" / "conversations").rename(tmp_path / "duckdb" / "conversations.duckdb.parts")
    result = blocking(mind, [1, 2, 3, 5], tmp_path / "duckdb", format="duckdb")

    assert (result.tickets, result.fetched) == (4, 1)
    assert [*dict.fromkeys(ticket for ticket, _ in rows(tmp_path / "duckdb", "duckdb"))] == [1, 2, 3, 5]


def test_what_the_database_cannot_do_is_an_error_of_the_disk(tmp_path: Path) -> None:
    """DuckDB's words are kept."""
    with pytest.raises(OSError, match="no-such-part"):
        merge(tmp_path / "old", [tmp_path / "no-such-part.parquet"], [], tmp_path / "new")
