"""Proxies and authorities of the machine are used, and a proxy's password is not told."""

import ssl
from pathlib import Path
from typing import Any

import pytest

from enneo_mind_client.errors import APIConnectionError, ConfigurationError
from enneo_mind_client.transports.environment import proxy_for, tls_context, without_password
from tests.faults import answers
from tests.faults.certs import Certificates
from tests.faults.conftest import Scripted
from tests.faults.ports import closed_port
from tests.faults.verbs import Send

from .callers import get
from .conftest import MakeCaller

PASSWORD = "proxy-passw0rd"


@pytest.mark.parametrize(("environ", "url", "proxy"), [
    ({}, "https://demo.enneo.ai", None),
    ({"HTTPS_PROXY": "http://p:1"}, "https://demo.enneo.ai", "http://p:1"),
    ({"https_proxy": "p:1"}, "https://demo.enneo.ai", "http://p:1"),
    ({"HTTP_PROXY": "http://p:1"}, "https://demo.enneo.ai", None),
    ({"ALL_PROXY": "http://p:1"}, "https://demo.enneo.ai", "http://p:1"),
    ({"ALL_PROXY": "http://p:1", "HTTPS_PROXY": "http://q:2"}, "https://demo.enneo.ai", "http://q:2"),
    ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "enneo.ai"}, "https://demo.enneo.ai", None),
    ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, "https://demo.enneo.ai", None),
    ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "other"}, "https://demo.enneo.ai", "http://p:1"),
    ({"HTTPS_PROXY": ""}, "https://demo.enneo.ai", None),
    ({"HTTPS_PROXY": "http://p:1"}, "https:///x", None),
])  # fmt: skip
def test_a_proxy_is_found(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], url: str, proxy: str | None
) -> None:
    """The usual variables say so, by scheme, for all, or not for this host."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    assert proxy_for(url) == proxy


@pytest.mark.parametrize("proxy", ["socks5://p:1", "ftp://p", "http://", "http://p:port", f"socks5://u:{PASSWORD}@p:1"])
def test_a_proxy_that_cannot_be_used_is_refused(
    monkeypatch: pytest.MonkeyPatch, caller: MakeCaller, proxy: str
) -> None:
    """It is found when the client is made, and not shown, since it may have a password."""
    monkeypatch.setenv("HTTPS_PROXY", proxy)

    with pytest.raises(ConfigurationError, match="mend HTTPS_PROXY") as caught:
        caller("demo")
    assert PASSWORD not in str(caught.value)


def test_a_proxys_password_is_not_shown() -> None:
    """Scheme, host and port are what may be told."""
    assert without_password(f"http://user:{PASSWORD}@proxy.example:3128") == "http://proxy.example:3128"


@pytest.mark.parametrize("url", ["http://localhost:1", "https://demo.enneo.ai"])
def test_a_dead_proxy_is_named(monkeypatch: pytest.MonkeyPatch, caller: MakeCaller, url: str) -> None:
    """Who refused was the proxy, and its password stays out of the error and its causes."""
    with closed_port() as address:
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://user:{PASSWORD}@{address}")
        with pytest.raises(APIConnectionError, match=f"through the proxy http://{address}") as caught:
            caller(url, retry=None).call()

    assert PASSWORD not in repr(caught.value) + repr(caught.value.__cause__)


def test_a_proxy_that_refuses_is_named(monkeypatch: pytest.MonkeyPatch, scripted: Scripted, caller: MakeCaller) -> None:
    """A 407 for the tunnel is the proxy's, and its URL's password is in no text of ours."""
    proxy = scripted(Send(answers.http(407)))
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:{PASSWORD}@{proxy.address}")

    with pytest.raises(APIConnectionError, match=f"cannot be reached through the proxy {proxy.url}") as caught:
        caller("https://demo.enneo.ai", retry=None).call()
    assert "Proxy Authentication Required" in str(caught.value)
    assert PASSWORD not in repr(caught.value) + repr(caught.value.__cause__) + repr(caught.value.__context__)


def test_a_proxy_is_used(monkeypatch: pytest.MonkeyPatch, scripted: Scripted, caller: MakeCaller) -> None:
    """A plain request goes to the proxy with the whole address and the proxy's credential."""
    proxy = scripted(Send(answers.json_ok({"success": True})))
    monkeypatch.setenv("HTTP_PROXY", f"http://user:{PASSWORD}@{proxy.address}")

    assert caller("http://localhost:1").call(get(5)).status_code == 200
    (seen,) = proxy.seen.requests
    assert seen.target == "http://localhost:1/api/mind/ticket/5/conversation"
    assert seen.headers["proxy-authorization"].startswith("Basic ")


def test_the_machines_authorities_are_trusted_with_certifis() -> None:
    """Where nothing else is said, both count."""
    context = tls_context()

    assert (context.verify_mode, context.check_hostname, len(context.get_ca_certs()) > 50) == (
        ssl.CERT_REQUIRED,
        True,
        True,
    )


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_named_authorities_are_trusted_alone(
    monkeypatch: pytest.MonkeyPatch, certificates: Certificates, tmp_path: Path, variable: Any
) -> None:
    """A company that names its authorities means these and no others."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.pem))
    if variable == "SSL_CERT_DIR":
        monkeypatch.setenv(variable, str(tmp_path))

    assert len(tls_context().get_ca_certs()) == 1
