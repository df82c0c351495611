"""Ctrl-C ends a blocking call at once, as itself, and its client can be closed after it."""

import signal
from time import monotonic

from . import answers
from .cases_status import TOKEN
from .conftest import Scripted
from .driving import each
from .fault import Fault
from .playing import API
from .scripts import end_of, start
from .verbs import Send

SCRIPT = """
import pickle, sys
from enneo_mind_client import Clock, RetryPolicy
from tests.faults.clients import Client
from tests.faults.hunt import surfaces

class Telling(Clock):
    def random(self):
        print("asleep", flush=True)
        return 1.0

client = Client(sys.argv[1], sys.argv[2], clock=Telling(), retry=RetryPolicy(base_delay=10, max_delay=10))
try:
    client.ask()
except KeyboardInterrupt as interrupt:
    shown = " ".join(surfaces(interrupt).values())
    client.close()
    print("interrupted", sys.argv[3] in shown, flush=True)
"""


@each("F71")
def test_ctrl_c(fault: Fault, kind: str, scripted: Scripted) -> None:
    """A signal while a call sleeps or reads is a KeyboardInterrupt without a token in it, and no socket stays open."""
    sleeps = fault.input.get("interrupt_in") == "sleep"
    server = scripted(*([Send(answers.http(500))] if sleeps else fault.scripts))
    process = start(SCRIPT, kind, f"http://{server.address}{API}", TOKEN)
    assert server.seen.wait_for(lambda seen: len(seen.requests) == 1, 20)
    if sleeps:
        assert process.stdout is not None
        assert process.stdout.readline() == "asleep\n"
    began = monotonic()
    process.send_signal(signal.SIGINT)

    assert end_of(process) == (0, "interrupted False\n", "")
    assert monotonic() - began < fault.expect.within
    assert server.seen.wait_for(lambda seen: seen.open == 0)
