"""`enneo-mind doctor`: which instance, which credential, and whether both work; never the credential itself."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, TypeAlias

import typer

from enneo_mind_client import EnneoMind
from enneo_mind_client.auth import expiry_of
from enneo_mind_client.cli.common import ERROR, Where, code_of, line_of, reporting
from enneo_mind_client.cli.dates import Dates
from enneo_mind_client.drivers import drive
from enneo_mind_client.errors import AuthenticationError, EnneoMindError, NotFoundError, ResponseError
from enneo_mind_client.secret import Secret
from enneo_mind_client.text import printable

Probe = Annotated[int, typer.Option("--ticket", min=1, help="The ticket to ask for; one that exists says most.")]
Finding: TypeAlias = tuple[int, str, str]
"""The exit code that it means, what was looked at, and what was found."""

_SOON = 24 * 3600.0


def doctor(ticket: Probe = 1, instance: Where = None) -> None:
    """Say which instance and credential are used, and whether they work.

    For instance:

        enneo-mind doctor

        enneo-mind doctor --instance demo --ticket 376189
    """
    worst = 0
    with reporting(), EnneoMind(instance, strict=True) as mind:
        for code, what, found in _findings(mind, ticket):
            typer.echo(f"{'FAIL' if code else 'ok  '}  {what:<11} {printable(found)}")
            worst = max(worst, code)
    raise typer.Exit(worst)


def _findings(mind: EnneoMind, ticket: int) -> Iterator[Finding]:
    yield 0, "instance", mind.base_url
    yield 0, "credential", f"from {mind.api.connections.shared.credential.source}"
    try:
        yield _expiry(mind)
    except EnneoMindError as error:
        yield code_of(error), "expires", line_of(error)
        return
    yield from _answer(mind, ticket)


class _Patience:
    """The time that finding a token may take."""

    def remaining(self) -> float:
        return 30.0


def _expiry(mind: EnneoMind) -> Finding:
    connections = mind.api.connections
    shared = connections.shared
    headers = drive(shared.credential.headers(_Patience()), connections.engine(), shared.clock)
    end = expiry_of(Secret(next(iter(headers.values())).removeprefix("Bearer ")))
    if end is None:
        return 0, "expires", "it does not say"
    left = end - time.time()
    when = Dates.of_reader().show(datetime.fromtimestamp(end, UTC))
    if left <= 0:
        return 4, "expires", f"it has, at {when}: log in again, or make a new API key in the Enneo profile page"
    return 0, "expires", f"at {when}, {'soon' if left < _SOON else f'in {left / 86400:.0f} days'}"


def _answer(mind: EnneoMind, ticket: int) -> Iterator[Finding]:
    began = time.monotonic()
    try:
        count = len(mind.conversations.list(ticket))
    except AuthenticationError as error:
        yield 0, "reachable", "yes"
        yield code_of(error), "accepted", line_of(error)
    except NotFoundError:
        yield 0, "reachable", f"yes, in {time.monotonic() - began:.2f} s"
        yield 0, "answers", f"there is no ticket {ticket}: name one with --ticket to have its answer checked"
    except ResponseError as error:
        yield 0, "reachable", "yes"
        yield ERROR, "answers", f"not as its document says: {line_of(error)}"
    except EnneoMindError as error:
        yield ERROR, "reachable", line_of(error)
    else:
        yield 0, "reachable", f"yes, in {time.monotonic() - began:.2f} s"
        yield 0, "answers", f"as its document says: ticket {ticket} has {count} conversations"
