"""Addresses and certificates fail a plain client in the way their names say."""

import http.client
import socket
import ssl
from time import monotonic

import pytest

from . import answers
from .certs import Certificates, Flaw
from .conftest import Scripted
from .plain import GET, connected, everything, get, pair
from .ports import blackhole, closed_port
from .server import ScriptedServer
from .verbs import Send, Unasked

OK = answers.json_ok()


def test_a_closed_port_refuses() -> None:
    """Connecting to a closed port fails at once."""
    with closed_port() as address, pytest.raises(ConnectionRefusedError):
        socket.create_connection(pair(address), timeout=5)


def test_a_blackhole_swallows() -> None:
    """Connecting to a blackhole hangs until the client gives up."""
    with blackhole() as address, pytest.raises(TimeoutError):
        socket.create_connection(pair(address), timeout=0.3)


def test_tls_with_a_good_certificate(scripted: Scripted, certificates: Certificates) -> None:
    """A client that trusts the authority gets its answer, and a clean end."""
    server = scripted(Send(OK), tls=certificates.server())
    with connected(server) as sock, certificates.client().wrap_socket(sock, server_hostname=server.host) as secure:
        secure.sendall(GET)

        assert everything(secure) == OK


@pytest.mark.parametrize(
    ("flaw", "says"),
    [
        ("self_signed", "self-signed certificate"),
        ("untrusted", "unable to get local issuer"),
        ("wrong_host", "mismatch"),
        ("expired", "expired"),
    ],
)
def test_tls_with_a_flaw(scripted: Scripted, certificates: Certificates, flaw: Flaw, says: str) -> None:
    """Each flawed certificate is refused for its own reason, and the server sees the failed handshake."""
    server = scripted(Send(OK), tls=certificates.server(flaw))
    with connected(server) as sock, pytest.raises(ssl.SSLCertVerificationError, match=says):
        certificates.client().wrap_socket(sock, server_hostname=server.host)

    assert server.seen.wait_for(lambda seen: (seen.open, seen.handshake_failures) == (0, 1))


def test_plain_http_on_a_tls_port(scripted: Scripted, certificates: Certificates) -> None:
    """A TLS server gives a plain client no answer."""
    server = scripted(Send(OK), tls=certificates.server())

    with pytest.raises((OSError, http.client.HTTPException)):
        get(server)
    assert server.seen.requests == []


def test_tls_on_a_plain_port(scripted: Scripted, certificates: Certificates) -> None:
    """A plain server that speaks first fails a TLS client's handshake."""
    server = scripted((Unasked(), Send(answers.http(400))))
    with connected(server) as sock, pytest.raises(ssl.SSLError):
        certificates.client().wrap_socket(sock, server_hostname=server.host)


def test_stop_ends_a_handshake_that_never_comes(certificates: Certificates) -> None:
    """A TLS server waiting for a silent client stops at once too."""
    server = ScriptedServer(Send(OK), tls=certificates.server())
    with connected(server):
        assert server.seen.wait_for(lambda seen: seen.open == 1)
        started = monotonic()
        server.stop()

        assert monotonic() - started < 0.05
