"""Ctrl-C while attachments are downloaded in threads."""

import signal
from time import monotonic

import pytest

from enneo_mind_client.attachments.folder import Folder

from ..faults.answers import http
from ..faults.cases_status import TOKEN
from ..faults.scripts import end_of, start
from ..faults.verbs import Forever, Send
from .asking import BODY, TAGGED, names

SCRIPT = """
import sys
from enneo_mind_client import EnneoMind
from enneo_mind_client.models import Attachment

with EnneoMind(sys.argv[1], token=sys.argv[2]) as mind:
    items = [Attachment(id=number, name="film", url=f"/{number}") for number in range(1, 9)]
    try:
        mind.attachments.download_all(items, sys.argv[3])
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


def test_ctrl_c_does_not_wait_for_downloads(scripted, tmp_path):
    """It is passed on at once, the program ends, and what has come is kept for another time."""
    server = scripted((Send(http(200, BODY * 1000, headers=TAGGED)[:-4000]), Forever(b"", 0.01)))
    process = start(SCRIPT, server.url, TOKEN, str(tmp_path))
    assert server.seen.wait_for(lambda seen: len(seen.requests) == 4, 20)
    began = monotonic()
    process.send_signal(signal.SIGINT)

    assert end_of(process) == (0, "interrupted\n", "")
    assert monotonic() - began < 5
    assert len(server.seen.requests) == 4
    assert {name.rpartition(".")[2] for name in names(tmp_path)} <= {"part", "mark"}


def test_a_folder_that_was_left_gets_no_more(tmp_path):
    """Threads that cannot be cancelled end at their next step on the disk."""
    with Folder(tmp_path) as folder:
        folder.leave()
        with pytest.raises(OSError, match="the download was ended"):
            folder.open("bill.pdf", 0)
