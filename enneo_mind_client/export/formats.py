"""What a part is: the lines of some tickets in one form or another, which says what tickets are in it."""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, Protocol, TypeAlias, get_args

from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.export.disk import NO_PART, foreign
from enneo_mind_client.export.lines import id_of, is_json

FormatName: TypeAlias = Literal["parquet", "jsonl", "jsonl.zst", "duckdb"]


class Format(Protocol):
    """A form of the parts."""

    @property
    def extension(self) -> str:
        """The end of a part's name."""
        ...

    def write(self, lines: Path, part: Path) -> Path:
        """Make a part of lines, and return where it is.

        Raises:
            OSError: The disk refuses.
        """
        ...

    def ids(self, part: Path) -> Iterator[int]:
        """Yield the tickets of a part.

        Raises:
            ExportError: It is no part of an export.
        """
        ...


class JsonLines:
    """The lines themselves."""

    extension = "jsonl"

    def write(self, lines: Path, part: Path) -> Path:
        """Return the lines: they are the part."""
        return lines

    def ids(self, part: Path) -> Iterator[int]:
        """Yield the tickets of a part."""
        with part.open("rb") as file:
            yield from ids_of(map(_whole, file), part)


def _whole(line: bytes) -> bytes:
    """Return a line, or an empty one if it is no JSON: lines have no checksum."""
    return line if is_json(line) else b""


def ids_of(lines: Iterable[bytes], part: Path) -> Iterator[int]:
    """Yield the tickets of the lines of a part.

    Raises:
        ExportError: One of them is not of an export.
    """
    for line in lines:
        ticket_id = id_of(line)
        if ticket_id is None or not line.endswith(b"}\n"):
            raise foreign(part, NO_PART)
        yield ticket_id


def form_of(name: FormatName) -> Format:
    """Return the form of the parts for a format.

    Raises:
        ConfigurationError: There is no such format, or its extra is not installed.
    """
    if name == "jsonl":
        return JsonLines()
    if name not in get_args(FormatName):
        raise ConfigurationError(f"There is no format {name!r}: give one of {', '.join(get_args(FormatName))}.")
    _require(*(("duckdb", "duckdb", "pyarrow") if name == "duckdb" else ("export", "pyarrow")))
    from enneo_mind_client.export.columnar import CompressedLines, Parquet

    return CompressedLines() if name == "jsonl.zst" else Parquet()


def _require(extra: str, *modules: str) -> None:
    if any(find_spec(module) is None for module in modules):
        raise ConfigurationError(f"This needs an extra; install it with: pip install 'enneo-mind-client[{extra}]'")
