"""The command as its users run it: in a terminal, in a pipe, and interrupted."""

import os
import pty
import re
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest

COMMAND = str(Path(sysconfig.get_path("scripts")) / "enneo-mind")
SECONDS = 60


def in_terminal(*arguments: str, columns: int = 60, ends_with: int = 0, **environ: str) -> str:
    """Run the command in a pseudo-terminal to its expected exit code, and return what it shows."""
    main, side = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, *arguments],
        stdin=side,
        stdout=side,
        stderr=side,
        env={**os.environ, "TERM": "xterm", "COLUMNS": str(columns), **environ},
    )
    os.close(side)
    shown = b""
    while True:
        try:
            data = os.read(main, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data
    os.close(main)
    assert process.wait(SECONDS) == ends_with, shown
    return shown.decode()


def test_a_terminal_has_colours(mind):
    """In a terminal the thread is coloured, and as wide as the terminal."""
    shown = in_terminal("show", "376189")

    assert "\x1b[" in shown
    assert "Käthe Hoffmann" in shown


def test_no_color(mind):
    """`NO_COLOR` is respected."""
    assert "\x1b[3" not in in_terminal("show", "376189", NO_COLOR="1")


@pytest.mark.parametrize("columns", [20, 40])
def test_a_narrow_terminal(mind, columns):
    """Lines are no longer than the terminal is wide."""
    shown = re.sub(r"\x1b\[[0-9;]*m", "", in_terminal("show", "2", columns=columns, NO_COLOR="1"))

    assert max(len(line.rstrip("\r")) for line in shown.split("\n")) <= columns


@pytest.mark.parametrize("columns", [40, 60])
def test_a_narrow_list(mind, columns):
    """Tickets' numbers are whole, and of each message the beginning is seen."""
    shown = re.sub(r"\x1b\[[0-9;]*m", "", in_terminal("list", "376189", columns=columns, NO_COLOR="1"))

    assert shown.count("376189 ") == 7
    assert "Hallo l…" in shown


def test_a_pipe_that_closes(mind):
    """A reader that has enough is no error to shout about."""
    tickets = [str(number) for number in range(1, 200) if number % 1000 not in (403, 404)]
    process = subprocess.Popen([COMMAND, "list", "--json", *tickets], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()

    assert (process.wait(SECONDS), b"Traceback" in said) == (1, False)


def test_ctrl_c(mind, tmp_path):
    """Ctrl-C ends at once, without a traceback."""
    mind.latency = 30
    process = subprocess.Popen(
        [COMMAND, "attachments", "376189", "--to", str(tmp_path / "inbox")], stderr=subprocess.PIPE, text=True
    )
    before = mind.requests
    until = time.monotonic() + SECONDS
    while mind.requests == before and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=10)

    assert (process.returncode, "Traceback" in said) == (130, False)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell):
    """Each shell gets a script that completes the command."""
    code = "from enneo_mind_client.cli import main; main()"
    environ = {**os.environ, "_ENNEO_MIND_COMPLETE": f"source_{shell}"}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, timeout=SECONDS)

    assert "enneo-mind" in done.stdout
