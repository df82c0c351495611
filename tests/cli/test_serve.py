"""`enneo-mind serve`, as a real process."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from enneo_mind_client.cli import serve
from enneo_mind_client.testing import LocalMind, Quirks

COMMAND = [sys.executable, "-c", "from enneo_mind_client.cli import main; main()", "serve"]
SECONDS = 30


@contextmanager
def serving(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command on a free port; give the process and what it says first."""
    # Told not to buffer, and not to ignore Ctrl-C as the children of a background shell do.
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"},
    )
    try:
        yield process, _greeting(process)
    finally:
        process.kill()
        process.communicate(timeout=SECONDS)


def _greeting(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    lines = list[str]()
    while not lines or not lines[-1].startswith("Try "):
        line = process.stdout.readline()
        assert line, "the command ended early"
        lines.append(line)
    return "".join(lines)


def base_url(greeting: str) -> str:
    """Return where the greeting says it answers."""
    return re.search(r"ENNEO_INSTANCE=(\S+)", greeting)[1]


def get(url: str, token: str) -> httpx.Response:
    """Ask for a ticket."""
    return httpx.get(f"{url}/ticket/1/conversation", headers={"Authorization": f"Bearer {token}"}, trust_env=False)


def test_it_says_what_it_is_and_serves():
    """It says that it is a stand-in and how to reach it, and answers there."""
    with serving() as (_, greeting):
        assert "a stand-in for an Enneo Mind instance" in greeting
        assert "ENNEO_TOKEN=local-mind-token" in greeting
        assert get(base_url(greeting), "local-mind-token").status_code == 200


def test_its_options_reach_the_server():
    """Token, seed and quirks are those of the options."""
    with serving("--token", "my$token", "--seed", "9", "--quirks", "none") as (_, greeting):
        answer = get(base_url(greeting), "my$token").json()

    with LocalMind(seed=9, quirks=Quirks.none(), token="my$token") as mind:
        expected = get(mind.base_url, "my$token").json()
    assert "ENNEO_TOKEN='my$token'" in greeting
    assert [each["content"] for each in answer["conversations"]] == [
        each["content"] for each in expected["conversations"]
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send to one process")
def test_ctrl_c_ends_it():
    """Ctrl-C ends it with status 0, quickly and without a traceback."""
    with serving() as (process, _):
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=SECONDS)

    assert (process.returncode, errors) == (0, "")
    assert time.monotonic() - start < 10


def test_a_port_in_use_is_one_line(capsys):
    """A port that is taken ends the command with one line."""
    with LocalMind() as mind, pytest.raises(SystemExit) as exit_:
        serve.serve(port=mind.port)

    assert exit_.value.code == 1
    assert re.fullmatch(r"enneo-mind: cannot listen on 127\.0\.0\.1:\d+: .+\n", capsys.readouterr().err)


@pytest.mark.parametrize("token", ["", "a b", "tökén"])
def test_a_token_that_nobody_could_send_is_refused(capsys, token):
    """It would only say later, and to every client, that the credential is wrong."""
    with pytest.raises(SystemExit) as exit_:
        serve.serve(token=token)

    assert (exit_.value.code, "no client could send this one" in capsys.readouterr().err) == (2, True)


def test_other_addresses_are_refused(capsys):
    """An address others can reach ends the command with one line."""
    with pytest.raises(SystemExit) as exit_:
        serve.serve(host="0.0.0.0")

    assert (exit_.value.code, capsys.readouterr().err) == (
        2,
        "enneo-mind: a local Mind listens on loopback only, not on 0.0.0.0\n",
    )


def test_it_rests_until_it_is_interrupted(capsys):
    """Serving goes on until Ctrl-C, then the server is stopped."""
    rests = list[float]()

    def rest(seconds: float) -> None:
        rests.append(seconds)
        if len(rests) == 2:
            raise KeyboardInterrupt

    mind = LocalMind()
    serve.stand_in(mind, rest)

    assert len(rests) == 2
    assert mind.base_url in capsys.readouterr().out
    with pytest.raises(httpx.ConnectError):
        get(mind.base_url, mind.token)


@pytest.mark.parametrize(("port", "quirks"), [("65536", "real"), ("0", "some")])
def test_wrong_options(port, quirks):
    """An option that cannot be is a usage error."""
    run = subprocess.run(
        [*COMMAND, "--port", port, "--quirks", quirks], capture_output=True, text=True, timeout=SECONDS, check=False
    )

    assert run.returncode == 2
    assert "Traceback" not in run.stderr


def test_single_quirks():
    """Each quirk can be switched on and off by its name, beside a set."""
    on = serve._quirks(serve.QuirkSet.none, ["zero_dates", "gappy_lists"], [])
    off = serve._quirks(serve.QuirkSet.all, [], ["zero_dates"])

    assert on == Quirks(**{**vars(Quirks.none()), "zero_dates": True, "gappy_lists": True})
    assert off == Quirks(**{**vars(Quirks.all()), "zero_dates": False})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--quirk", "zero_date"], "there is no quirk 'zero_date': they are epoch_dates, sql_dates, "),
        (["--no-quirk", ""], "there is no quirk '': they are "),
        (["--quirk", "zero_dates", "--no-quirk", "zero_dates"], "the quirk 'zero_dates' cannot be both on and off"),
    ],
)
def test_quirks_that_make_no_sense(options, said):
    """A name that is none, or one that is to be both, ends the command with one line."""
    run = subprocess.run([*COMMAND, *options], capture_output=True, text=True, timeout=SECONDS, check=False)

    assert run.returncode == 2
    assert said in run.stderr
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize(("on", "off"), [(["zero_date"], []), ([], ["zero_date"]), (["zero_dates"], ["zero_dates"])])
def test_quirks_that_make_no_sense_are_a_matter_of_usage(on, off, capsys):
    """Each mistake in a quirk's name ends with the exit code of wrong usage."""
    with pytest.raises(SystemExit) as ended:
        serve._quirks(serve.QuirkSet.real, on, off)

    assert ended.value.code == 2
    assert "zero_date" in capsys.readouterr().err


def test_quirks_reach_the_server():
    """What is switched on shows in the answers."""
    with serving("--quirks", "none", "--quirk", "zero_dates") as (_, greeting):
        answer = get(base_url(greeting), "local-mind-token").json()

    assert "0000-00-00 00:00:00" in {each["modifiedAt"] for each in answer["conversations"]}
