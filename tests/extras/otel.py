"""The extra `otel`: an instrumented client makes its calls, with the API alone."""

import sys

from enneo_mind_client import EnneoMind
from enneo_mind_client.otel import instrument

BASE_URL, TOKEN = sys.argv[1:]

with instrument(EnneoMind(BASE_URL, token=TOKEN)) as mind:
    assert mind.conversations.list(1)
