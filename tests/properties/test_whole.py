"""Typed or nothing, through the whole client: over a socket, with wrong frames and kept connections."""

from collections import Counter
from contextlib import closing

import pytest

from tests.faults.clients import CLIENTS

from .sending import Exchange

CALLS = 250


@pytest.mark.parametrize("kind", CLIENTS)
@pytest.mark.parametrize("seed", range(2))
def test_mutated_responses_over_a_socket(seed: int, kind: str) -> None:
    """Of hundreds of broken answers each is a list or an error of ours, and the client still works after them."""
    seen: Counter[str] = Counter()
    with closing(Exchange(kind, seed)) as exchange:
        for _ in range(CALLS):
            seen[type(exchange.call()).__name__] += 1
        last = exchange.good_call()

    assert [conversation.ticket_id for conversation in last] == [2]
    assert seen["list"] > CALLS / 10
    assert seen["ResponseError"] > CALLS / 10
