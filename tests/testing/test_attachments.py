"""Attachments are real files, their metadata is true, and they can be fetched in parts."""

import zipfile
import zlib
from email import message_from_bytes, policy
from io import BytesIO
from struct import unpack
from typing import Any
from xml.etree import ElementTree

import pytest

from enneo_mind_client.testing import app
from enneo_mind_client.testing.attachments import Attachment
from enneo_mind_client.testing.documents import pdf
from enneo_mind_client.testing.images import meter_photo
from enneo_mind_client.testing.threads import Thread

from .asking import ORIGIN, ask
from .seven_segments import read_photo

ALL = {number: file for ticket in range(1, 150) for number, file in Thread(1, ticket).attachments.items()}
PHOTO = 376189001


def of_kind(ending: str) -> list[Attachment]:
    """Return all attachments of some tickets with a file ending."""
    return [file for file in ALL.values() if file.ending == ending]


def metadata(number: int) -> dict[str, Any]:
    """Return what a conversation says about an attachment."""
    conversations = Thread(1, number // 1000, ORIGIN).conversations
    return next(file for each in conversations for file in each["attachments"] if file["id"] == number)


async def fetch(number: int, **headers: str):
    """Download an attachment from where its metadata says."""
    credential = {"Authorization": "Bearer local-mind-token"}
    return await ask(app(), metadata(number)["url"], headers={**credential, **headers})


def test_every_size_is_true():
    """The size in the metadata is that of the file, for every kind of file."""
    assert {file.ending for file in ALL.values()} == {"jpg", "png", "pdf", "txt", "xlsx", "eml"}
    assert [file.name for file in ALL.values() if len(file.content()) != file.size] == []


def test_a_photo_shows_the_reading():
    """A photo is a JPEG of the stated width and height on which the reading can be read."""
    for file in of_kind("jpg")[:12]:
        assert read_photo(file.content()) == (file.width, file.height, file.text)


def test_a_large_photo_is_padded_in_several_comments():
    """A comment of a JPEG holds 64 kB; a larger photo has two."""
    assert (len(meter_photo("12345", 640, 480, 99_000)), read_photo(meter_photo("12345", 640, 480, 99_000))[2]) == (
        99_000,
        "12345",
    )


def test_the_logo_is_a_png():
    """The logo is a PNG with right checksums and as many pixels as stated."""
    file = of_kind("png")[0]
    data, at, chunks = file.content(), 8, {}

    while at < len(data):
        (length,), name = unpack(">I", data[at : at + 4]), data[at + 4 : at + 8]
        chunks[name] = data[at + 8 : at + 8 + length]
        assert unpack(">I", data[at + 8 + length : at + 12 + length])[0] == zlib.crc32(name + chunks[name])
        at += 12 + length

    assert unpack(">II", chunks[b"IHDR"][:8]) == (file.width, file.height)
    assert len(zlib.decompress(chunks[b"IDAT"])) == file.height * (1 + file.width // 2)


def test_a_letter_is_a_pdf():
    """A PDF's cross-reference table points at its objects, and its text is the letter's."""
    data = pdf("Guten Tag (Frau Müller),\n\nSchöne Grüße 🙂 \\ Aydın", 20_000)
    start = int(data.rpartition(b"startxref\n")[2].split()[0])
    offsets = [int(line[:10]) for line in data[start:].split(b"\n")[3:9]]

    assert (len(data), data[start : start + 4]) == (20_000, b"xref")
    assert [data[offset : offset + 7] for offset in offsets] == [b"%d 0 obj" % number for number in range(1, 7)]
    assert "(Guten Tag \\(Frau Müller\\),) '".encode("cp1252") in data
    assert "(Schöne Grüße  \\\\ Aydin) '".encode("cp1252") in data


def test_a_table_is_a_workbook():
    """An XLSX is a sound archive whose sheet has a heading and fourteen days."""
    with zipfile.ZipFile(BytesIO(of_kind("xlsx")[0].content())) as archive:
        assert archive.testzip() is None
        rows = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml")).findall(".//{*}row")

    assert [len(row) for row in rows] == [3] * 15


def test_a_forwarded_mail_is_a_mail():
    """An EML is a mail with sender, recipient and text."""
    mail = message_from_bytes(of_kind("eml")[0].content(), policy=policy.default)

    assert mail["From"] == "netz@grid.example.org"
    assert "kWp" in mail.get_content()


async def test_a_download():
    """An attachment comes with its type, length and tag from the URL in its metadata."""
    said, response = metadata(PHOTO), await fetch(PHOTO)

    assert (response.status_code, response.headers["content-type"]) == (200, said["contentType"])
    assert len(response.content) == int(response.headers["content-length"]) == said["size"]
    assert (response.headers["accept-ranges"], response.headers["etag"]) == ("bytes", f'"1-{PHOTO:x}"')


async def test_a_name_with_umlauts():
    """A name that has to be escaped in the URL is found."""
    number = next(number for number, file in ALL.items() if "ä" in file.name)

    assert (await fetch(number)).status_code == 200


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=100-", 100, -1), ("bytes=-50", -50, -1), ("bytes=5-999999", 5, -1)],
)
async def test_a_part(asked, first, last):
    """A range is answered with 206 and exactly those bytes."""
    whole = (await fetch(PHOTO)).content
    expected = whole[first : None if last == -1 else last + 1]

    response = await fetch(PHOTO, Range=asked)

    assert (response.status_code, response.content) == (206, expected)
    start = whole.index(expected) if len(expected) > 10 else 0
    assert response.headers["content-range"] == f"bytes {start}-{start + len(expected) - 1}/{len(whole)}"


@pytest.mark.parametrize("asked", ["bytes=-", "bytes=9-5", "lines=1-2", "bytes=0-1,5-6", "bytes=x-"])
async def test_a_range_that_makes_no_sense(asked):
    """A range that cannot be understood is ignored, as HTTP asks."""
    assert (await fetch(PHOTO, Range=asked)).status_code == 200


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
async def test_a_range_beyond_the_end(asked):
    """A range behind the last byte answers 416 and says how long the file is."""
    response = await fetch(PHOTO, Range=asked)

    assert (response.status_code, response.headers["content-range"]) == (416, f"bytes */{metadata(PHOTO)['size']}")


@pytest.mark.parametrize(("tag", "status"), [(f'"1-{PHOTO:x}"', 206), ('"another"', 200)])
async def test_a_part_of_the_same_file(tag, status):
    """`If-Range` gives the part if the file is still the same, otherwise all of it."""
    assert (await fetch(PHOTO, Range="bytes=0-9", **{"If-Range": tag})).status_code == status


async def test_a_download_needs_the_credential():
    """Without a credential nobody gets a file."""
    assert (await ask(app(), metadata(PHOTO)["url"], headers={})).status_code == 401


@pytest.mark.parametrize(
    "path", ["/attachments/376189999/x.jpg", f"/attachments/{PHOTO}/other.jpg", "/attachments/x/y"]
)
async def test_an_unknown_attachment(path):
    """A wrong number or name answers 404."""
    assert (await ask(app(), path)).status_code == 404


async def test_a_download_follows_the_rule_of_tickets():
    """The attachments of a forbidden ticket are forbidden too."""
    assert (await ask(app(), "/attachments/1403001/x.jpg")).status_code == 403
