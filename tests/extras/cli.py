"""The extra `cli`: the command says its version and shows a ticket, in the terminal and as a page."""

import os
import subprocess
import sys
from pathlib import Path

BASE_URL, TOKEN = sys.argv[1:]
COMMAND = str(Path(sys.executable).parent / "enneo-mind")
AROUND = {**os.environ, "ENNEO_INSTANCE": BASE_URL, "ENNEO_TOKEN": TOKEN}

for arguments in (["--version"], ["show", "1"], ["show", "1", "--html", "ticket.html"]):
    done = subprocess.run([COMMAND, *arguments], env=AROUND, check=False, stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(done.returncode)
    assert done.stdout
assert Path("ticket.html").stat().st_size
