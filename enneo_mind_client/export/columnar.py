"""The parts that pyarrow writes: Parquet, and lines compressed with zstd."""

# pyarrow tells no types
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
import os
import struct
from collections.abc import Iterable, Iterator, Sequence
from io import BufferedReader
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, Final

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from enneo_mind_client.arrow import batches, conversation_schema
from enneo_mind_client.bulk import TicketConversations
from enneo_mind_client.export import checksums
from enneo_mind_client.export.disk import MODE, NO_PART, foreign
from enneo_mind_client.export.formats import ids_of
from enneo_mind_client.export.lines import ticket_of

ROWS: Final = 2048
"""Conversations that are made columns at once: as objects they take ten times the memory."""

GROUP: Final = 8
"""How many times as many conversations a row group has: some ten megabytes."""

TICKETS: Final = "enneo_mind.tickets"
"""The name of the tickets among the metadata of a Parquet part."""

CHECKSUM: Final = "enneo_mind.checksum"
"""The name of its checksum, which is the last of them."""

SKIPPED: Final = struct.pack("<II", 0x184D2A5C, len(checksums.EMPTY)) + checksums.EMPTY
"""The checksum of compressed lines: a frame that readers of zstd skip (RFC 8878, 3.1.2)."""

_CHUNK: Final = 1 << 20


class Parquet:
    """A row for each conversation; the tickets are in the footer, since one without conversations has no row."""

    extension = "parquet"

    def write(self, lines: Path, part: Path) -> Path:
        """Make a part of lines."""
        ids = list[int]()
        with lines.open("rb") as source, _new(part) as file, _writer(file) as writer:
            for group in _groups(batches(_noting(map(ticket_of, source), ids), rows=ROWS)):
                writer.write_table(group, len(group))
            writer.add_key_value_metadata({TICKETS: spans(ids)})
            writer.add_key_value_metadata({CHECKSUM: checksums.EMPTY.decode()})
        checksums.fill(part)
        return part

    def ids(self, part: Path) -> Iterator[int]:
        """Yield the tickets of a part."""
        _refuse_damage(part)
        try:
            kept: str = pq.read_metadata(part).metadata[TICKETS.encode()].decode()
        except (KeyError, TypeError, pa.ArrowInvalid) as error:
            raise foreign(part, NO_PART) from error
        for span in kept.split():
            first, _, last = span.partition("-")
            yield from range(int(first), int(last or first) + 1)


class CompressedLines:
    """The lines, compressed with zstd in one frame, and a checksum in another."""

    extension = "jsonl.zst"

    def write(self, lines: Path, part: Path) -> Path:
        """Make a part of lines."""
        with lines.open("rb") as source, _new(part) as file, pa.CompressedOutputStream(file, "zstd") as compressed:
            while chunk := source.read(_CHUNK):
                compressed.write(chunk)
        with part.open("ab") as file:
            file.write(SKIPPED)
        checksums.fill(part)
        return part

    def ids(self, part: Path) -> Iterator[int]:
        """Yield the tickets of a part."""
        _refuse_damage(part)
        try:
            with part.open("rb") as file, BufferedReader(pa.CompressedInputStream(file, "zstd"), _CHUNK) as lines:
                yield from ids_of(lines, part)
        except OSError as error:  # as of a decompressor that finds something else
            raise foreign(part, NO_PART) from error


def spans(ids: Sequence[int]) -> str:
    """Return ids as text, in their order, with an interval for each run: `1-402 404 406-1000`."""
    pairs = [*pairwise([-1, *ids, -1])]
    starts = [this for before, this in pairs if this != before + 1 and this > 0]
    stops = [this for this, after in pairs if after != this + 1 and this > 0]
    return " ".join(str(a) if a == b else f"{a}-{b}" for a, b in zip(starts, stops, strict=True))


def _refuse_damage(part: Path) -> None:
    if not checksums.holds(part):
        raise foreign(part, NO_PART)


def _noting(tickets: Iterable[TicketConversations], ids: list[int]) -> Iterator[TicketConversations]:
    for ticket in tickets:
        ids.append(ticket.ticket_id)
        yield ticket


def _groups(made: Iterator[Any]) -> Iterator[Any]:
    while group := [*islice(made, GROUP)]:
        yield pa.Table.from_batches(group)


def _new(path: Path) -> Any:
    return open(path, "wb", opener=lambda path, flags: os.open(path, flags, MODE))


def _writer(file: Any) -> Any:
    return pq.ParquetWriter(file, conversation_schema(), compression="zstd")
