"""What threads are about: the texts in `stories/*.toml`, read once and made ready to fill in."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

Who: TypeAlias = Literal["customer", "agent", "bot", "note", "draft"]
Channel: TypeAlias = Literal["mail", "letter", "chat"]

_FOLDER = Path(__file__).parent / "stories"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a story; its texts hold `{facts}` to fill in."""

    who: Who
    text: str
    files: tuple[str, ...] = ()
    channel: Channel | None = None
    html: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A thread from question to closing."""

    subject: str
    intents: tuple[str, ...]
    turns: tuple[Turn, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Language:
    """Everything written in one language."""

    people: Mapping[str, list[str]]
    words: Mapping[str, Any]
    files: Mapping[str, str]
    pages: Mapping[str, str]
    demo: Story
    stories: tuple[Story, ...]
    opening: tuple[Turn, ...]
    closing: tuple[Turn, ...]
    summary: Turn
    dialogues: tuple[Story, ...]


@cache
def language(code: str) -> Language:
    """Return the texts of a language, `de` or `en`."""
    mail, chat = _read(code), _read(f"{code}-chat")
    return Language(
        people=mail["people"],
        words=mail["words"],
        files=mail["files"],
        pages=mail["pages"],
        demo=_story(mail.get("demo", mail["story"][0])),
        stories=tuple(_story(each) for each in mail["story"]),
        opening=tuple(_line(each) for each in chat["opening"]),
        closing=tuple(_line(each) for each in chat["closing"]),
        summary=Turn("note", chat["summary"]),
        dialogues=tuple(_dialogue(each) for each in chat["dialogue"]),
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _story(data: dict[str, Any]) -> Story:
    return Story(data["subject"], tuple(data["intents"]), tuple(_turn(each) for each in data["turns"]))


def _turn(data: dict[str, Any]) -> Turn:
    html = "".join(f"<p>{paragraph}</p>\n" for paragraph in data["text"].split("\n\n"))
    return Turn(data["who"], data["text"], tuple(data.get("files", ())), data.get("channel"), html)


def _dialogue(data: dict[str, Any]) -> Story:
    return Story("", (data["intent"],), tuple(_line(each) for each in data["lines"]))


def _line(text: str) -> Turn:
    return Turn("customer" if text.startswith(">") else "agent", text[2:])
