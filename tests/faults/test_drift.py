"""Every document that arrived whole and is not what the specification says, through every client."""

import json

from . import answers
from .cases_status import TOKEN
from .conftest import Scripted
from .driving import through
from .fault import Fault
from .outcome import check, check_traffic
from .playing import API, play
from .table import of_kind
from .verbs import Close, Send


@through(of_kind("drift"))
def test_a_document_that_drifted(fault: Fault, kind: str, scripted: Scripted) -> None:
    """What can be read is read, what cannot is kept, and nothing is lost on the way back."""
    server, other = scripted(Send(answers.json_ok(fault.input))), scripted(Close())
    outcome = play(fault, kind, f"http://{server.address}{API}")

    check(fault.expect, outcome, server.address, TOKEN)
    check_traffic(fault.expect, server, other)
    if outcome.error is None:
        for conversation in outcome.value:
            assert conversation == type(conversation).from_dict(conversation.to_dict())
            json.dumps(conversation.to_dict())
