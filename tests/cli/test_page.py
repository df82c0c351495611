"""The page: whatever a message holds, it runs nothing, loads nothing and keeps its text."""

import base64
import os
import stat
import subprocess
import sysconfig
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enneo_mind_client.attachments.many import Download
from enneo_mind_client.cli.dates import Dates
from enneo_mind_client.cli.message import clean
from enneo_mind_client.cli.page import MAX_IMAGE, MAX_IMAGES, page, save
from enneo_mind_client.cli.words import WORDS, size
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

    assert {tag for tag, _ in parts.tags} <= {"a", "p", "h3", "table"}
    assert names <= {"href", "rel"}
    assert not any(
        (attributes.get("href") or "http").startswith(("javascript", "data", " data", "vbscript"))
        for _, attributes in parts.tags
    )


def test_what_a_message_keeps():
    """Formatting, links, tables and images that bring themselves stay."""
    message = '<p>Hallo <b>Welt</b></p><a href="https://x.example/">x</a><img src="data:image/png;base64,AAAA" alt="y">'

    assert clean(message, plain=False) == message.replace('/">x', '/" rel="noopener noreferrer nofollow">x')


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("<h1>a</h1><h5>b</h5>", "<h3>a</h3><h3>b</h3>"),
        ("x<h2> </h2><a href='https://x.example'>&nbsp;</a>", "x"),
        (
            "<table><tr><th colspan=2> </th></tr></table>x",
            '<table><tbody><tr><td colspan="2"></td></tr></tbody></table>x',
        ),
        ("<img src='https://x.example/l.png' alt='Logo \"x\"'>", '[Image: Logo "x"]'),
        ("<img src='https://x.example/l.png'>", "[Image]"),
        ("x<img src='https://x.example/t.gif' width=1><img src=y alt=''>", "x"),
        ("<a href='https://x.example'><img src=y></a>", '<a href="https://x.example" rel="R">[Image]</a>'),
        ("<img src='data:image/png;base64,A' width=9>", '<img src="data:image/png;base64,A" alt="Image" width="9">'),
        ("<img src='cid:a@b'>", '<img src="data:image/png;base64,CID" alt="Image">'),
        ("<img src='CID:lost' alt=y>", "[Image: y]"),
        ("<a href='cid:a'>x</a>", '<a rel="R">x</a>'),
        ("1 &lt; 2 &amp;amp; &eacute; &#120;", "1 &lt; 2 &amp;amp; é x"),
        (
            "<table border=1><tr><td align=right>x",
            '<table border="1"><tbody><tr><td align="right">x</td></tr></tbody></table>',
        ),
        ("<script>x</script><hr><p>&nbsp;</p>", ""),
        (" ", ""),
    ],
)
def test_a_message_in_order(message, kept):
    """Headings rank below the page's, what is not loaded is named, what is empty goes, and text stays as it is."""
    shown = clean(message, plain=False, pictures=lambda name: "data:image/png;base64,CID" if name == "a@b" else None)

    assert shown.replace("noopener noreferrer nofollow", "R") == kept


def test_what_names_a_picture_cannot_bring_an_address():
    """The cleaning has the last word: nothing but an image's bytes is put where a mail names one."""
    assert clean("x<img src='cid:a'>", plain=False, pictures=lambda _: "https://evil.example/") == 'x<img alt="Image">'


@given(st.lists(st.sampled_from([*HOSTILE, "<a href=x>", "<h1>", "</h1>", "<th>", "</a>", "&", "<", '"', "text"])))
def test_any_mixture(pieces):
    """Cleaning what was cleaned changes nothing, and no text is lost that cleaning alone keeps."""
    message = "".join(pieces)
    once = clean(message, plain=False)

    assert clean(once, plain=False) == once
    assert "".join(Parts(once).words).count("text") == "".join(Parts(nh3.clean(message)).words).count("text")


def test_half_a_letter():
    """Of an emoji that was cut in two a mark is left, wherever it stands: the page can be written."""
    text = shown(conversation("<p>Hi \ud83d</p>", sender=ConversationSender(name="Kim \ud83d"), direction="\ud800"))

    assert text.encode().decode().count("\N{REPLACEMENT CHARACTER}") == 3


def test_a_folder_whose_name_is_not_utf_8(tmp_path):
    """Its files are linked by their bytes."""
    path = tmp_path / os.fsdecode(b"\xff.pdf")
    path.write_bytes(b"")
    attachment = Attachment(name="a.pdf")
    text = shown(conversation(attachments=[attachment]), files=[Download(attachment, path, None)], folder=tmp_path)

    assert 'href="%FF.pdf"' in text


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


def test_a_side_that_is_not_known():
    """A direction that the document does not know is said as it came, and claims neither side."""
    text = shown(conversation("a", direction="<sms>"), conversation("b"))

    assert text.count('<article class="other"') == 2
    assert text.count('<span class="mark">') == 1
    assert '<span class="mark">&lt;sms&gt;</span>' in text


def test_who_wrote_to_whom():
    """Addresses stand beside the names, so that a borrowed name is seen."""
    sender = ConversationSender(name="<Bank>", email="x@evil.example")
    text = shown(
        conversation("a", sender=sender, to=["a@x.example", "b@x.example"], cc_emails=["c@x.example"]),
        conversation("b", sender=ConversationSender(email="only@x.example"), to_email=["d@x.example"]),
    )
    words = " ".join(" ".join(Parts(text).words).split())

    assert "<Bank> <x@evil.example>" in words
    assert "To: a@x.example, b@x.example" in words
    assert "Cc: c@x.example" in words
    assert "only@x.example time unknown To: d@x.example" in words


@pytest.mark.parametrize(
    ("kind", "message", "kept"),
    [
        ("text", "a<b>", "a&lt;b&gt;"),
        ("chat", "a & b\nc", "a &amp; b\nc"),
        ("chat", "a<b>c</b>", "a<b>c</b>"),
        ("html", "a &amp; b", "a &amp; b"),
    ],
)
def test_which_messages_are_html(kind, message, kept):
    """Text is what says so, and what has no tag and does not say that it is HTML."""
    assert kept in shown(conversation(message, type_=kind))


def test_the_zones_are_named():
    """The page says in which zone its times are, by name and distance, in summer and in winter."""
    days = [datetime(2024, month, 1, 12, tzinfo=UTC) for month in (1, 7, 8)]
    text = page(
        1, [conversation("a", created_at=day) for day in days], [], Dates("de", ZoneInfo("Europe/Berlin")), None
    )

    assert "Zeiten: CET (UTC+01:00), CEST (UTC+02:00)</p>" in text
    assert ">01.01.2024, 13:00 CET<" in text
    assert ">01.07.2024, 14:00 CEST<" in text


@pytest.mark.parametrize("moment", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
@pytest.mark.parametrize("hours", [-12, 12])
def test_the_ends_of_the_calendar(moment, hours):
    """A time that the reader's zone cannot say is said in UTC or not moved, and is no error."""
    assert f"{moment.year}-" in Dates("en", timezone(timedelta(hours=hours))).show(moment)


@pytest.mark.parametrize(
    ("count", "en", "de"),
    [
        (999, "999 B", "999 B"),
        (1000, "1 kB", "1 kB"),
        (47_123, "47 kB", "47 kB"),
        (999_499, "999 kB", "999 kB"),
        (999_500, "1.0 MB", "1,0 MB"),
        (1_234_567_890, "1,234.6 MB", "1.234,6 MB"),
    ],
)
def test_sizes(count, en, de):
    """A size is written as people write it."""
    assert (size(count, "en"), size(count, "de")) == (en, de)


def test_both_languages_have_all_words():
    """No word is missing in one of the languages."""
    assert WORDS["de"].keys() == WORDS["en"].keys()


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
    assert '<a href="a%20b.png">' in text
    assert "lost.pdf</bdi>" in text
    assert text.count("not stored") == 1


def test_a_picture_that_the_mail_names(tmp_path):
    """An image of the same message, named by its content id, is shown in its place; others are not."""
    logo = Attachment(name="logo.png")
    (tmp_path / "1.png").write_bytes(PNG)
    files = [Download(logo, tmp_path / "1.png", None)]
    parts = [
        conversation("<img src='cid:logo@x'><img src='cid:logo.png'><img src='cid:'>", attachments=[logo]),
        conversation("<img src='cid:logo' alt='theirs'>"),
    ]
    text = shown(*parts, files=files, folder=tmp_path)

    assert text.count('<img src="data:image/png') == 3
    assert "[Image]</div>" in text
    assert "[Image: theirs]" in text


def test_a_page_has_an_end(tmp_path):
    """Images are shown until there is no more room; the rest are linked."""
    (tmp_path / "x.png").write_bytes(PNG + bytes(MAX_IMAGE - len(PNG)))
    attachments = [Attachment(name="x.png") for _ in range(MAX_IMAGES // MAX_IMAGE + 2)]
    files = [Download(each, tmp_path / "x.png", None) for each in attachments]
    text = shown(conversation("x", attachments=attachments), files=files, folder=tmp_path)

    assert (text.count("<img"), text.count("<a href")) == (len(attachments) - 2, len(attachments))


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


def test_a_page_that_cannot_be_encoded(tmp_path):
    """An older page stays as it was, and nothing is left beside it."""
    save(tmp_path / "x.html", "old")
    with pytest.raises(UnicodeEncodeError):
        save(tmp_path / "x.html", "\ud800")

    assert [each.read_text() for each in tmp_path.iterdir()] == ["old"]


def test_a_page_into_what_is_no_file(tmp_path):
    """A pipe or a device is written to, and stays what it is: `--html /dev/stdout` replaces no device."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE, text=True) as reader:
        save(pipe, "page")

        assert (reader.communicate(timeout=10)[0], pipe.is_fifo()) == ("page", True)


def test_a_page_where_a_link_is(tmp_path):
    """What the link names is replaced, and the link stays."""
    (tmp_path / "real").mkdir()
    page_, link = tmp_path / "real" / "x.html", tmp_path / "x.html"
    page_.write_text("old")
    link.symlink_to(page_)
    save(link, "new")

    assert (page_.read_text(), link.is_symlink()) == ("new", True)


def test_the_command_writes_the_page(run, tmp_path):
    """`show --html` says where the page is, and stores and shows the attachments if asked to."""
    path = tmp_path / "ticket.html"
    code, out, err = run("show", 376189, "--html", path, "--to", tmp_path / "inbox")

    assert (code, out, err) == (0, f"{path}\n", "")
    assert 'href="inbox/Rechnung_V-37566335.pdf"' in path.read_text()
    assert "data:image/jpeg;base64," in path.read_text()


def test_the_zone_is_the_readers(mind, tmp_path):
    """The page's times are in the zone of who runs the command, by `TZ` or by the machine."""
    for zone, name in {"America/New_York": "EDT", "Asia/Kolkata": "IST (UTC+05:30)"}.items():
        command = [str(Path(sysconfig.get_path("scripts")) / "enneo-mind"), "show", "376189", "--html", "x.html"]
        subprocess.run(command, cwd=tmp_path, env={**os.environ, "TZ": zone}, check=True, timeout=60)

        assert name in (tmp_path / "x.html").read_text()


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
