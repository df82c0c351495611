"""`enneo-mind contract`: whether an instance, or what was recorded of one, answers as the API's document says."""

import sys
from enum import StrEnum
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from enneo_mind_client import EnneoMind
from enneo_mind_client.cli import require, stop
from enneo_mind_client.cli.common import AUTH, ERROR, PARTIAL, Where, code_of, console, line_of, say
from enneo_mind_client.errors import ConfigurationError

if TYPE_CHECKING:
    from enneo_mind_client.contract import Report, rendering

USAGE = 2

_COLOURS = {"error": "red", "warning": "yellow", "note": "dim"}


class FailOn(StrEnum):
    """The least grave finding that fails the command."""

    error = "error"
    warning = "warning"
    note = "note"


Tickets: TypeAlias = Annotated[str, typer.Option(metavar="1,2,3", help="The tickets to ask for.")]
Params: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--param", metavar="NAME=VALUE[,VALUE]", help="Values for another parameter; can be repeated."),
]
Recorded: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE", help="A HAR or JSON file to judge instead of calling; can be repeated."),
]
OfOperation: TypeAlias = Annotated[
    str | None, typer.Option("--operation", metavar="NAME", help="The operation that recorded plain bodies are of.")
]
GivenDocument: TypeAlias = Annotated[
    Path | None, typer.Option("--document", metavar="FILE", help="An OpenAPI document to hold against instead of ours.")
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json/--table", help="JSON for a program, or a table.")]
Junit: TypeAlias = Annotated[Path | None, typer.Option(metavar="FILE", help="Also write JUnit XML.")]
Baseline: TypeAlias = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Known findings, which do not fail the command.")
]
WriteBaseline: TypeAlias = Annotated[
    bool, typer.Option("--write-baseline", help="Write what is found to the baseline file.")
]
Failing: TypeAlias = Annotated[FailOn, typer.Option("--fail-on", help="The least grave finding that fails.")]


def contract(
    tickets: Tickets = "",
    param: Params = None,
    recorded: Recorded = None,
    operation: OfOperation = None,
    document: GivenDocument = None,
    json: AsJson = False,
    junit: Junit = None,
    baseline: Baseline = None,
    write_baseline: WriteBaseline = False,
    fail_on: Failing = FailOn.error,
    instance: Where = None,
) -> None:
    """Say where an instance does not answer as the API's document says.

    Only operations that read (GET) are called. Values are masked in everything that is written. The exit code is 1 for
    a finding as grave as --fail-on that is not in the baseline, 2 for wrong arguments or files, 3 if not everything
    could be checked, and 4 if the credential is missing or refused.

    For instance:

        enneo-mind contract --instance demo --tickets 376189,376190

        enneo-mind contract --recorded session.har --baseline known.json --junit contract.xml
    """
    require("contract", "openapi_schema_validator")
    if write_baseline and baseline is None:
        raise typer.BadParameter("name the file with --baseline", param_hint="--write-baseline")
    if recorded and (tickets or param):
        raise typer.BadParameter("recorded answers are judged without calling", param_hint="--recorded")
    try:
        if recorded:
            report = _recorded(recorded, operation, document, instance)
        else:
            report = _called(instance, _numbers(tickets), _named(param or []), document)
        report = _compared(report, baseline, write=write_baseline)
        _write(report, fail_on, junit, json=json)
    except ConfigurationError as error:
        stop(line_of(error), USAGE if code_of(error) == ERROR else AUTH)
    raise typer.Exit(_code(report, fail_on))


def _code(report: "Report", fail_on: FailOn) -> int:
    if report.failing(fail_on.value):
        return ERROR
    if report.refused:
        return AUTH
    return 0 if report.is_whole else PARTIAL


def _called(
    instance: str | None, tickets: list[str], parameters: dict[str, list[str]], document: Path | None
) -> "Report":
    from enneo_mind_client.contract import check

    with EnneoMind(instance) as mind:
        return check(mind, tickets=tickets, parameters=parameters, document=document)


def _recorded(paths: list[Path], operation: str | None, document: Path | None, instance: str | None) -> "Report":
    from enneo_mind_client.contract import check_recorded

    return check_recorded(paths, operation=operation, document=document, instance=instance)


def _compared(report: "Report", baseline: Path | None, *, write: bool) -> "Report":
    from enneo_mind_client.contract import read_baseline, write_baseline

    if baseline is None:
        return report
    if write and not report.is_whole:
        say("the baseline is not written, since not everything could be checked")
    elif write:
        write_baseline(baseline, report.findings)
    return report.compared(read_baseline(baseline)) if baseline.exists() or not write else report


def _write(report: "Report", fail_on: FailOn, junit: Path | None, *, json: bool) -> None:
    if junit is not None:
        from enneo_mind_client.contract import junit as as_junit

        try:
            junit.write_text(as_junit(report, fail_on.value), encoding="utf-8")
        except OSError as error:
            raise ConfigurationError(f"{junit} cannot be written: {error.strerror}.") from None
    if json:
        sys.stdout.write(dumps(report.to_dict(), indent=1) + "\n")
    elif (screen := console()).is_terminal:
        _show(screen, report)
    else:  # lines that a build server does not break
        sys.stdout.write(report.text() + "\n")


def _show(screen: Console, report: "Report") -> None:
    from enneo_mind_client.contract import rendering

    findings = _table(rendering.COLUMNS_OF_SCREEN)
    for finding in report.findings:
        findings.add_row(*map(_cell, rendering.cells_of_screen(finding)), style=_COLOURS[finding.severity])
    dates = _table(rendering.DATE_COLUMNS)
    for row in rendering.date_rows(report):
        dates.add_row(*map(_cell, row))
    for table in (findings, dates):
        if table.row_count:
            screen.print(table, "")
    for line in rendering.summary(report):
        screen.print(_cell(line))


def _table(columns: "rendering.Row") -> Table:
    return Table(*columns, box=SIMPLE_HEAD, pad_edge=False, show_edge=False)


def _cell(text: str) -> Text:
    return Text(text, overflow="fold")


def _numbers(tickets: str) -> list[str]:
    return [number.strip() for number in tickets.split(",") if number.strip()]


def _named(parameters: list[str]) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for given in parameters:
        name, equals, values = given.partition("=")
        if not name or not equals or not values:
            raise typer.BadParameter(f"{given!r} is not NAME=VALUE[,VALUE]", param_hint="--param")
        named.setdefault(name, []).extend(values.split(","))
    return named
