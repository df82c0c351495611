"""Each verb does to a plain socket what it says."""

from time import monotonic

import pytest

from .conftest import Scripted
from .plain import GET, connected, everything
from .verbs import Close, LimitThenClose, Redirect, Reset, Script, Send, Slice, Stall, Throttle, Unasked


def test_reset_is_a_reset(scripted: Scripted) -> None:
    """Reset as the only verb breaks the connection straight after accept."""
    with pytest.raises(ConnectionResetError), connected(scripted(Reset())) as sock:
        sock.recv(1)


def test_reset_in_the_body_comes_after_what_was_sent(scripted: Scripted) -> None:
    """What was sent before a reset arrives, then the reset does."""
    with connected(scripted((Send(b"abc"), Stall(0.05), Reset()))) as sock:
        sock.sendall(GET)

        assert sock.recv(10) == b"abc"
        with pytest.raises(ConnectionResetError):
            sock.recv(1)


@pytest.mark.parametrize("script", [Close(), (Unasked(), Send(b""))], ids=["at once", "with the request unread"])
def test_close_is_an_end_and_no_reset(scripted: Scripted, script: Script) -> None:
    """Close sends FIN: the peer reads an end of file."""
    with connected(scripted(script)) as sock:
        assert sock.recv(1) == b""


def test_limit_then_close_cuts_the_answer(scripted: Scripted) -> None:
    """Only the first bytes arrive, then the end."""
    with connected(scripted(LimitThenClose(b"0123456789", 4))) as sock:
        sock.sendall(GET)

        assert everything(sock) == b"0123"


def test_slice_sends_small_packets(scripted: Scripted) -> None:
    """Slices come one by one, with their delay between them, and are all there in the end."""
    with connected(scripted(Slice(b"abcdef", 2, 0.03))) as sock:
        sock.sendall(GET)
        started = monotonic()

        assert (sock.recv(10), everything(sock)) == (b"ab", b"cdef")
        assert monotonic() - started >= 0.06


def test_throttle_keeps_its_rate(scripted: Scripted) -> None:
    """20 kB at 100 kB a second take 0.2 seconds, and not many times that."""
    with connected(scripted(Throttle(b"x" * 20_000, rate=100_000))) as sock:
        sock.sendall(GET)
        started = monotonic()

        assert len(everything(sock)) == 20_000
        assert 0.15 < monotonic() - started < 2


def test_redirect_names_the_other_server(scripted: Scripted) -> None:
    """Placeholders in a location become addresses."""
    other = scripted(Close())
    with connected(scripted(Redirect(302, "http://{other}/x?from={here}"), other=other)) as sock:
        sock.sendall(GET)

        assert f"Location: http://{other.address}/x?from=127.0.0.1:{sock.getpeername()[1]}".encode() in everything(sock)
    assert (other.seen.connections, other.seen.bytes_received) == (0, 0)
