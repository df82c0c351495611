"""The workflows: pinned, with no more rights than each job needs, and of sound shell."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

WORKFLOWS = Path(__file__).parents[2] / ".github" / "workflows"
NAMES = sorted(path.name for path in WORKFLOWS.glob("*.yml"))
ZIZMOR = Path(sys.executable).parent / "zizmor"


def workflow(name: str) -> Any:
    """A workflow as data."""
    return YAML(typ="safe", pure=True).load(WORKFLOWS / name)


def scripts() -> list[str]:
    """Every script of every workflow."""
    jobs = [job for name in NAMES for job in workflow(name)["jobs"].values()]
    return [step["run"] for job in jobs for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("name", NAMES)
def test_pinned(name: str) -> None:
    """Every action is pinned by a full commit, with its version beside it."""
    used = re.findall(r"uses: (.*)", (WORKFLOWS / name).read_text(encoding="utf-8"))

    assert used
    assert [one for one in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", one)] == []


@pytest.mark.parametrize("name", NAMES)
def test_least_rights(name: str) -> None:
    """A workflow has no right by itself, and each job names its own and a limit of time."""
    told = workflow(name)

    assert told["permissions"] == {}
    assert all("permissions" in job and "timeout-minutes" in job for job in told["jobs"].values())


def test_publishing() -> None:
    """Publishing has the one right to identify itself, no credential, and runs nothing of the project."""
    publish = workflow("release.yml")["jobs"]["publish"]

    assert publish["permissions"] == {"id-token": "write"}
    assert [step for step in publish["steps"] if "run" in step or "password" in step.get("with", {})] == []


@pytest.mark.parametrize("script", scripts(), ids=lambda script: script.splitlines()[0][:40])
def test_shell(script: str) -> None:
    """Every script of a workflow parses as shell."""
    bare = re.sub(r"\$\{\{.*?\}\}", "x", script)

    done = subprocess.run(["bash", "-n"], input=bare, text=True, capture_output=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not ZIZMOR.exists(), reason="zizmor has no wheel for this platform")
def test_planted(tmp_path: Path) -> None:
    """The check behind `make workflows` passes the workflows and finds an action that is not pinned."""
    (tmp_path / ".github").mkdir()
    planted = shutil.copytree(WORKFLOWS, tmp_path / ".github" / "workflows")
    command = [str(ZIZMOR), "--offline", "--quiet", str(planted)]

    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    ci = planted / "ci.yml"
    ci.write_text(re.sub(r"@[0-9a-f]{40}  # v.*", "@main", ci.read_text(encoding="utf-8")), encoding="utf-8")
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
