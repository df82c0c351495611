"""Where the instance and the credential come from, in which order, and what is said when there is none."""

import json
from pathlib import Path
from typing import Any

import pytest

from enneo_mind_client import EnneoMind
from enneo_mind_client.auth import AskedCredential, Credential
from enneo_mind_client.config import Instance
from enneo_mind_client.credentials import Surroundings, find_credential, find_instance
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.renewal import RenewedCredential

from .fake_clock import FakeClock
from .test_vendor_files import private

DEMO = Instance.parse("demo")
OTHER = Instance.parse("other")


def around(home: Path, **environ: str) -> Surroundings:
    """Return surroundings with these variables."""
    return Surroundings(environ, home)


def keep(home: Path, text: str = "", **tokens: str) -> None:
    """Write the vendor's files."""
    if text:
        private(home / ".enneo" / "env", text)
    if tokens:
        entries = {f"https://{name}.enneo.ai": {"token": token} for name, token in tokens.items()}
        private(home / ".enneo" / "browser-tokens.json", json.dumps(entries))


def found(where: Surroundings, instance: Instance = DEMO, token: Any = None, session: str | None = None) -> Credential:
    """Return what is found."""
    return find_credential(instance, token, session, where, FakeClock())


def header(credential: Credential) -> str:
    """Return the one header that a credential sends at once."""
    flow = credential.headers(None)  # type: ignore[arg-type]
    with pytest.raises(StopIteration) as done:
        next(flow)
    return str(next(iter(done.value.value.values())))


def test_an_argument_names_the_instance_first(home: Path) -> None:
    """What the caller says goes before the environment and the files."""
    keep(home, "ENNEO_INSTANCE=from-file")

    assert find_instance("demo", around(home, ENNEO_INSTANCE="from-env")) == DEMO


def test_the_environment_names_the_instance_next(home: Path) -> None:
    """A variable goes before the files."""
    keep(home, "ENNEO_INSTANCE=from-file")

    assert find_instance(None, around(home, ENNEO_INSTANCE="demo")) == DEMO


def test_the_env_file_names_the_instance_then(home: Path) -> None:
    """The older of the files goes before the newer."""
    keep(home, "ENNEO_INSTANCE=demo.enneo.ai", other="t")

    assert find_instance(None, around(home)) == DEMO


def test_a_single_login_names_the_instance(home: Path) -> None:
    """Who is logged in to one instance only means that one."""
    keep(home, demo="t")

    assert find_instance(None, around(home)) == DEMO


@pytest.mark.parametrize("tokens", [{}, {"demo": "t1", "other": "t2"}])
def test_no_instance_says_the_next_step(home: Path, tokens: dict[str, str]) -> None:
    """None, or a choice of two, is no instance."""
    keep(home, **tokens)

    with pytest.raises(ConfigurationError, match=r'pass one, as in EnneoMind\("demo"\), or set ENNEO_INSTANCE'):
        find_instance(None, around(home))


def test_an_argument_is_the_credential_first(home: Path) -> None:
    """What the caller says goes before everything else."""
    keep(home, "ENNEO_TOKEN=file\nENNEO_INSTANCE=demo", demo="browser")
    credential = found(around(home, ENNEO_TOKEN="env"), token="argument")

    assert (header(credential), credential.source) == ("Bearer argument", "the token argument")


def test_a_session_goes_before_the_environment(home: Path) -> None:
    """An explicit cookie is used, whatever tokens lie around."""
    credential = found(around(home, ENNEO_TOKEN="env"), session="s1")

    assert (header(credential), credential.source) == ("connect.sid=s1", "the session_cookie argument")


def test_a_function_is_asked(home: Path) -> None:
    """A function stands for its tokens."""
    assert isinstance(found(around(home), token=lambda: "x"), AskedCredential)


def test_the_environment_is_the_credential_next(home: Path) -> None:
    """A variable goes before the files."""
    keep(home, "ENNEO_TOKEN=file\nENNEO_INSTANCE=demo", demo="browser")
    credential = found(around(home, ENNEO_TOKEN=" env\n"))

    assert (header(credential), credential.source) == ("Bearer env", "ENNEO_TOKEN")


def test_the_env_file_is_the_credential_then(home: Path) -> None:
    """The token of the instance's own file is used, and the file named as its source."""
    keep(home, "ENNEO_TOKEN=file\nENNEO_INSTANCE=demo", demo="browser")
    credential = found(around(home))

    assert (header(credential), credential.source) == ("Bearer file", str(home / ".enneo" / "env"))


def test_the_env_file_is_for_its_own_instance(home: Path) -> None:
    """A token for one instance is not sent to another."""
    keep(home, "ENNEO_TOKEN=file\nENNEO_INSTANCE=demo", other="browser")

    assert header(found(around(home), OTHER)) == "Bearer browser"


def test_an_env_file_without_an_instance_is_for_any(home: Path) -> None:
    """Who writes down only a token means the instance that is named."""
    keep(home, "ENNEO_TOKEN=file")

    assert header(found(around(home), OTHER)) == "Bearer file"


def test_a_refresh_token_makes_it_renewed(home: Path) -> None:
    """A session of the vendor's tools is renewed, and its end is read."""
    keep(home, "ENNEO_TOKEN=file\nENNEO_REFRESH_TOKEN=refresh\nENNEO_TOKEN_EXPIRES_AT=99999999999")

    credential = found(around(home))

    assert isinstance(credential, RenewedCredential)
    assert header(credential) == "Bearer file"


@pytest.mark.parametrize("end", ["", "soon", "-5", "٣", "1.5"])
def test_an_unreadable_end_is_unknown(home: Path, end: str) -> None:
    """A token whose end is not known is used until it is refused."""
    keep(home, f"ENNEO_TOKEN=file\nENNEO_REFRESH_TOKEN=refresh\nENNEO_TOKEN_EXPIRES_AT={end}")

    assert header(found(around(home))) == "Bearer file"


def test_the_browsers_token_is_found_by_origin(home: Path) -> None:
    """The newer file is asked for the instance's own origin."""
    keep(home, demo="browser", other="t")
    credential = found(around(home))

    assert (header(credential), credential.source) == ("Bearer browser", str(home / ".enneo" / "browser-tokens.json"))


def test_nothing_found_says_the_next_step(home: Path) -> None:
    """Without a credential there is one line that names every way to give one."""
    keep(home, other="t")

    with pytest.raises(ConfigurationError) as caught:
        found(around(home))

    assert str(caught.value) == (
        "No token for https://demo.enneo.ai: pass token=..., set ENNEO_TOKEN (an API key from the Enneo profile page), "
        "or log in with the vendor's tools."
    )


def test_two_credentials_are_one_too_many(home: Path) -> None:
    """A token and a session contradict each other."""
    with pytest.raises(ConfigurationError, match="either a token or a session_cookie"):
        found(around(home), token="a", session="b")


def test_a_bad_token_in_a_file_is_named_by_the_file(home: Path) -> None:
    """Who has to mend it learns where it is, and not what it is."""
    keep(home, demo="hush hush")

    with pytest.raises(ConfigurationError, match=r"browser-tokens\.json has characters") as caught:
        found(around(home))

    assert "hush" not in str(caught.value)


def test_an_account_without_a_home_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container there may be neither HOME nor an entry in the list of accounts."""
    monkeypatch.delenv("HOME")

    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nobody)
    with EnneoMind("demo", token="t") as mind:
        assert mind.base_url == "https://demo.enneo.ai/api/mind"
    with pytest.raises(ConfigurationError, match="No token"):
        EnneoMind("demo")


def test_a_client_reads_its_own_surroundings(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """The variables and files of the process are those that count."""
    keep(home, "ENNEO_TOKEN=file\nENNEO_INSTANCE=demo")

    with EnneoMind() as mind:
        assert mind.api.connections.shared.credential.source == str(home / ".enneo" / "env")
    monkeypatch.setenv("ENNEO_TOKEN", "env")
    with EnneoMind() as mind:
        assert mind.api.connections.shared.credential.source == "ENNEO_TOKEN"
