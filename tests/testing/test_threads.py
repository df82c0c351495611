"""Tickets that are made up, but read like real ones."""

import re
import subprocess
import sys
from hashlib import sha256

import orjson
import pytest

from enneo_mind_client.testing.draw import Draw
from enneo_mind_client.testing.stories import language
from enneo_mind_client.testing.threads import Thread

TICKETS = range(1, 1501)
THREADS = {number: Thread(1, number, "http://mind.example.com") for number in TICKETS}
DIGEST = "74a76ffd78924a1c3e29f94cbfb332033d88e750b48fbbe67f2bea9ef83dffb5"
"""Of the first 200 tickets. It changes when a text or a draw changes, and never with the Python or the machine."""


def digest(seed: int) -> str:
    """Return what the first 200 tickets of a seed come to."""
    total = sha256()
    for number in range(1, 201):
        thread = Thread(seed, number, "http://mind.example.com", raw=True)
        total.update(orjson.dumps(thread.conversations))
        for file in thread.attachments.values():
            total.update(file.content())
    return total.hexdigest()


def test_the_same_bytes_anywhere():
    """Tickets and files are the same bytes on every Python and machine."""
    assert digest(1) == DIGEST


def test_the_same_bytes_in_another_process():
    """Neither the hash seed of a process nor what was asked before has a say."""
    code = "from enneo_mind_client.testing.threads import Thread; print(Thread(1, 376189).conversations)"
    run = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", "-c", code], capture_output=True, timeout=60, check=True, encoding="utf-8"
    )

    assert run.stdout.strip() == str(Thread(1, 376189).conversations)


def test_another_seed_other_tickets():
    """A seed has its own tickets."""
    assert Thread(1, 5).conversations != Thread(2, 5).conversations


def test_lengths_are_skewed():
    """Most threads have 2 to 8 conversations, a few are long chats, none has more than 60."""
    lengths = [len(thread.conversations) for thread in THREADS.values()]

    assert (min(lengths), max(lengths) > 40, max(lengths) <= 60) == (1, True, True)
    assert 0.7 < sum(2 <= length <= 8 for length in lengths) / len(lengths) < 0.95


def test_times_rise():
    """Within a thread nobody answers before being asked."""
    for thread in THREADS.values():
        times = [each["createdAt"] for each in thread.conversations]
        assert times == sorted(times)
        assert all(each["createdAt"] <= each["modifiedAt"] for each in thread.conversations)


def test_agents_have_office_hours():
    """An agent's mail is written on a weekday between 6 and 18 h UTC."""
    from datetime import datetime

    written = [
        datetime.fromisoformat(each["createdAt"])
        for thread in THREADS.values()
        for each in thread.conversations
        if each["direction"] == "out" and not str(each["channelId"]).startswith("chat-")
    ]

    assert {time.weekday() for time in written} == set(range(5))
    assert {time.hour for time in written} <= set(range(6, 18))


def test_numbers_are_unique():
    """No two conversations or attachments share an id."""
    conversations = [each["id"] for thread in THREADS.values() for each in thread.conversations]
    attachments = [number for thread in THREADS.values() for number in thread.attachments]

    assert len(set(conversations)) == len(conversations)
    assert len(set(attachments)) == len(attachments)


def test_nothing_is_left_to_fill_in():
    """Every `{fact}` of a text was filled in."""
    for thread in THREADS.values():
        assert not re.search(r"[{}]", str([each["content"]["message"] for each in thread.conversations]))


def test_a_thread_keeps_to_its_contract():
    """All contract and meter numbers of a thread are the customer's own."""
    for thread in THREADS.values():
        text = orjson.dumps(thread.conversations).decode()
        assert len(set(re.findall(r"V-\d{8}", text))) <= 1
        assert len(set(re.findall(r"1EMH\d{10}", text))) <= 1


def test_every_kind_of_message():
    """There are mails as HTML and text, letters, chats, notes, drafts, and both languages."""
    every = [each for thread in THREADS.values() for each in thread.conversations]

    assert {each["type"] for each in every} == {"html", "text"}
    assert any(each["private"] for each in every)
    assert any(each["isDraft"] for each in every)
    assert any("Musterstadt, Deutschland" in str(each["to"]) for each in every)
    assert any("Musterstadt, Germany" in str(each["to"]) for each in every)
    assert any(str(each["channelId"]).startswith("chat-") for each in every)
    assert any("<blockquote" in each["content"]["message"] for each in every)
    assert any("\n> " in each["content"]["message"] for each in every)


def test_links_in_html_are_what_is_attached():
    """A mail that shows the logo has it attached inline."""
    for thread in THREADS.values():
        for each in thread.conversations:
            shown = each["content"]["message"].partition("<blockquote")[0].count("cid:logo")
            assert shown == sum(file["inline"] for file in each["attachments"])


def test_the_demo_ticket():
    """Ticket 376189 has every kind of message but chat, whatever the seed, in German."""
    for seed in range(20):
        thread = Thread(seed, 376189).conversations
        assert [each["direction"] for each in thread] == ["in", "out", "out", "in", "out", "in", "out"]
        assert [each["private"] for each in thread].index(True) == 1
        assert thread[4]["to"][0].endswith("Deutschland")
        assert thread[-1]["isDraft"]
        assert [file["fileEnding"] for each in thread for file in each["attachments"]] == [
            "jpg",
            "pdf",
            "png",
            "pdf",
            "png",
        ]


@pytest.mark.parametrize("code", ["de", "en"])
def test_facts_hold_nothing_to_escape(code):
    """Names and words are put into HTML as they are, so none may hold its special characters."""
    lang = language(code)

    assert not re.search(r'[<>&"]', str([*lang.people.values()]).replace('"', "", 2 * str(lang.people).count('"')))


def test_some_of_few():
    """More than there is cannot be drawn."""
    assert sorted(Draw("x").some([1, 2, 3], 5)) == [1, 2, 3]
