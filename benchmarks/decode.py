"""Measures reading a body of 64 kB into models: ours, and what else there is. Runs in the benchmarks' environment.

python -m benchmarks.decode
"""

# ruff: noqa: T201
import gc
import importlib
import json
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any, Final

import msgspec
import orjson

from benchmarks.cores import pin
from benchmarks.environment import BUILD, PEERS
from benchmarks.equivalents import msgspec_struct, pydantic_model
from benchmarks.tickets import bodies
from enneo_mind_client.models import GetConversationsResponse200

ROUNDS: Final = 150
RUNS: Final = 5
RESULT: Final = BUILD / "decode.json"


def readers(raw: bytes) -> dict[str, Callable[[], Any]]:
    """Return what reads the body, by name."""
    sys.path.insert(0, str(PEERS))
    stock = importlib.import_module("stock_client.models").GetConversationsResponse200
    decode = msgspec.json.Decoder(msgspec_struct()).decode
    validate = pydantic_model().model_validate_json
    return {
        "orjson.loads": lambda: orjson.loads(raw),
        "json.loads": lambda: json.loads(raw),
        "msgspec": lambda: decode(raw),
        "ours": lambda: GetConversationsResponse200.from_dict(orjson.loads(raw)),
        "pydantic": lambda: validate(raw),
        "stock": lambda: stock.from_dict(json.loads(raw)),
    }


def measure(calls: dict[str, Callable[[], Any]]) -> dict[str, list[float]]:
    """Return the microseconds of each round; they take turns, so that a slow moment is not one's alone."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, call in calls.items():
            began = perf_counter()
            for _ in range(RUNS):
                call()
            times[name].append((perf_counter() - began) / RUNS * 1e6)
    return times


def main() -> None:
    """Print the times and keep them."""
    pin(0)
    raw = bodies()["decode"]
    calls = readers(raw)
    assert calls["ours"]().conversations[0].created_at == calls["pydantic"]().conversations[0].createdAt  # noqa: S101
    gc.disable()
    times = measure(calls)
    RESULT.write_text(json.dumps({"bytes": len(raw), "times": times}))
    print(f"{len(raw)} bytes")
    for name, taken in sorted(times.items(), key=lambda pair: median(pair[1])):
        ratio = median(one / base for one, base in zip(taken, times["orjson.loads"], strict=True))
        print(f"{median(taken):8.0f} us (best {min(taken):6.0f})  {ratio:5.2f} x orjson.loads  {name}")


if __name__ == "__main__":
    main()
