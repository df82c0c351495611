"""Parametrises a test by rows of the table and by clients: `F69-body-aiohttp`."""

from collections.abc import Iterable

import pytest

from .clients import CLIENTS
from .fault import Fault
from .table import rows


def each(*numbers: str, clients: Iterable[str] = CLIENTS) -> pytest.MarkDecorator:
    """Run a test for the rows of some numbers, through some clients."""
    return through(rows(*numbers), clients)


def through(faults: Iterable[Fault], clients: Iterable[str] = CLIENTS) -> pytest.MarkDecorator:
    """Run a test for some rows, through some clients."""
    chosen = tuple(clients)
    pairs = [pytest.param(fault, kind, id=f"{fault.id}-{kind}") for fault in faults for kind in chosen]
    return pytest.mark.parametrize(("fault", "kind"), pairs)
