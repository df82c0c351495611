"""An export that is killed at any of 200 points, and run again, ends with what an undisturbed one does."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

POINTS = 200


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("form", ["parquet", "jsonl", "jsonl.zst", "duckdb"])
def test_kill(form):
    """No ticket is lost, none comes twice, and each file has the same bytes."""
    command = [sys.executable, "-m", "tests.export.killing", form, "--points", str(POINTS), "--seed", "7"]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    report = json.loads(done.stdout or "{}")

    assert (done.returncode, report.get("bad")) == (0, []), done.stderr[-2000:]
    assert report["killed"] >= POINTS
    assert report["by"].keys() >= {"moment", "append", "flush", "rename", "remove", "sync", "open"}
