"""The caller's own httpx client is used as it is and left open, and mocks of httpx work."""

import gzip
from collections.abc import Iterator
from types import FunctionType
from typing import Any

import httpx
import pytest
import respx

from enneo_mind_client import AsyncEnneoMind, EnneoMind
from enneo_mind_client.errors import (
    APIConnectionError,
    APITimeoutError,
    ConfigurationError,
    NotFoundError,
    ResponseError,
)
from enneo_mind_client.testing import MindApp
from tests.faults.conftest import Scripted
from tests.faults.verbs import Forever, Send

from .callers import TOKEN, get
from .fake_clock import FakeClock

ANSWER = {"conversations": [], "success": True}


def answering(request: httpx.Request) -> httpx.Response:
    """Answer every request."""
    return httpx.Response(200, json=ANSWER, headers={"X-Path": request.url.path})


def test_a_mock_transport_is_asked() -> None:
    """No socket is needed to test code that uses the client."""
    with httpx.Client(transport=httpx.MockTransport(answering)) as own:
        with EnneoMind("demo", token=TOKEN, http_client=own) as mind:
            assert mind.conversations.list(376189) == []
        assert own.is_closed is False


async def test_a_mock_transport_is_asked_asynchronously() -> None:
    """Likewise with the asynchronous client, which is on httpx then."""
    async with httpx.AsyncClient(transport=httpx.MockTransport(answering)) as own:
        async with AsyncEnneoMind("demo", token=TOKEN, http_client=own) as mind:
            assert await mind.conversations.list(376189) == []
        assert own.is_closed is False


async def test_an_application_is_asked_in_process() -> None:
    """An ASGI application stands in for the server."""
    app = MindApp()
    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as own,
        AsyncEnneoMind("demo", token=app.token, http_client=own) as mind,
    ):
        response = await mind.api.acall(get(1))

    assert response.parsed["success"] is True


def mock(answer: Any, **options: Any) -> EnneoMind:
    """Return a client over a mock transport that raises or answers."""

    def handle(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    own = httpx.Client(transport=httpx.MockTransport(handle))
    return EnneoMind("demo", token=TOKEN, http_client=own, retry=None, **options)


def test_a_body_that_was_read_already_is_not_decoded_twice() -> None:
    """A mock's compressed answer comes out as its text."""
    packed = httpx.Response(200, content=gzip.compress(b'{"a": 1}'), headers={"Content-Encoding": "gzip"})

    assert mock(packed).api.call(get()).parsed == {"a": 1}


def test_a_body_that_was_read_already_is_capped() -> None:
    """Also what somebody else has read is refused above the cap."""
    with pytest.raises(ResponseError) as caught:
        mock(httpx.Response(200, content=b"x" * 101), max_response_bytes=100).api.call(get())
    assert caught.value.kind == "too_large"


@pytest.mark.parametrize(("raised", "cls", "says"), [
    (httpx.ConnectTimeout("t"), APITimeoutError, "did not accept a connection for 5 s"),
    (httpx.ReadTimeout("t"), APITimeoutError, "did not answer in full for 30 s"),
    (httpx.PoolTimeout("t"), APITimeoutError, "raise max_connections"),
    (httpx.ConnectError("boom"), APIConnectionError, "cannot be reached: ConnectError: boom"),
    (httpx.ProxyError("407"), APIConnectionError, "cannot be reached: ProxyError: 407"),
    (httpx.ReadError(""), APIConnectionError, "broke the connection off: ReadError."),
    (httpx.DecodingError("bad\x1b"), APIConnectionError, "DecodingError: bad\\x1b"),
    (httpx.RemoteProtocolError("peer closed connection"), APIConnectionError, "broke the connection off"),
    (httpx.RemoteProtocolError("illegal status line"), APIConnectionError, "does not speak HTTP"),
    (httpx.InvalidURL("odd"), APIConnectionError, "InvalidURL: odd"),
])  # fmt: skip
def test_every_error_of_httpx_is_ours(raised: Exception, cls: type, says: str) -> None:
    """Whatever the caller's client raises on the way has a name in the tree."""
    with pytest.raises(APIConnectionError) as caught:
        mock(raised).api.call(get())

    assert type(caught.value) is cls
    assert says in str(caught.value)


OWN_ERRORS = [ZeroDivisionError("x"), RuntimeError("x"), OSError(5, "x"), TimeoutError("x"), ConnectionResetError("x")]


class Broken:
    """Code of the caller's that has a bug, as a hook, a transport or the body of an answer."""

    def __init__(self, error: Exception) -> None:
        self.error, self.calls = error, 0

    def __call__(self, _: object) -> httpx.Response:
        """Fail."""
        self.calls += 1
        raise self.error

    async def hook(self, _: object) -> None:
        """Fail, awaited."""
        self(_)

    def body(self, _: object) -> httpx.Response:
        """Answer, and fail in the middle."""
        return httpx.Response(200, content=self._chunks())

    def _chunks(self) -> Iterator[bytes]:
        yield b"{"
        self(None)


@pytest.mark.parametrize("error", OWN_ERRORS, ids=repr)
@pytest.mark.parametrize("place", ["request hook", "response hook", "transport", "body"])
def test_an_error_of_the_callers_own_code_is_theirs(error: Exception, place: str) -> None:
    """A bug in a hook or a transport is not dressed up as the network's fault, and not repeated."""
    broken = Broken(error)
    handler = {"transport": broken, "body": broken.body}.get(place, answering)
    hooks: Any = {place.partition(" ")[0]: [broken]} if "hook" in place else {}
    with httpx.Client(transport=httpx.MockTransport(handler), event_hooks=hooks) as own:
        mind = EnneoMind("demo", token=TOKEN, http_client=own)
        with pytest.raises(type(error)) as caught:
            mind.api.call(get())

    assert caught.value is error
    assert broken.calls == 1


@pytest.mark.parametrize("error", OWN_ERRORS, ids=repr)
@pytest.mark.parametrize("place", ["request", "response"])
async def test_an_error_of_the_callers_own_asynchronous_code_is_theirs(error: Exception, place: str) -> None:
    """Likewise, awaited."""
    broken = Broken(error)
    hooks: Any = {place: [broken.hook]}
    async with httpx.AsyncClient(transport=httpx.MockTransport(answering), event_hooks=hooks) as own:
        mind = AsyncEnneoMind("demo", token=TOKEN, http_client=own)
        with pytest.raises(type(error)) as caught:
            await mind.api.acall(get())

    assert caught.value is error
    assert broken.calls == 1


def test_a_callers_client_that_is_closed_is_named() -> None:
    """Whose client it is that was closed is said at once, and not tried again."""
    own = httpx.Client()
    own.close()

    with pytest.raises(ConfigurationError, match="httpx client under this one is closed"):
        EnneoMind("demo", token=TOKEN, http_client=own).api.call(get())


async def test_an_asynchronous_client_of_the_callers_that_is_closed_is_named() -> None:
    """Likewise, awaited."""
    own = httpx.AsyncClient()
    await own.aclose()

    with pytest.raises(ConfigurationError, match="httpx client under this one is closed"):
        await AsyncEnneoMind("demo", token=TOKEN, http_client=own).api.acall(get())


def slipping(_: object) -> httpx.Response:
    """Fail as code of the engine that forgot to name its error."""
    raise leak  # type: ignore[name-defined]  # noqa: F821  # pyright: ignore[reportUndefinedVariable]


@pytest.mark.parametrize("error", [RuntimeError("Event loop is closed"), OSError(9, "bad file")], ids=repr)
@pytest.mark.parametrize("module", ["httpx", "httpcore._sync", "asyncio.base_events", "ssl"])
def test_what_the_engine_lets_slip_is_typed(error: Exception, module: str) -> None:
    """A plain error from within the libraries is the connection's, whoever's the client is."""
    handler = FunctionType(slipping.__code__, {"__name__": module, "leak": error})
    with httpx.Client(transport=httpx.MockTransport(handler)) as own, pytest.raises(APIConnectionError) as caught:
        EnneoMind("demo", token=TOKEN, http_client=own, clock=FakeClock()).api.call(get())

    assert caught.value.attempts == 4


def test_a_proxy_of_the_environment_is_not_named_for_the_callers_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which proxy the caller's own client uses is not ours to know."""
    monkeypatch.setenv("HTTPS_PROXY", "socks5://proxy.example:1")

    with pytest.raises(APIConnectionError) as caught:
        mock(httpx.ConnectError("boom")).api.call(get())
    assert "proxy" not in str(caught.value)


@respx.mock
def test_respx_mocks_the_blocking_client() -> None:
    """The usual mock of httpx works without more ado."""
    path = "https://demo.enneo.ai/api/mind/ticket/7/conversation"
    route = respx.get(path, params={"includeRawData": "false"}).respond(json=ANSWER)

    with EnneoMind("demo", token=TOKEN) as mind:
        assert mind.conversations.list(7) == []
    assert route.calls.last.request.headers["authorization"] == f"Bearer {TOKEN}"


@respx.mock
async def test_respx_mocks_the_asynchronous_client_on_httpx() -> None:
    """Likewise, where httpx is asked for."""
    respx.get("https://demo.enneo.ai/api/mind/ticket/7/conversation").respond(404)

    async with AsyncEnneoMind("demo", token=TOKEN, transport="httpx") as mind:
        with pytest.raises(NotFoundError):
            await mind.conversations.list(7)


def test_a_drip_ends_for_the_callers_own_client_too(scripted: Scripted) -> None:
    """Its connections keep to no bound of ours, so that the time is looked at with each packet."""
    server = scripted((Send(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"), Forever(b"x", 0.01)))
    with httpx.Client(trust_env=False) as own, pytest.raises(APITimeoutError) as caught:
        EnneoMind(server.url, token=TOKEN, http_client=own, timeout=0.5, retry=None).api.call(get())

    assert caught.value.phase == "read"
