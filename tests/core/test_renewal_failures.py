"""A renewal that fails, or is answered oddly: one typed error, and the refresh token goes nowhere else."""

from pathlib import Path
from typing import Any

import pytest

from enneo_mind_client.errors import AuthenticationError
from enneo_mind_client.flow import MAX_STALE
from enneo_mind_client.renewal import ADVISORY, MANDATORY, PATIENCE
from enneo_mind_client.vendor_files import read_env_file

from .scripts import BROKEN, STALE, answer
from .sessions import Session
from .test_vendor_files import private


@pytest.mark.parametrize(("ends_in", "works"), [(ADVISORY - 1, True), (MANDATORY - 1, False)])
def test_a_failed_renewal_is_tolerated_while_the_token_lives(home: Path, ends_in: float, works: bool) -> None:
    """In the first tier the old token is used; in the second the call fails, because it could not succeed."""
    session = Session(home, ends_in)
    session.answer = answer(500)

    if works:
        session.desk.call()
        assert session.tokens == ["old"]
    else:
        with pytest.raises(AuthenticationError, match=r"could not be renewed \(the instance answered 500\)"):
            session.desk.call()
        assert session.tokens == []


def test_a_failed_renewal_is_not_repeated_at_once(home: Path) -> None:
    """Every call of the next five seconds fails without asking, and later ones ask again."""
    session = Session(home, -1)
    session.answer = answer(500)
    for _ in range(3):
        with pytest.raises(AuthenticationError):
            session.desk.call()
    assert len(session.renewals) == 1

    session.desk.clock.advance(PATIENCE)
    session.answer = {"access_token": "fresh", "expires_in": 86_400}
    session.desk.call()
    assert (len(session.renewals), session.tokens) == (2, ["fresh"])


def test_each_failure_is_an_error_of_its_own(home: Path) -> None:
    """Calls that fail for one renewal do not share an error, nor its numbers."""
    session = Session(home, -1)
    session.answer = BROKEN
    errors = []
    for _ in range(2):
        with pytest.raises(AuthenticationError) as caught:
            session.desk.call()
        errors.append(caught.value)

    assert errors[0] is not errors[1]
    assert [error.stopped_by for error in errors] == ["not_retryable"] * 2
    assert all(str(error.__cause__) == "broken" for error in errors)


@pytest.mark.parametrize("endpoint", [
    "https://evil.example/token", "http://demo.enneo.ai/token", "https://demo.enneo.ai:8443/token",
    "https://demo.enneo.ai@evil.example/token", "//evil.example/token", "/token", None, 5,
])  # fmt: skip
def test_the_refresh_token_goes_to_its_own_origin_only(home: Path, endpoint: Any) -> None:
    """An endpoint elsewhere gets nothing."""
    session = Session(home, -1)
    session.endpoint = endpoint

    with pytest.raises(AuthenticationError, match="not on the instance's own origin"):
        session.desk.call()
    assert session.renewals == []


@pytest.mark.parametrize("said", [
    {}, {"access_token": ""}, {"access_token": None}, {"access_token": 5}, {"access_token": "a b"},
    {"access_token": "a", "refresh_token": "a b"}, {"access_token": "a", "expires_in": "soon"},
    {"access_token": "a", "expires_in": "nan"}, {"access_token": "a", "expires_in": "inf"},
    {"access_token": "a", "expires_in": []}, {"access_token": "a", "expires_in": "9" * 400},
])  # fmt: skip
def test_an_answer_without_a_usable_token_is_a_failure(home: Path, said: Any) -> None:
    """Nothing is stored of an answer that cannot be a token."""
    session = Session(home, -1)
    session.answer = said

    with pytest.raises(AuthenticationError, match="answer has no usable token"):
        session.desk.call()
    assert read_env_file(session.path)["ENNEO_TOKEN"] == "old"


@pytest.mark.parametrize("reply", [answer(200, b"<html>"), answer(200, b"[]"), answer(404), answer(302), BROKEN])
@pytest.mark.parametrize("place", ["discovery", "answer"])
def test_an_unreadable_answer_is_a_failure(home: Path, place: str, reply: Any) -> None:
    """Whatever comes instead of JSON, the error is one, with the next step."""
    session = Session(home, -1)
    setattr(session, place, reply)

    with pytest.raises(AuthenticationError, match="Log in again with the vendor's tools") as caught:
        session.desk.call()
    assert (caught.value.status_code, caught.value.attempts, session.tokens) == (401, 0, [])


def test_a_renewal_ends_with_the_deadline(home: Path) -> None:
    """Neither of its requests has more time than the call."""
    session = Session(home, -1, deadline=4)

    session.desk.call()

    assert [send.timeout for send in session.desk.sent] == [4.0, 4.0, 4.0]


def test_without_a_refresh_token_there_is_no_renewal(home: Path) -> None:
    """A file that lost it says to log in again."""
    session = Session(home, 0)
    private(session.path, "ENNEO_INSTANCE=demo\nENNEO_TOKEN=old\n")
    session.credential._tokens = session.credential._load()
    session.calls = [answer(401)]

    with pytest.raises(AuthenticationError, match="there is no refresh token"):
        session.desk.call()


@pytest.mark.parametrize(("stales", "works"), [(1, True), (MAX_STALE, True), (MAX_STALE + 1, False)])
def test_a_renewal_replaces_stale_connections(home: Path, stales: int, works: bool) -> None:
    """A kept connection that was closed costs nothing, as for a call; a server that closes all is given up."""
    session = Session(home, ADVISORY - 1)
    steps: list[Any] = [STALE] * stales
    session.desk.engine.steps = [lambda send: steps.pop() if steps else session.serve(send)]

    session.desk.call()

    assert session.tokens == (["fresh"] if works else ["old"])
