"""The headers of an answer."""

import pickle

import pytest

from enneo_mind_client import NotFoundError
from enneo_mind_client.headers import Headers
from tests.faults import answers
from tests.faults.conftest import Scripted
from tests.faults.verbs import Send

from .conftest import MakeCaller


def test_a_header_is_found_by_a_name_in_any_case() -> None:
    """Names are kept in lower case, and looked up in any."""
    headers = Headers.read([("Content-Type", "text/plain"), ("ETag", '"1"')])

    assert headers == {"content-type": "text/plain", "etag": '"1"'}
    assert headers["CONTENT-TYPE"] == headers.get("Content-type") == "text/plain"
    assert ("Etag" in headers, "date" in headers, 1 in headers) == (True, False, False)
    assert (headers.get("Date"), headers.get("Date", "-")) == (None, "-")


def test_a_header_that_came_several_times_is_one_value() -> None:
    """As RFC 9110 says, with commas, in the order in which they came."""
    assert Headers.read([("Vary", "a"), ("Date", "now"), ("vary", "b")])["Vary"] == "a, b"


def test_an_error_that_a_caller_makes_has_its_headers() -> None:
    """Tests of applications make errors by hand, with names as servers write them."""
    assert NotFoundError("gone", status_code=404, headers={"Retry-After": "3"}).headers["Retry-After"] == "3"


def test_headers_can_be_pickled() -> None:
    """They stay what they are."""
    again = pickle.loads(pickle.dumps(Headers.read([("Date", "now")])))

    assert (type(again), again["Date"]) == (Headers, "now")


def test_the_headers_of_an_answer(scripted: Scripted, caller: MakeCaller) -> None:
    """Every engine's answers and errors have them."""
    answer = answers.json_ok({}, X_Test="y")
    refused = answer.replace(b"200 OK", b"404 Not Found")
    client = caller(scripted(Send(answer), Send(refused)).url)

    assert client.call().headers["X-TEST"] == "y"

    with pytest.raises(NotFoundError) as caught:
        client.call()

    assert caught.value.headers["X-TEST"] == "y"
