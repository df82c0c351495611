"""Typed or nothing: of any response there is a model or an error of ours, and never anything else."""

import random
from collections import Counter

import pytest

from .mutations import mutant
from .reading import check, read

MUTANTS = 10_000
PARTS = 10


@pytest.mark.parametrize("part", range(PARTS))
def test_ten_thousand_responses(part: int) -> None:
    """Each of 10,000 mutated responses is read, or refused by one typed, printable, short error."""
    chance = random.Random(part)
    seen: Counter[str] = Counter()
    for number in range(MUTANTS // PARTS):
        response = mutant(chance)
        try:
            seen[check(read(response, strict=number % 4 == 0))] += 1
        except Exception as error:
            raise AssertionError(f"mutant {number} of seed {part}: {response}") from error

    assert seen["GetConversationsResponse200"] > 100, "the fuzzer leaves enough of them readable"
    assert {"ResponseError not_json", "ResponseError encoding", "ResponseError shape"} <= set(seen)
