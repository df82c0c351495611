"""The options of the data source: what they mean, and what is said of those that cannot work."""

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.spark.credentials import TokenPlace, read_token
from enneo_mind_client.spark.options import KNOWN, MAX_ID, Options, divide
from enneo_mind_client.spark.reading import Reading

TOKEN = "fake-token-3f9a77"


def test_options_are_read_in_any_case() -> None:
    """Spark lower-cases the names of options, and a caller spells them as the guide does."""
    given = {"instance": "demo", "RANGE": "5-8", "includerawdata": "TRUE", "errors": "rows", "tokenenv": "T"}
    options = Options.parse(given)

    assert [*map(list, options.partitions)] == [[5, 6, 7, 8]]
    assert options.reading == Reading("demo", TokenPlace(env="T"), "rows", None, True)


def test_ids_are_read_once_each_in_their_order() -> None:
    """A list of ids may have spaces, and an id that comes again is read once."""
    assert [*map(list, Options.parse({"ids": "3, 1,3 ,2,", "partitions": "2"}).partitions)] == [[3], [1, 2]]


def test_no_ids_are_an_empty_partition() -> None:
    """A list without an id is a table without rows."""
    assert [*map(list, Options.parse({"ids": ""}).partitions)] == [[]]


@given(st.integers(0, 500), st.integers(1, 50))
def test_partitions_share_the_tickets_evenly(tickets: int, parts: int) -> None:
    """Every ticket is in one partition, in order, and no partition has more than one more than another."""
    found = divide(range(1, tickets + 1), parts)
    sizes = [len(part) for part in found]

    assert [*range(1, tickets + 1)] == [ticket for part in found for ticket in part]
    assert (len(found), max(sizes) - min(sizes) <= 1) == (parts, True)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, 4),
        ({"ticketsPerPartition": "6000"}, 4),
        ({"ticketsPerPartition": "50000"}, 1),
        ({"partitions": "7"}, 7),
        ({"partitions": "50000"}, 20_000),
    ],
)
def test_there_are_as_many_partitions_as_asked_for(options: dict[str, str], expected: int) -> None:
    """By their number, by their size, or 5,000 tickets each; never an empty one."""
    assert expected == len(Options.parse({"range": "1-20000", **options}).partitions)


@pytest.mark.parametrize(
    ("options", "expected"),
    [({}, 25.0), ({"concurrentPartitions": "2"}, 50.0), ({"concurrentPartitions": "99"}, 25.0)],
)
def test_the_rate_is_divided_among_what_runs(options: dict[str, str], expected: float) -> None:
    """All partitions together keep to the rate: it is divided by those that run at a time, at most by all."""
    parsed = Options.parse({"range": "1-20000", "partitions": "4", "rate": "100", **options})

    assert expected == parsed.reading.rate


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "range"),
        ({"ids": "1", "range": "1-2"}, "one of both"),
        ({"range": "5"}, '"1-20000"'),
        ({"range": "5-4"}, "go up"),
        ({"range": f"1-{10**30}"}, str(MAX_ID)),
        ({"ids": f"1,{MAX_ID + 1}"}, str(MAX_ID)),
        ({"range": f"1-{10**12}"}, "200000000 partitions, of 100000 at most"),
        ({"range": f"1-{10**6}", "partitions": f"{10**6}"}, "1000000 partitions"),
        ({"range": "a-4"}, "'a' is no ticket id"),
        ({"range": "0-4"}, "no ticket id"),
        ({"range": "1--4"}, "no ticket id"),
        ({"ids": "1,x"}, "'x' is no ticket id"),
        ({"ids": "1", "partitions": "0"}, "partitions must"),
        ({"ids": "1", "partitions": "1.5"}, "partitions must"),
        ({"ids": "1", "partitions": "1", "ticketsPerPartition": "1"}, "not both"),
        ({"ids": "1", "ticketsPerPartition": "-1"}, "ticketsPerPartition must"),
        ({"ids": "1", "concurrentPartitions": "no"}, "concurrentPartitions must"),
        ({"ids": "1", "rate": "0"}, "rate must"),
        ({"ids": "1", "rate": "nan"}, "rate must"),
        ({"ids": "1", "rate": "inf"}, "rate must"),
        ({"ids": "1", "errors": "skip"}, "errors must be raise or rows"),
        ({"ids": "1", "includeRawData": "yes"}, "includeRawData must be false or true"),
        ({"ids": "1", "path": "/x"}, f"no option 'path': known are {', '.join(KNOWN)}"),
        ({"ids": "1", "tokenEnv": "A", "tokenFile": "b"}, "one way"),
        ({"ids": "1", "instance": "https://me:fake-word@demo.enneo.ai"}, "no user"),
        ({"ids": "1", "instance": "http://demo.enneo.ai"}, "use https"),
    ],
)
def test_a_wrong_option_is_named(options: dict[str, str], said: str) -> None:
    """What cannot work is told before anything is read, with the next step."""
    with pytest.raises(ConfigurationError) as caught:
        Options.parse(options)

    assert said in str(caught.value)


@pytest.mark.parametrize("name", ["token", "TOKEN", "session_cookie", "sessionCookie"])
def test_a_secret_is_refused_as_an_option(name: str) -> None:
    """Spark writes options into plans, so a secret among them is refused, unsaid, with the ways that are safe."""
    with pytest.raises(ConfigurationError, match="tokenFile") as caught:
        Options.parse({"ids": "1", name: TOKEN})

    assert TOKEN not in str(caught.value)


def test_what_is_shipped_shows_in_no_repr() -> None:
    """The token is in what is pickled for the executors, and in nothing that is written."""
    options = Options.parse({"ids": "1"}, TOKEN)
    shipped = pickle.loads(pickle.dumps(options))

    assert (shipped, shipped.reading.token.find({})) == (options, TOKEN)
    assert TOKEN not in repr(shipped)
    assert "***" in repr(shipped)


def test_a_token_that_cannot_be_one_is_told_at_once() -> None:
    """A token that no header can hold is told where it is given, and not shown."""
    with pytest.raises(ConfigurationError, match="characters") as caught:
        TokenPlace(text=f"{TOKEN}\nx")

    assert TOKEN not in str(caught.value)


def test_the_token_is_where_the_options_say(tmp_path: Path) -> None:
    """It is in a variable or in a file, which may change; or where a client looks by itself."""
    path = tmp_path / "token"
    path.write_text("first\n")
    from_file = TokenPlace(file=str(path)).find({})
    assert callable(from_file)
    assert from_file() == "first\n"
    path.write_text("second")

    assert from_file() == "second"
    assert TokenPlace(env="OTHER").find({"OTHER": TOKEN}) == TOKEN
    assert TokenPlace().find({}) is None


@pytest.mark.parametrize("place", [TokenPlace(env="OTHER"), TokenPlace(file="/no/such/file")])
def test_a_token_that_is_not_there_is_told(place: TokenPlace) -> None:
    """An executor without its token says which variable or file it misses."""
    with pytest.raises(ConfigurationError, match=r"OTHER|/no/such/file"):
        place.find({})


def test_a_token_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    """A file that is no text is no token, and is not shown."""
    path = tmp_path / "token"
    path.write_bytes(b"\xff\xfe\xfd")

    with pytest.raises(ConfigurationError, match="UnicodeDecodeError"):
        read_token(str(path))
