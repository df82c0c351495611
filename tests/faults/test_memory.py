"""A body takes no more memory than the cap says, whatever the server sends."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from enneo_mind_client import ResponseError

from . import answers
from .clients import CLIENTS, Client
from .conftest import Scripted
from .playing import API
from .scripts import end_of, start
from .verbs import Forever, Script, Send

MIB = 1 << 20
CAP = 4 * MIB
OVER = 3 * MIB
"""What may come on top of the cap: the chunk in hand, the connection's buffers, the interpreter's own."""


def _announced() -> Script:
    return Send(answers.http(200, headers=answers.JSON | {"Content-Length": str(1 << 30)})), Forever(b" " * 65_536)


def _endless() -> Script:
    return Send(answers.chunked([b"{"], last=False)), Forever(b"10000\r\n" + b" " * 65_536 + b"\r\n")


def _one_chunk() -> Script:
    return Send(answers.chunked([b"{"], last=False) + b"40000000\r\n"), Forever(b" " * 65_536)


def _bomb() -> Script:
    return Send(answers.encoded(answers.gzip_bomb(), "gzip"))


def _chain() -> Script:
    body = answers.gzip_bomb()
    for _ in range(4):
        body = gzip.compress(body)
    return Send(answers.encoded(body, ", ".join(["gzip"] * 5)))


def _mixed() -> Script:
    return Send(answers.encoded(zlib.compress(answers.gzip_bomb()), "gzip, deflate"))


def _members() -> Script:
    return Send(answers.encoded(gzip.compress(b" " * MIB) * 256, "gzip"))


HUGE: dict[str, Callable[[], Script]] = {
    "announced": _announced,
    "endless": _endless,
    "one-chunk": _one_chunk,
    "bomb": _bomb,
    "chain": _chain,
    "mixed": _mixed,
    "members": _members,
}


@pytest.mark.parametrize("kind", CLIENTS)
@pytest.mark.parametrize("name", HUGE)
def test_a_huge_body(name: str, kind: str, scripted: Scripted) -> None:
    """A GiB, a body without end and bombs of every kind are refused at the cap, which bounds what Python allocates."""
    server = scripted(HUGE[name]())
    with Client(kind, f"http://{server.address}{API}", max_response_bytes=CAP) as client:
        with pytest.raises(ResponseError):
            client.ask()  # imports and connections are not the body's
        tracemalloc.start()
        try:
            with pytest.raises(ResponseError) as raised:
                client.ask()
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert (raised.value.kind, raised.value.attempts) == ("too_large", 1)
    assert peak < CAP + OVER


SCRIPT = """
import resource, sys
from tests.faults.clients import Client
from enneo_mind_client import ResponseError

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

small = Client(sys.argv[1], sys.argv[2], max_response_bytes=1)
try:
    small.ask()
except ResponseError:
    before = peak()
small.close()
with Client(sys.argv[1], sys.argv[2], max_response_bytes=int(sys.argv[3])) as client:
    try:
        client.ask()
    except ResponseError as error:
        print(error.kind, peak() - before)
"""


@pytest.mark.parametrize("kind", CLIENTS)
@pytest.mark.parametrize("name", ["announced", "bomb"])
@pytest.mark.parametrize("cap", [4 * MIB, 64 * MIB], ids=["4MiB", "64MiB"])
def test_the_memory_of_the_process(cap: int, name: str, kind: str, scripted: Scripted) -> None:
    """What the machine sees of it is bounded too: the peak of a process of its own grows by the cap and a little."""
    server = scripted(HUGE[name]())
    code, output, errors = end_of(start(SCRIPT, kind, f"http://{server.address}{API}", str(cap)))
    said, grown = output.split()

    assert (code, errors, said) == (0, "", "too_large")
    assert int(grown) < cap + 8 * MIB
