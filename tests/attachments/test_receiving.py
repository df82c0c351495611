"""What comes after the end of an attempt, from a thread that was late, is dropped."""

from enneo_mind_client.attachments.folder import Folder
from enneo_mind_client.attachments.parts import Part
from enneo_mind_client.attachments.receiving import Receiver


def test_late_bytes_are_dropped(tmp_path):
    """Neither a head nor bytes of an attempt that was given up reach the part."""
    with Folder(tmp_path) as folder:
        part = Part(folder, "bill.pdf", "key")
        part.open()
        late = Receiver(part, 1000)
        late.begin(200, {"etag": '"one"'})
        late.feed(b"in time")
        late.end()
        late.feed(b"late")
        late.begin(200, {"etag": '"two"'})
        part.close()

    assert (part.size, part.mark) == (7, '"one"')


def test_an_answer_that_is_no_file(tmp_path):
    """The body of another status is kept aside."""
    with Folder(tmp_path) as folder:
        part = Part(folder, "bill.pdf", "key")
        receiver = Receiver(part, 1000)
        receiver.begin(404, {})
        receiver.feed(b"gone")
        receiver.finish()

    assert (bytes(receiver.aside), part.size) == (b"gone", 0)
