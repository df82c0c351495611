"""Ticket N: its conversations and attachments as a pure function of N and a seed."""

from typing import Any, Final

from enneo_mind_client.testing.attachments import Attachment, attach, described
from enneo_mind_client.testing.draw import Draw
from enneo_mind_client.testing.facts import COMPANY_MAIL, CUSTOMERS, customer, facts, iso
from enneo_mind_client.testing.messages import Quoted, Style, body, html_mail, raw, text_mail
from enneo_mind_client.testing.plots import DEMO, moment, plot
from enneo_mind_client.testing.stories import Channel, Turn

CONVERSATIONS_A_TICKET: Final = 100
"""Conversation K (from 1) of ticket N has the id N * 100 + K; at most 60 are used."""

FILES_A_TICKET: Final = 1000
"""Attachment K (from 1) of ticket N has the id N * 1000 + K."""


class Thread:
    """A ticket, written on creation.

    Attributes:
        conversations: The documents, as the API's own document says.
        attachments: The files by their ids.
    """

    def __init__(self, seed: int, ticket: int, origin: str = "", *, raw: bool = False) -> None:
        self._seed, self._ticket, self._origin, self._raw = seed, ticket, origin, raw
        self._draw = draw = Draw(f"{seed}:{ticket}")
        number = 0 if ticket == DEMO else draw.between(0, CUSTOMERS - 1)
        self._lang, person = customer(seed, number)
        self._plot = plot(draw, ticket, self._lang)
        self._facts = facts(draw, self._lang, person, self._plot.start)
        words = self._lang.words
        self._style = Style(draw.pick(words["hello"]), draw.pick(words["bye"]), draw.chance(0.25))
        self._quoted: Quoted | None = None
        self.attachments: dict[int, Attachment] = {}
        self.conversations = self._written()

    def _written(self) -> list[dict[str, Any]]:
        at, before, written = self._plot.start, self._plot.channel, list[dict[str, Any]]()
        for number, turn in enumerate(self._plot.turns):
            channel = turn.channel or self._plot.channel
            # A letter takes days, whether it is the answer or what is answered.
            at = moment(self._draw, at, turn, before if before == "letter" else channel) if number else at
            before = channel
            written.append(self._conversation(number, turn, channel, at))
        return written

    def _conversation(self, number: int, turn: Turn, channel: Channel, at: int) -> dict[str, Any]:
        facts, incoming, last = self._facts, turn.who == "customer", number + 1 == len(self._plot.turns)
        plain, message, text = self._message(turn, channel, at)
        is_mail = channel == "mail" and turn.who != "note"
        to = self._recipients(turn, channel)
        name, address = (facts["name"], facts["email"]) if incoming else (facts["agent"], COMPANY_MAIL)
        agent = 0 if incoming else int(facts["agent_id"])
        channel_id = self._channel_id(number, address) if is_mail else None
        document: dict[str, Any] = {
            "id": self._ticket * CONVERSATIONS_A_TICKET + number + 1,
            "ticketId": self._ticket,
            "type": "text" if plain else "html",
            "direction": "in" if incoming else "out",
            "private": turn.who == "note",
            "isDraft": turn.who == "draft",
            "fromEmail": address,
            "fromEmailName": name,
            "agentId": agent,
            "sender": {
                "id": agent or int(facts["customer"]),
                "name": name,
                "email": address,
                "subchannelId": None if incoming else 1,
            },
            "toEmail": to if channel == "mail" else [],
            "to": to,
            "ccEmails": [facts["email2"]] if is_mail and incoming and self._style.plain else [],
            "bccEmails": [],
            "channelId": f"chat-{self._seed:x}-{self._ticket:x}" if channel == "chat" else channel_id,
            "content": {"message": message},
            "intentIds": list(self._plot.intents) if incoming else [],
            "cortexRequestId": self._ticket * CONVERSATIONS_A_TICKET + number if incoming else None,
            "externalConversationId": f"crm-{facts['customer']}-{number}" if self._ticket % 4 == 0 else None,
            "isRead": not (incoming and last),
            "attachments": [described(file, self._origin) for file in self._files(turn, channel, text)],
            "interface": {},
            "createdAt": iso(at),
            "modifiedAt": iso(at + (0 if incoming else self._draw.between(0, 240))),
        }
        if self._raw:
            subject = self._plot.subject.format_map(facts)
            document["rawData"] = raw(subject, address, to[0], channel_id, text) if channel_id else None
        return document

    def _message(self, turn: Turn, channel: Channel, at: int) -> tuple[bool, str, str]:
        """Return whether a message is plain text, all of it, and its own text without what it quotes."""
        hello = self._facts["again"] if self._quoted else self._style.hello
        html, text = body(self._lang, self._facts, hello, self._style.bye, turn, channel)
        if not html:
            return True, text, text
        incoming, quoted = turn.who == "customer", self._quoted
        self._quoted = Quoted(self._facts["name" if incoming else "agent"], at, html, text)
        if channel == "letter":
            return True, text, text
        if incoming and self._style.plain:
            return True, text_mail(text, quoted, self._lang), text
        return False, html_mail(html, quoted, self._lang), text

    def _files(self, turn: Turn, channel: Channel, text: str) -> list[Attachment]:
        kinds = turn.files
        if channel == "letter" and turn.who != "note":
            paper = "scan" if turn.who == "customer" else "letter"
            kinds = (paper, *(kind for kind in kinds if kind not in {"logo", "letter"}))
        first = self._ticket * FILES_A_TICKET + len(self.attachments) + 1
        files = [attach(self._draw, self._lang, self._facts, at, kind, text) for at, kind in enumerate(kinds, first)]
        self.attachments.update((file.id, file) for file in files)
        return files

    def _recipients(self, turn: Turn, channel: Channel) -> list[str]:
        if turn.who == "note" or channel == "chat":
            return []
        facts, incoming = self._facts, turn.who == "customer"
        if channel == "letter":
            return [self._lang.words["address"] if incoming else facts["home"]]
        return [COMPANY_MAIL] if incoming else [facts["email"]]

    def _channel_id(self, number: int, address: str) -> str:
        return f"<{self._ticket}.{number + 1}@{address.partition('@')[2]}>"
