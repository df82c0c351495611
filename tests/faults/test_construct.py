"""What a client is made of: bad credentials, files and addresses are refused before anything is sent."""

from pathlib import Path

import pytest

from . import answers
from .clients import Client
from .conftest import Scripted
from .driving import each
from .fault import Fault, refused
from .outcome import check
from .playing import outcome_of
from .verbs import Send


@each("F52")
def test_a_credential_that_is_none(fault: Fault, kind: str) -> None:
    """A text that cannot be a credential is refused, and shown nowhere."""
    outcome = outcome_of(lambda: Client(kind, "demo", **{"token": None, **fault.input}))

    check(fault.expect, outcome)


@each("F53")
def test_a_file_with_the_token(fault: Fault, kind: str, scripted: Scripted, tmp_path: Path) -> None:
    """The vendor's file is read whatever its line ends; one that others can read is warned of by its name."""
    server = scripted(Send(answers.json_ok()))
    path = tmp_path / ".enneo" / "env"
    path.parent.mkdir()
    path.write_text(fault.input["file"].replace("demo.enneo.ai", server.address), newline="")
    path.chmod(fault.input["mode"])

    def call() -> object:
        with Client(kind, None, token=None) as client:
            return client.ask()

    outcome = outcome_of(call)

    check(fault.expect, outcome)
    assert server.seen.requests[0].headers["authorization"] == f"Bearer {fault.input['token']}"
    assert fault.expect.warns == any(f"InsecureFileWarning: {path}" in line for line in outcome.said)


@each("F60")
def test_an_address(fault: Fault, kind: str) -> None:
    """An address is read whole, or refused without showing a password in it."""
    outcome = outcome_of(lambda: _base_url(kind, fault.input["instance"]))

    check(fault.expect, outcome)
    assert outcome.value == fault.input.get("base_url")


def _base_url(kind: str, instance: str) -> str:
    with Client(kind, instance) as client:
        return client.mind.base_url


@pytest.mark.parametrize("name", ["ENNEO_TOKEN", "ENNEO_INSTANCE"])
def test_a_bad_value_in_the_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment holds is checked as an argument is."""
    monkeypatch.setenv("ENNEO_TOKEN", "fine")
    monkeypatch.setenv("ENNEO_INSTANCE", "demo")
    monkeypatch.setenv(name, "s3cr3t\nmore")
    outcome = outcome_of(lambda: Client("sync", None, token=None))

    check(refused(hides=("s3cr3t\nmore", *(["s3cr3t"] if name == "ENNEO_TOKEN" else []))), outcome)
