"""Addresses: where an attachment may be fetched from."""

import pytest

from enneo_mind_client import DownloadError
from enneo_mind_client.addresses import check_resolved, is_public, locate
from enneo_mind_client.config import Instance

MIND = Instance.parse("demo")
REFUSED = [
    "file:///etc/passwd",
    "ftp://demo.enneo.ai/x",
    "data:text/plain,x",
    "javascript:alert(1)",
    "https://demo.enneo.ai@evil.example/x",
    "https://user:pass@demo.enneo.ai/x",
    "https://@demo.enneo.ai/x",
    "https://evil.example\\@demo.enneo.ai/x",
    "https://demo.enneo.ai\n.evil.example/x",
    "https://demo.enneo.ai:x/",
    "https://demo.enneo.ai:99999/",
    "https://[::1/",
    "https://bücher.example/x",
    "https://a b/x",
    "http://demo.enneo.ai/x",
    "http://storage.example.com/x",
    "http://169.254.169.254/latest/meta-data/",
    "https://169.254.169.254/",
    "https://127.0.0.1/x",
    "https://127.1/x",
    "https://2130706433/x",
    "https://0x7f.0.0.0x1/x",
    "https://017700000001./x",
    "https://10.0.0.1/x",
    "https://[::1]/x",
    "https://[::ffff:10.0.0.1]/x",
    "https://[fe80::1]/x",
    "https://224.0.0.1/x",
    "https://0.0.0.0/x",
]
PUBLIC = ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "0.0.0.0",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "fc00::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
]


def where(link: str) -> tuple[str, bool]:
    """Return where a link leads, and whether that is outside."""
    place = locate(link, MIND, "https://demo.enneo.ai/")
    return place.url, place.outside


@pytest.mark.parametrize("link", REFUSED)
def test_an_address_that_is_not_fetched_from(link):
    """Other schemes, users in addresses, addresses that are none, and hosts that are not public are refused."""
    with pytest.raises(DownloadError) as caught:
        where(link)

    assert caught.value.kind == "address"
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://demo.enneo.ai/a/b.pdf?c=d%20e#f", "https://demo.enneo.ai/a/b.pdf?c=d%20e"),
        ("HTTPS://DEMO.enneo.ai:443/a", "https://demo.enneo.ai/a"),
        ("/a/Zähler (1).jpg", "https://demo.enneo.ai/a/Z%C3%A4hler%20(1).jpg"),
        (" //demo.enneo.ai ", "https://demo.enneo.ai/"),
    ],
)
def test_an_address_of_the_instance(link, url):
    """The instance's own origin is inside, however it is written."""
    assert where(link) == (url, False)


@pytest.mark.parametrize(
    "link",
    [
        "https://storage.example.com/a?X-Signature=b",
        "https://demo.enneo.ai:8443/a",
        "https://8.8.8.8/a",
        "https://s3.x7f/a",
    ],
)
def test_an_address_outside(link):
    """Another host, or another port of the same one, is outside."""
    assert where(link) == (link, True)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address(address):
    """Everyone can reach these."""
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public(address):
    """These are this machine's, its network's, or nobody's, also inside an IPv6 address."""
    assert not is_public(address)


def test_a_name_that_leads_home():
    """A name is refused if one of its addresses is not public."""
    with pytest.raises(DownloadError, match=r"evil.example, which is not in the public internet"):
        check_resolved("evil.example", ["8.8.8.8", "127.0.0.1"], MIND.origin)


def test_the_instance_may_be_anywhere():
    """The instance's own host is fetched from wherever it is, also at another port."""
    check_resolved("demo.enneo.ai", ["10.0.0.1"], MIND.origin)
    intranet = Instance.parse("https://10.0.0.1")

    assert locate("https://10.0.0.1:8443/a", intranet, intranet.origin).outside
