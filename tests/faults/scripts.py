"""Runs a script in a process of its own, with the helpers of this room at hand."""

import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]


def start(script: str, *arguments: str) -> "subprocess.Popen[str]":
    """Start a script; warnings are errors in it."""
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", script, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def end_of(process: "subprocess.Popen[str]", within: float = 30.0) -> tuple[int, str, str]:
    """Return a script's exit code, output and errors."""
    try:
        output, errors = process.communicate(timeout=within)
    finally:
        process.kill()
    return process.returncode, output, errors
