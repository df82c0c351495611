"""A message's HTML as it may stand in a page: it runs nothing, loads nothing, and can be read by everyone.

Messages are written by strangers. nh3 keeps what formats text and drops all else. What it leaves is then put in order
for readers (pictures that are not loaded are named, headings rank below the page's own, empty links go), and nh3 has
the last word on the result.
"""

import html
import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from typing import Final

import nh3

Pictures = Callable[[str], str | None]
"""What returns the picture that a message names by `cid:`, as a `data:` address; None if there is none."""

_DATA: Final = ("data:image/png;base64,", "data:image/jpeg;base64,", "data:image/gif;base64,")
_HEADINGS: Final = {f"h{level}" for level in range(1, 7)}
_OUTLINE: Final = {"area", "map", "header", "footer", "nav", "aside", "article", "figure", "main", "section"}
_TAGS: Final = nh3.ALLOWED_TAGS - _OUTLINE
_ATTRIBUTES: Final = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "table": {"border"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align"},
    "ol": {"start"},
}
_HALF: Final = re.compile("[\ud800-\udfff]")
_TINY: Final = re.compile(r"\s*[0-3](\D|$)")
_NOT_TO_BE_EMPTY: Final = {"a", "th", *_HEADINGS}


def whole(text: str) -> str:
    """Return a text that can be written: of a letter that was cut in two, as JSON may have it, a mark is left."""
    return _HALF.sub("\N{REPLACEMENT CHARACTER}", text)


def clean(message: str, *, plain: bool, picture: str = "Image", pictures: Pictures = lambda _: None) -> str:
    """Return a message as safe HTML; `picture` is the word for one that is not shown."""
    if plain:
        return f'<div class="plain">{html.escape(message)}</div>' if message.strip() else ""
    arranged = _Arranged(_cleaned(whole(message)), picture, pictures)
    return _cleaned("".join(arranged.out)) if arranged.visible else ""


def _cleaned(message: str) -> str:
    return nh3.clean(
        message,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "tel", "data", "cid"},
        link_rel="noopener noreferrer nofollow",
    )


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """Images may only bring themselves, or name what came with the message; links may do neither."""
    address = "".join(value.split()).lower()
    if (tag, attribute) == ("img", "src"):
        return value if value.startswith(_DATA) or address.startswith("cid:") else None
    return None if address.startswith(("data:", "cid:")) else value


class _Arranged(HTMLParser):
    """Puts cleaned HTML in order; all that is not spoken of passes as it is written."""

    def __init__(self, text: str, picture: str, pictures: Pictures) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self.visible = 0
        self._picture, self._pictures = picture, pictures
        self._open: list[tuple[str, int, int]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "img":
            self._image({name: value or "" for name, value in attrs})
            return
        if tag in _NOT_TO_BE_EMPTY:
            self._open.append((tag, len(self.out), self.visible))
        self.out.append("<h3>" if tag in _HEADINGS else self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        begun = self._open.pop() if self._open and self._open[-1][0] == tag else None
        if begun and begun[2] == self.visible:
            opened = self.out[begun[1]]
            del self.out[begun[1] :]
            self.out.append(opened.replace("<th", "<td", 1) + "</td>" if tag == "th" else "")
        else:
            self.out.append("</h3>" if tag in _HEADINGS else f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.visible += bool(data.strip())
        self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.visible += name != "nbsp"
        self.out.append(f"&{name};")

    def _image(self, given: dict[str, str]) -> None:
        source, alt = given.get("src", ""), given.get("alt", "").strip()
        shown = self._pictures(source.strip()[4:]) if source.strip().lower().startswith("cid:") else source
        if shown:
            size = "".join(f' {name}="{html.escape(given[name])}"' for name in ("width", "height") if name in given)
            self.out.append(f'<img src="{html.escape(shown)}" alt="{html.escape(alt or self._picture)}"{size}>')
        elif given.get("alt") == "" or any(_TINY.match(given.get(name, "")) for name in ("width", "height")):
            return  # an ornament, or what tells a sender that the message was opened
        else:
            self.out.append(html.escape(f"[{self._picture}: {alt}]" if alt else f"[{self._picture}]"))
        self.visible += 1
