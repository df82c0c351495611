"""`make spec-diff`: say what changed between two documents; exit 1 if that breaks something, 2 if it cannot be said."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import spec_diff
from tools.generate import Inputs
from tools.spec_diff import documents, report
from tools.spec_diff.rules import Effect


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line, and return the exit status."""
    given = _parsed(arguments)
    try:
        old, new = documents.read(given.old), documents.read(given.new)
        if given.effective:
            old, new = (documents.effective(document, given.overlay) for document in (old, new))
        changes = spec_diff.compare(old, new)
    except (documents.UnusableError, RecursionError) as failure:
        print(f"cannot compare: {failure}", file=sys.stderr)
        return 2
    print(report.FORMATS[given.format](changes))
    return int(any(change.effect is Effect.BREAKING for change in changes))


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make spec-diff", description=__doc__)
    parser.add_argument("old", type=Path, help="the document before")
    parser.add_argument("new", type=Path, help="the document after")
    parser.add_argument("--format", choices=report.FORMATS, default="text")
    parser.add_argument("--effective", action="store_true", help="compare both as the overlay corrects them")
    parser.add_argument("--overlay", type=Path, default=Inputs().overlay)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
