"""Throw-away certificates for TLS servers on loopback: a good one, and one for each way to be refused."""

import ssl
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

import trustme

Flaw: TypeAlias = Literal["good", "self_signed", "untrusted", "wrong_host", "expired"]


class Certificates:
    """An authority of our own; `pem` is the file that makes a client trust it."""

    def __init__(self, directory: Path) -> None:
        self._ca = trustme.CA()
        self.pem = directory / "ca.pem"
        self._ca.cert_pem.write_to_path(self.pem)

    def server(self, flaw: Flaw = "good") -> ssl.SSLContext:
        """Return a server's context whose certificate is good but for the flaw."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        if flaw == "self_signed":
            with _self_signed().tempfile() as path:
                context.load_cert_chain(path)
        else:
            self._issue(flaw).configure_cert(context)
        return context

    def client(self) -> ssl.SSLContext:
        """Return a client's context that trusts this authority only."""
        return ssl.create_default_context(cafile=str(self.pem))

    def _issue(self, flaw: Flaw) -> trustme.LeafCert:
        if flaw == "wrong_host":
            return self._ca.issue_cert("elsewhere.example")
        if flaw == "expired":
            long_ago = datetime(2020, 1, 1)  # noqa: DTZ001 - what trustme takes
            return self._ca.issue_cert("127.0.0.1", "localhost", not_after=long_ago)
        issuer = trustme.CA() if flaw == "untrusted" else self._ca
        return issuer.issue_cert("127.0.0.1", "localhost")


def _self_signed() -> trustme.Blob:
    root = trustme.CA()
    return trustme.Blob(root.private_key_pem.bytes() + root.cert_pem.bytes())
