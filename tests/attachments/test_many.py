"""Many downloads at once: each with its own end."""

import asyncio
import gzip
from threading import Barrier

import httpx
import pytest

from enneo_mind_client import APITimeoutError, AsyncEnneoMind, AuthenticationError, EnneoMind, NotFoundError
from enneo_mind_client.attachments.many import attachments_of
from enneo_mind_client.models import Attachment, Conversation
from enneo_mind_client.testing import LocalMind

from ..faults.answers import http
from ..faults.cases_status import TOKEN
from ..faults.verbs import Choose, Forever, Send, Stall
from .asking import BODY, attachment, names, whole


def download_all(client, items, folder, **options):
    """Download everything."""
    return client.wait_for(client.mind.attachments.download_all(items, folder, **options))


def by_path(**scripts):
    """Answer each path in its own way."""
    return Choose(lambda request: scripts[request.target.strip("/")])


def test_all_attachments_of_a_ticket(client, tmp_path):
    """The attachments of conversations are stored, in their order."""
    with LocalMind() as mind:
        asking = client(mind.base_url, token=mind.token)
        conversations = asking.wait_for(asking.mind.conversations.list(376189))
        done = download_all(asking, conversations, tmp_path)

    assert [each.attachment for each in done] == list(attachments_of(conversations))
    assert [each.path.stat().st_size for each in done] == [each.attachment.size for each in done]
    assert len(names(tmp_path)) == len(done) > 2


def test_one_that_fails(client, scripted, tmp_path):
    """A file that does not come has its error; the others come."""
    server = scripted(by_path(a=whole(), b=Send(http(404)), c=whole()))
    items = [attachment(path, id=path) for path in ("a", "b", "c")]

    done = download_all(client(server.url), items, tmp_path)

    assert [each.path and each.path.read_bytes() == BODY for each in done] == [True, None, True]
    assert isinstance(done[1].error, NotFoundError)
    assert names(tmp_path)[:2] == ["bill (2).pdf", "bill.pdf"]


def test_a_refused_credential_ends_them_all(client, scripted, tmp_path):
    """Nobody is asked again and again with a credential that was refused."""
    server = scripted(Send(http(401)))

    with pytest.raises(AuthenticationError):
        download_all(client(server.url), [attachment("a") for _ in range(100)], tmp_path, concurrency=2)

    assert len(server.seen.requests) < 10


def test_several_at_once(client, scripted, tmp_path):
    """As many downloads run at the same time as are asked for."""
    together = Barrier(3, timeout=5)

    def meet(_):
        together.wait()
        return whole()

    server = scripted(Choose(meet))
    items = [attachment(f"{number}", id=number) for number in range(6)]

    assert [each.error for each in download_all(client(server.url), items, tmp_path, concurrency=3)] == [None] * 6


def test_what_has_attachments():
    """Attachments stand for themselves, conversations for theirs, of which there may be none."""
    one, two = Attachment(id=1), Attachment(id=2)
    items = [one, Conversation(attachments=[two]), Conversation(attachments=None), Conversation()]

    assert list(attachments_of(items)) == [one, two]


@pytest.mark.parametrize("transport", ["aiohttp", "httpx"])
async def test_a_cancelled_download(scripted, tmp_path, transport):
    """Cancelling ends all of them, keeps what has come, and leaves the client usable."""
    data = http(200, BODY, headers={"ETag": '"one"'})
    server = scripted((Send(data[:-4000]), Stall()))
    async with AsyncEnneoMind(server.url, token=TOKEN, transport=transport) as mind:
        items = [attachment("a"), attachment("b", id=8)]
        task = asyncio.create_task(mind.attachments.download_all(items, tmp_path))
        await asyncio.to_thread(server.seen.wait_for, lambda seen: len(seen.requests) == 2)
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    assert [name.rpartition(".")[2] for name in names(tmp_path)] == ["part", "mark", "part", "mark"]
    assert [each.stat().st_size for each in tmp_path.glob("*.part")] == [len(BODY) - 4000] * 2


def test_the_callers_own_client(tmp_path):
    """A caller's httpx client fetches from the instance, also where its transport is a mock that has read the body."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=gzip.compress(BODY), headers={"Content-Encoding": "gzip"})

    client = httpx.Client(transport=httpx.MockTransport(answer), event_hooks={"response": [httpx.Response.read]})
    with client, EnneoMind("demo", token=TOKEN, http_client=client) as mind:
        assert mind.attachments.download(attachment("/a"), tmp_path).read_bytes() == BODY


async def test_the_callers_own_asynchronous_client(tmp_path):
    """The same through an asynchronous client."""

    async def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=gzip.compress(BODY), headers={"Content-Encoding": "gzip"})

    transport, hooks = httpx.MockTransport(answer), {"response": [httpx.Response.aread]}
    async with (
        httpx.AsyncClient(transport=transport, event_hooks=hooks) as client,
        AsyncEnneoMind("demo", token=TOKEN, http_client=client) as mind,
    ):
        assert (await mind.attachments.download(attachment("/a"), tmp_path)).read_bytes() == BODY


def test_a_drip_through_the_callers_own_client(scripted, tmp_path):
    """A client that bounds each read alone is given up in time all the same."""
    server = scripted((Send(b"HTTP/1.1 200 OK\r\n\r\n"), Forever(b"x", 0.02)))

    with (
        httpx.Client() as client,
        EnneoMind(server.url, token=TOKEN, http_client=client, timeout=0.4, retry=None) as mind,
        pytest.raises(APITimeoutError),
    ):
        mind.attachments.download(attachment("/a"), tmp_path)
