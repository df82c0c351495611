"""Names: whatever a sender calls a file, it gets one safe component."""

import unicodedata
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enneo_mind_client.attachments.names import MAX_BYTES, alternatives, name_of, twin_key
from enneo_mind_client.models import Attachment

SAFE = {
    "bill.pdf": "bill.pdf",
    "Zählerstand (1).jpg": "Zählerstand (1).jpg",
    "../x": "_x",
    "..\\x": "_x",
    "../../etc/passwd": "_.._etc_passwd",
    "/abs": "_abs",
    "C:\\x": "C__x",
    "a/b.pdf": "a_b.pdf",
    "CON": "_CON",
    "con.txt": "_con.txt",
    "LPT¹.x": "_LPT¹.x",
    "CONTRACT.pdf": "CONTRACT.pdf",
    "bill.pdf. . ": "bill.pdf",
    " .bashrc": "bashrc",
    "a\0b.pdf": "a_b.pdf",
    "a\r\nb.pdf": "a__b.pdf",
    "invoice\u202efdp.exe": "invoice_fdp.exe",
    "\ud800.pdf": "_.pdf",
    "%2e%2e%2fx": "%2e%2e%2fx",
    'a<>:"|?*.pdf': "a_______.pdf",
    "A\u0308.pdf": "Ä.pdf",
}
NONE = ["", " ", ".", "..", "...", "/", "\\", "\0", "\u202e", None]


def named(name: object, **more: object) -> str:
    """Return the name that an attachment gets."""
    return name_of(Attachment(name=name, **more))


@pytest.mark.parametrize("name", SAFE)
def test_a_name_becomes_one_safe_component(name):
    """Separators, control and bidi characters, device names and hiding dots are taken out."""
    assert named(name) == SAFE[name]


@pytest.mark.parametrize("name", NONE)
def test_without_a_name_the_address_names_the_file(name):
    """A name in which nothing is left is replaced by the end of the address."""
    assert named(name, url="https://demo.enneo.ai/a/Z%C3%A4hler.jpg?sig=1") == "Zähler.jpg"


@pytest.mark.parametrize("url", ["https://demo.enneo.ai/", "https://demo.enneo.ai/%2e%2e", "http://[", None])
def test_without_any_name_the_number_does(url):
    """Where the address names nothing either, the file is called by its id."""
    assert named(None, url=url, id=12) == "attachment-12"


def test_without_even_a_number():
    """An attachment that says nothing still has a name."""
    assert name_of(Attachment()) == "attachment-unnamed"


@pytest.mark.parametrize("letter", ["a", "ä", "€", "😀"])
def test_a_long_name_keeps_its_ending(letter):
    """The limit is in bytes, cuts no character in two, and spares the ending."""
    name = named(letter * 300 + ".pdf")

    assert (len(name.encode()) > MAX_BYTES - 4, len(name.encode()) <= MAX_BYTES) == (True, True)
    assert name.strip(letter) == ".pdf"


def test_an_ending_that_is_none():
    """What follows a dot for hundreds of characters is no ending to keep."""
    assert named("a." + "b" * 300) == "a." + "b" * (MAX_BYTES - 2)


def test_the_names_to_try():
    """A taken name gets a number in front of its ending."""
    assert list(islice(alternatives("bill.tar.gz"), 3)) == ["bill.tar.gz", "bill.tar (2).gz", "bill.tar (3).gz"]
    assert list(islice(alternatives("bill"), 2)) == ["bill", "bill (2)"]


def test_twins():
    """Names that differ in case or composition only are one name to some file systems."""
    assert twin_key("ÄRGER.PDF") == twin_key(unicodedata.normalize("NFD", "ärger.pdf"))


@given(st.text(st.characters()))
def test_no_name_is_dangerous(name):
    """Whatever the name, what comes of it is short, visible, and one component on every system."""
    safe = named(name)

    assert 0 < len(safe.encode()) <= MAX_BYTES
    assert safe.isprintable() or any(unicodedata.category(c) in ("Zs", "Cn", "Co") for c in safe)
    assert not set(safe) & set('<>:"/\\|?*\0')
    assert safe == safe.strip(". ")
