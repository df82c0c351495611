"""The outcome of a contract check, and what a baseline changes of it."""

from collections.abc import Iterable
from typing import Any

from attrs import asdict, evolve, frozen

from enneo_mind_client.contract.findings import (
    SEVERITIES,
    Checked,
    DateForm,
    Finding,
    Key,
    Severity,
    Skipped,
    Unanswered,
)
from enneo_mind_client.shapes import is_object

SCHEMA_VERSION = 1
"""Of `Report.to_dict`; a field that is added leaves it as it is."""


@frozen
class Report:
    """What a contract check found.

    Attributes:
        documents: What was held against: `published` and `corrected`, or `given`.
        checked: The operations of which answers were judged.
        findings: What is not as a document says, the gravest first.
        dates: In which forms dates came.
        skipped: The operations that could not be called.
        unanswered: The calls that got no answer to judge.
        ignored: Recorded answers that are of no operation, or not whole.
        stale: What the baseline has and was not found.
    """

    documents: tuple[str, ...]
    checked: tuple[Checked, ...]
    findings: tuple[Finding, ...]
    dates: tuple[DateForm, ...]
    skipped: tuple[Skipped, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    ignored: int = 0
    stale: tuple[Key, ...] = ()

    def failing(self, fail_on: Severity = "error") -> tuple[Finding, ...]:
        """Return the findings that are not in the baseline, and as grave as `fail_on` or graver."""
        grave = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
        return tuple(finding for finding in self.findings if finding.severity in grave and not finding.known)

    @property
    def refused(self) -> bool:
        """Whether the credential was refused."""
        return any(each.refused for each in self.unanswered)

    @property
    def is_whole(self) -> bool:
        """Whether each call was answered, and each operation at least once with its real content."""
        return not self.unanswered and bool(self.checked) and all(each.succeeded for each in self.checked)

    def compared(self, baseline: Iterable[Key]) -> "Report":
        """Return this report with the findings marked that a baseline has, and what of it was not found."""
        known = frozenset(baseline)
        findings = tuple(evolve(finding, known=finding.key in known) for finding in self.findings)
        stale = known - {finding.key for finding in self.findings}
        return evolve(self, findings=findings, stale=tuple(sorted(stale)))

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON data, as `docs/guide/contract.md` describes it."""
        written = asdict(self, recurse=True, value_serializer=_plain)
        written["stale"] = [dict(zip(KEY, key, strict=True)) for key in self.stale]
        counts = {severity: sum(each.severity == severity for each in self.findings) for severity in SEVERITIES}
        return {"schemaVersion": SCHEMA_VERSION, "counts": counts, **written}

    def text(self) -> str:
        """Return the report as a table for people."""
        from enneo_mind_client.contract.rendering import text

        return text(self)


KEY = ("kind", "operation", "path", "document", "value")
"""The names of the parts of a `Key`."""


def _plain(_: Any, __: Any, value: Any) -> Any:
    return {str(key): each for key, each in value.items()} if is_object(value) else value
