"""The builders make whole responses, and the fake clock passes only when told."""

import gzip
import http.client
import json
import zlib

import pytest

from . import answers
from .conftest import Scripted
from .fake_time import FakeTime
from .plain import get
from .verbs import (
    Send,
)


@pytest.mark.parametrize(
    "response",
    [answers.json_ok({"a": 1}), answers.chunked([b'{"a"', b": 1}"]), answers.json_raw('{"a": 1}', X_Test="1")],
    ids=["json_ok", "chunked", "json_raw"],
)
def test_builders_make_whole_responses(scripted: Scripted, response: bytes) -> None:
    """A client reads what a builder wrote."""
    status, body = get(scripted(Send(response)))

    assert (status, json.loads(body)) == (200, {"a": 1})


def test_a_chunked_response_without_its_last_chunk_is_incomplete(scripted: Scripted) -> None:
    """Without the last chunk a client cannot take the body for whole."""
    with pytest.raises(http.client.IncompleteRead):
        get(scripted(Send(answers.chunked([b"abc"], last=False))))


@pytest.mark.parametrize("status", [100, 103, 204, 419, 529, 999])
def test_any_status_can_be_sent(status: int) -> None:
    """Registered or not, a status has a line; one that has no body has no length."""
    line, _, rest = answers.http(status).partition(b"\r\n")

    assert f"HTTP/1.1 {status} ".encode() in line
    assert (status not in answers.BODILESS) == (b"Content-Length" in rest)


def test_the_bomb_is_small_and_grows_as_promised() -> None:
    """256 KiB of gzip, checksum and all, are 256 MiB."""
    bomb = answers.gzip_bomb()
    inflate, grown = zlib.decompressobj(31), 0
    data = bomb
    while not inflate.eof:
        grown += len(inflate.decompress(data, 1 << 22))
        data = inflate.unconsumed_tail

    assert grown == 256 << 20
    assert len(bomb) < 300 << 10


def test_gzip_in_gzip() -> None:
    """A chain is packed as often as it says."""
    head, _, body = answers.gzip_chain(3).partition(b"\r\n\r\n")
    for _ in range(3):
        body = gzip.decompress(body)

    assert b"Content-Encoding: gzip, gzip, gzip" in head
    assert answers.answer() == json.loads(body)


def test_fake_time_passes_when_someone_sleeps(fake_time: FakeTime) -> None:
    """A sleep is recorded and moves both clocks; a step moves the wall clock only."""
    monotonic_before, wall_before = fake_time.monotonic(), fake_time.time()
    fake_time.sleep(2.5)
    fake_time.step(-3600)

    assert fake_time.slept == [2.5]
    assert (fake_time.monotonic() - monotonic_before, fake_time.time() - wall_before) == (2.5, -3597.5)


async def test_fake_time_sleeps_in_tasks_too(fake_time: FakeTime) -> None:
    """An asynchronous sleep is recorded just so."""
    await fake_time.asleep(1.0)

    assert fake_time.slept == [1.0]
