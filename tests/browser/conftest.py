"""A headless Chromium, where there is one; its network, its profile and its windows are the tests' own."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, Final, TypeAlias

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from ..faults.conftest import scripted as scripted

EXECUTABLE: Final = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
SWITCHES: Final = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
Open: TypeAlias = Callable[..., Page]


# For a module and no longer: while Playwright is at work, its thread counts as one with a running event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a browser with a new profile."""
    if EXECUTABLE is None:
        pytest.skip("no Chromium here: `make browser` installs Debian's")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=[*SWITCHES])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser) -> Iterator[Open]:
    """Open an address; `requests` of the page lists all that it asked for, and `said` what its console said."""
    with ExitStack() as stack:

        def open_(address: str, *, media: str = "screen", width: int = 1280, **options: Any) -> Page:
            context = browser.new_context(viewport={"width": width, "height": 900}, **options)
            stack.callback(context.close)
            page = context.new_page()
            page.requests, page.said = [], []
            page.on("request", lambda request: page.requests.append(request.url))
            page.on("console", lambda message: page.said.append(message.text))
            page.on("dialog", lambda dialog: page.said.append(dialog.message))
            page.emulate_media(media=media)
            page.goto(address, wait_until="load")
            page.wait_for_timeout(300)
            return page

        yield open_
