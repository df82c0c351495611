"""Holds what an instance really answers against the API's document. Needs the extra `contract`.

    with EnneoMind("demo") as mind:
        report = check(mind, tickets=[376189])
    print(report.text())

The answers are validated by openapi-schema-validator against the document as published and as corrected. On the command
line it is `enneo-mind contract`; `docs/guide/contract.md` has the kinds of findings and what to do about them.
"""

try:
    from enneo_mind_client.contract.baseline import read_baseline, write_baseline
    from enneo_mind_client.contract.checks import acheck, check, check_recorded
    from enneo_mind_client.contract.findings import Checked, DateForm, Finding, Skipped, Unanswered
    from enneo_mind_client.contract.rendering import junit
    from enneo_mind_client.contract.report import Report
except ModuleNotFoundError as error:
    needed = "the contract check needs an extra; install it with: pip install 'enneo-mind-client[contract]'"
    raise ModuleNotFoundError(needed, name=error.name) from error

__all__ = [
    "Checked",
    "DateForm",
    "Finding",
    "Report",
    "Skipped",
    "Unanswered",
    "acheck",
    "check",
    "check_recorded",
    "junit",
    "read_baseline",
    "write_baseline",
]
