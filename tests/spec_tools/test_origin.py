"""Where a document may be fetched from, with what credential, and how much of it."""

import pytest

from tests.spec_tools.conftest import Server
from tools.origin import FetchError, address_of, credentials_for, fetch


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("demo", "https://demo.enneo.ai/api/mind/docs/open-api"),
        ("mind.example.org", "https://mind.example.org/api/mind/docs/open-api"),
        ("https://mind.example.org/other/", "https://mind.example.org/other/docs/open-api"),
        ("https://mind.example.org/spec.yaml", "https://mind.example.org/spec.yaml"),
        ("https://mind.example.org/x/docs/open-api", "https://mind.example.org/x/docs/open-api"),
        ("http://localhost:80/spec.json", "http://localhost:80/spec.json"),
    ],
)
def test_address(source: str, address: str) -> None:
    """An instance serves its document at a place of its own; an address of a document is taken as it is."""
    assert address_of(source) == address


@pytest.mark.parametrize(
    "source", ["http://demo.enneo.ai", "http://example.org/spec.yaml", "ftp://localhost/spec.yaml", "no such", ""]
)
def test_address_refused(source: str) -> None:
    """What would be fetched in the clear from another machine, or is no address, is refused."""
    with pytest.raises(FetchError):
        address_of(source)


@pytest.mark.parametrize(
    ("status", "body", "headers", "words"),
    [
        (500, b"", {}, "answers 500"),
        (302, b"", {"Location": "/elsewhere"}, "answers 302"),
        (200, b"short", {"Content-Length": "100"}, "cannot be fetched"),
        (200, b"a" * (32 * 2**20 + 1), {}, "more than"),
    ],
    ids=["status", "redirect", "cut", "large"],
)
def test_fetch_refused(server: Server, status: int, body: bytes, headers: dict[str, str], words: str) -> None:
    """An answer that is no success, not whole or too large is no document; a redirect is not followed."""
    server.status, server.body, server.headers = status, body, headers

    with pytest.raises(FetchError, match=words):
        fetch(f"{server.url}/spec.yaml")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("environment", "sent"),
    [
        ({}, {}),
        ({"ENNEO_TOKEN": "secret"}, {}),
        ({"ENNEO_TOKEN": "secret", "ENNEO_INSTANCE": "demo"}, {"Authorization": "Bearer secret"}),
        ({"ENNEO_TOKEN": "secret", "ENNEO_INSTANCE": "other"}, {}),
        ({"ENNEO_TOKEN": "secret", "ENNEO_INSTANCE": "https://demo.enneo.ai:444"}, {}),
    ],
)
def test_credential(environment: dict[str, str], sent: dict[str, str]) -> None:
    """The caller's token goes to the caller's own instance, and to no other."""
    assert credentials_for("https://demo.enneo.ai/api/mind/docs/open-api", environment) == sent


def test_credential_is_sent(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token of the environment is sent where it belongs."""
    monkeypatch.setenv("ENNEO_TOKEN", "secret")
    monkeypatch.setenv("ENNEO_INSTANCE", server.url)

    fetch(f"{server.url}/api/mind/docs/open-api")

    assert server.asked[0]["authorization"] == "Bearer secret"
