"""Sends mutated responses to a real client over a socket."""

import random
from typing import Any

from enneo_mind_client.errors import EnneoMindError
from tests.faults import answers
from tests.faults.clients import Client
from tests.faults.playing import API
from tests.faults.server import ScriptedServer
from tests.faults.verbs import KeepAlive, LimitThenClose, Script, Send

from .mutations import Mutant, mutant

CAP = 1 << 20


def script(chance: random.Random, response: Mutant) -> Script:
    """Return a script that sends a response, framed rightly or not, whole or not, keeping its connection or not."""
    raw = answers.http(response.status, response.body, headers=_framed(chance, response), reason="Odd")
    if chance.random() < 0.05:
        return LimitThenClose(raw, chance.randrange(len(raw) + 1))
    if chance.random() < 0.05:
        at = chance.randrange(len(raw))
        raw = raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]
    return (Send(raw), KeepAlive()) if chance.random() < 0.7 else Send(raw)


def _framed(chance: random.Random, response: Mutant) -> dict[str, str]:
    headers = {name: value.encode("ascii", "replace").decode() for name, value in response.headers.items()}
    if chance.random() < 0.05:
        wrong = [len(response.body) + 7, max(0, len(response.body) - 7), -1, "1e3", 10**30]
        headers["content-length"] = str(chance.choice(wrong))
    return headers


class Exchange:
    """A client and a server that answers each call with the next mutant, then one good answer when asked for ticket 2.

    Args:
        kind: Which client.
        seed: Which mutants.
    """

    def __init__(self, kind: str, seed: int) -> None:
        self._chance = random.Random(seed)
        self._server = ScriptedServer(self._next)
        url = f"http://{self._server.address}{API}"
        self._client = Client(kind, url, retry=None, timeout=0.5, max_response_bytes=CAP)
        self._good = False

    def _next(self, number: int) -> Script:
        if self._good:
            return Send(answers.json_ok(answers.answer(answers.conversation(id=2, ticketId=2)))), KeepAlive()
        return script(self._chance, mutant(self._chance))

    def call(self) -> EnneoMindError | list[Any]:
        """Return what comes of one call."""
        try:
            return self._client.ask()
        except EnneoMindError as error:
            return error

    def good_call(self) -> list[Any]:
        """Return the answer to a call that meets no fault."""
        self._good = True
        return self._client.ask(2)

    def close(self) -> None:
        """Close both."""
        self._client.close()
        self._server.stop()
