"""What a command does where its output cannot be written."""

import errno
import io
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from enneo_mind_client.cli import main
from enneo_mind_client.cli.output import whole_output

from .test_process import COMMAND

FULL = "enneo-mind: the output cannot be written: No space left on device\n"
CLOSED = "enneo-mind: there is no standard output to write to: it is closed\n"


def in_shell(command: str, cwd: Path | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the command with what a shell does to its files."""
    line = ["bash", "-o", "pipefail", "-c", f"{COMMAND} {command}"]
    return subprocess.run(
        line,
        cwd=cwd,
        env={**os.environ, **environ},
        capture_output=True,
        encoding="utf-8",
        errors="backslashreplace",
        timeout=60,
    )


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", ["list 1 --json", "list 1", "show 1", "doctor", "--version"])
def test_a_full_disk(mind, command, unbuffered):
    """It is one line, and an error, whether it is met in the middle or at the end."""
    done = in_shell(f"{command} > /dev/full", PYTHONUNBUFFERED=unbuffered)

    assert (done.returncode, done.stderr) == (1, FULL)


def test_an_export_says_what_it_did(mind, tmp_path):
    """Only the line with the place is lost, and the code tells it."""
    done = in_shell(f"export 1 --to {tmp_path / 'out'} > /dev/full")

    assert (done.returncode, done.stderr.partition("\n")[2]) == (1, FULL)
    assert (tmp_path / "out" / "conversations" / "part-000000.parquet").exists()


@pytest.mark.parametrize("encoding", ["ascii", "iso-8859-1"])
@pytest.mark.parametrize("command", ["list 376189", "show 376189", "show 376189 --html Größe→.html"])
def test_an_output_that_lacks_letters(mind, tmp_path, command, encoding):
    """What it cannot encode is written as an escape: Windows' code pages and old locales end no command."""
    done = in_shell(f"{command} | cat", PYTHONIOENCODING=encoding, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert ("\\u2026" if command.startswith("list") else "\\u2192") in done.stdout


@pytest.mark.parametrize(("environ", "columns"), [({"COLUMNS": "40"}, 40), ({"COLUMNS": ""}, 120)])
def test_a_pipe_is_as_wide_as_asked_for(mind, environ, columns):
    """`COLUMNS` holds for a pipe, too; without it lines are as wide as most screens."""
    done = in_shell("show 376189 | cat", PYTHONIOENCODING="utf-8", **environ)

    assert len(done.stdout.splitlines()[1]) == columns


def test_a_name_that_is_not_utf_8(mind, tmp_path):
    """It is written with its own bytes, for the next program."""
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/\xff")
    done = subprocess.run(
        [COMMAND, "attachments", "376189", "--to", folder],
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        timeout=60,
    )

    assert (done.returncode, os.fsencode(folder) + b"/logo.png" in done.stdout.splitlines()) == (0, True)


def test_closed_output(mind, tmp_path):
    """It is said before anything is done."""
    done = in_shell(f"export 1 --to {tmp_path / 'out'} >&-")

    assert (done.returncode, done.stderr, (tmp_path / "out").exists()) == (1, CLOSED, False)


def test_closed_errors(mind, tmp_path):
    """Where nobody wants to hear of errors, there is the code; all else is done."""
    done = in_shell(f"export 1 404 --to {tmp_path / 'out'} 2>&-")

    assert (done.returncode, done.stdout) == (3, f"{tmp_path / 'out' / 'conversations'}\n")


def test_a_reader_that_has_left(mind):
    """Also of a few lines, which are written at the end."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([COMMAND, "list", "1", "--json"], stdout=writer, stderr=subprocess.PIPE, timeout=60)
    os.close(writer)

    assert (done.returncode, done.stderr) == (1, b"")


def ended(file: object, monkeypatch: pytest.MonkeyPatch) -> object:
    """Write a word to a file as standard output, and return what that ends with."""
    monkeypatch.setattr(sys, "stdout", file)
    with pytest.raises(SystemExit) as raised, whole_output():
        sys.stdout.write("word")
    return raised.value.code


def test_in_this_process(monkeypatch, capsys):
    """A full disk is said, a reader that has left is not, and neither is told again when the file is closed."""
    reader, writer = os.pipe()
    os.close(reader)
    with Path("/dev/full").open("w") as full, os.fdopen(writer, "w") as pipe:
        assert (ended(full, monkeypatch), ended(pipe, monkeypatch), ended(None, monkeypatch)) == (1, 1, 1)

    assert capsys.readouterr().err == FULL + CLOSED


def test_an_output_that_is_no_file(monkeypatch):
    """What a program puts in its place takes every letter, and is left as it is."""
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    with whole_output():
        sys.stdout.write("→")

    assert sys.stdout.getvalue() == "→"


def test_ctrl_c_at_once(monkeypatch, capsys):
    """While the command is still being imported nothing is shown either."""

    def run() -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "enneo_mind_client.cli.commands", SimpleNamespace(run=run))
    with pytest.raises(SystemExit) as raised:
        main()

    assert (raised.value.code, capsys.readouterr()) == (130, ("", ""))


def test_another_error_is_not_taken_for_it():
    """What fails for another reason is raised as it is."""
    with pytest.raises(PermissionError), whole_output():
        raise PermissionError(errno.EACCES, "no")
