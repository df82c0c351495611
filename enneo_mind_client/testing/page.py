"""The page `/`, which says what this server is and what it answers."""

from html import escape

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Local Mind: a stand-in</title></head>
<body style="font: 16px/1.5 sans-serif; max-width: 46em; margin: 3em auto">
<h1>Local Mind</h1>
<p><strong>This is a stand-in for an Enneo Mind instance, not a real one.</strong> Every ticket is made up. It is part
of enneo-mind-client and answers as the API's document says, with the habits of the real wire that are switched on.</p>
<ul>
<li>Base URL: <code>{origin}/api/mind</code></li>
<li>Conversations: <code>GET /api/mind/ticket/376189/conversation</code>, with a bearer token or the cookie
<code>connect.sid</code></li>
<li>A ticket whose number ends in 403, 404 or 500 answers with that status; every other is there.</li>
<li>OpenAPI document: <a href="/api/mind/docs/open-api"><code>/api/mind/docs/open-api</code></a></li>
<li>Token refresh: <a href="/.well-known/openid-configuration"><code>/.well-known/openid-configuration</code></a></li>
</ul>
</body></html>
"""


def page(origin: str) -> str:
    """Return the page for a server at `origin`."""
    return _PAGE.format(origin=escape(origin))
