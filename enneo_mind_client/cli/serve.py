"""`enneo-mind serve`: a local Mind, until Ctrl-C."""

import re
import shlex
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from enneo_mind_client.cli import require, stop

if TYPE_CHECKING:
    from enneo_mind_client.testing import LocalMind, Quirks

TOKEN = "local-mind-token"  # noqa: S105 - no secret: it opens made-up tickets

_TOKEN = re.compile("[!-~]+")


class QuirkSet(StrEnum):
    """How true to the real wire the answers are."""

    none = "none"
    real = "real"
    all = "all"


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8005,
    host: Annotated[str, typer.Option(help="The address; loopback only.")] = "127.0.0.1",
    token: Annotated[str, typer.Option(help="The bearer token to accept.")] = TOKEN,
    seed: Annotated[int, typer.Option(help="Another seed, other tickets.")] = 1,
    quirks: Annotated[QuirkSet, typer.Option(help="Which habits of the real wire to show.")] = QuirkSet.real,
    quirk: Annotated[
        list[str], typer.Option(metavar="NAME", help="Show this habit too; may be repeated. A wrong name lists all.")
    ] = [],  # noqa: B006 - read only
    no_quirk: Annotated[list[str], typer.Option(metavar="NAME", help="Leave this habit out; may be repeated.")] = [],  # noqa: B006
    latency: Annotated[float, typer.Option(min=0, help="Seconds before each answer.")] = 0.0,
    rate_limit: Annotated[
        float, typer.Option(min=0, help="Requests a second before it answers 429; 0 is no limit.")
    ] = 0.0,
) -> None:
    """Stand in for an Enneo Mind instance on this machine, until Ctrl-C."""
    require("testing", "starlette", "uvicorn")
    from enneo_mind_client.testing import LocalMind
    from enneo_mind_client.testing.mind import is_loopback

    if not is_loopback(host):
        stop(f"a local Mind listens on loopback only, not on {host}", 2)
    if not _TOKEN.fullmatch(token):
        stop("a token is made of ASCII letters, digits and signs, without blanks: no client could send this one", 2)
    mind = LocalMind(
        host=host,
        port=port,
        token=token,
        seed=seed,
        quirks=_quirks(quirks, quirk, no_quirk),
        latency=latency,
        rate_limit=rate_limit or None,
    )
    try:
        stand_in(mind)
    except OSError as error:
        stop(f"cannot listen on {host}:{port}: {error.strerror}")


def _quirks(chosen: QuirkSet, on: Sequence[str], off: Sequence[str]) -> "Quirks":
    from enneo_mind_client.testing import Quirks
    from enneo_mind_client.testing.quirks import QUIRKS

    for name in (*on, *off):
        if name not in QUIRKS:
            stop(f"there is no quirk {name!r}: they are {', '.join(QUIRKS)}", 2)
        if name in on and name in off:
            stop(f"the quirk {name!r} cannot be both on and off", 2)
    base = {QuirkSet.none: Quirks.none, QuirkSet.real: Quirks, QuirkSet.all: Quirks.all}[chosen]()
    return replace(base, **dict.fromkeys(on, True), **dict.fromkeys(off, False))


def stand_in(mind: "LocalMind", rest: Callable[[float], None] = time.sleep) -> None:
    """Run a local Mind until Ctrl-C."""
    with suppress(KeyboardInterrupt), mind:
        typer.echo(_greeting(mind))
        while True:  # resting, and not waiting for the thread: only this ends at Ctrl-C on every system
            rest(3600)


def _greeting(mind: "LocalMind") -> str:
    return "\n".join(
        (
            "A local Mind: a stand-in for an Enneo Mind instance. Every ticket is made up.",
            f"It answers at {mind.base_url} until Ctrl-C. Point the client at it with:",
            "",
            f"  export ENNEO_INSTANCE={mind.base_url} ENNEO_TOKEN={shlex.quote(mind.token)}",
            "",
            f"Try {mind.base_url}/ticket/376189/conversation; what it is and does: {mind.origin}/",
        )
    )
