"""Counts what many answers are found to be, by each document, and makes one report of it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

from attrs import define, field
from jsonschema.exceptions import SchemaError, UnknownType  # type: ignore[import-untyped]
from referencing.exceptions import Unresolvable

from enneo_mind_client.contract.bodies import Body
from enneo_mind_client.contract.documents import Document, Documents
from enneo_mind_client.contract.findings import (
    SEVERITIES,
    Checked,
    DateForm,
    Deviation,
    Finding,
    Severity,
    Skipped,
    Unanswered,
)
from enneo_mind_client.contract.judging import Exchange, has_body, judge
from enneo_mind_client.contract.report import Report
from enneo_mind_client.errors import ConfigurationError

_Where: TypeAlias = tuple[str, str]
"""An operation and a path in its answers."""

_BOTH: Final = "both"

_UNFIT: Final = (
    SchemaError,
    UnknownType,
    Unresolvable,
    RecursionError,
    AttributeError,
    TypeError,
    ValueError,
    re.error,
)
"""What comes of a document whose schemas are none, or of an answer that is nested too deeply for them."""


@define
class _Seen:
    """One kind of deviation: the first of them, and how many there are by each document."""

    first: Deviation
    counts: Counter[str] = field(factory=Counter[str])


@define
class Tally:
    """What was found so far.

    Attributes:
        documents: What is held against.
    """

    documents: Documents
    _statuses: dict[str, Counter[int]] = field(factory=dict[str, Counter[int]])
    _succeeded: set[str] = field(factory=set[str])
    _seen: dict[tuple[Any, ...], _Seen] = field(factory=dict[tuple[Any, ...], _Seen])
    _dates: dict[tuple[str, str, str], tuple[str, Counter[str]]] = field(factory=dict[Any, Any])
    _fields: dict[_Where, Counter[bool]] = field(factory=dict[Any, Any])

    def add(self, exchange: Exchange) -> None:
        """Judge an answer by each document.

        Raises:
            ConfigurationError: A document refers to what it does not have, or is wrong in another way.
        """
        name = self.documents.main.endpoints[exchange.method, exchange.path].name
        self._statuses.setdefault(name, Counter())[exchange.status] += 1
        for document in reversed(self.documents.all):  # the main one first: its word on how grave a deviation is counts
            found = self._judge(name, document, exchange)
            if document is self.documents.main and _is_success(exchange, document, found):
                self._succeeded.add(name)

    def _judge(self, operation: str, document: Document, exchange: Exchange) -> list[Deviation]:
        endpoint, body = document.endpoints.get((exchange.method, exchange.path)), Body(document)
        if endpoint is None:  # an overlay added the operation
            return []
        try:
            found = list(judge(exchange, endpoint, document, body))
        except _UNFIT as error:  # without its text, which shows the answer
            what = f"The {document.name} document cannot be applied to an answer of {operation}"
            raise ConfigurationError(f"{what}: {_reason(error)}.") from None
        for each in found:
            key = (operation, each.kind, each.path, each.value)
            self._seen.setdefault(key, _Seen(each)).counts[document.name] += 1
        for date in body.dates:
            _, counts = self._dates.setdefault((operation, date.path, date.form), (date.example, Counter()))
            counts[document.name] += 1
        if document is self.documents.main:  # the corrections say which fields are left out for a reason
            for presence in body.presences:
                self._fields.setdefault((operation, presence.path), Counter())[presence.is_there] += 1
        return found

    def report(
        self, *, skipped: Iterable[Skipped] = (), unanswered: Iterable[Unanswered] = (), ignored: int = 0
    ) -> Report:
        """Return what was found."""
        seen = {**self._seen, **dict(self._absent())}
        findings = [self._finding(operation, each) for (operation, *_), each in seen.items()]
        return Report(
            documents=tuple(document.name for document in self.documents.all),
            checked=tuple(
                Checked(name, dict(sorted(counts.items())), name in self._succeeded)
                for name, counts in self._statuses.items()
            ),
            findings=tuple(sorted(findings, key=_order)),
            dates=tuple(
                DateForm(*key, max(counts.values()), example) for key, (example, counts) in sorted(self._dates.items())
            ),
            skipped=tuple(skipped),
            unanswered=tuple(unanswered),
            ignored=ignored,
        )

    def _absent(self) -> Iterator[tuple[tuple[Any, ...], _Seen]]:
        for (operation, path), counts in self._fields.items():
            if times := counts[False]:
                severity: Severity = "note" if counts[True] else "warning"
                detail = f"declared and not required; absent in {times} of {counts.total()}"
                found = Deviation("missing_field", path, severity, "optional", detail)
                yield (operation, found.kind, path), _Seen(found, Counter({self.documents.main.name: times}))

    def _finding(self, operation: str, seen: _Seen) -> Finding:
        first, names = seen.first, [document.name for document in self.documents.all]
        document = _BOTH if len(seen.counts) == len(names) > 1 else next(iter(seen.counts))
        # What only the published document has wrong is what the corrections are for.
        severity = "note" if document == "published" else first.severity
        return Finding(
            first.kind,
            severity,
            operation,
            first.path,
            document,
            max(seen.counts.values()),
            first.value,
            first.detail,
            first.example,
        )


def _is_success(exchange: Exchange, document: Document, found: Iterable[Deviation]) -> bool:
    """Return whether an answer has the operation's real content: a success whose body came and could be read."""
    unread = any(each.kind == "not_json" and each.severity == "error" for each in found)
    return 200 <= exchange.status < 300 and _is_whole(exchange, document) and not unread


def _is_whole(exchange: Exchange, document: Document) -> bool:
    endpoint = document.endpoints[exchange.method, exchange.path]
    return exchange.content is not None or not has_body(exchange.status, endpoint, document)


def _reason(error: Exception) -> str:
    if isinstance(error, re.error):  # a pattern is the document's, and not of the answer
        return f"its pattern {error.pattern!r} is none for Python"
    return type(error).__name__


def _order(finding: Finding) -> tuple[Any, ...]:
    return SEVERITIES.index(finding.severity), finding.operation, finding.path, finding.kind, finding.value
