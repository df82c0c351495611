"""The commands that read: what they print, where, and how they end."""

import base64
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Thread

import pytest

from enneo_mind_client.cli.dates import Dates
from enneo_mind_client.cli.plain_text import plain_text
from enneo_mind_client.testing import LocalMind, Quirks

TICKET = 376189


def jwt(exp: float) -> str:
    """Return a token that says when it ends."""
    claims = base64.urlsafe_b64encode(json.dumps({"exp": exp}).encode()).decode().rstrip("=")
    return f"e30.{claims}.c2ln"


def test_a_thread_is_shown(run):
    """`show` prints sender, time, text and attachments, without colours or escapes where nobody's terminal is."""
    code, out, err = run("show", TICKET)

    assert (code, err) == (0, "")
    assert out.startswith("Ticket 376189, ")
    assert "Käthe Hoffmann" in out
    assert "Rechnung_V-37566335.pdf" in out
    assert "\x1b" not in out


def test_dates_are_those_of_the_locale(run, monkeypatch):
    """A German locale has German dates."""
    monkeypatch.setenv("LANG", "de_DE.UTF-8")

    assert "19.09.2022, " in run("show", TICKET).out


@pytest.mark.parametrize(
    ("environ", "shown"),
    [
        ({}, "2022-07-12 08:00 UTC"),
        ({"LANG": "en_GB.UTF-8"}, "2022-07-12 08:00 UTC"),
        ({"LANG": "en", "LC_TIME": "de_AT"}, "12.07.2022, 08:00 UTC"),
        ({"LANG": "de", "LC_ALL": "C"}, "2022-07-12 08:00 UTC"),
    ],
)
def test_which_locale(environ, shown):
    """`LC_ALL` goes before `LC_TIME`, and that before `LANG`."""
    dates = Dates(Dates.of_reader(environ).language, UTC)

    assert dates.show(datetime(2022, 7, 12, 8, tzinfo=UTC)) == shown


def test_an_unknown_time():
    """A time that is none is said to be unknown, in the reader's language."""
    assert [Dates("de").show(None), Dates("en").show(None)] == ["Zeit unbekannt", "time unknown"]


def test_lines_of_json(run):
    """`list --json` prints a line for each ticket, in their order, also for those that failed."""
    code, out, err = run("list", TICKET, 404, 2, "--json")
    lines = [json.loads(line) for line in out.splitlines()]

    assert [line["ticketId"] for line in lines] == [TICKET, 404, 2]
    assert [bool(line["conversations"]) for line in lines] == [True, False, True]
    assert lines[0]["conversations"][0]["ticketId"] == TICKET
    assert [line["error"] and line["error"]["type"] for line in lines] == [None, "NotFoundError", None]
    assert (code, err.count("\n"), err.startswith("ticket 404: 404 Not Found")) == (3, 1, True)


def test_a_table(run):
    """`list` prints a row for each conversation."""
    code, out, _ = run("list", TICKET)

    assert code == 0
    assert out.splitlines()[0].split() == ["ticket", "time", "sender", "files", "text"]
    assert "note" in out
    assert max(map(len, out.splitlines())) <= 120


def test_nothing_at_all(run):
    """Where every ticket failed, nothing is printed and the code is not that of a part."""
    code, out, err = run("list", 404, 1404)

    assert (code, out, err.count("\n")) == (1, "", 2)


def test_attachments_are_stored(run, tmp_path):
    """`attachments` prints the paths of the new files, and says the number on standard error."""
    code, out, err = run("attachments", TICKET, "--to", tmp_path / "inbox")

    assert code == 0
    assert sorted(out.splitlines()) == sorted(str(path) for path in (tmp_path / "inbox").iterdir())
    assert err == f"5 of 5 attachments stored in {tmp_path / 'inbox'}\n"


@pytest.fixture
def one_is_gone(mind) -> Iterator[None]:
    """Have one attachment answer 404, once the conversations are served."""
    mind.latency = 0.5

    def spoil() -> None:
        while not mind.served:
            time.sleep(0.01)
        mind.fail(ticket=TICKET, status=404)

    thread = Thread(target=spoil, daemon=True)
    thread.start()
    yield
    thread.join(10)


def test_a_part_of_the_attachments(run, one_is_gone, tmp_path):
    """A file that does not come is named, the others are stored, and the code says so."""
    code, out, err = run("attachments", TICKET, "--to", tmp_path / "inbox")

    assert (code, len(out.splitlines())) == (3, 4)
    assert err.splitlines()[0].startswith("attachment ")
    assert "404 Not Found" in err.splitlines()[0]
    assert err.splitlines()[1].startswith("4 of 5 attachments stored")


def test_a_page_without_one_of_its_attachments(run, one_is_gone, tmp_path):
    """The page is written all the same; the missing file is said."""
    code, out, err = run("show", TICKET, "--html", tmp_path / "x.html", "--to", tmp_path / "inbox")

    assert (code, out, "404 Not Found" in err) == (3, f"{tmp_path / 'x.html'}\n", True)


@pytest.mark.parametrize("command", [["show", 1], ["list", 1], ["attachments", 1, "--to", "x"], ["doctor"]])
def test_without_a_token(run, monkeypatch, command):
    """A missing credential is one line, and has its own code."""
    monkeypatch.delenv("ENNEO_TOKEN")
    code, out, err = run(*command)

    assert (code, out, err.count("\n")) == (4, "", 1)
    assert err.startswith("enneo-mind: No token for http://127.0.0.1")


@pytest.mark.parametrize("command", [["show", 1], ["list", 1], ["attachments", 1, "--to", "x"]])
def test_a_refused_token(run, monkeypatch, command):
    """A refused credential is one line that does not show it, and has its own code."""
    monkeypatch.setenv("ENNEO_TOKEN", "fake-token-3f9a77")
    code, _, err = run(*command)

    assert (code, err.count("\n"), "refused" in err) == (4, 1, True)
    assert "3f9a77" not in err


@pytest.mark.parametrize(
    "command",
    [["show"], ["show", 0], ["show", "x"], ["list"], ["attachments", 1], ["show", 1, "--to", "x"], ["nothing"]],
)
def test_called_wrongly(run, command):
    """A wrong call ends with 2, and prints nothing where results go."""
    code, out, err = run(*command)

    assert (code, out, bool(err)) == (2, "", True)


def test_an_instance_that_is_none(run):
    """`--instance` goes before the environment, and what is no address is one line."""
    code, _, err = run("show", 1, "--instance", "ftp://x")

    assert (code, err.startswith("enneo-mind: The instance 'ftp://x' is no http(s) address.")) == (1, True)


def test_a_healthy_doctor(run):
    """`doctor` says the instance, where the credential came from, and that the answer is as documented."""
    code, out, _ = run("doctor", "--ticket", TICKET)

    assert (code, [line[:4].strip() for line in out.splitlines()]) == (0, ["ok"] * 5)
    assert "from ENNEO_TOKEN" in out
    assert "as its document says: ticket 376189 has 7 conversations" in out
    assert "local-mind-token" not in out


@pytest.mark.parametrize(
    ("left", "code", "said"), [(10 * 86400 + 60, 4, "in 10 days"), (3600, 4, ", soon"), (-60, 4, "it has, at 20")]
)
def test_a_doctor_reads_when_a_token_ends(run, monkeypatch, left, code, said):
    """The end is what the token itself says; the local Mind knows none of these tokens."""
    monkeypatch.setenv("ENNEO_TOKEN", jwt(time.time() + left))
    result = run("doctor")

    assert (result.code, said in result.out, "FAIL  accepted" in result.out) == (code, True, True)


@pytest.mark.parametrize(
    ("ticket", "code", "said"), [(404, 0, "there is no ticket 404"), (500, 1, "FAIL  reachable   500 Internal")]
)
def test_a_doctor_of_an_odd_ticket(run, monkeypatch, ticket, code, said):
    """A missing ticket is no illness; a server that fails is."""
    result = run("doctor", "--ticket", ticket)

    assert (result.code, said in result.out) == (code, True)


def test_a_doctor_of_another_answer(run, monkeypatch):
    """An answer that is not as documented is found, and where."""
    with LocalMind(quirks=Quirks.all()) as odd:
        monkeypatch.setenv("ENNEO_INSTANCE", odd.base_url)
        result = run("doctor", "--ticket", TICKET)

    assert (result.code, "FAIL  answers     not as its document says" in result.out) == (1, True)


def test_a_doctor_of_a_session_that_cannot_be_renewed(run, mind, monkeypatch, tmp_path):
    """A token that has ended, and whose renewal fails, is said; nothing is asked with it."""
    monkeypatch.delenv("ENNEO_TOKEN")
    mind.fail_refresh(times=None)
    (tmp_path / ".enneo").mkdir()
    kept = tmp_path / ".enneo" / "env"
    kept.write_text(f'export ENNEO_TOKEN="{mind.token}"\nexport ENNEO_REFRESH_TOKEN="x"\nENNEO_TOKEN_EXPIRES_AT=1\n')
    kept.chmod(0o600)
    result = run("doctor")

    assert (result.code, "could not be renewed" in result.out) == (4, True)
    assert f"from {kept}" in result.out
    assert mind.served == 0


def test_a_doctor_that_reaches_nobody(run, mind):
    """An instance that is not there is said."""
    result = run("doctor", "--instance", "http://127.0.0.1:9")

    assert (result.code, "FAIL  reachable   127.0.0.1:9 refused the connection" in result.out) == (1, True)


def test_plain_text_of_a_message():
    """Scripts and styles are no text, and quotations are marked."""
    message = "<style>p {}</style><p>Hallo</p><script>x()</script><blockquote>alt<br>neu</blockquote>\x1b[2J"

    assert plain_text(message).split("\n") == ["Hallo", "> alt", "> neu", "\\x1b[2J"]
