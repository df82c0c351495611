"""`enneo-mind export`: what it is given, what it says where, and how it ends."""

import os
import re
import signal
import subprocess
import sys
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import TextIO

import pytest

from enneo_mind_client.cli.bar import bar, said
from enneo_mind_client.cli.given import given, numbers_in
from enneo_mind_client.export import Progress

from ..cli.conftest import mind as mind
from ..cli.conftest import run as run
from ..cli.test_process import COMMAND, in_terminal
from .exporting import tickets

SECONDS = 60
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def exported(*arguments: object, stdin: str | None = None, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the command as a process, with something piped into it."""
    command = [COMMAND, "export", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=SECONDS, **options)


def test_numbers_from_everywhere(run, tmp_path):
    """Arguments, ranges and a file go together, in this order; the result's place is on standard output."""
    (tmp_path / "ids.txt").write_text("\ufeff7, 8;9 # these\n\n2 8\n")
    to = tmp_path / "out"
    code, out, err = run(
        "export",
        2,
        1,
        "--range",
        "3-4",
        "--range",
        "6-6",
        "--from",
        tmp_path / "ids.txt",
        "--to",
        to,
        "--format",
        "jsonl",
    )

    assert tickets(to) == [2, 1, 3, 4, 6, 7, 8, 9]
    assert (code, out) == (0, f"{to / 'conversations'}\n")
    assert err == f"8 tickets in {to / 'conversations'}, 8 of them new\n"


def test_a_part_is_said(run, tmp_path):
    """What could not be had, and what is no id, are on standard error, and the code says so."""
    code, out, err = run("export", 1, 404, "x", *["y"] * 11, "--to", tmp_path / "out")

    assert (code, out) == (3, f"{tmp_path / 'out' / 'conversations'}\n")
    assert err.splitlines()[0] == "'x' is no ticket id: give a whole number above 0."
    assert err.splitlines()[-3:] == [
        "and 2 more that are no ticket ids",
        f"1 tickets in {tmp_path / 'out' / 'conversations'}, 1 of them new",
        f"1 failures in {tmp_path / 'out' / 'failures.jsonl'}: --retry-failed asks for them again",
    ]


def test_nothing_could_be_had(run, tmp_path):
    """That is not a part."""
    assert run("export", 404, "--to", tmp_path / "out").code == 1


def test_failures_alone_may_be_retried(run, mind, tmp_path):
    """Then no number has to be given."""
    mind.fail(ticket=5, status=403)
    assert run("export", 5, "--to", tmp_path / "out", "--format", "jsonl").code == 1
    code, _, err = run("export", "--retry-failed", "--to", tmp_path / "out", "--format", "jsonl")

    assert (code, "1 tickets in" in err, tickets(tmp_path / "out")) == (0, True, [5])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "name tickets, or give --range, --from or --retry-failed"),
        (["--range", "9-3"], "'9-3' is no range: give the first and the last number, like 1-1000"),
        (["--range", "x"], "'x' is no range"),
        (["--from", "no-such-file"], "does not exist"),
        (["1", "--format", "xml"], "xml"),
        (["1", "--part-size", "0"], "part-size"),
    ],
)
def test_called_wrongly(run, tmp_path, arguments, says):
    """What is wrong is said, and nothing is made."""
    code, out, err = run("export", *arguments, "--to", tmp_path / "out")

    assert (code, out, says in " ".join(err.split())) == (2, "", True)
    assert not (tmp_path / "out").exists()


def test_a_refused_credential(run, monkeypatch, tmp_path):
    """It has its own code."""
    monkeypatch.setenv("ENNEO_TOKEN", "fake-token-3f9a77")
    code, _, err = run("export", 1, 2, "--to", tmp_path / "out")

    assert (code, err.count("\n"), "3f9a77" in err) == (4, 1, False)


def test_a_folder_of_something_else(run, tmp_path):
    """An error of the export is one line."""
    run("export", 1, "--to", tmp_path / "out", "--format", "jsonl")
    code, _, err = run("export", 1, "--to", tmp_path / "out")

    part = tmp_path / "out" / "conversations" / "part-000000.jsonl"
    assert (code, err.count("\n"), err.startswith(f"enneo-mind: {part} is no part of an export")) == (1, 1, True)


def test_numbers_through_a_pipe(mind, tmp_path):
    """They are read as they come, also where the last line has no end."""
    done = exported("4", "--from", "-", "--to", tmp_path / "out", "--format", "jsonl", stdin="1 2\n# none\n3,x\n5")

    assert (done.returncode, tickets(tmp_path / "out")) == (3, [4, 1, 2, 3, 5])


def test_another_command_may_think(mind, tmp_path):
    """While the pipe is silent, requests go on."""
    command = [COMMAND, "export", "--from", "-", "--to", str(tmp_path / "out"), "--format", "jsonl"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdin.write(b"1\n2\n3\n")
        process.stdin.flush()
        until = time.monotonic() + SECONDS
        while mind.served < 3 and time.monotonic() < until:
            time.sleep(0.02)
        served = mind.served
        process.stdin.write(b"4\n")
        process.communicate(timeout=SECONDS)

    assert (served, process.returncode, tickets(tmp_path / "out")) == (3, 0, [1, 2, 3, 4])


@pytest.mark.parametrize("source", ["-", "ids.txt"])
def test_a_byte_order_mark_is_no_number(mind, tmp_path, source):
    """Neither in a file nor through a pipe; nor is the end of a line of Windows."""
    (tmp_path / "ids.txt").write_text(text := "\ufeff1\r\n\r\n2", newline="")
    done = exported("--from", source, "--to", "out", "--format", "jsonl", stdin=text, cwd=tmp_path)

    assert (done.returncode, tickets(tmp_path / "out")) == (0, [1, 2])


def test_standard_input_may_be_closed(mind, tmp_path):
    """That is said in one line."""
    done = subprocess.run(
        ["sh", "-c", f"exec {COMMAND} export --from - --to {tmp_path / 'out'} <&-"], capture_output=True, text=True
    )

    assert (done.returncode, done.stderr.count("\n"), "standard input" in done.stderr) == (1, 1, True)


def test_standard_input_may_be_a_file(mind, tmp_path):
    """As it is with `< ids.txt`; a named pipe is read like another."""
    (tmp_path / "ids.txt").write_text("1\n2\n")
    os.mkfifo(tmp_path / "fifo")
    with (tmp_path / "ids.txt").open() as file:
        done = subprocess.run(
            [COMMAND, "export", "--from", "-", "--to", tmp_path / "out", "--format", "jsonl"], stdin=file
        )
    script = f"exec {COMMAND} export --from {tmp_path / 'fifo'} --to {tmp_path / 'out'} --format jsonl"
    with subprocess.Popen(["sh", "-c", script], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        (tmp_path / "fifo").write_text("3\n")
        process.wait(SECONDS)

    assert (done.returncode, process.returncode, tickets(tmp_path / "out")) == (0, 0, [1, 2, 3])


def test_a_terminal_has_a_bar(mind, tmp_path):
    """It tells how many of how many, the rate, the failures and the time left."""
    mind.latency = 0.05
    arguments = ("export", "--range", "400-449", "--to", str(tmp_path / "out"), "--concurrency", "4")
    plain = ESCAPES.sub("", in_terminal(*arguments, columns=100, ends_with=3))

    assert re.search(r" ([1-9]|[1-4][0-9])/50 [0-9]+/s, [0-2] failed, 0:00:0[0-9] left", plain)
    assert "50/50" in plain
    assert "48 tickets in" in plain


def test_a_pipe_has_none(mind, tmp_path):
    """Nothing moves where nobody looks."""
    done = exported("1", "--to", tmp_path / "out")

    assert done.stderr.count("\n") == 1
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_and_on(mind, tmp_path, sent, code):
    """Ctrl-C or a scheduler ends it at once, cleanly, and it says how to go on; the same command does."""
    mind.latency = 0.05
    arguments = ["--range", "1-120", "--to", str(tmp_path / "out"), "--format", "jsonl", "--concurrency", "2"]
    process = subprocess.Popen([COMMAND, "export", *arguments], stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + SECONDS
    while mind.served < 20 and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(sent)
    _, err = process.communicate(timeout=20)
    mind.latency, before = 0, mind.served

    assert (process.returncode, err) == (
        code,
        f"stopped: the same command goes on with what is in {tmp_path / 'out'}\n",
    )
    assert exported(*arguments).returncode == 0
    assert tickets(tmp_path / "out") == [*range(1, 121)]
    assert mind.served - before < 110


@pytest.mark.timeout(300)
def test_whole_processes_are_killed(mind, tmp_path):
    """The command itself, over HTTP, killed several times: the bytes are those of an undisturbed run."""
    arguments = ["--range", "1001-1400", "--part-size", "50", "--concurrency", "8"]
    assert exported(*arguments, "--to", tmp_path / "whole").returncode == 0
    for seconds in (0.6, 0.9, 1.2, 1.5, 1.8):
        process = subprocess.Popen(
            [COMMAND, "export", *arguments, "--to", str(tmp_path / "killed")], stdout=-3, stderr=subprocess.DEVNULL
        )
        time.sleep(seconds)
        process.kill()
        process.wait()
    assert exported(*arguments, "--to", tmp_path / "killed").returncode == 0

    files = [
        {
            str(path.relative_to(tmp_path / name)): path.read_bytes()
            for path in (tmp_path / name).rglob("*.*")
            if path.is_file()
        }
        for name in ("whole", "killed")
    ]
    assert files[0] == files[1]


class Terminal(StringIO):
    """A terminal that remembers what it was shown."""

    def isatty(self) -> bool:
        """Say that it is one."""
        return True


def test_the_bar_moves():
    """It shows how far it was moved at last."""
    terminal = Terminal()
    with bar(terminal) as move:
        move(Progress(position=3, total=9, fetched=3, failed=0, skipped=0, elapsed=1.0))

    assert "3/9 3/s, 0 failed, 0:00:02 left" in ESCAPES.sub("", terminal.getvalue())


def test_no_bar_for_a_file():
    """What is no terminal gets none."""
    with bar(StringIO()) as move:
        assert move is None


@pytest.fixture
def piped(monkeypatch):
    """Pipe something into this process."""
    files = list[TextIO]()

    def pipe(content: bytes) -> None:
        reader, writer = os.pipe()
        os.write(writer, content)
        os.close(writer)
        files.append(os.fdopen(reader))
        monkeypatch.setattr(sys, "stdin", files[-1])

    yield pipe
    for file in files:
        file.close()


async def test_a_pipe_is_read_to_its_end(piped):
    """Numbers that are named come first; what is no text is no number."""
    piped(b"4 5\n\xff,6#7\n\n8")

    assert [each async for each in given(["1", range(2, 4)], Path("-"))] == ["1", 2, 3, "4", "5", "\ufffd", "6", "8"]


def test_a_file_as_standard_input(monkeypatch, tmp_path):
    """It is read as it is needed."""
    (tmp_path / "ids").write_text("4 5\n6")
    with (tmp_path / "ids").open() as file:
        monkeypatch.setattr(sys, "stdin", file)

        assert [*given(["1"], Path("-"))] == ["1", "4", "5", "6"]


@pytest.mark.parametrize(("sent", "ends"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_in_this_process(run, mind, tmp_path, sent, ends):
    """The command ends with the code of one that was interrupted or ended."""
    mind.latency = 0.05

    def interrupt() -> None:
        while mind.served < 5:
            time.sleep(0.01)
        os.kill(os.getpid(), sent)

    thread = Thread(target=interrupt, daemon=True)
    thread.start()
    code, out, err = run("export", "--range", "1-300", "--to", tmp_path / "out", "--concurrency", "2")
    thread.join(SECONDS)

    assert (code, out, err.startswith("stopped: the same command goes on")) == (ends, "", True)


def test_what_the_bar_says():
    """The time left is only told where it is known."""
    far = Progress(position=10, total=None, fetched=9, failed=1, skipped=0, elapsed=2.0)
    known = Progress(position=10, total=18_010, fetched=9, failed=1, skipped=0, elapsed=2.0)

    assert (said(far), said(known)) == ("5/s, 1 failed", f"5/s, 1 failed, {timedelta(hours=1)} left")


def test_numbers_in_lines():
    """Blanks, commas and semicolons separate; a remark is none."""
    assert [*numbers_in(["1, 2;3\t4\r\n", "# 5\n", "", "6#7"])] == ["1", "2", "3", "4", "6"]


def test_help_has_an_example():
    """It can be copied."""
    assert "enneo-mind export --range 1-1000 --to tickets" in exported("--help").stdout
