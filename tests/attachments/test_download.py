"""Downloads through every client: whole, or an error that says why not; never a spliced file."""

import gzip
import resource

import pytest

from enneo_mind_client import (
    APIConnectionError,
    APITimeoutError,
    AuthenticationError,
    Clock,
    ConfigurationError,
    DownloadError,
    NotFoundError,
    ResponseError,
    RetryPolicy,
)

from ..faults.answers import http
from ..faults.cases_status import TOKEN
from ..faults.verbs import Close, Forever, KeepAlive, Redirect, Reset, Script, Send, Slice, Stall
from .asking import BODY, MISSING, TAGGED, broken, download, names, rest, whole

OTHER = bytes(reversed(BODY))


def test_a_file_is_stored_whole(client, scripted, tmp_path):
    """The file has the name and the bytes, and nothing else is left in the folder."""
    server = scripted(whole())

    path = download(client(server.url), server.url + "/a?b=c", tmp_path / "inbox")

    assert (path, path.read_bytes()) == (tmp_path / "inbox" / "bill.pdf", BODY)
    assert names(path.parent) == ["bill.pdf"]
    (asked,) = server.seen.requests
    assert (asked.target, asked.headers["accept-encoding"]) == ("/a?b=c", "identity")
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert "range" not in asked.headers


def test_more_than_the_file_comes(client, scripted, tmp_path):
    """What is sent after the end of a file is not taken for the next answer."""
    server = scripted((Send(http(200, BODY) + http(200, b"junk")), KeepAlive()))
    asking = client(server.url)

    paths = [download(asking, server.url, tmp_path) for _ in range(2)]

    assert [path.read_bytes() == BODY for path in paths] == [True, True]
    assert server.seen.connections == 2


def test_a_file_of_no_bytes(client, scripted, tmp_path):
    """An empty file is a file."""
    server = scripted(whole(b""))

    assert download(client(server.url), server.url, tmp_path, size=0).read_bytes() == b""


def test_nothing_is_known_of_it(client, scripted, tmp_path):
    """Without a size and a name in the metadata, whatever comes is the file."""
    server = scripted(whole())

    assert download(client(server.url), "/a/x.pdf", tmp_path, **MISSING) == tmp_path / "x.pdf"


@pytest.mark.parametrize("url", [None, "", " "])
def test_an_attachment_without_an_address(client, tmp_path, url):
    """Without an address nothing is asked; the original address is never used."""
    with pytest.raises(DownloadError, match="The attachment's address is missing") as caught:
        download(client("http://127.0.0.1:9"), url, tmp_path, originalUrl="http://127.0.0.1:9/x")

    assert (caught.value.kind, names(tmp_path)) == ("address", [])


def test_a_download_that_breaks_off_is_carried_on(client, scripted, tmp_path):
    """Only the rest is asked for, and only if it is of the same file."""
    server = scripted(broken(6000), rest(6000))

    path = download(client(server.url), server.url, tmp_path)

    assert path.read_bytes() == BODY
    again = server.seen.requests[1].headers
    assert (again["range"], again["if-range"]) == ("bytes=6000-", '"one"')


def test_by_the_date_of_the_last_change(client, scripted, tmp_path):
    """Where there is no strong tag, the date of the last change does."""
    date = "Tue, 12 Jul 2022 08:00:00 GMT"
    headers = {"ETag": 'W/"weak"', "Last-Modified": date}
    server = scripted(broken(6000, **headers), rest(6000, **headers))

    assert download(client(server.url), server.url, tmp_path).read_bytes() == BODY
    assert server.seen.requests[1].headers["if-range"] == date


def test_without_a_mark_it_begins_anew(client, scripted, tmp_path):
    """A file that cannot be known again is asked for as a whole."""
    server = scripted(broken(6000, ETag='W/"weak"'), whole())

    assert download(client(server.url), server.url, tmp_path).read_bytes() == BODY
    assert "range" not in server.seen.requests[1].headers


def test_a_changed_file_begins_anew(client, scripted, tmp_path):
    """A whole answer to the question for a part replaces what has come."""
    server = scripted(broken(6000), whole(OTHER, ETag='"two"'))

    assert download(client(server.url), server.url, tmp_path).read_bytes() == OTHER


@pytest.mark.parametrize(
    "part",
    [
        rest(6001),
        rest(0),
        rest(6000, said="bytes 5999-10239/10240"),
        rest(6000, said="nonsense"),
        rest(6000, OTHER, ETag='"two"'),
        rest(6000, Content_Encoding="gzip"),
        Send(http(206, BODY[6000:])),
        Send(http(416, headers={"Content-Range": "bytes */10240"})),
        Send(http(416)),
    ],
)
def test_another_part_than_was_asked_for(client, scripted, tmp_path, part):
    """Such bytes are never added: the file is asked for as a whole, at once."""
    server = scripted(broken(6000), part, whole())
    asking = client(server.url)

    assert download(asking, server.url, tmp_path).read_bytes() == BODY
    assert "range" not in server.seen.requests[2].headers
    assert len(asking.time.slept) == 1


def test_a_part_that_nobody_asked_for(client, scripted, tmp_path):
    """A part in answer to the first question is no file."""
    server = scripted(rest(0))

    with pytest.raises(DownloadError, match="another part of the file") as caught:
        download(client(server.url), server.url, tmp_path)

    assert (caught.value.kind, len(server.seen.requests)) == ("range", 1)


def test_a_rest_in_pieces(client, scripted, tmp_path):
    """A server may send less than asked for; the next part is asked for then."""
    some = Send(http(206, BODY[6000:8000], headers=TAGGED | {"Content-Range": f"bytes 6000-7999/{len(BODY)}"}))
    server = scripted(broken(6000), some, rest(8000))

    assert download(client(server.url), server.url, tmp_path).read_bytes() == BODY
    assert server.seen.requests[2].headers["range"] == "bytes=8000-"


def test_more_than_the_whole(client, scripted, tmp_path):
    """A part that ends behind the file's end is not the file's."""
    server = scripted(broken(6000), rest(6000, said="bytes 6000-10239/7000"), whole())

    assert download(client(server.url), server.url, tmp_path).read_bytes() == BODY


def test_a_later_call_carries_on(client, scripted, tmp_path):
    """What a call has left is what the next one begins with."""
    server = scripted(broken(6000), rest(6000))
    asking = client(server.url, retry=None)

    with pytest.raises(APIConnectionError):
        download(asking, server.url + "?sig=1", tmp_path)
    left = names(tmp_path)
    path = download(asking, server.url + "?sig=2", tmp_path)

    assert [name.rpartition(".")[2] for name in left] == ["part", "mark"]
    assert (path.read_bytes(), names(tmp_path)) == (BODY, ["bill.pdf"])
    assert server.seen.requests[1].headers["if-range"] == '"one"'


def test_a_later_call_finds_the_whole_file(client, scripted, tmp_path):
    """A part that lacks nothing is finished when the server says that nothing comes after it."""
    server = scripted(broken(len(BODY), BODY + b"x"), Send(http(416, headers={"Content-Range": "bytes */10240"})))

    path = download(client(server.url), server.url, tmp_path)

    assert path.read_bytes() == BODY


def test_another_attachment_of_the_same_name_has_its_own_part(client, scripted, tmp_path):
    """What has come of one file is never carried on with another one's bytes."""
    server = scripted(broken(6000), whole(OTHER))
    asking = client(server.url, retry=None)

    with pytest.raises(APIConnectionError):
        download(asking, server.url, tmp_path)
    download(asking, server.url, tmp_path, id=8)

    assert "range" not in server.seen.requests[1].headers
    assert (tmp_path / "bill.pdf").read_bytes() == OTHER


@pytest.mark.parametrize("size", [len(BODY) - 1, len(BODY) + 1])
def test_another_size_than_the_metadata_says(client, scripted, tmp_path, size):
    """Such a file does not get its name; it is kept for a look, and the next call begins anew."""
    server = scripted(whole())
    asking = client(server.url)

    for _ in range(2):
        with pytest.raises(DownloadError, match=f"should have {size} bytes and has 10240") as caught:
            download(asking, server.url, tmp_path, size=size)

    assert (caught.value.kind, caught.value.attempts) == ("size", 1)
    assert [name.rpartition(".")[2] for name in names(tmp_path)] == ["part"]
    assert "range" not in server.seen.requests[1].headers


def test_a_file_larger_than_may_be_by_its_length(client, scripted, tmp_path):
    """A length that is too large ends the download before anything is stored."""
    server = scripted(whole())

    with pytest.raises(DownloadError, match="larger than max_bytes, 100 bytes") as caught:
        download(client(server.url), server.url, tmp_path, into={"max_bytes": 100})

    assert (caught.value.kind, sum(each.stat().st_size for each in tmp_path.iterdir())) == ("too_large", 0)


def test_a_file_larger_than_may_be_by_its_bytes(client, scripted, tmp_path):
    """What does not say its length is stopped when it is too much; the whole counts, decompressed."""
    bomb = gzip.compress(bytes(10_000_000))
    server = scripted(Send(http(200, bomb, headers={"Content-Encoding": "gzip"})))

    with pytest.raises(DownloadError, match="larger than max_bytes"):
        download(client(server.url), server.url, tmp_path, into={"max_bytes": 2**20})

    assert sum(each.stat().st_size for each in tmp_path.iterdir()) <= 2**20


def test_a_file_that_is_compressed_all_the_same(client, scripted, tmp_path):
    """It is stored as it was before; its bytes on the way are no measure for carrying on."""
    packed = gzip.compress(BODY)
    server = scripted(broken(100, packed, Content_Encoding="gzip"), whole(packed, Content_Encoding="gzip"))

    assert download(client(server.url), server.url, tmp_path).read_bytes() == BODY
    assert "range" not in server.seen.requests[1].headers


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [(b"nonsense", "gzip"), (gzip.compress(BODY)[:-20], "gzip"), (BODY, "br"), (BODY, "gzip," * 9)],
)
def test_a_file_that_cannot_be_decompressed(client, scripted, tmp_path, packed, encoding):
    """What cannot be read, or ends in the middle, is an error."""
    server = scripted(whole(packed, Content_Encoding=encoding))

    with pytest.raises(ResponseError, match="cannot be read"):
        download(client(server.url), server.url, tmp_path)


def test_a_missing_file(client, scripted, tmp_path):
    """An error status is the error that any call gets, with what the server says."""
    server = scripted(Send(http(404, b'{"error": "gone", "txId": "t1"}')))

    with pytest.raises(NotFoundError, match=r"404 Not Found from GET .*gone") as caught:
        download(client(server.url), server.url, tmp_path)

    assert caught.value.tx_id == "t1"


def test_an_error_without_end(client, scripted, tmp_path):
    """What is no file is read to some length only."""
    server = scripted((Send(b"HTTP/1.1 500 Oops\r\n\r\n"), Forever(b"x" * 65536)))

    with pytest.raises(DownloadError, match="something large that is not the file"):
        download(client(server.url), server.url, tmp_path)


def test_a_failing_server_is_asked_again(client, scripted, tmp_path):
    """Statuses, resets and closed connections are retried as in any call."""
    server = scripted(Send(http(503, headers={"Retry-After": "2"})), Reset(), Close(), whole())
    asking = client(server.url)

    assert download(asking, server.url, tmp_path).read_bytes() == BODY
    assert asking.time.slept[0] == 2


def test_retries_are_counted_anew_after_progress(client, scripted, tmp_path):
    """A large file may break off more often than a small one, as long as it comes nearer."""
    body, step = bytes(5 * 2**20), 2**20
    server = scripted(broken(step, body), *(_cut(body, at, step) for at in range(step, 5 * step, step)))

    path = download(client(server.url, retry=RetryPolicy(max_retries=1)), server.url, tmp_path, size=len(body))

    assert (path.stat().st_size, len(server.seen.requests)) == (len(body), 5)


def _cut(body: bytes, at: int, step: int) -> Script:
    content_range = {"Content-Range": f"bytes {at}-{len(body) - 1}/{len(body)}"}
    data = http(206, body[at:], headers=TAGGED | content_range)
    return Send(data[: len(data) - len(body) + at + step]), Stall(0.1), Close()


def test_a_refused_credential_is_renewed_once(client, scripted, tmp_path):
    """A 401 from the instance is as in any call."""
    server = scripted(Send(http(401)))

    with pytest.raises(AuthenticationError, match="The credential from the token argument was refused"):
        download(client(server.url), server.url, tmp_path)


def test_a_redirect_to_the_login_page(client, scripted, tmp_path):
    """A session that has ended is said; the page is not stored as the file."""
    server = scripted(Redirect(302, "/login"), whole(b"<html>"))

    with pytest.raises(AuthenticationError, match="login page"):
        download(client(server.url), server.url + "/a.pdf", tmp_path)

    assert len(server.seen.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_on_the_instance(client, scripted, tmp_path, status):
    """It is followed with the credential, also where the name has a word of login pages in it."""
    server = scripted(Redirect(status, "/auth/lesson.pdf"), whole())

    assert download(client(server.url), server.url + "/a/lesson.pdf", tmp_path).read_bytes() == BODY
    assert [each.headers["authorization"] for each in server.seen.requests] == [f"Bearer {TOKEN}"] * 2


def test_redirects_without_end(client, scripted, tmp_path):
    """Five are followed."""
    server = scripted((Redirect(302, "/x"), KeepAlive()))

    with pytest.raises(DownloadError, match="redirected more than 5 times"):
        download(client(server.url), server.url + "/x", tmp_path)

    assert len(server.seen.requests) == 6


def test_a_redirect_that_leads_nowhere(client, scripted, tmp_path):
    """A redirect without a target is an answer like others."""
    server = scripted(Send(http(302)))

    with pytest.raises(Exception, match="302 Found"):
        download(client(server.url), server.url, tmp_path)


@pytest.mark.parametrize("script", [Stall(), (Send(http(200, BODY)[:3000]), Stall())])
def test_silence_ends_a_download(client, scripted, tmp_path, script):
    """A server that says nothing for the client's timeout is given up."""
    server = scripted(script)

    with pytest.raises(APITimeoutError) as caught:
        download(client(server.url, timeout=0.3, retry=None), server.url, tmp_path)

    assert caught.value.phase == "read"


def test_a_drip_ends_a_download(client, scripted, tmp_path):
    """A byte now and then is as good as nothing: 64 KiB have to come within the timeout."""
    server = scripted((Send(b"HTTP/1.1 200 OK\r\n\r\n"), Forever(b"x", 0.02)))

    with pytest.raises(APITimeoutError):
        download(client(server.url, timeout=0.4, retry=None), server.url, tmp_path)


def test_a_large_file_may_take_longer_than_the_timeout(client, scripted, tmp_path):
    """As long as enough comes, the client's timeout and deadline do not end a download."""
    body = bytes(8 * 2**16)
    server = scripted(Slice(http(200, body), 2**16 + 200, 0.1))

    path = download(client(server.url, timeout=0.4, deadline=0.5), server.url, tmp_path, size=len(body))

    assert path.stat().st_size == len(body)


def test_a_deadline_ends_a_download(client, scripted, tmp_path):
    """A deadline that the call is given bounds all of it."""
    body = bytes(64 * 2**16)
    server = scripted(Slice(http(200, body), 2**16, 0.05))
    asking = client(server.url, timeout=5, clock=Clock())

    with pytest.raises(APITimeoutError, match=r"within its deadline of 0.4 s") as caught:
        download(asking, server.url, tmp_path, size=len(body), into={"deadline": 0.4})

    assert (caught.value.phase, caught.value.stopped_by) == ("deadline", "deadline")


@pytest.mark.parametrize("into", [{"max_bytes": 0}, {"deadline": -1}])
def test_limits_that_cannot_work(client, tmp_path, into):
    """They are refused before anything is sent."""
    with pytest.raises(ConfigurationError):
        download(client("http://127.0.0.1:9"), "/x", tmp_path, into=into)


def test_a_full_disk(client, scripted, tmp_path):
    """What the disk refuses is said in our words, and is no fault of the network's to be retried."""
    body, before = bytes(2**20), resource.getrlimit(resource.RLIMIT_FSIZE)
    server = scripted(whole(body))
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**18, before[1]))
    try:
        with pytest.raises(DownloadError, match=r"bill.pdf cannot be written: File too large") as caught:
            download(client(server.url), server.url, tmp_path, size=len(body))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert (caught.value.kind, len(server.seen.requests)) == ("disk", 1)


def test_a_client_that_is_closed(client, tmp_path):
    """A closed client downloads nothing."""
    asking = client("http://127.0.0.1:9")
    asking.wait_for(asking.mind.close() if asking.kind == "sync" else asking.mind.aclose())

    with pytest.raises(ConfigurationError, match="closed"):
        download(asking, "/x", tmp_path)
