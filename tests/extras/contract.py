"""The extra `contract`: an instance is held against the document."""

import sys

from enneo_mind_client import EnneoMind
from enneo_mind_client.contract import check

BASE_URL, TOKEN = sys.argv[1:]

with EnneoMind(BASE_URL, token=TOKEN) as mind:
    assert check(mind, tickets=[1]).text()
