"""The page of a thread in a real browser: nothing of a hostile message runs or is loaded."""

import pytest

from enneo_mind_client.cli.dates import Dates
from enneo_mind_client.cli.page import page, save

from ..cli.test_page import HOSTILE, conversation
from ..faults.verbs import Send


@pytest.fixture
def server(scripted):
    """Start a server that nobody should ask."""
    return scripted(Send(b"HTTP/1.1 204 No Content\r\n\r\n"))


def remote(opened):
    """Return what a page asked for beside itself and what it brings."""
    return [address for address in opened.requests if address != opened.url and not address.startswith("data:")]


def test_a_browser_runs_and_loads_nothing(server, open_page, tmp_path):
    """With hostile messages the document stays as it was written, and no host is asked for anything."""
    hostile = [
        text.replace("https://evil.example", server.url).replace("alert(1)", "document.title='owned'")
        for text in HOSTILE
    ]
    save(tmp_path / "x.html", page(1, [conversation(text) for text in hostile], [], Dates(), tmp_path))

    opened = open_page((tmp_path / "x.html").as_uri())

    assert (opened.title(), opened.locator("article").count()) == ("Ticket 1", len(hostile))
    assert (remote(opened), server.seen.connections) == ([], 0)
    assert opened.said == []


def test_the_policy_alone_would_do(server, open_page, tmp_path):
    """Also where a message got past the cleaning, the page's policy has nothing run, loaded, sent or restyled."""
    attack = (
        f"<script>document.title='owned'</script><img src='{server.url}/x' onerror=\"document.title='owned'\">"
        f"<style>h1 {{ display: none }}</style><p style='position: fixed'>x</p><iframe src='{server.url}'></iframe>"
        f"<link rel=stylesheet href='{server.url}/x.css'><form action='{server.url}'><button>x</button></form>"
    )
    text = page(1, [conversation("MESSAGE")], [], Dates(), tmp_path).replace("MESSAGE", attack)
    save(tmp_path / "x.html", text)

    opened = open_page((tmp_path / "x.html").as_uri())

    assert opened.locator("h1").is_visible()
    assert opened.locator("p", has_text="x").last.evaluate("each => getComputedStyle(each).position") == "static"
    opened.evaluate("document.querySelector('button').click()")
    opened.wait_for_timeout(300)
    # Chromium may open a connection ahead of a request that it then blocks: no request goes over it.
    assert (opened.evaluate("document.title"), server.seen.requests) == ("Ticket 1", [])
    assert "Content Security Policy" in " ".join(opened.said)


def test_what_would_catch_a_request(server, open_page, tmp_path):
    """A page without cleaning and policy does run and does ask: the two tests above could fail."""
    (tmp_path / "x.html").write_text(f"<script>document.title='owned'</script><img src='{server.url}/x'>")

    opened = open_page((tmp_path / "x.html").as_uri())

    assert opened.title() == "owned"
    assert remote(opened) == [f"{server.url}/x"]
    assert [each.target for each in server.seen.requests] == ["/x"]
