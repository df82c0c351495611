"""The published document's own examples, as Prism serves them: our client reads them, the stock one does not.

`answer.json` is a copy of what Prism 5.14.2 answered, so that this holds on a machine without Node; where `make prism`
has installed Prism, the real one is asked as well.
"""

import importlib
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType

import httpx
import pytest

from enneo_mind_client import UNSET, EnneoMind
from enneo_mind_client.models import Conversation

HERE = Path(__file__).parent
SPEC = HERE.parent.parent / "openapi" / "enneo-mind.yaml"
PRISM = HERE / "node_modules" / ".bin" / "prism"
STARTUP_SECONDS = 30.0


class _Recorded(BaseHTTPRequestHandler):
    """Answers every request with the copy."""

    def do_GET(self) -> None:
        body = (HERE / "answer.json").read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Stay silent."""


def recorded() -> Iterator[str]:
    """Serve the copy."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Recorded) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def live() -> Iterator[str]:
    """Serve the examples with Prism itself."""
    if not (PRISM.exists() and shutil.which("node")):
        pytest.skip("Prism is not installed: `make prism` does so where Node is")
    port = _free_port()
    command = [str(PRISM), "mock", "--host", "127.0.0.1", "--port", str(port), str(SPEC)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as prism:
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            prism.terminate()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("Prism did not start")


@pytest.fixture(params=[recorded, live], ids=["recorded", "live"])
def examples(request: pytest.FixtureRequest) -> Iterator[str]:
    """The origin of a server that answers with the document's examples."""
    yield from request.param()


@pytest.fixture
def stock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The client that the generator makes of the same document without our templates."""
    output = tmp_path / "stock_client"
    generate = [Path(sys.executable).parent / "openapi-python-client", "generate", "--meta", "none"]
    subprocess.run([*generate, "--path", SPEC, "--output-path", output], check=True, capture_output=True)
    monkeypatch.syspath_prepend(str(tmp_path))
    return importlib.import_module("stock_client")


def read(origin: str) -> Conversation:
    """Read the one conversation of the examples with our client."""
    with httpx.Client(event_hooks={"request": [without_base_path]}) as client:
        (conversation,) = EnneoMind(origin, token="any", http_client=client).conversations.list(123)
    return conversation


def without_base_path(request: httpx.Request) -> None:
    """Prism serves the paths of a document without the base path of its servers."""
    request.url = request.url.copy_with(raw_path=request.url.raw_path.removeprefix(b"/api/mind"))


def test_ours_reads_the_examples(examples: str) -> None:
    """Our client reads the examples: dates as dates, null as None, the malformed id kept as it came."""
    conversation = read(examples)

    assert conversation.created_at == datetime(2022, 7, 5, 21, 24, 36, tzinfo=UTC)
    assert conversation.interface == {}
    assert conversation.attachments
    assert conversation.attachments[0].extracted_data is None
    assert conversation.attachments[0].id is UNSET
    assert conversation.attachments[0].additional_properties == {"id": "103013960646,"}


def test_the_examples_survive_a_round_trip(examples: str) -> None:
    """What was read is written and read again without a loss."""
    conversation = read(examples)

    assert Conversation.from_dict(conversation.to_dict()) == conversation


def test_the_stock_client_raises_on_the_examples(examples: str, stock: ModuleType) -> None:
    """The stock client raises on the document's own examples; when it no longer does, our templates can go."""
    operation = importlib.import_module("stock_client.api.conversation.get_conversations")
    client = stock.AuthenticatedClient(base_url=examples, token="any")

    with pytest.raises(TypeError), client:
        operation.sync(123, client=client)
