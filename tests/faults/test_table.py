"""The fault table is whole and speaks the language of the error tree."""

import re
from collections import Counter
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path

import pytest

from enneo_mind_client import errors
from tools.fault_docs import PAGE, page

from .certs import Certificates
from .conftest import Scripted
from .fault import Between, Fault, matches, raises
from .table import TABLE, of_kind

HERE = Path(__file__).parent
NUMBERS = [*(f"F{n:02}" for n in range(1, 79)), *(f"F92{letter}" for letter in "abcd")]
DRIVERS = [path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py") if path != Path(__file__)]
OUTSIDE = {"CancelledError", "KeyboardInterrupt"}


def names(fault: Fault) -> frozenset[str]:
    """Return the errors that a fault may end in."""
    error = fault.expect.error
    return error if isinstance(error, frozenset) else frozenset({error} if error else ())


def test_no_number_is_missing() -> None:
    """Every fault of groups A to G and J has at least one case."""
    assert sorted({fault.id.partition("-")[0] for fault in TABLE}) == sorted(NUMBERS)


@pytest.mark.parametrize("name", ["F93", "F93-silence", "silence"])
def test_a_number_without_a_chapter_is_refused(name: str) -> None:
    """What a new case is to be called is said where it is written down."""
    with pytest.raises(ValueError, match=f"{name}: .*a variant of the number that it is most like"):
        Fault(name, "anything", raises("ResponseError"))


def test_no_id_stands_twice() -> None:
    """A case can be named without doubt."""
    assert [name for name, times in Counter(fault.id for fault in TABLE).items() if times > 1] == []


@pytest.mark.parametrize("fault", TABLE, ids=lambda fault: fault.id)
def test_every_error_is_in_the_tree(fault: Fault) -> None:
    """An expected error is a class of ours, and the attributes looked at belong to it."""
    for name in names(fault) - OUTSIDE:
        cls = getattr(errors, name)
        documented = {
            word for base in cls.__mro__ for word in re.findall(r"^ +(\w+):", base.__doc__ or "", re.MULTILINE)
        }

        assert set(fault.expect.has) <= documented | set(dir(cls))


@pytest.mark.parametrize("fault", of_kind("wire"), ids=lambda fault: fault.id)
def test_every_wire_fault_can_be_asked(fault: Fault, scripted: Scripted, certificates: Certificates) -> None:
    """The server plays a fault's first script to a plain client without failing itself, and stops in time."""
    tls = certificates.server(fault.tls) if fault.tls else None
    server = scripted(*fault.scripts, tls=tls, other=scripted(*fault.scripts)) if fault.scripts else None
    if server is None:
        assert fault.where != "server"
        return
    speaks = HTTPSConnection(server.host, server.port, timeout=0.1, context=certificates.client()) if tls else None
    with closing(speaks or HTTPConnection(server.host, server.port, timeout=0.1)) as connection:
        with suppress(OSError, HTTPException):
            connection.request("GET", "/")
            connection.getresponse().read(10_000)
        assert server.seen.wait_for(lambda seen: seen.connections == 1)


def test_matches_compares_or_looks_up() -> None:
    """A plain value must be equal; a range, set or Between must hold the value."""
    assert matches(4, 4)
    assert not matches("attempts", "at")
    assert matches(range(1, 3), 2)
    assert not matches(frozenset({"a"}), "b")
    assert matches(Between(0, 1), 0.5)
    assert matches((), ())


def test_raises_takes_the_details_apart() -> None:
    """What is not a field of Expect is an attribute of the error."""
    expect = raises("RateLimitError", retry_after=2.0, slept=())

    assert (expect.has, expect.slept) == ({"retry_after": 2.0}, ())


@pytest.mark.parametrize("fault", TABLE, ids=lambda fault: fault.id)
def test_every_case_is_driven(fault: Fault) -> None:
    """Each case is run by a test: by its kind, or by its number or id."""
    driven = {f'of_kind("{fault.kind}")', f'"{fault.id}"', f'"{fault.id.partition("-")[0]}"'}
    assert any(name in source for source in DRIVERS for name in driven)


def test_the_page_is_up_to_date() -> None:
    """docs/faults.md is what the table says: `make docs-faults` writes it."""
    assert page() == PAGE.read_text(encoding="utf-8")
