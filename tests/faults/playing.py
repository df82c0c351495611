"""Plays a case of the wire through one client: opens what it needs, calls, and notes what came of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic, sleep
from typing import Any

from enneo_mind_client import answers, drifts

from .clients import TICKET, Client, asked_for
from .fault import Fault
from .outcome import Outcome
from .ports import NO_SUCH_HOST, blackhole, closed_port

API = "/api/mind"


def play(fault: Fault, kind: str, instance: str, **options: Any) -> Outcome:
    """Return what comes of a case."""
    given = {name: value for name, value in (fault.input or {}).items() if name != "proxy"}
    if "tokens" in given:
        options["token"] = asked_for(kind, given["tokens"])
    with Client(kind, instance, **{**fault.options, **options}) as client:
        outcome = outcome_of(lambda: _calls(client, given))
        if "then" in given:
            assert client.ask(given["then"]), "the next call finds its answer"
    outcome.slept = tuple(client.time.slept)
    return outcome


def outcome_of(work: Callable[[], Any]) -> Outcome:
    """Return what comes of some work."""
    noted = sum(drifts.values())
    outcome, began = Outcome(told_before=bool(answers._told)), monotonic()
    with outcome.listening():
        try:
            outcome.value = work()
        except BaseException as error:
            outcome.error = error
    outcome.elapsed = monotonic() - began
    outcome.told_before |= sum(drifts.values()) > noted
    return outcome


def _calls(client: Client, given: dict[str, Any]) -> Any:
    for _ in range(given.get("calls", 1) - 1):
        client.ask()
        sleep(given.get("pause", 0))
    return client.ask(given.get("ticket_id", TICKET))


@contextmanager
def nowhere(fault: Fault) -> Iterator[tuple[str, str]]:
    """Yield an address where no server answers, and the base URL by which it is asked for."""
    with ExitStack() as stack:
        if fault.where == "no_such_host":
            yield NO_SUCH_HOST, f"https://{NO_SUCH_HOST}{API}"
            return
        address = stack.enter_context(blackhole() if fault.where == "blackhole" else closed_port())
        yield address, f"https://demo.example{API}" if fault.where == "dead_proxy" else f"http://{address}{API}"
