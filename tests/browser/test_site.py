"""The built documentation: it asks no other host for anything, fits its window, and can be read by everyone."""

import functools
import http.server
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe

ROOT = Path(__file__).parents[2]
VIEWS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"width": 360},
}
PAGES = [
    *(("index", view) for view in VIEWS),
    *(("design", view) for view in VIEWS),
    ("reliability", "narrow"),
    ("guide/errors", "dark"),
    ("decisions/03-aiohttp-directly", "light"),
    ("performance", "narrow"),
]
THEME = {"landmark-unique": {"enabled": False}}
"""What is the theme's own: its buttons to copy code are landmarks of one name."""


class Site(NamedTuple):
    """Where the site is, on disk and on loopback."""

    folder: Path
    address: str


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files, and says nothing."""

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Build the site as `make docs` does."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    return folder


@pytest.fixture(scope="module")
def site(folder) -> Iterator[Site]:
    """Serve the site on loopback."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Site(folder, f"http://127.0.0.1:{server.server_port}/")
        server.shutdown()
        thread.join()


def test_no_page_names_another_host_to_load_from(folder):
    """No page, style or script has anything loaded from elsewhere."""
    loads = re.compile(
        r"""<(?:script|img|iframe|source)[^>]*src=["']?(?:https?:)?//|<link[^>]*rel=["']?"""
        r"""(?:stylesheet|preconnect|icon)[^>]*href=["']?(?:https?:)?//|@import|url\(["']?(?:https?:)?//"""
    )
    pages = [*folder.rglob("*.html"), *folder.rglob("*.css"), *folder.rglob("*.svg")]

    assert len(pages) > 30
    assert [page.name for page in pages if loads.search(page.read_text("utf-8"))] == []


@pytest.mark.parametrize(("name", "view"), PAGES)
def test_a_page(name, view, site, open_page):
    """A page loads all that it names and nothing else, is no wider than its window, and axe-core finds nothing."""
    failed = []
    opened = open_page(f"{site.address}{name}.html", **VIEWS[view])
    opened.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    opened.reload(wait_until="networkidle")
    found = Axe().run(opened, context=".md-content", options={"rules": THEME})

    assert [url for url in opened.requests if not url.startswith((site.address, "data:", "blob:"))] == []
    assert failed == []
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert found.generate_report() == "Found 0 accessibility violations:\n"


def test_the_pictures_of_the_design(site, open_page):
    """The design is drawn, and each picture says in words what it shows."""
    opened = open_page(f"{site.address}design.html")
    pictures = opened.locator(".md-content img")

    assert pictures.count() == 3
    assert pictures.evaluate_all("all => all.every(each => each.naturalWidth > 0 && each.alt.length > 40)")


def test_the_search_works_without_a_network(site, open_page):
    """A word is found by the index that the site brings."""
    opened = open_page(f"{site.address}index.html")
    opened.locator("input[name=query]").click()
    opened.keyboard.type("budget", delay=50)
    opened.locator(".md-search-result__link").first.wait_for(timeout=20_000)

    assert [url for url in opened.requests if not url.startswith((site.address, "data:", "blob:"))] == []
