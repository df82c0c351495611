"""The contract part of the pytest plugin: the fixture `enneo_contract` and its options. Needs the extra `contract`."""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Unpack

import pytest

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from enneo_mind_client import AsyncEnneoMind, EnneoMind
    from enneo_mind_client.contract import Report
    from enneo_mind_client.contract.checks import Asked
    from enneo_mind_client.contract.findings import Severity


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of `enneo_contract`."""
    group = parser.getgroup("enneo-mind", "Enneo Mind")
    group.addoption(
        "--enneo-contract-baseline", metavar="FILE", help="The known deviations, which do not fail enneo_contract."
    )
    group.addoption(
        "--enneo-contract-fail-on",
        choices=("error", "warning", "note"),
        default="error",
        help="The least grave deviation that fails enneo_contract (default: %(default)s).",
    )


@pytest.fixture(scope="session")
def enneo_contract(pytestconfig: pytest.Config) -> "ContractCheck":
    """Holds what an instance answers against the API's document, and fails the test with a table of what differs."""
    return contract_check(
        pytestconfig.getoption("--enneo-contract-baseline"), pytestconfig.getoption("--enneo-contract-fail-on")
    )


def contract_check(baseline: Any, fail_on: Any) -> "ContractCheck":
    """Return what the fixture is, or fail the test that asks for it where the extra is missing."""
    try:
        import_module("enneo_mind_client.contract")
    except ModuleNotFoundError as error:
        missing = str(error)
    else:
        return ContractCheck(baseline, fail_on)
    pytest.fail(missing, pytrace=False)  # out here, where it has no other error for its context


class ContractCheck:
    """Contract checks that are assertions."""

    def __init__(self, baseline: "str | None" = None, fail_on: "Severity" = "error") -> None:
        self._baseline = baseline
        self._fail_on: Severity = fail_on

    def check(self, mind: "EnneoMind", **asked: "Unpack[Asked]") -> "Report":
        """Check an instance; see `enneo_mind_client.contract.check` for what may be asked.

        Raises:
            AssertionError: There are deviations, or not everything could be checked; its text is the report.
        """
        from enneo_mind_client.contract import check

        return self._judged(check(mind, **asked))

    async def acheck(self, mind: "AsyncEnneoMind", **asked: "Unpack[Asked]") -> "Report":
        """Do what `check` does, with the asynchronous client.

        Raises:
            AssertionError: As in `check`.
        """
        from enneo_mind_client.contract import acheck

        return self._judged(await acheck(mind, **asked))

    def check_recorded(self, paths: "Iterable[str | os.PathLike[str]]", **how: Any) -> "Report":
        """Check recorded answers; see `enneo_mind_client.contract.check_recorded`.

        Raises:
            AssertionError: As in `check`.
        """
        from enneo_mind_client.contract import check_recorded

        return self._judged(check_recorded(paths, **how))

    def _judged(self, report: "Report") -> "Report":
        from enneo_mind_client.contract import read_baseline

        if self._baseline is not None:
            report = report.compared(read_baseline(self._baseline))
        if report.failing(self._fail_on) or not report.is_whole:
            raise AssertionError(f"not as the API's document says:\n{report.text()}")
        return report
