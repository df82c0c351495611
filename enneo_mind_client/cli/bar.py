"""The bar of an export: how far it is, how fast, how many failed, and the time that is left."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from enneo_mind_client.export import Progress as Far


@contextmanager
def bar(file: TextIO | None = None) -> Generator[Callable[[Far], None] | None, None, None]:
    """Show a bar on standard error, or another file, if that is a terminal, and yield what moves it."""
    shown_on = file or sys.stderr
    if not shown_on.isatty():
        yield None
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[said]}", markup=False))
    with Progress(*columns, console=Console(file=shown_on)) as progress:
        task = progress.add_task("", total=None, said="")

        def move(far: Far) -> None:
            progress.update(task, completed=far.position, total=far.total, said=said(far))

        yield move


def said(far: Far) -> str:
    """Return what is said beside the bar."""
    left = "" if far.left is None else f", {timedelta(seconds=round(far.left))} left"
    return f"{far.rate:.0f}/s, {far.failed} failed{left}"
