"""Reading ids, and remembering them."""

import random
import tracemalloc
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.ids import Seen, check_ids, each, read_id


@given(st.lists(st.integers(1, 200) | st.integers(1, 2**70)))
def test_an_id_is_new_once(numbers: list[int]) -> None:
    """Seen tells for every id whether it came before, as a set does."""
    seen, known = Seen(), set[int]()
    for number in numbers:
        assert (number not in known) == seen.add(number)
        known.add(number)


def test_dense_ids_are_known_after_their_array_became_a_bitmap() -> None:
    """Ids that came before a chunk grew dense are still known after."""
    seen, numbers = Seen(), list(range(1, 10_000))

    assert all(seen.add(number) for number in numbers)
    assert not any(seen.add(number) for number in numbers)


@pytest.mark.parametrize(
    ("numbers", "bytes_each"),
    [
        pytest.param(range(1, 200_001), 0.3, id="dense"),
        pytest.param(range(1, 10**8, 1000), 6, id="thin"),
        pytest.param(random.Random(1).sample(range(1, 10**7), 100_000), 6, id="random"),
    ],
)
def test_an_id_takes_few_bytes(numbers: range | list[int], bytes_each: float) -> None:
    """Many ids take a fraction of what a set of them would."""
    tracemalloc.start()
    try:
        seen = Seen()
        for number in numbers:
            seen.add(number)
        used = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()

    assert used / len(numbers) < bytes_each


class OfALibrary:
    """A whole number that is no `int`, as numpy's and pandas' are."""

    def __index__(self) -> int:
        """Return the number."""
        return 376189


@pytest.mark.parametrize(
    ("value", "number"), [(1, 1), (OfALibrary(), 376189), ("17", 17), (" 17\n", 17), ("007", 7), (2**70, 2**70)]
)
def test_numbers_and_their_digits_are_ids(value: object, number: int) -> None:
    """Positive whole numbers are ids, also as they stand in a file."""
    assert number == read_id(value)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (-3, "-3"),
        ("", "''"),
        (" ", "' '"),
        ("0", "'0'"),
        ("-1", "'-1'"),
        ("²", "'²'"),
        ("1.0", "'1.0'"),
        ("../1", "'../1'"),
        ("9" * 5000, "'999"),
        (1.0, "1.0"),
        (True, "True"),
        ([1], "list"),
        ("abc", "'abc'"),
        (None, "NoneType"),
        (b"1", "bytes"),
        ("a\x1b[31m\n", r"'a\x1b[31m\n'"),
    ],
)
def test_anything_else_is_named_as_no_id(value: object, shown: str) -> None:
    """What is no id is an error that shows it, escaped and cut."""
    with pytest.raises(ConfigurationError) as caught:
        read_id(value)

    assert caught.value.message.startswith(shown)
    assert len(caught.value.message) < 100


class Source:
    """Ids, and whether they were closed."""

    def __init__(self) -> None:
        self.closed = False

    def plain(self) -> Iterator[int]:
        """Yield ids."""
        try:
            yield from (1, 2, 3)
        finally:
            self.closed = True

    async def asynchronous(self) -> AsyncIterator[int]:
        """Yield ids, asynchronously."""
        try:
            for number in (1, 2, 3):
                yield number
        finally:
            self.closed = True


@pytest.mark.parametrize("kind", ["plain", "asynchronous"])
async def test_a_generator_of_ids_is_closed_early(kind: str) -> None:
    """Whoever stops reading the ids also ends the generator they come from."""
    source = Source()
    ids = each(getattr(source, kind)())
    assert await anext(ids) == 1

    await ids.aclose()

    assert source.closed


async def test_an_iterator_that_is_no_generator_is_left_alone() -> None:
    """A list, a file or a cursor stays the caller's own."""
    ids = iter([1, 2, 3])

    reader = each(ids)
    assert await anext(reader) == 1
    await reader.aclose()

    assert list(ids) == [2, 3]


@pytest.mark.parametrize(("ids", "said"), [("123", "letter by letter"), (b"12", "letter by letter"), (12, "a int")])
@pytest.mark.parametrize("may_be_asynchronous", [True, False])
def test_what_are_no_ids_are_refused(ids: object, said: str, may_be_asynchronous: bool) -> None:
    """A text or a single number is refused at once, and not read as something it is not."""
    with pytest.raises(ConfigurationError, match=said):
        check_ids(ids, may_be_asynchronous=may_be_asynchronous)


def test_ids_that_come_asynchronously_need_the_client_that_awaits() -> None:
    """A blocking stream cannot await its ids."""
    ids = each([1])
    check_ids(ids, may_be_asynchronous=True)

    with pytest.raises(ConfigurationError, match="AsyncEnneoMind"):
        check_ids(ids, may_be_asynchronous=False)
