"""The extra `duckdb`: tickets become a database that can be asked."""

import sys
from pathlib import Path

from enneo_mind_client import EnneoMind
from enneo_mind_client.export import export

BASE_URL, TOKEN = sys.argv[1:]

with EnneoMind(BASE_URL, token=TOKEN) as mind:
    export(mind, range(1, 6), "tickets", format="duckdb")
assert list(Path("tickets").rglob("*.duckdb"))
