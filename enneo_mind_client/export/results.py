"""What is told of an export: while it runs, and at its end."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from attrs import frozen


@frozen
class Progress:
    """How far an export is.

    Attributes:
        position: Ids that are dealt with, in whichever way.
        total: All ids, None where what they come from does not say how many there are.
        fetched: Tickets that were fetched by this run.
        failed: Tickets that could not be had by this run.
        skipped: Ids that were there already, or were given before.
        elapsed: Seconds since the first ticket was asked for.
    """

    position: int
    total: int | None
    fetched: int
    failed: int
    skipped: int
    elapsed: float

    @property
    def rate(self) -> float:
        """Tickets a second, failed ones included."""
        return (self.fetched + self.failed) / self.elapsed if self.elapsed > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds that are left at this rate, None where nobody can know."""
        return None if self.total is None or not self.rate else max(0, self.total - self.position) / self.rate


@frozen
class ExportResult:
    """What an export ended with.

    Attributes:
        path: The folder with the parts, or the DuckDB file.
        tickets: Tickets that are in it.
        failures: Tickets that are in `failures.jsonl`.
        fetched: Tickets that were added by this run.
        skipped: Ids that were there already, or were given before.
        invalid: How many values were no ticket ids.
        invalid_ids: The first hundred of them, as errors say them.
    """

    path: Path
    tickets: int
    failures: int
    fetched: int
    skipped: int
    invalid: int
    invalid_ids: tuple[str, ...]


ProgressHook: TypeAlias = Callable[[Progress], object]
