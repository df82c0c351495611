"""Which instance a text names: short names, hosts and URLs are read, everything doubtful is refused unsent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enneo_mind_client.config import Instance, is_loopback, origin_of
from enneo_mind_client.errors import ConfigurationError

READ = [
    ("demo", "https://demo.enneo.ai/api/mind", "https://demo.enneo.ai"),
    ("  demo\n", "https://demo.enneo.ai/api/mind", "https://demo.enneo.ai"),
    ("my-instance-2", "https://my-instance-2.enneo.ai/api/mind", "https://my-instance-2.enneo.ai"),
    ("demo.enneo.ai", "https://demo.enneo.ai/api/mind", "https://demo.enneo.ai"),
    ("Demo.Enneo.AI", "https://demo.enneo.ai/api/mind", "https://demo.enneo.ai"),
    ("demo.enneo.ai:8443", "https://demo.enneo.ai:8443/api/mind", "https://demo.enneo.ai:8443"),
    ("demo.enneo.ai:443", "https://demo.enneo.ai/api/mind", "https://demo.enneo.ai"),
    ("demo.enneo.ai/", "https://demo.enneo.ai/api/mind", "https://demo.enneo.ai"),
    ("https://demo.enneo.ai", "https://demo.enneo.ai/api/mind", "https://demo.enneo.ai"),
    ("https://demo.enneo.ai/", "https://demo.enneo.ai/api/mind", "https://demo.enneo.ai"),
    ("https://demo.enneo.ai/api/mind/", "https://demo.enneo.ai/api/mind", "https://demo.enneo.ai"),
    ("https://gate.example/enneo/api/mind", "https://gate.example/enneo/api/mind", "https://gate.example"),
    ("HTTPS://gate.example:443/x", "https://gate.example/x", "https://gate.example"),
    ("localhost", "http://localhost/api/mind", "http://localhost"),
    ("mind.localhost:8443", "http://mind.localhost:8443/api/mind", "http://mind.localhost:8443"),
    ("localhost/", "http://localhost/api/mind", "http://localhost"),
    ("LOCALHOST:8443/x", "http://localhost:8443/x", "http://localhost:8443"),
    ("https://mind:8443", "https://mind:8443/api/mind", "https://mind:8443"),
    ("https://mind", "https://mind/api/mind", "https://mind"),
    ("[2001:db8::1]:8443", "https://[2001:db8::1]:8443/api/mind", "https://[2001:db8::1]:8443"),
    ("192.0.2.7:8443", "https://192.0.2.7:8443/api/mind", "https://192.0.2.7:8443"),
    ("localhost:8080", "http://localhost:8080/api/mind", "http://localhost:8080"),
    ("127.0.0.1:8080", "http://127.0.0.1:8080/api/mind", "http://127.0.0.1:8080"),
    ("http://127.0.0.1:80/x", "http://127.0.0.1/x", "http://127.0.0.1"),
    ("http://[::1]:8080", "http://[::1]:8080/api/mind", "http://[::1]:8080"),
    ("[::1]:8080", "http://[::1]:8080/api/mind", "http://[::1]:8080"),
    ("https://[2001:db8::1]", "https://[2001:db8::1]/api/mind", "https://[2001:db8::1]"),
    ("https://localhost", "https://localhost/api/mind", "https://localhost"),
]

REFUSED = [
    ("", "no http"),
    ("   ", "no http"),
    ("-demo", "no http"),
    ("ftp://demo.enneo.ai", "no http"),
    ("https://", "no http"),
    ("https:///api/mind", "no http"),
    ("https://de mo.enneo.ai", "no http"),
    ("https://bücher.example", "no http"),
    ("https://demo.enneo.ai:port", "no address"),
    ("https://demo.enneo.ai:99999", "no address"),
    ("https://[::1", "no address"),
    ("::1", "no address"),
    ("de\nmo", "no text"),
    ("https://de\tmo.enneo.ai", "no text"),
    ("https://demo.enneo.ai/\x00", "no text"),
    ("https://user@demo.enneo.ai", "no user"),
    ("https://user:hunter2@demo.enneo.ai", "no user"),
    ("https://@demo.enneo.ai", "no user"),
    ("user:hunter2@demo.enneo.ai", "no user"),
    ("https://demo.enneo.ai/?a=hunter2", "no user, query"),
    ("https://demo.enneo.ai?", "no user, query"),
    ("https://demo.enneo.ai/#hunter2", "no user, query"),
    ("https://demo.enneo.ai#", "no user, query"),
    ("https://demo.enneo.ai//x", "cannot be joined"),
    ("https://demo.enneo.ai/a/../b", "cannot be joined"),
    ("https://demo.enneo.ai/a/%2e%2E/b", "cannot be joined"),
    ("https://demo.enneo.ai/./b", "cannot be joined"),
    ("https://demo.enneo.ai/a b", "cannot be joined"),
    ("http://demo.enneo.ai", "in the clear"),
    ("http://127.0.0.1.example", "in the clear"),
    ("http://10.0.0.1", "in the clear"),
    ("demo:8443", "'demo:8443' is a short name with more to it. Give a short name .demo., a host"),
    ("demo/", "short name with more"),
    ("demo/api/mind", "short name with more"),
    ("demo:443/api/mind", "short name with more"),
    ("demo.", "short name with more"),
    ("de_mo", "short name with more"),
    ("user:hunter2@demo", "no user"),
    ("demo?x=hunter2", "no user, query"),
    ("ftp://demo.enneo.ai/?token=hunter2", "no http"),
    ("https://user:hun/ter2@demo.enneo.ai", "no address"),
    ("https://user:hunter2@demo.enneo.ai:port", "no address"),
    ("https://user:hunter2@" + "x" * 90 + ":port", "no address"),
]


@pytest.mark.parametrize(("text", "base_url", "origin"), READ)
def test_an_instance_is_read(text: str, base_url: str, origin: str) -> None:
    """Short names, hosts, ports, URLs, paths and trailing slashes become one base URL and origin."""
    instance = Instance.parse(text)

    assert (instance.base_url, instance.origin) == (base_url, origin)


@pytest.mark.parametrize(("text", "says"), REFUSED)
def test_a_doubtful_instance_is_refused(text: str, says: str) -> None:
    """What is no address, or would expose the credential, is a ConfigurationError of one line, without any password."""
    with pytest.raises(ConfigurationError, match=says) as caught:
        Instance.parse(text)

    assert "\n" not in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "ter2" not in str(caught.value)


@pytest.mark.parametrize("junk", [5, b"demo", ["demo"], object()])
def test_an_instance_of_another_type_is_refused(junk: object) -> None:
    """Callers are not all typed."""
    with pytest.raises(ConfigurationError, match="no text"):
        Instance.parse(junk)  # type: ignore[arg-type]


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes another error, and what is read is read again as itself."""
    try:
        instance = Instance.parse(text)
    except ConfigurationError:
        return

    assert Instance.parse(instance.base_url) == instance


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Demo.enneo.ai/token?x=1", "https://demo.enneo.ai"),
        ("https://demo.enneo.ai:443", "https://demo.enneo.ai"),
        ("http://[::1]:9/x", "http://[::1]:9"),
        ("https://user@demo.enneo.ai/", None),
        ("https:///x", None),
        ("ftp://demo.enneo.ai", None),
        ("https://demo.enneo.ai:port", None),
        ("None", None),
        ("", None),
    ],
)
def test_an_origin_is_compared_as_written(url: str, origin: str | None) -> None:
    """An address has the origin that `Instance` writes, or none."""
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    ("host", "is_one"),
    [
        ("localhost", True),
        ("mind.localhost", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("", False),
    ],
)
def test_loopback_is_this_machine(host: str, is_one: bool) -> None:
    """Only this machine may be spoken to in the clear."""
    assert is_loopback(host) is is_one
