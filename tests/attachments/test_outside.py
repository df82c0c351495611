"""Other hosts than the instance: without the credential, over https, and only where everyone can go."""

import asyncio
from functools import partial

import httpcore
import pytest

from enneo_mind_client import APIConnectionError, APIStatusError, DownloadError, PermissionDeniedError
from enneo_mind_client.transports.outside import _AsyncBackend, _Backend

from ..faults.answers import http
from ..faults.verbs import Redirect, Send, Stall
from .asking import BODY, download, rest, whole


def at_other_port(server) -> str:
    """Return a server's address under the instance's own host name."""
    return f"https://127.0.0.1:{server.port}/a.pdf"


def by_name(server) -> str:
    """Return a server's address under a name that only a resolver knows to be this machine."""
    return f"https://localhost:{server.port}/a.pdf"


@pytest.fixture
def storage(scripted, certificates, trusting):
    """Start https servers."""

    def start(*scripts):
        return scripted(*scripts, tls=certificates.server())

    return start


def test_storage_gets_no_credential(client, scripted, storage, tmp_path):
    """Another origin is asked without anything that belongs to the instance."""
    mind, bucket = scripted(whole()), storage(whole())

    assert download(client(mind.url), at_other_port(bucket), tmp_path).read_bytes() == BODY
    assert mind.seen.requests == []
    assert {"authorization", "cookie"} & set(bucket.seen.requests[0].headers) == set()


@pytest.mark.parametrize("credential", [{"token": "fault-table-token"}, {"session_cookie": "fault-table-cookie"}])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_storage(client, scripted, storage, tmp_path, status, credential):
    """The credential stays behind at a redirect to another origin."""
    bucket = storage(whole())
    mind = scripted(Redirect(status, at_other_port(bucket)))

    assert download(client(mind.url, **credential), "/a.pdf", tmp_path).read_bytes() == BODY
    assert {"authorization", "cookie"} & set(mind.seen.requests[0].headers)
    assert {"authorization", "cookie"} & set(bucket.seen.requests[0].headers) == set()


def test_back_to_the_instance(client, scripted, storage, tmp_path):
    """A redirect back to the instance is asked with the credential again."""
    mind = scripted(whole())
    bucket = storage(Redirect(302, f"{mind.url}/b.pdf"))

    assert download(client(mind.url), at_other_port(bucket), tmp_path).read_bytes() == BODY
    assert "authorization" in mind.seen.requests[0].headers


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "http://{other}/x", "//169.254.169.254/", "https://10.0.0.1/x", "https://a:b@{other}/x"],
)
def test_a_redirect_to_where_nothing_is_fetched_from(client, scripted, tmp_path, target):
    """Each hop is checked as the first address is; not a byte goes to a target that is refused."""
    other = scripted(whole())
    mind = scripted(Redirect(302, target), other=other)

    with pytest.raises(DownloadError) as caught:
        download(client(mind.url), "/a.pdf", tmp_path)

    assert (caught.value.kind, other.seen.connections) == ("address", 0)


def test_a_name_that_leads_to_this_machine(client, scripted, storage, tmp_path):
    """What a name resolves to is checked where it is connected to; nothing is sent."""
    inner = storage(whole())
    asking = client(scripted(whole()).url)

    with pytest.raises(DownloadError, match="not in the public internet") as caught:
        download(asking, by_name(inner), tmp_path)

    assert (caught.value.kind, inner.seen.connections, asking.time.slept) == ("address", 0, [])


def test_a_name_that_does_not_resolve(client, scripted, tmp_path):
    """A host that cannot be found is a connection error, retried once."""
    with pytest.raises(APIConnectionError, match=r"nowhere.invalid cannot be found") as caught:
        download(client(scripted(whole()).url), "https://nowhere.invalid/a.pdf", tmp_path)

    assert caught.value.attempts == 2


def test_a_storage_that_refuses(client, scripted, storage, tmp_path):
    """A 403 is said of the address and not of the credential, which was not shown."""
    bucket = storage(Send(http(403, b"<Error>SignatureDoesNotMatch</Error>")))

    with pytest.raises(PermissionDeniedError, match="from the attachment's address may not do this, or has expired"):
        download(client(scripted(whole()).url), at_other_port(bucket), tmp_path)


def test_a_storage_that_wants_a_login(client, scripted, storage, tmp_path):
    """A 401 of another host is no reason to renew the credential, nor to call it refused."""
    bucket = storage(Send(http(401)))

    with pytest.raises(APIStatusError, match="list the ticket again") as caught:
        download(client(scripted(whole()).url), at_other_port(bucket), tmp_path)

    assert (type(caught.value), len(bucket.seen.requests)) == (APIStatusError, 1)


def test_carried_on_outside(client, scripted, storage, tmp_path):
    """A download from storage that breaks off is carried on there."""
    data = http(200, BODY, headers={"ETag": '"one"'})
    bucket = storage((Send(data[:-4000]), Stall(0.1)), rest(len(BODY) - 4000))

    assert download(client(scripted(whole()).url), at_other_port(bucket), tmp_path).read_bytes() == BODY


def test_storage_with_a_wrong_certificate(client, scripted, certificates, tmp_path):
    """An https host that nobody vouches for is refused, also where the instance is on plain http."""
    bucket = scripted(whole(), tls=certificates.server("untrusted"))

    with pytest.raises(APIConnectionError, match="certificate that is not trusted"):
        download(client(scripted(whole()).url), at_other_port(bucket), tmp_path)


def test_from_an_instance_on_this_machine_by_name(client, scripted, storage, tmp_path):
    """Where the instance itself is, its host may be fetched from, by whatever address it has."""
    bucket = storage(whole())
    mind = scripted(whole())

    path = download(client(f"http://localhost:{mind.port}"), by_name(bucket), tmp_path)

    assert path.read_bytes() == BODY


def test_through_a_proxy(client, scripted, monkeypatch, tmp_path):
    """A proxy is asked for other hosts; its own address need not be public, and it is told no credential."""
    proxy, mind = scripted(Send(http(502))), scripted(whole())
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:secret@localhost:{proxy.port}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    with pytest.raises(APIConnectionError) as caught:
        download(client(mind.url, retry=None), "https://storage.example.com/a.pdf", tmp_path)

    assert proxy.seen.requests[0].method == "CONNECT"
    assert "fault-table-token" not in str(proxy.seen.requests)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("asynchronous", [False, True])
def test_the_addresses_that_were_checked_are_connected_to(asynchronous):
    """Each address of a name is tried, and the name is not resolved a second time."""
    tried: list[str] = []

    def resolve(*_, **__):
        return [(0, 0, 0, "", (address, 0)) for address in ("8.8.8.8", "8.8.4.4", "8.8.8.8")]

    class Refusing:
        def connect_tcp(self, host, **_):
            tried.append(host)
            raise httpcore.ConnectError

    class AsyncRefusing:
        async def connect_tcp(self, host, **_):
            Refusing().connect_tcp(host)

    if asynchronous:
        connecting = _AsyncBackend(AsyncRefusing(), "http://own", resolve).connect_tcp(host="name", port=443)
        connect = partial(asyncio.run, connecting)
    else:
        connect = partial(_Backend(Refusing(), "http://own", resolve).connect_tcp, host="name", port=443)
    with pytest.raises(httpcore.ConnectError):
        connect()

    assert tried == ["8.8.8.8", "8.8.4.4"]
