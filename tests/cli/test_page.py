"""The page: whatever a message holds, it runs nothing, loads nothing and keeps its text."""

import base64
import stat
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from enneo_mind_client.attachments.many import Download
from enneo_mind_client.cli.dates import Dates
from enneo_mind_client.cli.page import MAX_IMAGE, clean, page, save
from enneo_mind_client.models import Attachment, Conversation, ConversationContent, ConversationSender

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=https://evil.example/pixel.gif>",
    "<img srcset='https://evil.example/a 1x'>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<math><mtext></table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src=https://evil.example></iframe>",
    "<object data=x></object><embed src=x>",
    "<form action=https://evil.example><input name=password><button>x</button></form>",
    "<style>@import url(https://evil.example/x.css)</style>",
    "<p style='background:url(https://evil.example/x)'>x</p>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example>",
    "<video src=https://evil.example/x autoplay></video>",
    "</div></article></main><h1>Ticket 1</h1>",
    "<body onload=alert(1) id=part-1 class=note>",
]
ALLOWED_PLACES = {("a", "href"), ("img", "src")}


class Parts(HTMLParser):
    """Collects the tags and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Keep a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        """Keep words."""
        self.words.append(data)


def conversation(message: str = "", **more: object) -> Conversation:
    """Return a conversation."""
    return Conversation(content=ConversationContent(message=message), **more)


def shown(*conversations: Conversation, files=(), language="en", folder=None) -> str:
    """Return a page."""
    return page(1, conversations, files, Dates(language, UTC), folder)


@pytest.mark.parametrize("message", HOSTILE)
def test_a_hostile_message(message):
    """Nothing that runs, loads, sends or restyles is left."""
    parts = Parts(clean(message, plain=False))
    names = {name for _, attributes in parts.tags for name in attributes}
    links = [value for tag, attributes in parts.tags for value in attributes.values() if tag == "img"]

    assert {tag for tag, _ in parts.tags} <= {"a", "img", "p", "h1", "table"}
    assert names <= {"href", "rel", "alt"}
    assert [link for link in links if link and "evil" in link] == []
    assert not any(
        (attributes.get("href") or "http").startswith(("javascript", "data", " data", "vbscript"))
        for _, attributes in parts.tags
    )


def test_what_a_message_keeps():
    """Formatting, links, tables and images that bring themselves stay."""
    message = '<p>Hallo <b>Welt</b></p><a href="https://x.example/">x</a><img src="data:image/png;base64,AAAA" alt="y">'

    assert clean(message, plain=False) == message.replace('/">x', '/" rel="noopener noreferrer nofollow">x')


def test_plain_text_is_no_html():
    """A message of the type text is shown as it is written."""
    text = shown(conversation("1 < 2 & <b>x</b>\nnext", type_="text"))

    assert '<div class="plain">1 &lt; 2 &amp; &lt;b&gt;x&lt;/b&gt;\nnext</div>' in text


def test_a_part_says_what_it_is():
    """Side, sender, note, draft and time are words, and not only colours."""
    text = shown(
        conversation(
            "a", direction="in", sender=ConversationSender(name="<K>"), created_at=datetime(2022, 7, 12, 8, tzinfo=UTC)
        ),
        conversation("", direction="out", private=True, is_draft=True),
    )
    words = " ".join(Parts(text).words)

    assert all(
        word in words for word in ("<K>", "Received", "Internal note", "Draft", "Unknown sender", "time unknown")
    )
    assert "(no text)" in words
    assert '<time datetime="2022-07-12T08:00:00+00:00">2022-07-12 08:00 UTC</time>' in text
    assert [attributes["class"] for tag, attributes in Parts(text).tags if tag == "article"] == ["in", "out note draft"]


def test_a_page_in_german():
    """The page's words and language are the reader's."""
    text = shown(language="de")

    assert '<html lang="de">' in text
    assert "Dieses Ticket hat keine Nachrichten." in text


def test_the_policy_allows_the_pages_own_style_only():
    """The policy has no source but data: for images, and the hash of the one style."""
    (policy,) = [
        attributes["content"]
        for _, attributes in Parts(shown()).tags
        if "Policy" in (attributes.get("http-equiv") or "")
    ]

    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in policy


def test_stored_attachments(tmp_path):
    """A stored file is linked as seen from the page, and an image is shown; what it is, its bytes say."""
    kinds = {"a b.png": PNG, "fake.png": b"<svg>", "large.png": PNG + bytes(MAX_IMAGE)}
    attachments = [Attachment(name=name, size=len(data)) for name, data in kinds.items()]
    for name, data in kinds.items():
        (tmp_path / name).write_bytes(data)
    files = [Download(each, tmp_path / str(each.name), None) for each in attachments]
    text = shown(
        conversation("x", attachments=[*attachments, Attachment(name="lost.pdf")]), files=files, folder=tmp_path
    )

    assert f'<img src="data:image/png;base64,{base64.b64encode(PNG).decode()}" alt="">' in text
    assert text.count("<img") == 1
    assert '<a href="a%20b.png">a b.png</a>' in text
    assert "<li>lost.pdf</li>" in text


def test_a_page_is_private_and_whole(tmp_path):
    """A page is for its owner only, and replaces an older one at once."""
    path = tmp_path / "ticket.html"
    save(path, "old")
    save(path, "new")

    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("new", 0o600)


def test_a_page_that_cannot_be_written(tmp_path):
    """Nothing is left where the page cannot take its place."""
    (tmp_path / "x").mkdir()
    with pytest.raises(OSError, match="directory"):
        save(tmp_path / "x", "text")

    assert [each.name for each in tmp_path.iterdir()] == ["x"]


def test_the_command_writes_the_page(run, tmp_path):
    """`show --html` says where the page is, and stores and shows the attachments if asked to."""
    path = tmp_path / "ticket.html"
    code, out, err = run("show", 376189, "--html", path, "--to", tmp_path / "inbox")

    assert (code, out, err) == (0, f"{path}\n", "")
    assert 'href="inbox/Rechnung_V-37566335.pdf"' in path.read_text()
    assert "data:image/jpeg;base64," in path.read_text()


def test_the_command_with_an_attachment_that_fails(run, tmp_path):
    """The page is written all the same, and the code says that a part is missing."""
    (tmp_path / "inbox").write_text("")
    code, _, err = run("show", 376189, "--html", tmp_path / "x.html", "--to", tmp_path / "inbox")

    assert (code, "cannot be written" in err) == (1, True)


def test_the_command_cannot_write(run, tmp_path):
    """A place that cannot be written to is one line."""
    code, _, err = run("show", 1, "--html", tmp_path / "no" / "x.html")

    assert (code, err) == (
        1,
        f"enneo-mind: {tmp_path / 'no' / 'x.html'} cannot be written: No such file or directory\n",
    )
