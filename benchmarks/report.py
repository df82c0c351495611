"""Writes what was measured into docs/performance.md, between its marks, with the plots and the data they are made of.

python -m benchmarks.report      after benchmarks.calls, .decode, .cold and .million, in the benchmarks' environment
"""

import json
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks import plots
from benchmarks.calls import ratio, spread, table
from benchmarks.environment import BUILD, ROOT

DOCS: Final = ROOT / "docs"
DATA: Final = DOCS / "performance"
PAGE: Final = DOCS / "performance.md"
_NAMES: Final = ("calls", "decode", "cold", "million")
_VERSIONS: Final = ("aiohttp", "httpx", "httpx-aiohttp", "orjson", "pydantic", "msgspec", "attrs")
_PEERS: Final = {"stock": "stock", "openapi_generator": "openapi-generator", "limit": "raw aiohttp + orjson"}


def machine() -> str:
    """Say what it was measured with."""
    info = Path("/proc/cpuinfo")
    models = [line.partition(": ")[2] for line in info.read_text().splitlines() if line.startswith("model name")]
    cpu = f"{len(models)} x {models[0]}" if models else platform.processor()
    packages = ", ".join(f"{name} {version(name)}" for name in _VERSIONS)
    when = datetime.now(UTC).date().isoformat()
    return f"Measured {when} on {cpu}, {platform.system()}, Python {platform.python_version()}; {packages}."


def calls(records: Any) -> str:
    """Return the ratios and the tables of typed calls."""
    concurrencies = sorted({record["concurrency"] for record in records})
    sizes = list(dict.fromkeys(record["size"] for record in records))
    lines = [f"| CPU, ours / | {' | '.join(f'{number} at a time' for number in concurrencies)} |"]
    lines.append("|---|" + "--:|" * len(concurrencies))
    for peer, name in _PEERS.items():
        if any(record["peer"] == peer for record in records):
            cells = [spread(ratio(records, "ours", peer, size="usual", concurrency=number)) for number in concurrencies]
            lines.append(f"| {name} | {' | '.join(cells)} |")
    tables = [f"**{size}, {n} at a time**\n\n{table(records, size, n)}" for size in sizes for n in concurrencies]
    shown = "\n\n".join(tables)
    return "\n".join(lines) + f"\n\n### All figures\n\n{shown}"


def decode(result: Any) -> str:
    """Return the table of readers."""
    base, lines = result["times"]["orjson.loads"], ["| decoder | us | x `orjson.loads` |", "|---|--:|--:|"]
    for name, taken in sorted(result["times"].items(), key=lambda pair: median(pair[1])):
        times = median(one / other for one, other in zip(taken, base, strict=True))
        lines.append(f"| {name} | {median(taken):,.0f} | {times:.2f} |")
    return "\n".join(lines)


def cold(rounds: Any) -> str:
    """Return the table of starts."""
    lines = ["| a fresh process | ms of CPU |", "|---|--:|"]
    return "\n".join(lines + [f"| {name} | {median(taken[name] for taken in rounds):,.0f} |" for name in rounds[0]])


def million(curve: Any) -> str:
    """Return the curve as a table."""
    lines = ["| tickets | a second | CPU us | memory MB | tasks | file descriptors |", "|--:|--:|--:|--:|--:|--:|"]
    names = ("tickets", "per_s", "cpu_us", "rss_mb", "tasks", "fds")
    rows = [" | ".join(f"{point[name]:,.0f}" for name in names) for point in curve]
    return "\n".join(lines + [f"| {row} |" for row in rows])


_WRITERS: Final[dict[str, Callable[[Any], str]]] = {
    "calls": calls,
    "decode": decode,
    "cold": cold,
    "million": million,
}


def main() -> None:
    """Rewrite the page's figures; one that was not measured again stays."""
    DATA.mkdir(parents=True, exist_ok=True)
    text = _between(PAGE.read_text(), "machine", machine())
    for name in _NAMES:
        source = BUILD / f"{name}.json"
        if source.exists():
            result = json.loads(source.read_text())
            (DATA / f"{name}.json").write_text(source.read_text())
            plots.draw(name, result, DATA / f"{name}.svg")
            text = _between(text, name, _WRITERS[name](result))
    PAGE.write_text(text)


def _between(text: str, name: str, new: str) -> str:
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    head, _, rest = text.partition(start)
    return f"{head}{start}\n{new}\n{end}{rest.partition(end)[2]}"


if __name__ == "__main__":
    main()
