"""The DuckDB file: made of all parts in one go and never changed; further parts make a new one of it."""

# pyarrow tells no types
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any, Final

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from enneo_mind_client.arrow import conversation_schema
from enneo_mind_client.export.disk import MODE, foreign
from enneo_mind_client.text import printable

SETTINGS: Final[dict[str, Any]] = {"memory_limit": "512MB", "threads": 1, "preserve_insertion_order": True}
"""Rows stay in the order of the tickets, and a database of any size is made in as much memory."""

_SAME_BYTES: Final[dict[str, Any]] = {
    "storage_compatibility_version": "v1.3.0",  # the last one whose files have no random identifier
    "block_allocator_memory": "512MB",  # blocks begin as zeros, and not as what was in memory before
    "force_compression": "zstd",  # the others leave of what was in memory in the gaps between columns
}
"""What makes two databases of the same rows the same bytes; and of half the size."""

_CHUNK: Final = 10_000


def merge(database: Path, parts: Sequence[Path], tickets: Iterable[int], new: Path) -> None:
    """Make a new database of the one that may be there and of parts, in their order.

    Its tables are `conversations`, with the rows of the parts, and `tickets`, with those that have none as well.

    Raises:
        OSError: It cannot be made.
    """
    for left in (new.with_name(f"{new.name}.wal"), new):
        left.unlink(missing_ok=True)
    rmtree(new.with_name(f"{new.name}.tmp"), ignore_errors=True)  # what a crash left of what DuckDB put aside
    added = pa.table({"ticket_id": pa.array(tickets, pa.int64())})
    old = [f"FROM old.{table}" for table in ("conversations", "tickets")] if database.exists() else []
    read = ["FROM read_parquet($parts, union_by_name = true)"] if parts else []
    with _as_os_error(), closing(duckdb.connect(new, config=SETTINGS | _SAME_BYTES)) as connection:
        connection.register("added", added).register("declared", conversation_schema().empty_table())
        if old:
            connection.execute(f"ATTACH {_quoted(database)} AS old (READ_ONLY)")
        rows = " UNION ALL BY NAME ".join(["FROM declared", *old[:1], *read])
        connection.execute(f"CREATE TABLE conversations AS {rows}", {"parts": [*map(_plain, parts)]} if read else None)
        connection.execute(f"CREATE TABLE tickets AS {' UNION ALL '.join([*old[1:], 'FROM added'])}")
    new.chmod(MODE)


def check(database: Path) -> None:
    """Read all of a database: DuckDB compares the checksum of a block when it reads the block.

    Raises:
        ExportError: It is not of an export, or is damaged.
    """
    with _reading(database) as connection:
        connection.execute("SELECT bit_xor(hash(conversations)) FROM conversations").fetchall()
        connection.execute("SELECT bit_xor(hash(tickets)) FROM tickets").fetchall()


def ids(database: Path, among: Iterable[int] | None = None) -> Iterator[int]:
    """Yield the tickets of a database, or only those of them that are among others.

    Raises:
        ExportError: It is not of an export.
    """
    asking = "SELECT ticket_id FROM tickets WHERE $among IS NULL OR list_contains($among, ticket_id)"
    with _reading(database) as connection:
        asked = connection.execute(asking, {"among": None if among is None else [*among]})
        while rows := asked.fetchmany(_CHUNK):
            yield from (ticket_id for (ticket_id,) in rows)


@contextmanager
def _reading(database: Path) -> Generator[duckdb.DuckDBPyConnection, None, None]:
    try:
        with closing(duckdb.connect(database, read_only=True, config=SETTINGS)) as connection:
            yield connection
    except duckdb.Error as error:
        raise foreign(database, "is no database of an export, is damaged or in use") from error


@contextmanager
def _as_os_error() -> Generator[None, None, None]:
    """Have what DuckDB cannot do raised as what the system raises, which is what it mostly comes from."""
    try:
        yield
    except duckdb.Error as error:
        raise OSError(printable(str(error))) from error


def _plain(path: Path) -> str:
    """Return a path of which DuckDB takes no character as a pattern of several."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
