"""The hooks of git: they run what CI runs, by the same verbs, and fetch nothing."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]


def hooks() -> list[dict[str, Any]]:
    """Return the hooks of this project."""
    (own,) = YAML(typ="safe").load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert own["repo"] == "local"
    return own["hooks"]


def verbs(stage: str) -> set[str]:
    """Return what the hooks of a stage have make do."""
    return {verb for hook in hooks() if stage in hook["stages"] for verb in hook["entry"].split()[1:]}


def test_a_push_runs_what_ci_runs():
    """Every verb with which CI checks and tests a change is run before it is pushed."""
    steps = YAML(typ="safe").load((ROOT / ".github" / "workflows" / "ci.yml").read_text())["jobs"]["test"]["steps"]
    runs = [step["run"].split() for step in steps if step.get("run", "").startswith("make check")]

    assert [word for word in runs[0][1:] if "=" not in word and word not in verbs("pre-push")] == []


def test_the_hooks_are_verbs():
    """Each hook is a verb of the Makefile, and needs nothing of pre-commit's own."""
    assert {(hook["language"], hook["entry"].split()[0], hook["pass_filenames"]) for hook in hooks()} == {
        ("system", "make", False)
    }
    for verb in verbs("pre-commit") | verbs("pre-push"):
        asked = subprocess.run(["make", "--dry-run", verb], cwd=ROOT, capture_output=True, text=True, check=False)
        assert asked.returncode == 0, asked.stderr


def test_pre_commit_takes_the_file():
    """The file is as pre-commit wants it."""
    command = [sys.executable, "-m", "pre_commit", "validate-config", ".pre-commit-config.yaml"]

    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("stage", ["pre-commit", "pre-push"])
def test_each_stage_does_something(stage):
    """There is something to run at a commit and at a push."""
    assert verbs(stage)
