"""A stream that is left early gives back what it holds."""

import asyncio
from typing import Any

from . import answers
from .clients import make
from .conftest import Scripted
from .driving import each
from .fault import Fault
from .outcome import check, check_traffic
from .playing import API, outcome_of
from .verbs import Close, KeepAlive, Send, Stall


@each("F76")
def test_a_stream_left_early(fault: Fault, kind: str, scripted: Scripted) -> None:
    """After a break the client answers the next call, and closes all its connections at its end."""
    server, other = scripted((Stall(0.005), Send(answers.json_ok()), KeepAlive())), scripted(Close())
    mind: Any = make(kind, f"http://{server.address}{API}", max_connections=2)
    ids, leave_after = range(1, fault.input["tickets"] + 1), fault.input["leave_after"]
    outcome = outcome_of(lambda: _left(mind, ids, leave_after))

    check(fault.expect, outcome)
    check_traffic(fault.expect, server, other)
    assert len(server.seen.requests) < fault.input["tickets"]


def _left(mind: Any, ids: range, leave_after: int) -> object:
    if hasattr(mind, "aclose"):
        return asyncio.run(_aleft(mind, ids, leave_after))
    with mind:
        stream = mind.conversations.stream(ids)
        for number, _ in enumerate(stream, 1):
            if number == leave_after:
                break
        stream.close()
        return mind.conversations.list(1)


async def _aleft(mind: Any, ids: range, leave_after: int) -> object:
    async with mind:
        number, stream = 0, mind.conversations.stream(ids)
        async for _ in stream:
            number += 1
            if number == leave_after:
                break
        await stream.aclose()
        return await mind.conversations.list(1)
