"""The verdict on each kind of change that a new version of the document may bring."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.spec_tools.mutants import MUTANTS, Mutant
from tests.spec_tools.seed import seed
from tools import spec_diff
from tools.spec_diff import documents
from tools.spec_diff.__main__ import main
from tools.spec_diff.documents import Document

SPEC = Path(__file__).parents[2] / "openapi" / "enneo-mind.yaml"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The published document, and a little more."""
    return seed(deepcopy(documents.read(SPEC).root))


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_verdict(mutant: Mutant, document: dict[str, Any]) -> None:
    """A mutant has the one change that it was made with, told from cosmetic by-products, and the right verdicts."""
    mutated = deepcopy(document)
    mutant.change(mutated)

    first, *others = spec_diff.compare(Document(document), Document(mutated))

    assert (mutant.kind, mutant.reader, mutant.sender) == (first.kind, first.reader.value, first.sender.value)
    assert mutant.words in f"{first.part}: {first.words}"
    assert {change.effect.value for change in others} <= {"cosmetic"}


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_exit_status(
    mutant: Mutant, document: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command ends with 1 where a mutant breaks something, and says it in words."""
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    mutated = deepcopy(document)
    mutant.change(mutated)
    old.write_text(json.dumps(document))
    new.write_text(json.dumps(mutated))

    status = main([str(old), str(new)])

    assert int("breaking" in (mutant.reader, mutant.sender)) == status
    assert mutant.words in capsys.readouterr().out


def test_identical(capsys: pytest.CaptureFixture[str]) -> None:
    """Identical documents have no change, in so many words."""
    assert main([str(SPEC), str(SPEC)]) == 0
    assert capsys.readouterr().out == "The documents say the same.\n"
