"""Fuzzes the client for as long as one likes: `python -m tests.properties.fuzz --seconds 600 --seed 1`.

Most mutants are read without a network; every twentieth round sends some over a socket, through each client in turn.
Prints the seed first, so that what it finds can be found again, and the counts at the end; exits with 1 for a find.
"""
# ruff: noqa: T201

import argparse
import itertools
import random
import sys
import time
from collections import Counter
from contextlib import closing

from tests.faults.clients import CLIENTS

from .mutations import mutant
from .reading import check, read
from .sending import Exchange

ROUND = 200
SENT = 50


def main() -> int:
    """Fuzz."""
    arguments = _arguments()
    print(f"seed {arguments.seed}, {arguments.seconds} s", flush=True)
    seen: Counter[str] = Counter()
    end = time.monotonic() + arguments.seconds
    for number in itertools.count():
        if time.monotonic() > end:
            break
        seed = f"{arguments.seed}-{number}"
        try:
            _round(seed, number, seen)
        except Exception as error:
            print(f"found in round {seed}: {type(error).__name__}: {error}", flush=True)
            seen["FOUND"] += 1
    print(f"{sum(seen.values())} responses")
    for kind, times in seen.most_common():
        print(f"{times:>9} {kind}")
    return 1 if seen["FOUND"] else 0


def _round(seed: str, number: int, seen: Counter[str]) -> None:
    chance = random.Random(seed)
    for which in range(ROUND):
        response = mutant(chance)
        try:
            seen[check(read(response, strict=which % 4 == 0))] += 1
        except Exception as error:
            raise AssertionError(f"mutant {which}: {response}: {error!r}") from error
    if number % 20 == 0:
        _send(CLIENTS[number // 20 % len(CLIENTS)], chance.randrange(2**32), seen)


def _send(kind: str, seed: int, seen: Counter[str]) -> None:
    with closing(Exchange(kind, seed)) as exchange:
        for _ in range(SENT):
            seen[f"over a socket, {kind}: {type(exchange.call()).__name__}"] += 1
        assert [conversation.ticket_id for conversation in exchange.good_call()] == [2]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.properties.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0, help="how long")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32), help="which mutants")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
