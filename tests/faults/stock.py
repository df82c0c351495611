"""Plays the table to the stock generated client, for comparison: `python -m tests.faults.stock`.

The client is what openapi-python-client makes of the document as it is published, with nothing of ours, asked by its
`sync` function. It is held to what any caller needs, not to our error tree: where an answer is due it must be returned,
right in the fields that the row looks at; where an error is due something must be raised or returned that says so; the
call must end within `BOUND` seconds; no other server may be asked; and a printed traceback may not show the token. Rows
with an option of ours (`strict`, `deadline`) are played without it.
"""
# ruff: noqa: T201

import importlib
import os
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any, Final

from . import answers
from .cases_status import TOKEN
from .certs import Certificates
from .clients import TICKET
from .fault import Fault
from .outcome import Outcome, check_value
from .playing import API, nowhere
from .server import ScriptedServer
from .table import of_kind
from .verbs import Close, Send

BOUND: Final = 10.0
SPEC: Final = Path(__file__).parents[2] / "openapi" / "enneo-mind.yaml"


def generate(directory: Path) -> None:
    """Generate the stock client into a directory, and make it importable."""
    command = [str(Path(sys.executable).parent / "openapi-python-client"), "generate", "--path", str(SPEC)]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}"}
    target = ["--output-path", str(directory / "stock_client"), "--meta", "none", "--overwrite"]
    subprocess.run([*command, *target], check=True, capture_output=True, env=environment)
    sys.path.insert(0, str(directory))


class Stock:
    """The stock client, made for one row."""

    def __init__(self, instance: str, token: str, certificates: Certificates, *, careful: bool) -> None:
        made = importlib.import_module("stock_client").AuthenticatedClient
        self._call = importlib.import_module("stock_client.api.conversation.get_conversations").sync
        self._client = made(instance, token=token, verify_ssl=certificates.client(), raise_on_unexpected_status=careful)

    def ask(self, ticket: Any = TICKET) -> Any:
        """Call it."""
        return self._call(ticket, client=self._client)


def verdict(fault: Fault, certificates: Certificates, *, careful: bool) -> str:
    """Play a row and return what is wrong with what came of it, or `kept`."""
    with ExitStack() as stack:
        other = stack.enter_context(ScriptedServer(Close()))
        instance = _instance(fault, stack, other, certificates)
        token = ((fault.input or {}).get("tokens") if fault.kind == "wire" else None) or [TOKEN]
        client = Stock(instance, token[0], certificates, careful=careful)
        outcome = _bounded(lambda: _calls(client, fault))
        if other.seen.connections:
            return "asked another server"
    return "hangs" if outcome is None else _judged(fault, outcome)


def _instance(fault: Fault, stack: ExitStack, other: ScriptedServer, certificates: Certificates) -> str:
    os.environ.pop("HTTPS_PROXY", None)
    if fault.where != "server":
        address, instance = stack.enter_context(nowhere(fault))
        if fault.input:
            os.environ["HTTPS_PROXY"] = fault.input["proxy"].format(address=address)
        return instance
    scripts = (Send(answers.json_ok(fault.input)),) if fault.kind == "drift" else fault.scripts
    tls = certificates.server(fault.tls) if fault.tls else None
    server = stack.enter_context(ScriptedServer(*scripts, tls=tls, other=other))
    return f"{fault.scheme or ('https' if fault.tls else 'http')}://{server.address}{API}"


def _calls(client: Stock, fault: Fault) -> Any:
    given = (fault.input or {}) if fault.kind == "wire" else {}
    for _ in range(given.get("calls", 1) - 1):
        client.ask()
        sleep(given.get("pause", 0))
    return client.ask(given.get("ticket_id", TICKET))


def _bounded(work: Any) -> Outcome | None:
    """Return what comes of some work, None if it has not ended in time; what hangs ends with its server."""
    outcome, began = Outcome(), monotonic()

    def run() -> None:
        try:
            outcome.value = work()
        except BaseException as error:
            outcome.error = error

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(BOUND)
    outcome.elapsed = monotonic() - began
    return None if thread.is_alive() else outcome


def _judged(fault: Fault, outcome: Outcome) -> str:
    if outcome.error is not None:
        shown = "".join(traceback.format_exception(outcome.error))
        leaks = any(text in shown for text in (TOKEN, *fault.expect.hides) if text.isprintable())
        if leaks:
            return "shows a secret, or what it should hide"
        return "kept" if fault.expect.error else "raises where an answer is due"
    if fault.expect.error:
        told = type(outcome.value).__name__ == "Error"
        return "kept" if told else "returns None or a model where an error is due"
    return _judged_value(fault, outcome.value)


def _judged_value(fault: Fault, value: Any) -> str:
    try:
        check_value(fault.expect, value.conversations)
    except (AssertionError, AttributeError, LookupError, TypeError):
        return "returns something else than the answer"
    return "kept"


def main() -> None:
    """Play every row of kinds wire and drift, and print the counts and the rows."""
    faults = [fault for kind in ("wire", "drift") for fault in of_kind(kind)]
    with tempfile.TemporaryDirectory() as directory:
        generate(Path(directory))
        certificates = Certificates(Path(directory))
        for careful in (False, True):
            verdicts = {fault.id: verdict(fault, certificates, careful=careful) for fault in faults}
            failed = {name: said for name, said in verdicts.items() if said != "kept"}
            print(f"raise_on_unexpected_status={careful}: fails {len(failed)} of {len(verdicts)}")
            for said, times in Counter(failed.values()).most_common():
                print(f"{times:>5} {said}: {' '.join(name for name in failed if failed[name] == said)}")


if __name__ == "__main__":
    main()
