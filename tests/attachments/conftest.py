"""Fixtures of the download tests: servers, and one downloader for each engine."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, TypeAlias

import pytest

from ..faults.clients import CLIENTS, Client
from ..faults.conftest import _alone as _alone
from ..faults.conftest import certificates as certificates
from ..faults.conftest import scripted as scripted
from ..faults.conftest import trusting as trusting

MakeClient: TypeAlias = Callable[..., Client]


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> Iterator[MakeClient]:
    """Make clients of the kind of this run; all are closed at the end."""
    with ExitStack() as stack:

        def make(url: str, **options: Any) -> Client:
            return stack.enter_context(Client(request.param, url, **options))

        yield make
