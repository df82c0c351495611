"""What a message looks like: a turn of a story with salutation, signature and the mail it answers."""

from collections.abc import Mapping
from typing import NamedTuple

from enneo_mind_client.testing.facts import date
from enneo_mind_client.testing.stories import Channel, Language, Turn

_LOGO = '<img src="cid:logo" alt="Musterstrom" width="96" height="32">'


class Style(NamedTuple):
    """How one customer writes."""

    hello: str
    bye: str
    plain: bool
    """Text and not HTML."""


class Quoted(NamedTuple):
    """The mail that is answered."""

    sender: str
    time: int
    html: str
    text: str


def body(
    lang: Language, facts: Mapping[str, str], hello: str, bye: str, turn: Turn, channel: Channel
) -> tuple[str, str]:
    """Return a message as (html, text), without what it quotes."""
    text = turn.text.format_map(facts)
    if channel == "chat" or turn.who == "note":
        return "", text
    html = turn.html.format_map(facts)
    if turn.who == "customer":
        name = facts["name"]
        return f"<p>{hello},</p>\n{html}<p>{bye}<br>\n{name}</p>", f"{hello},\n\n{text}\n\n{bye}\n{name}"
    words, agent = lang.words, facts["agent"]
    dear, regards, team, signature = facts["dear"], words["regards"], words["team"], words["signature"]
    signed = f"<p>{regards}<br>\n{agent}<br>\n{team}</p>\n"
    logo = _LOGO if "logo" in turn.files else ""
    footer = f'<div class="signature"><hr>{logo}<small>{signature}</small></div>'
    return (
        f"<p>{dear},</p>\n{html}{signed}{footer}",
        f"{dear},\n\n{text}\n\n{regards}\n{agent}\n{team}\n-- \n{signature}",
    )


def html_mail(html: str, quoted: Quoted | None, lang: Language) -> str:
    """Return a whole HTML mail."""
    quote = f'<p>{_wrote(quoted, lang)}</p>\n<blockquote type="cite">\n{quoted.html}\n</blockquote>' if quoted else ""
    return f'<html><head><meta charset="utf-8"></head><body>\n{html}\n{quote}</body></html>'


def text_mail(text: str, quoted: Quoted | None, lang: Language) -> str:
    """Return a whole plain mail."""
    if not quoted:
        return f"{text}\n\n{lang.words['mobile']}"
    lines = quoted.text.replace("\n", "\n> ")
    return f"{text}\n\n{_wrote(quoted, lang)}\n> {lines}"


def _wrote(quoted: Quoted, lang: Language) -> str:
    wrote: str = lang.words["wrote"] % (date(lang, quoted.time), quoted.sender)
    return wrote


def raw(subject: str, sender: str, recipient: str, message_id: str, text: str) -> str:
    """Return the message as the mail server received it, which is what `includeRawData` adds."""
    return f"Message-ID: {message_id}\r\nFrom: {sender}\r\nTo: {recipient}\r\nSubject: {subject}\r\n\r\n{text}"
