"""Everything the local Mind says no with: one exception, the JSON form of Enneo's errors, and what comes instead."""

from collections.abc import Mapping
from http.client import responses
from typing import Final

import orjson
from starlette.responses import HTMLResponse, Response

from enneo_mind_client.testing.quirks import Quirks

_GATEWAY: Final = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>\n"


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """An answer other than success.

    Attributes:
        status: Its HTTP status.
        error: What it tells the user.
        details: What it tells a developer.
        headers: What is to be said in headers.
    """

    def __init__(self, status: int, error: str, details: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(error)
        self.status, self.error, self.details, self.headers = status, error, details, dict(headers or {})

    def response(self, tx_id: str, quirks: Quirks) -> Response:
        """Return the answer."""
        if quirks.empty_errors and self.status in {403, 404}:
            return Response(None, self.status, self.headers)
        if quirks.html_errors and self.status >= 500:
            title = f"{self.status} {responses.get(self.status, '')}"
            return HTMLResponse(_GATEWAY.format(title), self.status, self.headers)
        body = {"error": self.error, "details": self.details or f"{self.error} (local Mind)", "txId": tx_id}
        return json_response(body, self.status, self.headers)


class OAuthRefusal(Refusal):
    """A token endpoint's error, which has its own form (RFC 6749, section 5.2)."""

    def response(self, tx_id: str, quirks: Quirks) -> Response:
        """Return the answer."""
        return json_response({"error": self.error, "error_description": self.details}, self.status, self.headers)


def json_response(document: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON answer."""
    return Response(orjson.dumps(document), status, headers, media_type="application/json")
