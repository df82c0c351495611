"""Damage in what an export has finished: it is named when the export goes on, and nothing is touched."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from enneo_mind_client.errors import ExportError
from enneo_mind_client.export import checksums
from enneo_mind_client.export.columnar import SKIPPED, CompressedLines
from enneo_mind_client.models import Conversation

from ..bulk.fakes import FakeApi
from .exporting import FORMATS, Export, names, rows, thread

FILES = {form: f"conversations/part-000001.{form}" for form in FORMATS} | {"duckdb": "conversations.duckdb"}
PLACES = 40
TEXT = b'"Sehr geehrte Damen und Herren"'


def talkative(ticket: int) -> list[Conversation]:
    """Answer with a text of some length."""
    return [Conversation.from_dict({"id": ticket, "channelId": f"{TEXT.decode()} {ticket}" * 20})]


def refused(export: Export, to: Path, form: str, file: Path) -> None:
    """See that an export does not go on, asks for nothing, names a file and changes none."""
    before = {name: (to / name).read_bytes() for name in names(to)}
    api = FakeApi(thread)
    with pytest.raises(ExportError, match="damaged") as raised:
        export(range(1, 31), to, form, api=api)

    assert (raised.value.kind, raised.value.path, api.asked) == ("foreign", str(file), [])
    assert {name: (to / name).read_bytes() for name in names(to)} == before


@pytest.mark.parametrize("form", ["parquet", "jsonl.zst", "duckdb"])
def test_a_bit_that_is_another(once: Export, tmp_path: Path, form: str) -> None:
    """It is noticed wherever it is in the file: in values, in what tells of them, and in the checksum."""
    once(range(1, 21), tmp_path, form, talkative)
    file = tmp_path / FILES[form]
    whole = file.read_bytes()
    for place in [*range(0, len(whole), len(whole) // PLACES), len(whole) - 1]:
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        refused(once, tmp_path, form, file)
    file.write_bytes(whole)

    assert once(range(1, 21), tmp_path, form).fetched == 0


@pytest.mark.parametrize("form", ["parquet", "jsonl.zst", "duckdb"])
def test_a_middle_that_is_gone(export: Export, tmp_path: Path, form: str) -> None:
    """Beginning and end alone do not make a part whole."""
    export(range(1, 21), tmp_path, form, talkative)
    file = tmp_path / FILES[form]
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] + whole[len(whole) // 2 + 40 :])

    refused(export, tmp_path, form, file)


def test_a_line_that_is_broken(export: Export, tmp_path: Path) -> None:
    """Lines have no checksum, but each has to be JSON; one that is broken within is named."""
    export(range(1, 21), tmp_path, answer=talkative)
    file = tmp_path / FILES["jsonl"]
    file.write_bytes(file.read_bytes().replace(b'"channelId"', b'"channelId', 1))

    refused(export, tmp_path, "jsonl", file)


@pytest.mark.parametrize("form", ["jsonl", "jsonl.zst", "parquet"])
def test_the_others_are_asked_for_again(once: Export, tmp_path: Path, form: str) -> None:
    """Once what is damaged was moved away, the export goes on with all of its tickets."""
    once(range(1, 16), tmp_path, form)
    before = rows(tmp_path, form)
    (tmp_path / FILES[form]).unlink()
    result = once(range(1, 16), tmp_path, form)

    assert (sorted(rows(tmp_path, form)), result.fetched) == (before, 5)


def test_a_part_of_a_database_that_is_damaged(once: Export, tmp_path: Path) -> None:
    """What is not in the database yet is looked at before, and the database is left as it is."""
    once(range(1, 11), tmp_path, "duckdb", talkative)
    once(range(11, 21), tmp_path / "other", "parquet", talkative)
    parts = tmp_path / "conversations.duckdb.parts"
    (tmp_path / "other" / "conversations").rename(parts)
    whole = (parts / "part-000001.parquet").read_bytes()
    (parts / "part-000001.parquet").write_bytes(whole.replace(b"Sehr geehrte", b"Sehr_geehrte", 1))

    refused(once, tmp_path, "duckdb", parts / "part-000001.parquet")


def test_a_checksum_is_of_all_other_bytes(tmp_path: Path) -> None:
    """Where a file has several places the last one has it, however long the file is."""
    for size in (0, 1, 1 << 16, 3 << 20):
        (tmp_path / "x").write_bytes(checksums.EMPTY + bytes(size) + checksums.EMPTY + b"end")
        checksums.fill(tmp_path / "x")
        found = (tmp_path / "x").read_bytes()

        assert (found.startswith(checksums.EMPTY), checksums.EMPTY in found[1:]) == (True, False)
        assert checksums.holds(tmp_path / "x")
        (tmp_path / "x").write_bytes(b"C" + found[1:])
        assert not checksums.holds(tmp_path / "x")


@pytest.mark.parametrize("content", [b"", b"00000000", b"crc32:", b"something else"])
def test_no_checksum(tmp_path: Path, content: bytes) -> None:
    """What has none is not taken to be whole."""
    (tmp_path / "x").write_bytes(content)

    assert not checksums.holds(tmp_path / "x")


@pytest.mark.parametrize("content", [b'{"ticketId":1,"conversations":[]}\nhello', b"hello\n"])
def test_a_part_of_something_else(tmp_path: Path, content: bytes) -> None:
    """What is compressed and whole, but no line of an export, is named."""
    part = tmp_path / "part-000000.jsonl.zst"
    part.write_bytes(pa.compress(content, "zstd", asbytes=True) + SKIPPED)
    checksums.fill(part)

    with pytest.raises(ExportError, match="is no part of an export"):
        [*CompressedLines().ids(part)]


def test_a_part_that_is_not_compressed(tmp_path: Path) -> None:
    """Nor does a checksum make something else compressed."""
    part = tmp_path / "part-000000.jsonl.zst"
    part.write_bytes(b"something else" + SKIPPED)
    checksums.fill(part)

    with pytest.raises(ExportError, match="is no part of an export"):
        [*CompressedLines().ids(part)]


def test_readers_skip_the_checksum(once: Export, tmp_path: Path) -> None:
    """DuckDB and Polars read compressed lines as if it were not there."""
    import duckdb
    import polars

    once(range(1, 7), tmp_path, "jsonl.zst", part_size=10)
    part = tmp_path / "conversations" / "part-000000.jsonl.zst"
    found = duckdb.sql(f"SELECT ticketId FROM read_json('{part}') ORDER BY ALL").fetchall()

    assert found == [(ticket,) for ticket in range(1, 7)]
    assert polars.read_ndjson(part)["ticketId"].to_list() == [*range(1, 7)]


def test_a_parquet_part_of_somebody_else(once: Export, tmp_path: Path) -> None:
    """What is whole, but has no tickets in its footer, or is no Parquet, is no part."""
    once(range(1, 6), tmp_path, "parquet")
    part = tmp_path / "conversations" / "part-000000.parquet"
    with pq.ParquetWriter(part, pa.schema([("x", pa.int64())])) as writer:
        writer.add_key_value_metadata({"x": checksums.EMPTY.decode()})
    checksums.fill(part)
    refused(once, tmp_path, "parquet", part)
    part.write_bytes(checksums.EMPTY)
    checksums.fill(part)

    refused(once, tmp_path, "parquet", part)
