"""Forms with files, as another parser reads them."""

import subprocess
import sys
from email import message_from_bytes
from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enneo_mind_client.multipart import Part, write


def read(parts: list[Part]) -> list[Message]:
    """Return the parts as the standard library reads them."""
    body, media_type = write(parts)
    message = message_from_bytes(b"Content-Type: " + media_type.encode() + b"\r\n\r\n" + body)
    found = message.get_payload()
    assert isinstance(found, list)
    return found


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=5))
def test_any_content_arrives_as_it_was(contents: list[bytes]) -> None:
    """Parts end where they should, whatever is in them."""
    body, media_type = write([Part(f"f{at}", content, "x.bin") for at, content in enumerate(contents)])
    mark = b"--" + media_type.partition("boundary=")[2].encode()
    _, *parts, end = body.split(mark)

    assert [part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in parts] == contents
    assert end == b"--\r\n"


@pytest.mark.parametrize(("part", "kind"), [
    (Part("a", b"x"), None),
    (Part("a", b"x", mime_type="application/json"), "application/json"),
    (Part("a", b"x", "photo.jpg"), "image/jpeg"),
    (Part("a", b"x", "photo.jpg", "image/x-own"), "image/x-own"),
    (Part("a", b"x", "file"), "application/octet-stream"),
])  # fmt: skip
def test_a_file_has_a_kind(part: Part, kind: str | None) -> None:
    """What is told is sent, what is not is guessed, and a field has none."""
    (message,) = read([part])

    assert message.get("Content-Type") == kind
    assert message.get_param("name", header="Content-Disposition") == "a"
    assert message.get_filename() == part.file_name


def test_a_name_adds_no_line() -> None:
    """Quotes and line breaks are escaped, so that a stranger's file name is no header; all else stays as it is."""
    body, _ = write([Part('a"\r\nX: y', b"", 'ü"\n.txt', "text/plain\r\nX: y")])

    assert b'name="a%22%0D%0AX: y"; filename="\xc3\xbc%22%0A.txt"\r\nContent-Type: text/plainX: y\r\n\r\n' in body


def test_no_http_library_is_imported_for_it() -> None:
    """Which would hold up an event loop for a tenth of a second."""
    code = """if True:
    import sys
    from enneo_mind_client.operations import Body, Operation
    operation = Operation("upload", "POST", "/upload", {}, bodies=(Body("multipart", "multipart/form-data"),))
    assert operation.request(body={"a": b"x"}).content
    assert not {"httpx", "aiohttp"} & set(sys.modules)
    """
    subprocess.run([sys.executable, "-c", code], check=True)
