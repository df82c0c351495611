"""Write docs/faults.md from the fault table, or check that it is up to date: `python -m tools.fault_docs [--check]`."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final, cast

from tests.faults.fault import Between, Expect, Fault
from tests.faults.table import TABLE

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "faults.md"
CHAPTERS: Final = {
    "A": "Connection",
    "B": "Protocol",
    "C": "Status",
    "D": "Body",
    "E": "Authentication",
    "F": "Time and clocks",
    "G": "Concurrency and cancellation",
    "J": "Drift of the document",
}
_DETAILS: Final = ("status_code", "kind", "phase", "path", "paths", "retry_after", "attempts", "stopped_by")
_ESCAPES: Final = {"|": "\\|", "\n": "\\n", "\r": "\\r", "<": "&lt;", "`": "'"}


def page() -> str:
    """Return the page."""
    return "\n".join([*_head(), *(line for letter in CHAPTERS for line in _chapter(letter))]) + "\n"


def _head() -> Iterable[str]:
    kinds = Counter(fault.kind for fault in TABLE)
    counted = ", ".join(f"{times} {kind}" for kind, times in kinds.most_common())
    yield "# Faults, and what the client makes of them"
    yield ""
    yield "Generated from the table in `tests/faults/` by `make docs-faults`; do not edit."
    yield ""
    yield f"{len(TABLE)} cases ({counted}), each through every client it concerns: the blocking one, and the"
    yield "asynchronous one over aiohttp and over httpx. A raw socket on loopback plays the server, byte by byte."
    yield "What follows, and how the stock generated client fares, is in [reliability](reliability.md)."


def _chapter(letter: str) -> Iterable[str]:
    yield from (
        "",
        f"## {letter}. {CHAPTERS[letter]}",
        "",
        "| case | what happens | what comes of it | why |",
        "|---|---|---|---|",
    )
    for fault in TABLE:
        if fault.group == letter:
            yield f"| {fault.id} | {_escaped(fault.stimulus)} | {_escaped(_outcome(fault))} | {_escaped(fault.note)} |"


def _outcome(fault: Fault) -> str:
    expect = fault.expect
    details = [f"{name} {_shown(expect.has[name])}" for name in _DETAILS if name in expect.has]
    details += [
        f"{_shown(getattr(expect, name))} {name}" for name in ("requests", "connections") if _given(expect, name)
    ]
    return ", ".join([_end(fault, expect), *details])


def _end(fault: Fault, expect: Expect) -> str:
    if expect.error is None:
        return "the value" if fault.kind == "pure" else "success"
    return expect.error if isinstance(expect.error, str) else " or ".join(sorted(expect.error))


def _given(expect: Expect, name: str) -> bool:
    return getattr(expect, name) is not None


def _shown(value: object) -> str:
    if isinstance(value, range):
        return f"{value.start} to {value.stop - 1}"
    if isinstance(value, Between):
        return f"{value.low:g} to {value.high:g}"
    if isinstance(value, frozenset | tuple):
        members = [str(member) for member in cast("Iterable[object]", value)]
        return ", ".join(members) if isinstance(value, tuple) else " or ".join(sorted(members))
    return str(value)


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(c, c if c.isprintable() else f"\\x{ord(c):02x}") for c in text)


def main() -> int:
    """Write the page, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is out of date")
    if not parser.parse_args().check:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    return int(PAGE.read_text(encoding="utf-8") != page())


if __name__ == "__main__":
    sys.exit(main())
