"""Proposes entries for CHANGELOG.md from what changed in the document."""

import re
import textwrap
from collections.abc import Sequence

from tools.spec_diff import report
from tools.spec_diff.changes import Change
from tools.spec_diff.rules import Effect

SECTIONS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
_UNRELEASED = "## Unreleased\n"
_NOTHING = "The API's document changed in its texts only."


def proposed(changelog: str, changes: Sequence[Change]) -> str:
    """Return a changelog with an entry for each change under Unreleased, in its section."""
    if _UNRELEASED not in changelog:
        first = re.search(r"^## ", changelog, re.MULTILINE)
        at = first.start() if first else len(changelog)
        changelog = f"{changelog[:at].rstrip()}\n\n{_UNRELEASED}\n{changelog[at:]}"
    head, _, rest = changelog.partition(_UNRELEASED)
    older = re.search(r"^## ", rest, re.MULTILINE)
    unreleased, released = (rest[: older.start()], "\n" + rest[older.start() :]) if older else (rest, "")
    for section, entries in _entries(changes).items():
        unreleased = _added(unreleased, section, entries)
    return head + _UNRELEASED + unreleased + released


def _entries(changes: Sequence[Change]) -> dict[str, list[str]]:
    entries: dict[str, list[str]] = {}
    for change in changes:
        if change.effect is not Effect.COSMETIC:
            entries.setdefault(_section(change), []).append(_entry(change))
    return entries or {"Changed": [f"- {_NOTHING}"]}


def _section(change: Change) -> str:
    kind = change.kind
    if kind == "deprecated":
        return "Deprecated"
    if kind.endswith(("-added", "-added-required")) and not kind.startswith(("null", "enum-added")):
        return "Added"
    return "Removed" if kind.endswith("-removed") and not kind.startswith(("null", "enum-removed")) else "Changed"


def _entry(change: Change) -> str:
    breaking = "**Breaking:** " if change.effect is Effect.BREAKING else ""
    text = f"- {breaking}API: {report.inert(change.part)}: {report.inert(change.words)}."
    return textwrap.fill(text, 120, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _added(unreleased: str, section: str, entries: Sequence[str]) -> str:
    """Return what is unreleased with entries at the end of a section, which is made in its place if need be."""
    parts = re.split(r"^### (.+)\n", unreleased, flags=re.MULTILINE)
    held = {name.strip(): body.strip("\n") for name, body in zip(parts[1::2], parts[2::2], strict=True)}
    held[section] = "\n".join(filter(None, [held.get(section, ""), *entries]))
    ordered = sorted(held, key=lambda name: SECTIONS.index(name) if name in SECTIONS else len(SECTIONS))
    intro = f"\n{parts[0].strip()}\n" if parts[0].strip() else ""
    return intro + "".join(f"\n### {name}\n\n{held[name]}\n" for name in ordered)
