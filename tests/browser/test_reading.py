"""The page of a thread as people read it: with a screen reader, a keyboard, a phone, in the dark and on paper."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe

from enneo_mind_client import EnneoMind
from enneo_mind_client.attachments.many import Download
from enneo_mind_client.cli.dates import Dates
from enneo_mind_client.cli.page import page, save
from enneo_mind_client.models import Attachment, Conversation, ConversationContent, ConversationSender
from enneo_mind_client.testing import LocalMind

from ..cli.test_page import HOSTILE, conversation

TICKET = 376189
VIEWS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"width": 360},
    "narrow and dark": {"width": 360, "color_scheme": "dark"},
    "paper": {"media": "print"},
    "paper from a dark screen": {"media": "print", "color_scheme": "dark"},
}
LONG = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
ROW = "<tr><td>1ESY1160123456</td>" + "<td align=right>87.870,5 kWh</td>" * 12 + "</tr>"
MAIL = f"""<h1>Titel</h1><h4>Kleiner</h4><h2></h2><p>{LONG} <a href="https://x.example/{LONG}">https://x.example/{LONG}</a>
<table border=1><tr><th></th><th>Stand</th></tr>{ROW}</table><pre>{LONG}</pre><a href="https://x.example/"></a>
<a href="https://x.example/l"><img src="https://x.example/l.png"></a><img src="cid:logo@x">
<img src="https://x.example/t.gif" width=1>
<blockquote>Am 1.1. schrieb K.:<blockquote>{LONG}</blockquote></blockquote>"""


class Thread(NamedTuple):
    """Where a page is."""

    path: Path

    @property
    def address(self) -> str:
        """Return its address."""
        return self.path.as_uri()


@pytest.fixture(scope="module")
def thread(tmp_path_factory) -> Thread:
    """Write the page of a thread with everything in it, its attachments stored."""
    folder = tmp_path_factory.mktemp("page")
    with LocalMind() as local, EnneoMind(local.base_url, token=local.token) as mind:
        conversations = mind.conversations.list(TICKET)
        files = mind.attachments.download_all(conversations, folder / "inbox")
    lost = Attachment(name=f"{LONG}.docx", size=1_234_567)
    mail = Conversation(
        content=ConversationContent(message=MAIL),
        sender=ConversationSender(name=LONG, email="k@mail.example"),
        direction="in",
        attachments=[lost],
        created_at=datetime(2024, 3, 28, tzinfo=UTC),
        to=["a@mail.example", f"{LONG}@mail.example"],
    )
    rest = [mail, conversation("", direction="sms"), *(conversation(text, direction="out") for text in HOSTILE)]
    files = [*files, Download(lost, None, None)]
    save(folder / "x.html", page(TICKET, [*conversations, *rest], files, Dates("de"), folder))
    return Thread(folder / "x.html")


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_axe_finds_nothing(view, thread, open_page):
    """No rule of axe-core is broken, whatever the mails hold and however the page is looked at."""
    opened = open_page(thread.address, bypass_csp=True, **view)

    found = Axe().run(opened)

    assert found.generate_report() == "Found 0 accessibility violations:\n"
    assert len(found.response["passes"]) > 15


def test_axe_would_find_something(thread, open_page):
    """A page that is spoiled is found out: the test above could fail."""
    opened = open_page(thread.address, bypass_csp=True)
    opened.evaluate("document.querySelector('.meta').style.color = '#ddd'")

    assert "color-contrast" in Axe().run(opened).generate_snapshot()


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_nothing_sticks_out(view, thread, open_page):
    """Long words and wide tables do not make the page wider than its window, and no text is cut off."""
    opened = open_page(thread.address, **view)

    width, window = opened.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    cut = opened.evaluate(
        """[...document.querySelectorAll('article *')].filter(each => {
            const wide = each.closest('article').getBoundingClientRect().right;
            return !each.closest('table') && each.getBoundingClientRect().right > wide + 1;
        }).map(each => each.outerHTML)"""
    )

    assert (width <= window, cut) == (True, [])


def test_the_keyboard_reaches_everything_in_order(thread, open_page):
    """Tab goes through links and wide messages in the order of the page, and shows where it is."""
    opened = open_page(thread.address)
    expected = opened.evaluate(
        "[...document.querySelectorAll('a[href], [tabindex=\"0\"]')].map(each => each.outerHTML.slice(0, 300))"
    )
    seen = []
    for _ in expected:
        opened.keyboard.press("Tab")
        seen.append(opened.evaluate("document.activeElement.outerHTML.slice(0, 300)"))
        assert opened.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"

    assert len(expected) > 6
    assert seen == expected


def test_a_wide_table_is_scrolled_with_the_keyboard(thread, open_page):
    """A table that does not fit is read to its right end without a mouse."""
    opened = open_page(thread.address, width=360)
    message = opened.locator(".message", has_text="1ESY1160123456").first
    message.focus()
    opened.keyboard.press("ArrowRight")
    opened.wait_for_timeout(500)

    assert message.evaluate("each => each.scrollLeft") > 0


def test_a_screen_reader_hears_what_a_part_is(thread, open_page):
    """Each part is an article named by its sender, its side and its time, below the one heading of the page."""
    opened = open_page(thread.address)

    assert opened.get_by_role("heading", level=1).all_text_contents() == [f"Ticket {TICKET}"]
    assert opened.get_by_role("article", name="Käthe Hoffmann").first.is_visible()
    assert opened.get_by_role("article", name="Interne Notiz").count() == 1
    assert opened.get_by_role("article", name="Entwurf").count() == 1


def test_thumbnails_are_shown(thread, open_page):
    """Stored images are seen, and so is the logo that a mail names by its content id."""
    opened = open_page(thread.address)
    opened.wait_for_function("[...document.images].every(each => each.complete)")

    assert opened.locator(".files img").evaluate_all("all => all.every(each => each.naturalWidth > 0)")
    assert opened.locator(".files img").count() >= 2
    assert opened.locator(".message img").evaluate_all("all => all.filter(each => each.naturalWidth > 0).length") >= 1


def test_paper_is_white(thread, open_page):
    """Who prints from a dark screen has black on white, and every part on paper."""
    opened = open_page(thread.address, color_scheme="dark", media="print")

    assert opened.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(22, 24, 29)"
    assert opened.pdf(prefer_css_page_size=True).startswith(b"%PDF")
