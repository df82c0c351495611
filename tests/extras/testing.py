"""The extra `testing`: a local Mind of one's own answers."""

from enneo_mind_client import EnneoMind
from enneo_mind_client.testing import LocalMind

with LocalMind() as local, EnneoMind(local.base_url, token=local.token) as mind:
    assert mind.conversations.list(1)
