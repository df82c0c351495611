"""The command as such: its version, its help, and what it says without its extra."""

import subprocess
import sys

import pytest

from enneo_mind_client import cli
from enneo_mind_client._version import __version__

SECONDS = 60


def run(*arguments: str, without: str = "not_there") -> subprocess.CompletedProcess[str]:
    """Run the command in a process, as if a module were not installed."""
    code = f"import sys; sys.modules[{without!r}] = None; from enneo_mind_client.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=SECONDS, check=False
    )


def test_without_the_extra_one_line_names_it():
    """Without typer the command names the extra in one line, and ends with 1."""
    result = run("serve", without="typer")

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "enneo-mind: this needs an extra; install it with: pip install 'enneo-mind-client[cli]'\n"


def test_serve_without_its_extra():
    """Without uvicorn `serve` names the extra `testing` in one line."""
    result = run("serve", without="uvicorn")

    assert result.returncode == 1
    assert (
        result.stderr == "enneo-mind: this needs an extra; install it with: pip install 'enneo-mind-client[testing]'\n"
    )


def test_the_version(monkeypatch, capsys):
    """`--version` says the version of the package."""
    monkeypatch.setattr(sys, "argv", ["enneo-mind", "--version"])

    with pytest.raises(SystemExit) as exit_:
        cli.main()

    assert (exit_.value.code, capsys.readouterr().out) == (0, f"enneo-mind-client {__version__}\n")


def test_a_command_is_run(monkeypatch, capsys):
    """The arguments choose the command, and its exit status is the command's."""
    monkeypatch.setattr(sys, "argv", ["enneo-mind", "serve", "--host", "0.0.0.0"])

    with pytest.raises(SystemExit) as exit_:
        cli.main()

    assert (exit_.value.code, "loopback only" in capsys.readouterr().err) == (2, True)


def test_the_help_lists_the_commands():
    """`--help` shows every command."""
    assert "serve" in run("--help").stdout


def test_a_missing_extra_ends_the_command(capsys):
    """A module that is not there ends the command with 1."""
    with pytest.raises(SystemExit) as exit_:
        cli.require("cli", "no_such_module_here")

    assert (exit_.value.code, capsys.readouterr().err.count("\n")) == (1, 1)


def test_nothing_to_do_is_a_usage_error():
    """Without a command the help is shown."""
    result = run()

    assert result.returncode == 2
    assert "serve" in result.stdout + result.stderr


def test_importing_the_package_imports_no_extra():
    """The client itself needs neither the command's libraries nor the server's."""
    code = "import sys, enneo_mind_client; print({'typer', 'rich', 'starlette', 'uvicorn'} & set(sys.modules))"

    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=SECONDS, check=True)

    assert result.stdout == "set()\n"
