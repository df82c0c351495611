"""A body is decoded within its cap, whole or not at all, however it is cut and whatever the server claims."""

import gzip
import random
import tracemalloc
import zlib
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enneo_mind_client.bodies import MAX_ENCODINGS, BadBody, BodyReader
from enneo_mind_client.errors import ResponseError
from tests.faults.answers import gzip_bomb

MIB = 2**20
TEXT = b"Guten Tag, mein Z\xc3\xa4hlerstand ist 87870. " * 50


def bare(data: bytes) -> bytes:
    """Return a deflate stream without zlib's head and checksum."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("", bytes),
    ("identity", bytes),
    ("gzip", gzip.compress),
    ("x-gzip", gzip.compress),
    (" GZip ", gzip.compress),
    ("deflate", zlib.compress),
    ("deflate", bare),
    ("deflate, gzip", lambda data: gzip.compress(zlib.compress(data))),
    ("gzip,,identity,deflate", lambda data: bare(gzip.compress(data))),
    ("gzip, gzip, gzip, gzip, gzip", lambda data: _times(gzip.compress, data, MAX_ENCODINGS)),
]


def _times(pack: Callable[[bytes], bytes], data: bytes, times: int) -> bytes:
    for _ in range(times):
        data = pack(data)
    return data


def read(encoding: str, chunks: Iterable[bytes], cap: int = MIB) -> bytes:
    """Return the decoded body."""
    reader = BodyReader(encoding, cap)
    for chunk in chunks:
        reader.feed(chunk)
    return reader.finish()


def sliced(data: bytes, size: int) -> list[bytes]:
    """Return data in packets of a size."""
    return [data[at : at + size] for at in range(0, len(data), size)]


def refusal(encoding: str, chunks: Iterable[bytes], cap: int = MIB) -> ResponseError:
    """Return the error that a body ends in."""
    with pytest.raises(BadBody) as caught:
        read(encoding, chunks, cap)
    assert isinstance(caught.value.failure.error, ResponseError)
    return caught.value.failure.error


@pytest.mark.parametrize(("encoding", "pack"), PACKERS)
@pytest.mark.parametrize("size", [1, 2, 7, 1000, MIB])
def test_a_body_is_read_however_it_is_cut(encoding: str, pack: Callable[[bytes], bytes], size: int) -> None:
    """Every encoding, alone or in a chain, comes out whole from packets of any size."""
    assert read(encoding, sliced(pack(TEXT), size)) == TEXT


@given(st.binary(max_size=2000), st.sampled_from(PACKERS), st.lists(st.integers(0, 60), max_size=30))
def test_any_cut_reads_the_same(data: bytes, how: tuple[str, Callable[[bytes], bytes]], cuts: list[int]) -> None:
    """Any bytes survive any division into packets, empty ones included."""
    encoding, pack = how
    packed, chunks = pack(data), []
    for cut in cuts:
        chunks.append(packed[:cut])
        packed = packed[cut:]

    assert read(encoding, [*chunks, packed]) == data


@pytest.mark.parametrize("size", [1, 5, MIB])
@pytest.mark.parametrize("padding", [b"", b"\0", b"\0" * 1000])
def test_several_members_are_one_body(size: int, padding: bytes) -> None:
    """Gzip may come in members, with zeros between and behind them."""
    packed = padding.join([gzip.compress(TEXT), gzip.compress(b""), gzip.compress(b"end")]) + padding

    assert read("gzip", sliced(packed, size)) == TEXT + b"end"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "gzip, deflate"])
def test_no_body_at_all_is_empty(encoding: str) -> None:
    """A 204 may claim an encoding."""
    assert read(encoding, []) == b""
    assert read(encoding, [b""]) == b""


def test_a_body_of_the_cap_is_read_and_held_once() -> None:
    """The cap is what is read, not what is refused; the body is not held a second time when it is handed over."""
    size = 16 * MIB
    chunks = [b"x" * 2**16 for _ in range(size // 2**16)]
    tracemalloc.start()
    body = read("", chunks, size)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert len(body) == size
    assert peak < 1.5 * size


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_a_body_above_the_cap_is_refused(encoding: str) -> None:
    """One byte too many is too large, and the error names the cap."""
    data = b"x" * 1001
    error = refusal(encoding, [gzip.compress(data) if encoding else data], 1000)

    assert (error.kind, str(error)) == ("too_large", "The body is larger than the 1000 bytes that are read at most.")


def peak_of(encoding: str, chunks: Iterable[bytes], cap: int) -> int:
    """Return the most memory that a refused body takes beside its own packets."""
    chunks = list(chunks)
    tracemalloc.start()
    refusal(encoding, chunks, cap)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("size", [2**10, 2**16, 2**30])
def test_a_bomb_takes_no_more_than_the_cap(size: int) -> None:
    """256 KiB that grow to 256 MiB are refused at the cap, in whatever packets they come."""
    assert peak_of("gzip", sliced(gzip_bomb(), size), 4 * MIB) < 8 * MIB


def test_a_bomb_in_a_bomb_takes_no_more_than_the_cap() -> None:
    """No link of a chain holds more than a step of output."""
    assert peak_of("gzip, gzip", [gzip.compress(gzip_bomb())], 4 * MIB) < 8 * MIB


@pytest.mark.parametrize("head", [gzip.compress(b"x"), gzip.compress(b"")], ids=["a byte", "nothing"])
def test_zeros_without_end_take_no_memory(head: bytes) -> None:
    """What follows the last member is not kept."""
    reader = BodyReader("gzip", MIB)
    reader.feed(head)
    tracemalloc.start()
    for _ in range(200):
        reader.feed(bytes(2**16))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < MIB


def test_blocks_without_content_take_no_memory() -> None:
    """A stream that never says anything is not remembered."""
    reader = BodyReader("deflate", MIB)
    reader.feed(zlib.compress(b"")[:2])
    empty = b"\x00\x00\x00\xff\xff" * 10_000
    tracemalloc.start()
    for _ in range(100):
        reader.feed(empty)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < MIB


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", bare)])
def test_a_body_cut_short_is_refused(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    """Every beginning of a compressed body but the whole is an error, and never short data."""
    packed = pack(TEXT)

    for end in range(1, len(packed)):
        error = refusal(encoding, [packed[:end]])
        assert (error.kind, "ends in the middle" in str(error)) == ("encoding", True)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@pytest.mark.parametrize("size", [1, MIB])
def test_a_body_that_is_not_as_it_says_is_refused(encoding: str, size: int) -> None:
    """Plain text under a compression's name is an error."""
    error = refusal(encoding, sliced(b'{"conversations": []}', size))

    assert (error.kind, "not compressed as its header says" in str(error)) == ("encoding", True)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_body_that_goes_bad_is_refused(encoding: str) -> None:
    """Noise after a good beginning is an error."""
    noise = random.Random(1).randbytes(2**17)
    packed = gzip.compress(noise) if encoding == "gzip" else zlib.compress(noise)

    assert refusal(encoding, [packed[: 2**16 + 5000], b"\xff" * 500, packed]).kind == "encoding"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_text_behind_the_compression_is_refused(encoding: str) -> None:
    """What follows a compressed body is not dropped silently."""
    packed = gzip.compress(TEXT) if encoding == "gzip" else zlib.compress(TEXT)

    assert refusal(encoding, [packed + b"and more"]).kind == "encoding"


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, br", "compress", "gz\nip", "é" * 100])
def test_an_unknown_encoding_is_refused(encoding: str) -> None:
    """What was not asked for cannot be read, and its name is shown in one line, escaped."""
    with pytest.raises(BadBody, match="which was not asked for") as caught:
        BodyReader(encoding, MIB)

    assert (caught.value.failure.limit, str(caught.value).isprintable(), str(caught.value).isascii()) == (1, True, True)


def test_a_sixth_encoding_is_refused() -> None:
    """More than five encodings are an attack, and asking again helps nothing."""
    with pytest.raises(BadBody, match="encoded 6 times") as caught:
        BodyReader(", ".join(["gzip"] * 6), MIB)

    assert caught.value.failure.limit == 0


@pytest.mark.parametrize(("encoding", "body", "limit"), [("", b"x" * 11, 0), ("gzip", b"x", 1)])
def test_a_bad_body_says_how_often_to_try_again(encoding: str, body: bytes, limit: int) -> None:
    """A large body stays large; one that was garbled may come whole the next time."""
    with pytest.raises(BadBody) as caught:
        read(encoding, [body], 10)

    assert caught.value.failure.limit == limit
