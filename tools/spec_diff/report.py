"""Writes a comparison down: as text, as Markdown for a pull request, as JSON for a program."""

import json
from collections.abc import Sequence
from itertools import groupby

from tools.spec_diff.changes import Change
from tools.spec_diff.rules import Effect

_SHOWN_PLACES = 3


def text(changes: Sequence[Change]) -> str:
    """Return a comparison for a terminal."""
    if not changes:
        return "The documents say the same."
    lines = [summary(changes)]
    for effect, group in groupby(changes, lambda change: change.effect):
        lines += ["", effect.value.upper()]
        for change in group:
            lines += [f"  {change.part}: {change.words}", f"    {_verdict(change)}{_places(change)}"]
            lines += [f"    ({change.note})"] if change.note else []
    return "\n".join(lines)


def markdown(changes: Sequence[Change]) -> str:
    """Return a comparison for a pull request."""
    if not changes:
        return "The documents say the same."
    lines = [summary(changes)]
    for effect, group in groupby(changes, lambda change: change.effect):
        lines += [
            "",
            f"### {effect.value.capitalize()}",
            "",
            "| what | how | reader | sender | where |",
            "|---|---|---|---|---|",
        ]
        for change in group:
            note = f" ({change.note})" if change.note else ""
            what, how, where = map(inert, (change.part, change.words + note, _named_places(change)))
            lines.append(f"| {what} | {how} | {change.reader.value} | {change.sender.value} | {where} |")
    return "\n".join(lines)


def as_json(changes: Sequence[Change]) -> str:
    """Return a comparison for a program."""
    listed = [
        {
            "effect": change.effect.value,
            "reader": change.reader.value,
            "sender": change.sender.value,
            "kind": change.kind,
            "part": change.part,
            "words": change.words,
            "note": change.note,
            "where": list(change.where),
        }
        for change in changes
    ]
    return json.dumps({"counts": _counts(changes), "changes": listed}, indent=2, ensure_ascii=False)


FORMATS = {"text": text, "markdown": markdown, "json": as_json}


def summary(changes: Sequence[Change]) -> str:
    """Return the numbers of changes of each effect, in one line."""
    return ", ".join(f"{count} {effect}" for effect, count in _counts(changes).items())


def _counts(changes: Sequence[Change]) -> dict[str, int]:
    effects = (Effect.BREAKING, Effect.ADDITIVE, Effect.COSMETIC)
    return {effect.value: sum(change.effect is effect for change in changes) for effect in effects}


def _verdict(change: Change) -> str:
    verdicts = (("readers", change.reader), ("senders", change.sender))
    return ", ".join(f"{effect.value} for {who}" for who, effect in verdicts if effect is not Effect.NONE)


def _places(change: Change) -> str:
    named = _named_places(change)
    return f", in {named}" if named and named not in change.part else ""


def _named_places(change: Change) -> str:
    more = len(change.where) - _SHOWN_PLACES
    return ", ".join(change.where[:_SHOWN_PLACES]) + (f" and {more} more" if more > 0 else "")


def inert(content: str) -> str:
    """Return text that can neither break a table nor become markup: a document is written by others."""
    for character in "\\`*_[]<>|":
        content = content.replace(character, f"\\{character}")
    return " ".join(content.split())
