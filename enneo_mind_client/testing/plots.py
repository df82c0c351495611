"""What happens in a thread: which story, in which channel, how far it got and when."""

from typing import Final, NamedTuple

from enneo_mind_client.testing.draw import Draw
from enneo_mind_client.testing.facts import DAY, EPOCH
from enneo_mind_client.testing.stories import Channel, Language, Story, Turn

DEMO: Final = 376189
"""The ticket of the examples: a whole thread in German, with every kind of message but chat."""

_SPAN = 2_000_000  # tickets, one a minute, higher ones younger, before the years start again
_HOUR = 3600


class Plot(NamedTuple):
    """A thread before anything is written."""

    lang: Language
    channel: Channel
    start: int
    subject: str
    intents: tuple[str, ...]
    turns: tuple[Turn, ...]


def plot(draw: Draw, ticket: int, lang: Language) -> Plot:
    """Draw what happens in a ticket of a customer with this language."""
    start = EPOCH + ticket % _SPAN * 60 + draw.between(0, 59)
    if ticket == DEMO:
        return _mail(lang, "mail", start, lang.demo, lang.demo.turns)
    if draw.chance(0.2):
        return _chat(draw, lang, start)
    story = draw.pick(lang.stories)
    return _mail(lang, "letter" if draw.chance(0.1) else "mail", start, story, _so_far(draw, story.turns))


def _mail(lang: Language, channel: Channel, start: int, story: Story, turns: tuple[Turn, ...]) -> Plot:
    return Plot(lang, channel, start, story.subject, story.intents, turns)


def _so_far(draw: Draw, turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Return the turns of a thread that may still be open; the next answer may wait as a draft."""
    if draw.chance(0.6):
        return turns
    count = draw.between(1, len(turns) - 1)
    upcoming = turns[count]
    waits = upcoming.who == "agent" and draw.chance(0.5)
    return (
        (*turns[:count], Turn("draft", upcoming.text, upcoming.files, None, upcoming.html)) if waits else turns[:count]
    )


def _chat(draw: Draw, lang: Language, start: int) -> Plot:
    # Most chats settle one question; a few wander through everything.
    count = 1
    while count < len(lang.dialogues) and draw.chance(0.2 if count == 1 else 0.72):
        count += 1
    talks = draw.some(lang.dialogues, count)
    if count == 1 and draw.chance(0.6):
        lines = talks[0].turns
    else:
        lines = (*lang.opening, *(turn for talk in talks for turn in talk.turns), *lang.closing)
    turns = (*lines, lang.summary) if count > 3 else lines
    return Plot(lang, "chat", start, "", tuple(talk.intents[0] for talk in talks), turns)


def moment(draw: Draw, before: int, turn: Turn, channel: Channel) -> int:
    """Return when a turn that follows another is written (epoch seconds)."""
    if channel == "chat":
        return before + draw.between(4, 90)
    if turn.who == "customer":
        return before + (draw.between(2 * DAY, 5 * DAY) if channel == "letter" else draw.between(_HOUR // 4, DAY))
    return _at_work(before + draw.between(_HOUR // 6, 2 * DAY if channel == "letter" else 20 * _HOUR))


def _at_work(time: int) -> int:
    """Return the same moment, or the next one at which an agent is at work: Monday to Friday, 6 to 17 h UTC."""
    delay = time % (2 * _HOUR)
    if time % DAY >= 17 * _HOUR:
        time += DAY - time % DAY
    if time % DAY < 6 * _HOUR:
        time += 6 * _HOUR - time % DAY + delay
    weekday = (time // DAY + 3) % 7
    return time + (7 - weekday) * DAY if weekday >= 5 else time
