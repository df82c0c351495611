"""What is answered to which request."""

import httpx
import pytest

from enneo_mind_client.testing import app
from enneo_mind_client.testing.tickets import LAST_TICKET

from .asking import FakeTime, ask, ticket


async def test_a_ticket_is_answered():
    """A ticket comes in the envelope of the API, with its own number in each conversation."""
    answer = (await ticket(376189)).json()

    assert answer["success"] is True
    assert {376189} == {int(each["ticketId"]) for each in answer["conversations"]}


@pytest.mark.parametrize(
    "path", ["/", "/api/mind/ticket/1/conversation", "/api/mind/ticket/404/conversation", "/nowhere"]
)
async def test_every_answer_says_that_it_is_a_stand_in(path):
    """No answer can be mistaken for a real instance's."""
    response = await ask(app(), path)

    assert response.headers["x-stand-in"] == "enneo-mind-client local Mind"


async def test_the_page_says_that_it_is_a_stand_in():
    """A browser that opens the server learns what it is."""
    response = await ask(app(), "/", headers={})

    assert "This is a stand-in" in response.text


@pytest.mark.parametrize(("number", "status"), [(1403, 403), (2404, 404), (3500, 500), (0, 404), (-5, 404)])
async def test_the_rule_of_endings(number, status):
    """A ticket whose number ends in 403, 404 or 500 answers so; none is below 1."""
    assert status == (await ticket(number)).status_code


@pytest.mark.parametrize(("number", "status"), [(LAST_TICKET, 200), (LAST_TICKET + 1, 404)])
async def test_tickets_end(number, status):
    """There is a last ticket."""
    assert status == (await ticket(number)).status_code


@pytest.mark.parametrize(("option", "status"), [("forbidden", 403), ("missing", 404), ("failing", 500)])
@pytest.mark.parametrize("tickets", [{7}, range(7, 8), lambda number: number == 7], ids=["set", "range", "function"])
async def test_the_rule_can_be_replaced(option, status, tickets):
    """A set, a range or a function says which tickets answer otherwise."""
    mind = app(**{option: tickets})

    assert status == (await ticket(7, mind)).status_code
    assert (await ticket(status, mind)).status_code == 200


@pytest.mark.parametrize("number", ["abc", "1.5", "--1", "٣", "9" * 20, "%20", "-"])
async def test_a_malformed_ticket_number(number):
    """A ticket number that is no integer is not there: the document has no status for bad requests."""
    response = await ticket(number)

    assert (response.status_code, response.json()["details"]) == (404, "ticketId must be an integer")


@pytest.mark.parametrize(("value", "there"), [("true", True), ("1", True), ("false", False), ("0", False)])
async def test_raw_data_on_demand(value, there):
    """`includeRawData` adds the raw mail, and only then."""
    answer = (await ticket(376189, params={"includeRawData": value})).json()

    assert there is any(each.get("rawData") for each in answer["conversations"])


async def test_malformed_include_raw_data():
    """Another value for `includeRawData` is refused, and the answer says why."""
    response = await ticket(1, params={"includeRawData": "maybe"})

    assert (response.status_code, response.json()["error"]) == (404, "Invalid includeRawData")


async def test_an_unknown_parameter_is_ignored():
    """A parameter that the document does not know changes nothing."""
    assert (await ticket(1, params={"limit": "5"})).status_code == 200


@pytest.mark.parametrize(("number", "status"), [("404", 404), ("403", 403), ("500", 500), ("x", 404)])
async def test_errors_have_the_form_of_the_api(number, status):
    """An error tells the user, the developer and the support."""
    response = await ticket(number)

    assert status == response.status_code
    assert {"error", "details", "txId"} == set(response.json())
    assert len(response.json()["txId"]) == 12
    assert int(response.json()["txId"], 16) >= 0


async def test_the_transaction_is_the_trace():
    """A request that brings a W3C trace context gets its trace id back as `txId`."""
    trace = "0af7651916cd43dd8448eb211c80319c"

    response = await ticket(404, headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})

    assert trace == response.json()["txId"]


async def test_a_broken_trace_is_ignored():
    """A malformed traceparent is as good as none."""
    response = await ticket(404, headers={"traceparent": "00-xyz-1-01"})

    assert len(response.json()["txId"]) == 12


async def test_an_unknown_path():
    """A path that is none answers 404 in the form of the API."""
    response = await ask(app(), "/api/mind/tickets")

    assert (response.status_code, response.json()["error"]) == (404, "Not found")


async def test_a_wrong_method():
    """A method that a path does not have answers 405 and names the right one."""
    response = await ticket(1, method="DELETE")

    assert (response.status_code, response.headers["allow"]) == (405, "GET")


async def test_head_is_get_without_a_body():
    """HEAD has the headers of GET and nothing else."""
    mind = app()

    head, get = await ticket(1, mind, method="HEAD"), await ticket(1, mind)

    assert (b"", get.headers["content-length"]) == (head.content, head.headers["content-length"])


async def test_the_document_is_served(tmp_path):
    """The OpenAPI document is served byte for byte."""
    spec = tmp_path / "spec.yaml"
    spec.write_bytes(b"openapi: 3.0.0\r\n")

    response = await ask(app(spec=spec), "/api/mind/docs/open-api")

    assert (response.content, response.headers["content-type"]) == (b"openapi: 3.0.0\r\n", "application/yaml")


async def test_no_document(tmp_path):
    """Where there is no OpenAPI document, its path answers 404."""
    assert (await ask(app(spec=tmp_path / "none.yaml"), "/api/mind/docs/open-api")).status_code == 404


async def test_counters():
    """Requests of any kind and answered tickets are counted apart."""
    mind = app()

    for number in (1, 404, 2):
        await ticket(number, mind)

    assert (mind.requests, mind.served) == (3, 2)


async def test_faults_to_order():
    """`fail` spoils the next requests about one ticket, so often as ordered, and no other."""
    mind = app()
    mind.fail(ticket=5, status=503, times=2, retry_after=7)

    first = await ticket(5, mind)

    assert (first.status_code, first.headers["retry-after"]) == (503, "7")
    assert [(await ticket(number, mind)).status_code for number in (6, 5, 5)] == [200, 503, 200]


async def test_faults_without_end():
    """With `times=None` any ticket fails from now on."""
    mind = app()
    mind.fail(times=None)

    assert {500} == {(await ticket(number, mind)).status_code for number in (1, 2, 3)}


async def test_latency():
    """Each answer about a ticket waits for the latency."""
    time = FakeTime()

    await ticket(1, app(latency=0.25, sleep=time.sleep))

    assert time.now == 100.25


async def test_the_rate_limit_refuses_what_is_above():
    """Above the rate the answer is 429 with the seconds to wait, and time makes room again."""
    time = FakeTime()
    mind = app(rate_limit=20, clock=time)

    refused = [await ticket(1, mind) for _ in range(3)][-1]
    time.now += 0.0625

    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert (await ticket(1, mind)).status_code == 200


async def test_the_rate_limit_is_exact():
    """Over ten seconds at twice the rate, half of the requests pass."""
    time = FakeTime()
    mind = app(rate_limit=8, clock=time)

    for _ in range(160):
        await ticket(1, mind)
        time.now += 0.0625

    assert mind.served == 80


async def test_the_rate_limit_may_move():
    """A function of the seconds since the first request sets the rate of the moment; 0 closes."""
    time = FakeTime()
    mind = app(rate_limit=lambda elapsed: 0 if elapsed < 30 else 1000, clock=time)

    closed = await ticket(1, mind)
    time.now += 30

    assert (closed.status_code, closed.headers["retry-after"]) == (429, "60")
    assert (await ticket(1, mind)).status_code == 200


async def test_other_protocols_are_left_alone():
    """A lifespan or a websocket is not answered, as a server expects of an application without them."""

    async def never(*_):
        raise AssertionError

    assert await app()({"type": "lifespan"}, never, never) is None


async def test_a_request_without_a_host():
    """HTTP/1.0 needs no Host: the links then point at localhost."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "scheme": "http", "headers": []}
    await app()(scope, httpx.AsyncByteStream, send)

    assert b"http://localhost/api/mind" in sent[1]["body"]
