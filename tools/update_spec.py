"""`make update-spec`: fetch the document, say what changed, and make of it one change to review."""

import argparse
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import frozen
from openapi_spec_validator import validate
from openapi_spec_validator.exceptions import OpenAPISpecValidatorError
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from tools import changelog, generate, origin, spec_diff
from tools.spec_diff import documents, report
from tools.spec_diff.changes import Change

ROOT = generate.ROOT
RECORD = ROOT / "openapi" / "ORIGIN.json"
README = ROOT / "openapi" / "README.md"
CHANGELOG = ROOT / "CHANGELOG.md"
TOUCHED = ("openapi", "enneo_mind_client/_generated", "CHANGELOG.md")
UNDO = f"git checkout -- {' '.join(TOUCHED)} && git clean -fdq {TOUCHED[1]}"


class UpdateError(Exception):
    """The update cannot go on; the message says in what state the tree is."""


@frozen
class Candidate:
    """A document that may replace the one that is kept.

    Attributes:
        content: Its bytes.
        address: Where it came from, empty for a file.
        changes: What changes with it.
    """

    content: bytes
    address: str
    changes: list[Change]


def candidate(source: str) -> Candidate:
    """Fetch, check and compare a document, and touch nothing.

    Raises:
        UpdateError: It cannot be had, or is no valid document.
    """
    _insist_on_a_clean_tree()
    try:
        path = Path(source)
        address = "" if path.is_file() else origin.address_of(source)
        content = origin.fetch(address) if address else path.read_bytes()
        new = documents.parse(content, address or source)
        validate(new.root)
        changes = spec_diff.compare(documents.read(generate.Inputs().spec), new)
    except (origin.FetchError, documents.UnusableError, OSError) as failure:
        raise UpdateError(f"{failure}\nNothing was touched.") from None
    except (OpenAPIValidationError, OpenAPISpecValidatorError) as failure:
        said = str(failure).partition("\n")[0] or type(failure).__name__
        raise UpdateError(f"{source} is not valid: {said}\nNothing was touched.") from None
    return Candidate(content, address, changes)


def _insist_on_a_clean_tree() -> None:
    command = ["git", "status", "--porcelain", "--", *TOUCHED]
    dirty = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    if dirty:
        raise UpdateError(
            f"Commit or undo these, so that the update is a change of its own:\n{dirty}Nothing was touched."
        )


def carry_out(given: Candidate, test: Sequence[str]) -> None:
    """Replace the document, and bring all that depends on it up to date.

    Raises:
        UpdateError: A step failed.
    """
    inputs = generate.Inputs()
    _write(inputs.spec, given.content)
    recorded = origin.Origin.read(RECORD)
    fresh = recorded.after(given.content, given.address)
    _write(RECORD, fresh.dumps().encode())
    _write(README, recorded.retell(README.read_text(encoding="utf-8"), fresh).encode())
    _write(CHANGELOG, changelog.proposed(CHANGELOG.read_text(encoding="utf-8"), given.changes).encode())
    mend = f"mend openapi/overlay.yaml (or what the message names), then: make generate && {shlex.join(test)}"
    _step(lambda: generate.effective(inputs, strict=True), _OUTDATED, mend)
    _step(lambda: generate.generate(inputs), _OUTDATED, mend)
    mend = f"mend what the tests name, then: {shlex.join(test)}"
    _step(lambda: subprocess.run(test, cwd=ROOT, check=True), _COMPLETE, mend)


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(content)
    fresh.replace(path)


_OUTDATED = "The document, its record and the changelog are new; the generated code is as before."
_COMPLETE = "The document, its record, the changelog and the generated code are new."


def _step(act: Callable[[], object], state: str, way_on: str) -> None:
    """Carry out a step, or say in what state it leaves the tree."""
    try:
        act()
    except (Exception, KeyboardInterrupt) as failure:
        said = str(failure) or "Interrupted."
        raise UpdateError(f"{said}\n{state}\nTo go on, {way_on}\nTo undo: {UNDO}") from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line, and return the exit status."""
    parser = argparse.ArgumentParser(prog="make update-spec", description=__doc__)
    parser.add_argument(
        "source", nargs="?", default="", help="a file, a URL or an instance; by default the recorded one"
    )
    parser.add_argument("--test", default="make types test", help="the command that must pass in the end")
    parser.add_argument("--report", type=Path, help="where to write what changed, as Markdown")
    given = parser.parse_args(arguments)
    try:
        found = candidate(given.source or origin.Origin.read(RECORD).origin)
        if not _is_new(found):
            return 0
        if given.report:
            given.report.write_text(report.markdown(found.changes) + "\n", encoding="utf-8")
        carry_out(found, shlex.split(given.test))
    except UpdateError as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"Done: one change to review, `git diff`. To undo it: {UNDO}")
    return 0


def _is_new(found: Candidate) -> bool:
    if origin.digest(found.content) == origin.Origin.read(RECORD).sha256:
        print("The document is the one that is kept. Nothing was touched.")
        return False
    print(report.text(found.changes), flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
