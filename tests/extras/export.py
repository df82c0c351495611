"""The extra `export`: tickets become an Arrow table, and Parquet files that can be read."""

import sys
from pathlib import Path

from enneo_mind_client import EnneoMind
from enneo_mind_client.arrow import to_arrow
from enneo_mind_client.export import export

BASE_URL, TOKEN = sys.argv[1:]

with EnneoMind(BASE_URL, token=TOKEN) as mind:
    assert to_arrow(mind.conversations.stream(range(1, 6))).num_rows
    export(mind, range(1, 6), "tickets")
assert list(Path("tickets").rglob("*.parquet"))
