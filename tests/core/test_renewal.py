"""A session that is renewed: in two tiers, once for many, and only ever at its own instance."""

import base64
from pathlib import Path

import pytest

from enneo_mind_client.auth import expiry_of
from enneo_mind_client.errors import AuthenticationError
from enneo_mind_client.renewal import ADVISORY, MANDATORY
from enneo_mind_client.secret import Secret
from enneo_mind_client.vendor_files import read_env_file

from .scripts import OK, answer
from .sessions import ORIGIN, WALL, Session, jwt


@pytest.mark.parametrize(("token", "end"), [
    (jwt(exp=1_767_225_700), 1_767_225_700.0),
    (jwt(exp=1.5), 1.5),
    (jwt(exp="1767225700"), None),
    (jwt(exp=True), None),
    (jwt(exp=None), None),
    (jwt(exp=float("nan")), None),
    (jwt(exp=float("inf")), None),
    (jwt(exp=10**400), None),
    (jwt(), None),
    ("a.b.c", None),
    ("a.%%%.c", None),
    ("a." + base64.b64encode(b"[1]").decode() + ".c", None),
    ("a." + base64.b64encode(b"5").decode() + ".c", None),
    ("a." + base64.b64encode(b"\xff\xfe").decode() + ".c", None),
    ("a." + base64.b64encode(b"[" * 200_000).decode() + ".c", None),
    ("an-api-key", None),
    ("a.b", None),
    ("a.b.c.d", None),
    ("..", None),
])  # fmt: skip
def test_a_token_may_say_when_it_ends(token: str, end: float | None) -> None:
    """A JWT's own claim is read; anything else says nothing, and raises nothing."""
    assert expiry_of(Secret(token)) == end


@pytest.mark.parametrize(("ends_in", "tokens", "renewed"), [
    (None, ["old"], 0), (86_400, ["old"], 0), (ADVISORY, ["old"], 0), (ADVISORY - 1, ["fresh"], 1),
    (MANDATORY - 1, ["fresh"], 1), (-5, ["fresh"], 1),
])  # fmt: skip
def test_a_token_is_renewed_ahead_of_its_end(
    home: Path, ends_in: float | None, tokens: list[str], renewed: int
) -> None:
    """From two minutes before its end on, a call renews the token and uses the new one."""
    session = Session(home, ends_in)

    session.desk.call()

    assert (session.tokens, len(session.renewals)) == (tokens, renewed)


def test_a_renewal_is_what_openid_asks_for(home: Path) -> None:
    """The refresh token goes as a form to the endpoint that the instance names."""
    session = Session(home, 0)

    session.desk.call()

    assert [(send.method, send.url) for send in session.desk.sent[:2]] == [
        ("GET", f"{ORIGIN}/.well-known/openid-configuration"),
        ("POST", f"{ORIGIN}/oauth/token"),
    ]
    assert session.desk.sent[1].headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert session.renewals == ["grant_type=refresh_token&refresh_token=refresh"]


def test_a_renewed_token_is_kept(home: Path) -> None:
    """The vendor's tools find it in their file, with everything else that was there."""
    session = Session(home, 0)
    session.answer = {"access_token": "fresh", "refresh_token": "next", "expires_in": "3600"}

    session.desk.call()

    assert session.path.read_text().startswith("# mine\nENNEO_INSTANCE=demo\n")
    assert read_env_file(session.path) == {
        "ENNEO_INSTANCE": "demo",
        "ENNEO_TOKEN": "fresh",
        "ENNEO_REFRESH_TOKEN": "next",
        "ENNEO_TOKEN_EXPIRES_AT": str(WALL + 3600),
    }


def test_an_end_may_stand_in_the_token_only(home: Path) -> None:
    """An answer without a lifetime leaves it to the token, or to a refusal."""
    session = Session(home, 0)
    session.answer = {"access_token": jwt(exp=WALL + 500), "expires_in": None}

    session.desk.call()

    assert session.credential._tokens.expires_at == WALL + 500


def test_an_unknown_end_is_not_written(home: Path) -> None:
    """A token that does not say when it ends is used until it is refused."""
    session = Session(home, 0)
    session.answer = {"access_token": "fresh"}

    session.desk.call()
    session.desk.call()

    assert (session.tokens, len(session.renewals)) == (["fresh", "fresh"], 1)


def test_a_file_that_cannot_be_written_is_no_failure(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The call goes on with the new token; the log names the file, and no token."""
    session = Session(home, 0)
    session.credential._store = lambda _: (_ for _ in ()).throw(PermissionError("read-only"))

    session.desk.call()

    assert session.tokens == ["fresh"]
    assert f"could not be written to {session.path}: PermissionError" in caplog.text
    assert "fresh" not in caplog.text


@pytest.mark.parametrize("lifetime", [0, 10, -5, 60])
def test_a_token_of_a_short_life_is_not_renewed_by_every_call(home: Path, lifetime: int) -> None:
    """A server that gives seconds, or says 0 for "for ever", is not asked twice for each call."""
    session = Session(home, 0)
    session.answer = {"access_token": "fresh", "expires_in": lifetime}

    for _ in range(3):
        session.desk.call()

    assert (len(session.renewals), session.tokens) == (1, ["fresh"] * 3)


def test_another_processes_newer_token_is_used(home: Path) -> None:
    """A refresh token works once: who comes second reads the file instead."""
    session = Session(home, 0)
    session.write("theirs", 86_400, "next")

    session.desk.call()

    assert (session.tokens, session.renewals) == (["theirs"], [])


@pytest.mark.parametrize(("text", "kind"), [("theirs", "old"), ("", "gone")])
def test_another_processes_ending_token_is_not(home: Path, text: str, kind: str) -> None:
    """A token that ends as soon, or a file that lost its token, is no help."""
    session = Session(home, 0)
    session.write(text, 10)

    session.desk.call()

    assert (session.tokens, len(session.renewals)) == (["fresh"], 1)


def test_a_refused_token_is_renewed_once_and_the_call_replayed(home: Path) -> None:
    """A 401 before the token's end renews it; the replay is an attempt, and no retry."""
    session = Session(home, None, answer(401), OK)

    session.desk.call()

    assert (session.tokens, len(session.renewals), session.desk.clock.slept) == (["old", "fresh"], 1, [])


def test_a_fresh_token_that_is_refused_ends_the_call(home: Path) -> None:
    """Renewing again would not help."""
    session = Session(home, None, answer(401))

    with pytest.raises(AuthenticationError, match="was refused") as caught:
        session.desk.call()
    assert (caught.value.attempts, session.tokens, len(session.renewals)) == (2, ["old", "fresh"], 1)
