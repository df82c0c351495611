"""Measures the start: what importing costs, and the first ticket of a new process, each in fresh processes.

python -m benchmarks.cold
"""

# ruff: noqa: S603, T201
import json
import resource
import subprocess
from statistics import median
from typing import Final

from benchmarks.calls import server
from benchmarks.environment import BUILD, PYTHON, ROOT, prepare

ROUNDS: Final = 15
RESULT: Final = BUILD / "cold.json"

_FIRST: Final = """
import asyncio, sys
from benchmarks.peers import ASYNC
async def main():
    async with ASYNC[sys.argv[1]](sys.argv[2]) as call:
        await call(1)
asyncio.run(main())
"""
_FIRST_BLOCKING: Final = """
import sys
from benchmarks.peers import SYNC
with SYNC[sys.argv[1]](sys.argv[2]) as call:
    call(1)
"""


def starts(base: str) -> dict[str, list[str]]:
    """Return the programs that are run, by name."""
    blocking = {f"ticket: {peer}": ["-c", _FIRST_BLOCKING, peer, base] for peer in ("ours_sync", "httpx_sync")}
    peers = ("ours", "openapi_generator", "stock")
    return {
        "python": ["-c", "pass"],
        "import enneo_mind_client": ["-c", "import enneo_mind_client"],
        "import httpx": ["-c", "import httpx"],
        "import aiohttp": ["-c", "import aiohttp"],
        **{f"ticket: {peer}": ["-c", _FIRST, peer, base] for peer in peers},
        **blocking,
    }


def cpu(arguments: list[str]) -> float:
    """Return the milliseconds of CPU that a Python process took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(PYTHON), *arguments], cwd=ROOT, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def main() -> None:
    """Print the times and keep them."""
    prepare()
    with server() as origin:
        programs = starts(f"{origin}/usual")
        rounds = [{name: cpu(program) for name, program in programs.items()} for _ in range(ROUNDS)]
    RESULT.write_text(json.dumps(rounds))
    for name in programs:
        print(f"{median(taken[name] for taken in rounds):6.0f} ms  {name}")
    bare = "python"
    ratios = [
        (taken["import enneo_mind_client"] - taken[bare]) / (taken["import httpx"] - taken[bare]) for taken in rounds
    ]
    print(f"import enneo_mind_client / import httpx: {median(ratios):.2f}")


if __name__ == "__main__":
    main()
