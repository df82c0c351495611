"""A session that is renewed: in two tiers, once for many, and only ever at its own instance."""

import asyncio
import base64
import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from enneo_mind_client.auth import expiry_of
from enneo_mind_client.clock import Clock
from enneo_mind_client.credentials import Surroundings, find_credential
from enneo_mind_client.drivers import Send
from enneo_mind_client.errors import AuthenticationError
from enneo_mind_client.operations import Reply
from enneo_mind_client.renewal import ADVISORY, MANDATORY, PATIENCE, RenewedCredential
from enneo_mind_client.secret import Secret
from enneo_mind_client.vendor_files import read_env_file

from .scripts import BROKEN, OK, Desk, answer, token_of
from .test_credentials import DEMO
from .test_vendor_files import private

ORIGIN = "https://demo.enneo.ai"
WALL = 1_767_225_600


def jwt(**claims: Any) -> str:
    """Return a token that says these things about itself."""
    return f"e30.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.sig"


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


class Session:
    """The vendor's file, the server that renews, and a desk that calls with both."""

    def __init__(self, home: Path, ends_in: float | None, *steps: Any, **settings: Any) -> None:
        self.path, self.renewals = home / ".enneo" / "env", list[str]()
        self.endpoint: Any = f"{ORIGIN}/oauth/token"
        self.discovery: Reply | Any = None
        self.answer: Any = {"access_token": "fresh", "expires_in": 86_400}
        self.write("old", ends_in)
        self.calls = list(steps or [OK])
        credential = find_credential(DEMO, None, None, Surroundings({}, home), self._clock())
        self.desk = Desk(self.serve, credential=credential, **settings)
        assert isinstance(credential, RenewedCredential)
        credential._clock = self.desk.clock
        self.credential = credential

    def _clock(self) -> Clock:
        return Clock()

    def write(self, token: str, ends_in: float | None, refresh: str = "refresh") -> None:
        """Write the file, as another process may."""
        end = "" if ends_in is None else str(WALL + int(ends_in))
        lines = f"# mine\nENNEO_INSTANCE=demo\nENNEO_TOKEN={token}\nENNEO_REFRESH_TOKEN={refresh}\n"
        private(self.path, f"{lines}ENNEO_TOKEN_EXPIRES_AT={end}\n")

    def serve(self, send: Send) -> Any:
        """Answer discovery, renewals and calls."""
        if send.url.endswith("/.well-known/openid-configuration"):
            assert "Authorization" not in send.headers
            return self.discovery or answer(200, json.dumps({"token_endpoint": self.endpoint}).encode())
        if send.method == "POST":
            assert send.content is not None
            self.renewals.append(send.content.decode())
            said = self.answer
            return answer(200, json.dumps(said).encode()) if isinstance(said, dict) else said
        return self.calls.pop(0) if len(self.calls) > 1 else self.calls[0]

    @property
    def tokens(self) -> list[str]:
        """The tokens of the calls, in order."""
        return [token_of(send.headers) for send in self.desk.sent if "/ticket/" in send.url]


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


def test_a_token_that_was_replaced_meanwhile_is_not_renewed(home: Path) -> None:
    """Who was refused with yesterday's token uses today's."""
    session = Session(home, None)

    def meanwhile(send: Send) -> Any:
        session.write("theirs", 86_400)
        session.credential._tokens = session.credential._load()
        session.calls = [OK]
        return answer(401)

    session.calls = [meanwhile]
    session.desk.engine.steps = [lambda send: meanwhile(send) if session.calls == [meanwhile] else session.serve(send)]
    session.desk.call()

    assert (session.tokens, session.renewals) == (["old", "theirs"], [])


@pytest.mark.parametrize("ends_in", [-1, ADVISORY - 1])
async def test_fifty_tasks_renew_once(home: Path, ends_in: float) -> None:
    """However many tasks find the token at its end, one renews it; who need not wait goes on with the old one."""
    session = Session(home, ends_in)

    await asyncio.gather(*(session.desk.acall() for _ in range(50)))

    assert len(session.renewals) == 1
    assert set(session.tokens) == ({"fresh"} if ends_in < 0 else {"fresh", "old"})


async def test_fifty_refused_tasks_renew_once(home: Path) -> None:
    """However many are refused at the same time, one renews the token and all are replayed."""
    session = Session(home, None)
    session.desk.aengine.steps = [
        lambda send: answer(401) if send.headers.get("Authorization") == "Bearer old" else session.serve(send)
    ]

    replies = await asyncio.gather(*(session.desk.acall() for _ in range(50)))

    assert {reply.status_code for reply in replies} == {200}
    assert len(session.renewals) == 1


class RealSleep(Clock):
    """A wall clock of the tests' day, and real sleeps, for threads that wait for one another."""

    def time(self) -> float:
        """Return a known second."""
        return float(WALL)


def test_fifty_threads_renew_once(home: Path) -> None:
    """Threads that come at once are served by one renewal; none renews what another has just got."""
    session = Session(home, -1)
    session.desk.shared = type(session.desk.shared)(
        DEMO, session.credential, RealSleep(), session.desk.budget, "agent/1"
    )
    session.desk.clock = session.credential._clock = RealSleep()  # type: ignore[assignment]
    slow = session.serve
    session.desk.engine.steps = [lambda send: (time.sleep(0.01), slow(send))[1]]
    start, errors = threading.Barrier(50), list[BaseException]()

    def call() -> None:
        start.wait()
        try:
            session.desk.call()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=call) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert (len(session.renewals), session.tokens) == (1, ["fresh"] * 50)


def test_a_cancelled_renewal_lets_the_next_one_in(home: Path) -> None:
    """Ctrl-C in the middle of a renewal does not lock the others out."""
    session = Session(home, -1)
    session.answer = KeyboardInterrupt()

    with pytest.raises(KeyboardInterrupt):
        session.desk.call()
    session.answer = {"access_token": "fresh", "expires_in": 86_400}
    session.desk.call()

    assert session.tokens == ["fresh"]


def test_a_forked_child_has_a_lock_of_its_own(home: Path) -> None:
    """A renewal that was under way when the process forked is not waited for in the child."""
    session = Session(home, -1)
    session.credential._lock.acquire()
    session.credential._pid = -1

    session.desk.call()

    assert session.tokens == ["fresh"]
