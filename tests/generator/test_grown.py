"""The API as it will have grown: every operation is called through a client that is nothing but two methods."""

import datetime
import importlib
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar
from uuid import UUID

import orjson
import pytest

from enneo_mind_client.errors import ResponseError
from enneo_mind_client.operations import File, Reply, Request, Response
from enneo_mind_client.wire import UNSET

from .calls import CALLS, Call
from .conftest import Package, operations_of

T = TypeVar("T")


class Server:
    """Answers every request in the same way, and remembers the last."""

    def __init__(self, content: bytes = b"{}", status: int = 200, content_type: str = "application/json") -> None:
        self._reply = Reply(status, {"content-type": content_type}, content)

    def call(self, request: Request[T], /) -> Response[T]:
        """Answer."""
        self.request: Request[Any] = request
        parsed = request.operation.parse(self._reply)
        return Response(self._reply.status, self._reply.headers, self._reply.content, parsed)

    async def acall(self, request: Request[T], /) -> Response[T]:
        """Answer, asynchronously."""
        return self.call(request)


@pytest.fixture
def models(package: Package) -> ModuleType:
    """The models of the grown document."""
    return importlib.import_module(f"{package('grown').__name__}.models")


@pytest.fixture
def endpoint(package: Package) -> Any:
    """A function that returns an endpoint's module."""
    root = package("grown").__name__
    return lambda name: importlib.import_module(f"{root}.api.{name}")


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[0]}-{call[5]}")
async def test_every_operation_is_called(call: Call, models: ModuleType, endpoint: Any) -> None:
    """All four functions of an operation send the same request, and return what the document says."""
    name, given, answer, method, target, expected = call
    module, server = endpoint(name), Server(*answer)
    arguments = {key: _made(value, models) if key == "body" else value for key, value in given.items()}
    results = [
        module.sync(client=server, **arguments),
        module.sync_detailed(client=server, **arguments).parsed,
        await module.asyncio(client=server, **arguments),
        (await module.asyncio_detailed(client=server, **arguments)).parsed,
    ]
    kind = getattr(models, expected) if isinstance(expected, str) else expected or type(None)

    assert (method, target) == (server.request.operation.method, server.request.target)
    assert [kind] * 4 == [type(result) for result in results]


def _made(body: Any, models: ModuleType) -> Any:
    return getattr(models, body).from_dict({}) if isinstance(body, str) else body


def test_every_operation_of_the_document_is_in_the_table(package: Package) -> None:
    """The table of calls leaves no operation out."""
    found = operations_of(package("grown"))

    assert found == {call[0] for call in CALLS}
    assert len(found) >= 20


def test_a_ticket_with_everything_is_read(models: ModuleType) -> None:
    """A model that inherits, refers to itself and has a field of every kind is read and written."""
    raw = {
        "id": 1,
        "subject": "Meter",
        "createdAt": "2022-08-12 12:21:21",
        "createdBy": {"name": "Erika", "class": "c"},
        "status": "new",
        "priority": None,
        "customer": {"id": "5"},
        "parent": {"id": 2},
        "children": {"0": {"id": 3}, "4": []},
        "dueOn": "2022-08-12",
        "token": "00000000-0000-0000-0000-000000000001",
        "custom": {"a": [1]},
        "labels": {"a": "b"},
        "byDay": {"mon": [{"id": 1}]},
        "answer": "2022-08-12T12:21:21Z",
        "parts": ["a", {"name": "x"}],
        "gaps": [1, None],
    }
    ticket = models.Ticket.from_dict(raw)

    assert ticket.additional_properties == {}
    assert ticket == models.Ticket.from_dict(ticket.to_dict())
    assert (ticket.created_by.class_, ticket.status, ticket.customer.id) == ("c", "new", 5)
    assert (ticket.parent.id, [child.id for child in ticket.children]) == (2, [3, UNSET])
    assert (ticket.due_on, ticket.token) == (datetime.date(2022, 8, 12), UUID(int=1))
    assert ticket.by_day["mon"] == [models.Customer(id=1)]
    assert ticket.answer == datetime.datetime(2022, 8, 12, 12, 21, 21, tzinfo=datetime.UTC)
    assert (ticket.parts, ticket.gaps) == (["a", models.Customer(name="x")], [1, None])
    assert ticket.to_dict()["createdAt"] == "2022-08-12T12:21:21+00:00"


@pytest.mark.parametrize(("kind", "name"), [("message", "Message"), ("note", "Note"), ("Change", "Change")])
def test_a_discriminator_tells_objects_apart_that_look_the_same(
    models: ModuleType, endpoint: Any, kind: str, name: str
) -> None:
    """A mapped or implied discriminator decides which model an object is."""
    server = Server(orjson.dumps({"events": [{"kind": kind, "text": "x"}]}))
    events = endpoint("conversation.list_events").sync(7, client=server).events

    assert [getattr(models, name)] == [type(event) for event in events]


def test_an_object_that_no_discriminator_knows_is_kept(endpoint: Any) -> None:
    """What fits no option of a union is kept raw, in strict mode it is no answer."""
    reply = Reply(200, {"content-type": "application/json"}, b'{"kind":"new"}')
    operation = endpoint("conversation.reply")._OPERATION

    with pytest.raises(ResponseError) as caught:
        operation.parse(reply)
    assert caught.value.paths == ("$",)


def test_a_download_is_its_bytes(endpoint: Any) -> None:
    """A file of any content type is returned as it came."""
    file = endpoint("export.export_ticket_pdf").sync(7, client=Server(b"%PDF-1.7", 200, "application/pdf"))

    assert (file.payload.read(), file.mime_type) == (b"%PDF-1.7", "application/pdf")


def test_bodies_are_sent_by_their_kind(models: ModuleType, endpoint: Any) -> None:
    """JSON, merge patches, forms, uploads and multipart bodies are sent under their content type."""
    made = {
        "conversation.reply": models.ReplyFilesBody(message="x", files=[File(BytesIO(b"y"), "a.txt")]),
        "ticket.update_ticket": models.TicketPatch(subject="x"),
        "customer.login_as": models.LoginAsBody(reason="a b", scopes=["x", "y"]),
    }
    sent = {}
    for name, body in made.items():
        module = endpoint(name)
        request = module._request(1, body=body)
        sent[name] = (request.headers["Content-Type"].partition(";")[0], request.content)

    assert b'name="files"; filename="a.txt"' in sent["conversation.reply"][1]
    assert sent["conversation.reply"][0] == "multipart/form-data"
    assert sent["ticket.update_ticket"] == ("application/merge-patch+json", b'{"subject":"x"}')
    assert sent["customer.login_as"] == ("application/x-www-form-urlencoded", b"reason=a%20b&scopes=x&scopes=y")


def test_the_filter_is_a_deep_object(models: ModuleType, endpoint: Any) -> None:
    """An object in the query is written in the style that the document gives it."""
    request = endpoint("ticket.list_tickets")._request(filter_=models.ListTicketsFilter(agent=1), sort=UNSET)

    assert request.target == "/ticket?filter%5Bagent%5D=1"


def test_deprecated_things_say_so(models: ModuleType, endpoint: Any, package: Package) -> None:
    """A deprecated operation and a deprecated field are marked in their docstrings."""
    source = Path(package("grown").__path__[0], "models", "ticket.py").read_text()

    assert ".. deprecated::" in endpoint("ticket.delete_ticket").sync.__doc__
    assert "Deprecated. Use status" in source


def test_importing_an_endpoint_imports_no_other(package: Package, place: Any) -> None:
    """An endpoint brings its own models, and neither other endpoints nor an HTTP library."""
    name = package("grown").__name__
    code = f"import sys, {name}.api.customer.get_customer; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], cwd=place, capture_output=True, text=True, check=True)
    loaded = set(found.stdout.split())

    assert {module for module in loaded if module.startswith(f"{name}.api.") and module.count(".") == 3} == {
        f"{name}.api.customer.get_customer"
    }
    assert f"{name}.models.ticket" not in loaded
    assert loaded.isdisjoint({"httpx", "aiohttp"})
