"""A message's HTML as text for a terminal: no tags, no script, no control characters."""

from html.parser import HTMLParser
from typing import Final

from enneo_mind_client.text import printable

_SILENT: Final = frozenset({"script", "style", "head", "title"})
_BLOCKS: Final = frozenset({"p", "div", "br", "hr", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "blockquote"})


def plain_text(message: str) -> str:
    """Return the readable text of a message, which may be HTML or plain; quotations begin with `> `."""
    reader = _Reader()
    reader.feed(message)
    reader.close()
    return "\n".join(printable(line) for line in reader.lines())


class _Reader(HTMLParser):
    """Collects text by lines."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = [""]
        self._silent = self._quoted = 0

    def lines(self) -> list[str]:
        tidy = [" ".join(line.split()) for line in self._lines]
        return [line for line in tidy if line.strip("> ")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        self._quoted += tag == "blockquote"
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT and self._silent > 0
        self._quoted -= tag == "blockquote" and self._quoted > 0
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            first, *rest = data.split("\n")
            self._lines[-1] += first
            for line in rest:
                self._lines.append("> " * self._quoted + line)

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._lines.append("> " * self._quoted)
