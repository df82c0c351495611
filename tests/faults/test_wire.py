"""Every fault of the wire, through every client: what comes of it is what the table says, and no secret shows."""

import pytest

from .cases_status import TOKEN
from .certs import Certificates
from .conftest import Scripted
from .driving import through
from .fault import Fault
from .outcome import check, check_traffic
from .playing import API, nowhere, play
from .table import of_kind
from .verbs import Close

WIRE = of_kind("wire")


@through(fault for fault in WIRE if fault.where == "server")
def test_a_server_with_a_fault(
    fault: Fault, kind: str, scripted: Scripted, certificates: Certificates, trusting: None
) -> None:
    """A call ends as the table says, within its requests, and leaves no socket and no trace of its token."""
    other = scripted(Close())
    server = scripted(*fault.scripts, tls=certificates.server(fault.tls) if fault.tls else None, other=other)
    scheme = fault.scheme or ("https" if fault.tls else "http")
    outcome = play(fault, kind, f"{scheme}://{server.address}{API}")

    check(fault.expect, outcome, server.address, TOKEN)
    check_traffic(fault.expect, server, other)


@through(fault for fault in WIRE if fault.where != "server")
def test_no_server_at_all(fault: Fault, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call to where nobody answers ends as the table says."""
    with nowhere(fault) as (address, instance):
        if fault.input:
            monkeypatch.setenv("HTTPS_PROXY", fault.input["proxy"].format(address=address))
        outcome = play(fault, kind, instance)

    check(fault.expect, outcome, address, TOKEN)
