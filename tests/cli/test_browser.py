"""The page in a real browser, where there is one: nothing of a hostile message runs or is loaded."""

import shutil
import subprocess
from pathlib import Path

import pytest

from enneo_mind_client.cli.dates import Dates
from enneo_mind_client.cli.page import page, save

from ..faults.conftest import scripted as scripted
from ..faults.verbs import Close
from .test_page import HOSTILE, conversation

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")


def opened(path: Path, profile: Path) -> str:
    """Open a page in a browser without a window, and return what became of its document."""
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}", "--dump-dom"]
    switches = ["--virtual-time-budget=3000", "--disable-background-networking", "--no-first-run"]
    done = subprocess.run([*command, *switches, path.as_uri()], capture_output=True, text=True, timeout=90)
    return done.stdout


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
def test_a_browser_runs_and_loads_nothing(scripted, tmp_path):
    """With hostile messages the document stays as it was written, and no host is asked for anything."""
    server = scripted(Close())
    hostile = [
        text.replace("https://evil.example", server.url).replace("alert(1)", "document.title='owned'")
        for text in HOSTILE
    ]
    save(tmp_path / "x.html", page(1, [conversation(text) for text in hostile], [], Dates(), tmp_path))

    shown = opened(tmp_path / "x.html", tmp_path / "profile")

    assert "<title>Ticket 1</title>" in shown
    assert shown.count("<article") == len(hostile)
    assert server.seen.connections == 0


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
def test_the_policy_alone_would_do(scripted, tmp_path):
    """Also where a message got past the cleaning, the page's policy has nothing run or loaded."""
    server = scripted(Close())
    attack = f"<script>document.title='owned'</script><img src='{server.url}/x' onerror=\"document.title='owned'\">"
    text = page(1, [conversation("MESSAGE")], [], Dates(), tmp_path).replace("MESSAGE", attack)
    save(tmp_path / "x.html", text)

    shown = opened(tmp_path / "x.html", tmp_path / "profile")

    assert "<title>Ticket 1</title>" in shown
    assert server.seen.connections == 0
