"""Attachments: their true metadata at once, their bytes only when somebody downloads them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from enneo_mind_client.testing import documents, images
from enneo_mind_client.testing.draw import Draw
from enneo_mind_client.testing.stories import Language

TYPES: Final = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "eml": "message/rfc822",
}
_SIZES: Final = {"jpg": (24_000, 99_000), "pdf": (12_000, 60_000), "xlsx": (9_000, 20_000)}
_FRAMES: Final = ((640, 480), (480, 640), (800, 600))


class Attachment(NamedTuple):
    """One file of a conversation."""

    id: int
    name: str
    ending: str
    size: int
    text: str
    """What the file says: a letter's words, a meter's reading."""
    width: int = 0
    height: int = 0

    def content(self) -> bytes:
        """Return the file itself."""
        return _content(self)


@lru_cache(maxsize=64)
def _content(file: Attachment) -> bytes:
    match file.ending:
        case "jpg":
            return images.meter_photo(file.text, file.width, file.height, file.size)
        case "png":
            return images.logo()
        case "pdf":
            return documents.pdf(file.text, file.size)
        case "xlsx":
            return documents.xlsx([line.split(";") for line in file.text.split("\n")], file.size)
        case _:
            return file.text.encode()


def attach(draw: Draw, lang: Language, facts: Mapping[str, str], number: int, kind: str, letter: str) -> Attachment:
    """Make the file of a `kind` (see `[files]` in the stories); `letter` is what a letter or a scan says."""
    name = lang.files[kind].format_map(facts)
    ending = name.rpartition(".")[2]
    if ending == "jpg":
        width, height = draw.pick(_FRAMES)
        reading = facts["reading2" if kind == "photo_again" else "reading"]
        return Attachment(number, name, ending, draw.between(*_SIZES[ending]), reading, width, height)
    if ending == "png":
        return Attachment(number, name, ending, len(images.logo()), "", *images.LOGO_SIZE)
    page = lang.pages[kind].format_map(facts) if kind in lang.pages else letter
    if ending in _SIZES:
        return Attachment(
            number, name, ending, draw.between(*_SIZES[ending]), _table(draw, page) if kind == "table" else page
        )
    if ending == "eml":
        page = documents.eml(name[3:-4], "netz@grid.example.org", facts["email"], page)
    return Attachment(number, name, ending, len(page.encode()), page)


def _table(draw: Draw, heading: str) -> str:
    yields = ((day, draw.between(4, 60)) for day in range(1, 15))
    return "\n".join([heading, *(f"{day};{made};{made * 2 // 3}" for day, made in yields)])


def described(file: Attachment, origin: str) -> dict[str, Any]:
    """Return an attachment as the API tells it."""
    path = f"/attachments/{file.id}/{quote(file.name)}"
    return {
        "id": file.id,
        "url": origin + path,
        "name": file.name,
        "size": file.size,
        **({"width": file.width, "height": file.height} if file.width else {}),
        "inline": file.ending == "png",
        "fileEnding": file.ending,
        "contentType": TYPES[file.ending],
        "originalUrl": f"https://storage.example.com{path}?X-Signature=expired",
        **_extraction(file),
    }


def _extraction(file: Attachment) -> dict[str, Any]:
    if file.ending == "jpg":
        found = {"confidence": 0.9 + file.size % 100 / 1000, "meterValue": float(file.text)}
        return {"extractedData": {"meterReading": file.text}, "extractionStatus": "success", "extractionData": found}
    if file.ending == "pdf":
        return {"extractedData": {"text": file.text}, "extractionStatus": "success", "extractionData": {}}
    return {"extractedData": {}, "extractionStatus": "notStarted", "extractionData": {}}
