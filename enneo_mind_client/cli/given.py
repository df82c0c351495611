"""The ticket numbers that a command is given: as arguments, ranges, in a file, or by another command through a pipe."""

import asyncio
import os
import stat
import sys
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TextIO, TypeAlias

from attrs import frozen

from enneo_mind_client.cli import stop
from enneo_mind_client.ids import Ids

Named: TypeAlias = Sequence[str | range]
"""Numbers, and ranges of them."""

_CHUNK = 1 << 16
_SEPARATORS = str.maketrans(",;\ufeff", "   ")  # the last is the byte order mark that some programs begin a file with


@frozen
class Listed:
    """Numbers of which it is known how many there are; those of a file are read as they are needed.

    Attributes:
        named: Numbers and ranges.
        source: A file with more of them.
    """

    named: Named
    source: Path | None

    def __iter__(self) -> Iterator[int | str]:
        yield from _flat(self.named)
        if self.source is not None:
            with self.source.open(encoding="utf-8", errors="replace") as file:
                yield from numbers_in(file)

    def __len__(self) -> int:
        return sum(1 if isinstance(value, str) else len(value) for value in self.named) + self._in_file()

    def _in_file(self) -> int:
        return 0 if self.source is None else sum(1 for _ in Listed((), self.source))


def given(named: Named, source: Path | None) -> Ids:
    """Return the numbers that are named, and those of a file; of standard input, if it is called `-`."""
    if source is None or source.is_file():
        return Listed(named, source)
    file = _stdin() if str(source) == "-" else source.open()
    return _piped(named, file) if _is_pipe(file) else chain(_flat(named), numbers_in(file))


def numbers_in(lines: Iterable[str]) -> Iterator[str]:
    """Yield what is separated by blanks, commas or line ends; what follows a # is a remark."""
    for line in lines:
        yield from line.partition("#")[0].translate(_SEPARATORS).split()


def _stdin() -> TextIO:
    return sys.stdin or stop("there is no standard input to read numbers from: it is closed")


def _flat(named: Named) -> Iterator[int | str]:
    for value in named:
        yield from (value,) if isinstance(value, str) else value


def _is_pipe(file: TextIO) -> bool:
    return os.name == "posix" and stat.S_ISFIFO(os.fstat(file.fileno()).st_mode)


async def _piped(named: Named, file: TextIO) -> AsyncGenerator[int | str, None]:
    """Yield numbers as another command writes them: while it thinks, requests go on."""
    for value in _flat(named):
        yield value
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), file)
    rest = b""
    try:
        while chunk := await reader.read(_CHUNK):
            *lines, rest = (rest + chunk).split(b"\n")
            for number in numbers_in(line.decode(errors="replace") for line in lines):
                yield number
        for number in numbers_in([rest.decode(errors="replace")]):
            yield number
    finally:
        transport.close()
