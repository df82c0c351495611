"""A report as text for people and as JUnit for build servers; as JSON it is `Report.to_dict`."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias
from xml.etree import ElementTree as Xml

from enneo_mind_client.contract.findings import SEVERITIES, Finding, Severity
from enneo_mind_client.contract.report import Report
from enneo_mind_client.text import printable

Row: TypeAlias = Sequence[str]

COLUMNS: Final[Row] = ("severity", "kind", "operation", "path", "document", "count", "what", "example")
COLUMNS_OF_SCREEN: Final[Row] = ("finding", "path", "count", "what")
DATE_COLUMNS: Final[Row] = ("operation", "path", "form", "count", "example")
_UNCHECKED: Final = "none of its answers was a success with its body"
_VALUE_IS_FOUND: Final = ("wrong_type", "date_form", "undeclared_status", "undeclared_content_type")


def rows(findings: Sequence[Finding]) -> list[Row]:
    """Return a line of cells for each finding, by `COLUMNS`."""
    return [tuple(map(printable, _cells(finding))) for finding in findings]


def cells_of_screen(finding: Finding) -> Row:
    """Return the cells of a finding, by `COLUMNS_OF_SCREEN`, which are few enough for eighty columns."""
    severity, kind, operation, path, document, count, what, example = map(printable, _cells(finding))
    said = f"{what}: {example}" if what and example else what or example
    return f"{severity}\n{kind}", f"{path}\n{operation}, {document}", count, said


def _cells(finding: Finding) -> Row:
    found = f"found {finding.value}" if finding.kind in _VALUE_IS_FOUND else ""
    what = ", ".join(part for part in (finding.detail, found) if part)
    severity = f"{finding.severity} (known)" if finding.known else finding.severity
    place = (finding.kind, finding.operation, finding.path, finding.document)
    return (severity, *place, str(finding.count), what, finding.example)


def date_rows(report: Report) -> list[Row]:
    """Return a line of cells for each form of date, by `DATE_COLUMNS`."""
    dates = report.dates
    return [tuple(map(printable, (d.operation, d.path, d.form, str(d.count), d.example))) for d in dates]


def summary(report: Report) -> Iterator[str]:
    """Yield in lines what was looked at, what was not, and how much was found."""
    for checked in report.checked:
        statuses = ", ".join(f"{count} x {status}" for status, count in checked.statuses.items())
        yield f"checked {checked.operation}: {statuses}"
        if not checked.succeeded:
            yield f"not checked {checked.operation}: {_UNCHECKED}"
    yield from (f"skipped {each.operation}: {each.reason}" for each in report.skipped)
    yield from (f"no answer {each.operation} ({each.call}): {each.reason}" for each in report.unanswered)
    if report.ignored:
        yield f"ignored {report.ignored} recorded entries that are of no operation, or without an answer"
    for key in report.stale:
        yield f"stale in the baseline: {' '.join(part for part in key if part)}"
    known = sum(finding.known for finding in report.findings)
    counts = ", ".join(f"{sum(f.severity == each for f in report.findings)} {each}s" for each in SEVERITIES)
    yield f"{counts}{f', {known} of them in the baseline' if known else ''}"


def text(report: Report) -> str:
    """Return a report as plain text with aligned columns."""
    blocks = [_aligned(COLUMNS, rows(report.findings)), _aligned(DATE_COLUMNS, date_rows(report))]
    return "\n\n".join(block for block in (*blocks, "\n".join(map(printable, summary(report)))) if block)


def _aligned(heading: Row, lines: list[Row]) -> str:
    if not lines:
        return ""
    widths = [max(map(len, column)) for column in zip(heading, *lines, strict=True)]
    cells = ((cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in (heading, *lines))
    return "\n".join("  ".join(line).rstrip() for line in cells)


def junit(report: Report, fail_on: Severity = "error") -> str:
    """Return a report as JUnit XML: a case for each finding, and one for each operation that has none to fail on."""
    suite = Xml.Element("testsuite", name="enneo-mind contract")
    failing = report.failing(fail_on)
    for finding in report.findings:
        case = _case(suite, finding.operation, f"{finding.document}: {finding.kind} {finding.path} {finding.value}")
        said = " | ".join(_cells(finding))
        if finding in failing:
            _outcome(case, "failure", said, finding.kind)
        else:
            Xml.SubElement(case, "system-out").text = printable(said)
    for checked in report.checked:
        case = _case(suite, checked.operation, "was answered")
        if not checked.succeeded:
            _outcome(case, "error", _UNCHECKED, "unchecked")
    for skipped in report.skipped:
        _outcome(_case(suite, skipped.operation, "was answered"), "skipped", skipped.reason)
    for each in report.unanswered:
        _outcome(_case(suite, each.operation, f"was answered ({each.call})"), "error", each.reason, "unanswered")
    for tag, name in (("", "tests"), ("/failure", "failures"), ("/error", "errors"), ("/skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase{tag}"))))
    whole = Xml.Element("testsuites")
    whole.append(suite)
    Xml.indent(whole)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(whole, encoding="unicode") + "\n"


def _case(suite: Xml.Element, operation: str, name: str) -> Xml.Element:
    return Xml.SubElement(suite, "testcase", classname=printable(operation), name=printable(name.strip()))


def _outcome(case: Xml.Element, tag: str, message: str, kind: str | None = None) -> None:
    outcome = Xml.SubElement(case, tag, message=printable(message))
    if kind:
        outcome.set("type", kind)
