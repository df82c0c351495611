"""The command `enneo-mind contract`, in this process and in one of its own."""

import json
import os
import pty
import subprocess
import sysconfig
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from enneo_mind_client.testing import Quirks

from .asking import written

COMMAND = str(Path(sysconfig.get_path("scripts")) / "enneo-mind")


clean = pytest.mark.parametrize("quirks", [Quirks.none()], ids=["clean"])


def test_a_deviation(run: Any) -> None:
    """A deviation ends the command with 1, and a table on standard output says what."""
    ended = run("contract", "--tickets", "376189, 1")

    assert (ended.code, ended.err) == (1, "")
    assert "date_form" in ended.out
    assert "checked getConversations: 2 x 200" in ended.out


@clean
def test_no_deviation(run: Any) -> None:
    """Where nothing deviates, the command ends with 0 however strict it is."""
    assert run("contract", "--tickets", "376189,1,404", "--fail-on", "note").code == 0


@pytest.mark.parametrize("quirks", [Quirks(**{**vars(Quirks.none()), "extra_fields": True})], ids=["extra"])
@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("note", 1)])
def test_fail_on(run: Any, fail_on: str, code: int) -> None:
    """A warning fails the command only if that is asked for."""
    assert run("contract", "--tickets", "376189", "--fail-on", fail_on).code == code


def test_json(run: Any) -> None:
    """With --json standard output is one document and nothing else."""
    ended = run("contract", "--tickets", "376189", "--json")

    assert json.loads(ended.out)["counts"]["error"] > 0


def test_junit(run: Any, tmp_path: Path) -> None:
    """JUnit is written beside the table, and fails where the command does."""
    run("contract", "--tickets", "376189", "--junit", tmp_path / "contract.xml")
    suite = Xml.parse(tmp_path / "contract.xml").getroot()[0]

    assert int(suite.attrib["failures"]) > 0


def test_a_baseline(run: Any, tmp_path: Path) -> None:
    """What is written to a baseline does not fail from then on, and what is new does."""
    known = tmp_path / "known.json"

    assert run("contract", "--tickets", "376189", "--baseline", known, "--write-baseline").code == 0
    before = known.read_bytes()
    assert run("contract", "--tickets", "376189", "--baseline", known).code == 0
    entries = json.loads(before)
    written(tmp_path, "known.json", {**entries, "findings": entries["findings"][1:]})
    assert run("contract", "--tickets", "376189", "--baseline", known).code == 1


def test_a_baseline_is_not_written_of_a_part(run: Any, tmp_path: Path) -> None:
    """A check that saw only a part writes no baseline, and says so."""
    ended = run("contract", "--tickets", "404", "--baseline", tmp_path / "known.json", "--write-baseline")

    assert (ended.code, list(tmp_path.glob("known*"))) == (3, [])
    assert "the baseline is not written" in ended.err


@clean
def test_a_part(run: Any, mind: Any) -> None:
    """Where no answer was a success, or none came, the command ends with 3."""
    mind.fail(ticket=1, status=404)

    assert run("contract", "--tickets", "1").code == 3
    assert run("contract", "--tickets", "1", "--instance", "http://127.0.0.1:1/api/mind").code == 3


def test_a_refused_credential(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused or missing credential ends the command with 4, and is not shown."""
    monkeypatch.setenv("ENNEO_TOKEN", "wrong-wrong-wrong")
    ended = run("contract", "--tickets", "1")
    assert (ended.code, "wrong-wrong" in ended.out + ended.err) == (4, False)

    monkeypatch.delenv("ENNEO_TOKEN")
    assert run("contract", "--tickets", "1").code == 4


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "nothing to call"),
        (["--tickets", "x"], "no ticket id"),
        (["--tickets", "1", "--param", "x"], "NAME=VALUE"),
        (["--tickets", "1", "--param", "=x"], "NAME=VALUE"),
        (["--tickets", "1", "--param", "x="], "NAME=VALUE"),
        (["--write-baseline", "--tickets", "1"], "--baseline"),
        (["--recorded", "x.har", "--tickets", "1"], "recorded answers are judged without"),
        (["--recorded", "x.har", "--instance", "a b"], "instance"),
        (["--recorded", "none.har"], "none.har cannot be read"),
        (["--tickets", "1", "--document", "none.json"], "none.json cannot be read"),
        (["--tickets", "1", "--baseline", "none.json"], "none.json cannot be read"),
        (["--tickets", "1", "--junit", "none/x.xml"], "cannot be written"),
        (["--tickets", "1", "--fail-on", "never"], "never"),
    ],
)
def test_wrong_arguments(run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: Any, words: str) -> None:
    """Wrong arguments and files end the command with 2 and say why."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "x.har", {"log": {"entries": []}})
    ended = run("contract", *arguments)

    assert ended.code == 2
    assert words in " ".join(ended.err.split())


def test_recorded(run: Any, tmp_path: Path) -> None:
    """Recorded answers are judged without an instance and without a credential."""
    body = written(tmp_path, "body.json", {"conversations": [], "success": "yes"})
    ended = run("contract", "--recorded", body, "--operation", "getConversations")

    assert ended.code == 1
    assert "$.success" in ended.out


def test_parameters_and_a_document_of_ones_own(run: Any, tmp_path: Path) -> None:
    """Values are given by name, and the document is the one that is given."""
    api = {"openapi": "3.1.0", "paths": {"/x/{part}": {"get": {"operationId": "x", "responses": {"404": {}}}}}}
    ended = run(
        "contract", "--param", "part=a,b", "--param", "part=c", "--document", written(tmp_path, "api.json", api)
    )

    assert ended.code == 3
    assert "checked x: 3 x 404" in ended.out


def test_help_has_the_exit_codes(run: Any) -> None:
    """The help says what the exit codes mean."""
    assert "The exit code is 1 for" in " ".join(run("contract", "--help").out.split())


@pytest.mark.parametrize("tickets", ["376189", "404"])
def test_where_colours_are_wanted(run: Any, monkeypatch: pytest.MonkeyPatch, tickets: str) -> None:
    """Where colours are forced, the table is that of a terminal, and what is not there has no table."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = run("contract", "--tickets", tickets).out

    assert ("\x1b[" in shown, "finding" in shown) == (tickets == "376189", tickets == "376189")


def test_a_process_of_its_own(mind: Any, tmp_path: Path) -> None:
    """In a pipe a finding is one line, whole and without colours."""
    done = subprocess.run([COMMAND, "contract", "--tickets", "376189"], capture_output=True, text=True, timeout=60)
    lines = [line for line in done.stdout.splitlines() if "extractedData" in line]

    assert (done.returncode, done.stderr, len(lines)) == (1, "", 1)
    assert "object declared, found null" in lines[0]


def test_a_terminal(mind: Any) -> None:
    """In a terminal the table is as wide as that, and nothing is cut off."""
    main, side = pty.openpty()
    environ = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "NO_COLOR": "1"}
    process = subprocess.Popen(
        [COMMAND, "contract", "--tickets", "376189"], stdin=side, stdout=side, stderr=side, env=environ
    )
    os.close(side)
    shown = b""
    try:
        while data := os.read(main, 65536):
            shown += data
    except OSError:  # the other end is closed
        pass
    os.close(main)

    assert process.wait(60) == 1
    text = shown.decode()
    assert "…" not in text.replace("xxxx…", "")
    assert "wrong_type" in text
    assert "checked getConversations: 1 x 200" in text


def test_ctrl_c(mind: Any) -> None:
    """Ctrl-C ends a check at once and without a traceback."""
    mind.latency = 30
    process = subprocess.Popen([COMMAND, "contract", "--tickets", "1"], stderr=subprocess.PIPE, text=True)
    before = mind.requests
    while mind.requests == before:
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(2)
    _, said = process.communicate(timeout=10)

    assert (process.returncode, "Traceback" in said) == (130, False)


def test_an_output_that_knows_ascii_only(tmp_path: Path) -> None:
    """Where the output cannot encode a mark, as on old build servers, an escape stands for it."""
    recorded = written(tmp_path, "body.json", {"conversations": "x" * 99})
    ended = subprocess.run(
        [COMMAND, "contract", "--recorded", str(recorded), "--operation", "getConversations"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (1, "")
    assert "xxx\\u2026" in ended.stdout
