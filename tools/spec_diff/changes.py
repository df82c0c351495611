"""One change between two documents, and a comparison's list of them."""

from collections.abc import Iterable

from attrs import evolve, frozen

from tools.spec_diff.rules import RULES, Effect


@frozen
class Change:
    """A change of one part, wherever it takes effect.

    Attributes:
        kind: Which of the rules it is.
        part: What changed: `Conversation.sender.name`, `query parameter limit`.
        words: How it changed.
        reader: What that does to a reader of responses.
        sender: What that does to a sender of requests.
        note: Why, where that is not plain.
        where: The operations that it takes effect in; none if it concerns the whole document.
    """

    kind: str
    part: str
    words: str
    reader: Effect
    sender: Effect
    note: str = ""
    where: tuple[str, ...] = ()

    @property
    def effect(self) -> Effect:
        """The worse of both."""
        return min(self.reader, self.sender, key=lambda effect: effect.rank)


@frozen
class View:
    """From where a part is looked at.

    Attributes:
        where: The operation, empty for the whole document.
        part: The part, in words.
        reads: Whether it is read from responses.
        sends: Whether it is sent in requests.
        may_be_null: Whether its type in Python has None in it whatever the document says, as a field's has.
    """

    where: str = ""
    part: str = "document"
    reads: bool = True
    sends: bool = True
    may_be_null: bool = False

    def at(self, part: str, *, may_be_null: bool | None = None) -> "View":
        """Look at another part."""
        return evolve(self, part=part, may_be_null=self.may_be_null if may_be_null is None else may_be_null)

    def change(self, kind: str, old: object = "", new: object = "") -> Change:
        """Return a change of the part."""
        rule = RULES[kind]
        return Change(
            kind,
            self.part,
            rule.words.format(old=old, new=new),
            rule.reader if self.reads else Effect.NONE,
            rule.sender if self.sends else Effect.NONE,
            rule.note,
            (self.where,) if self.where else (),
        )


def merged(changes: Iterable[Change]) -> list[Change]:
    """Return the changes in a stable order, the worst first, with one for what several operations have in common."""
    found: dict[tuple[str, ...], Change] = {}
    for change in changes:
        key = (change.part, change.kind, change.words)
        found[key] = _both(found[key], change) if key in found else change
    return sorted(found.values(), key=lambda change: (change.effect.rank, change.part, change.kind, change.words))


def _both(one: Change, other: Change) -> Change:
    return evolve(
        one,
        reader=min(one.reader, other.reader, key=lambda effect: effect.rank),
        sender=min(one.sender, other.sender, key=lambda effect: effect.rank),
        where=tuple(sorted({*one.where, *other.where})),
    )
