"""Ticket N: its conversations and attachments as a pure function of N and a seed."""

import time
from dataclasses import dataclass, field
from typing import Any, Final

from enneo_mind_client.testing.attachments import Attachment, attach, described
from enneo_mind_client.testing.draw import Draw
from enneo_mind_client.testing.facts import COMPANY_MAIL, facts
from enneo_mind_client.testing.messages import Quoted, Style, body, html_mail, raw, text_mail
from enneo_mind_client.testing.plots import Plot, moment, plot
from enneo_mind_client.testing.stories import Channel, Turn

CONVERSATIONS_A_TICKET: Final = 100
"""Conversation K of ticket N has the id N * 100 + K: at most 60 are used."""

FILES_A_TICKET: Final = 1000
"""Attachment K of ticket N has the id N * 1000 + K."""

_COMPANY: Final = "Musterstrom GmbH"


@dataclass(slots=True)
class Thread:
    """A ticket while it is written."""

    seed: int
    ticket: int
    origin: str = ""
    raw: bool = False
    conversations: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    attachments: dict[int, Attachment] = field(default_factory=dict[int, Attachment])
    draw: Draw = field(init=False)
    plot: Plot = field(init=False)
    facts: dict[str, str] = field(init=False)
    style: Style = field(init=False)
    subject: str = field(init=False)
    quoted: Quoted | None = None

    def __post_init__(self) -> None:
        self.draw = draw = Draw(f"{self.seed}:{self.ticket}")
        self.plot = plot(draw, self.ticket)
        words = self.plot.lang.words
        self.facts = facts(draw, self.plot.lang, self.plot.start)
        self.style = Style(draw.pick(words["hello"]), draw.pick(words["bye"]), draw.chance(0.25))
        self.subject = self.plot.subject.format_map(self.facts)
        moment_ = self.plot.start
        for number, turn in enumerate(self.plot.turns):
            channel = turn.channel or self.plot.channel
            moment_ = moment(draw, moment_, turn, channel) if number else moment_
            self._write(number, turn, channel, moment_)

    def _write(self, number: int, turn: Turn, channel: Channel, at: int) -> None:
        html, text = body(self.plot.lang, self.facts, self.style, turn, channel)
        incoming = turn.who == "customer"
        plain = not html or channel == "letter" or (incoming and self.style.plain)
        message = text if channel == "letter" else self._mail(html, text, plain=plain)
        files = self._files(turn, channel, text)
        conversation = self._head(number, turn, plain=plain) | self._addresses(number, turn, channel)
        conversation |= self._tail(number, turn, message, at)
        conversation["attachments"] = [described(each, self.origin) for each in files]
        if self.raw:
            conversation["rawData"] = self._raw(conversation, text) if self._is_mail(turn, channel) else None
        self.conversations.append(conversation)
        if html:
            self.quoted = Quoted(self.facts["name"] if incoming else self.facts["agent"], at, html, text)

    def _mail(self, html: str, text: str, *, plain: bool) -> str:
        if not html:
            return text
        write = text_mail if plain else html_mail
        return write(text if plain else html, self.quoted, self.plot.lang)

    def _files(self, turn: Turn, channel: Channel, text: str) -> list[Attachment]:
        kinds = turn.files
        if channel == "letter" and turn.who != "note":
            paper = "scan" if turn.who == "customer" else "letter"
            kinds = (paper, *(kind for kind in kinds if kind not in {"logo", "letter"}))
        made = list[Attachment]()
        for kind in kinds:
            number = self.ticket * FILES_A_TICKET + len(self.attachments) + 1
            self.attachments[number] = attach(self.draw, self.plot.lang, self.facts, number, kind, text)
            made.append(self.attachments[number])
        return made

    def _head(self, number: int, turn: Turn, *, plain: bool) -> dict[str, Any]:
        incoming = turn.who == "customer"
        agent = 0 if incoming else int(self.facts["agent_id"])
        mailbox, name = (self.facts["email"], self.facts["name"]) if incoming else (COMPANY_MAIL, self.facts["agent"])
        return {
            "id": self.ticket * CONVERSATIONS_A_TICKET + number + 1,
            "ticketId": self.ticket,
            "type": "text" if plain else "html",
            "direction": "in" if incoming else "out",
            "private": turn.who == "note",
            "isDraft": turn.who == "draft",
            "fromEmail": mailbox,
            "fromEmailName": name,
            "agentId": agent,
            "sender": {
                "id": agent or int(self.facts["customer"]),
                "name": name,
                "email": mailbox,
                "subchannelId": None if incoming else 1,
            },
        }

    def _addresses(self, number: int, turn: Turn, channel: Channel) -> dict[str, Any]:
        to = self._recipients(turn, channel)
        copies = [self.facts["email"].replace("@", "+kopie@")] if channel == "mail" and self.style.plain and to else []
        return {
            "toEmail": to if channel == "mail" else [],
            "to": to,
            "ccEmails": copies if turn.who == "customer" else [],
            "bccEmails": [],
            "channelId": self._channel_id(number, turn, channel),
        }

    def _recipients(self, turn: Turn, channel: Channel) -> list[str]:
        if turn.who == "note" or channel == "chat":
            return []
        words, facts_, incoming = self.plot.lang.words, self.facts, turn.who == "customer"
        if channel == "letter":
            home = f"{facts_['name']}, {facts_['street']}, {facts_['city']}, {words['country']}"
            return [words["address"] if incoming else home]
        return [COMPANY_MAIL] if incoming else [facts_["email"]]

    def _channel_id(self, number: int, turn: Turn, channel: Channel) -> str | None:
        if channel == "chat":
            return f"chat-{self.seed:x}-{self.ticket:x}"
        host = self.facts["email"].partition("@")[2] if turn.who == "customer" else "musterstrom.example.com"
        return f"<{self.ticket}.{number + 1}@{host}>" if self._is_mail(turn, channel) else None

    def _tail(self, number: int, turn: Turn, message: str, at: int) -> dict[str, Any]:
        incoming, last = turn.who == "customer", number + 1 == len(self.plot.turns)
        return {
            "content": {"message": message},
            "intentIds": list(self.plot.intents) if incoming else [],
            "cortexRequestId": self.ticket * CONVERSATIONS_A_TICKET + number if incoming else None,
            "externalConversationId": f"crm-{self.facts['customer']}-{number}" if self.ticket % 4 == 0 else None,
            "isRead": not (incoming and last),
            "attachments": [],
            "interface": {},
            "createdAt": _iso(at),
            "modifiedAt": _iso(at + (0 if incoming else self.draw.between(0, 240))),
        }

    def _raw(self, conversation: dict[str, Any], text: str) -> str:
        return raw(self.subject, conversation["fromEmail"], conversation["to"][0], conversation["channelId"], text)

    @staticmethod
    def _is_mail(turn: Turn, channel: Channel) -> bool:
        return channel == "mail" and turn.who != "note"


def _iso(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
