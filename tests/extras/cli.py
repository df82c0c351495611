"""The extra `cli`: the command shows a ticket, and says in one line which extras its other parts need."""

import os
import subprocess
import sys
from pathlib import Path

BASE_URL, TOKEN = sys.argv[1:]
COMMAND = str(Path(sys.executable).parent / "enneo-mind")
AROUND = {**os.environ, "ENNEO_INSTANCE": BASE_URL, "ENNEO_TOKEN": TOKEN}
ELSEWHERE = {
    "testing": ["serve"],
    "contract": ["contract"],
    "export": ["export", "1", "--to", "tickets"],
    "duckdb": ["export", "1", "--to", "tickets", "--format", "duckdb"],
}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run([COMMAND, *arguments], env=AROUND, check=False, capture_output=True, text=True)


for arguments in (["--version"], ["show", "1"], ["show", "1", "--html", "ticket.html"]):
    done = run(*arguments)
    if done.returncode:
        sys.exit(done.stderr)
    assert done.stdout
assert Path("ticket.html").stat().st_size

for extra, arguments in ELSEWHERE.items():
    done = run(*arguments)
    lines = done.stderr.splitlines()
    assert done.returncode == 1, arguments
    assert len(lines) == 1, done.stderr
    assert lines[0].endswith(f"'enneo-mind-client[{extra}]'"), done.stderr
