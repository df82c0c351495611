"""The local Mind as an ASGI application: what it answers, and when it does not.

It is a stand-in for a real instance, and says so: in the header `X-Stand-In` of every answer, and on its page `/`.

Which tickets there are is a rule to remember: **a ticket whose number ends in 403, 404 or 500 answers with that
status**, every other from 1 to 999,999,999 is there. `forbidden`, `missing` and `failing` replace the rule.
"""

import asyncio
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import KW_ONLY, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from enneo_mind_client.model import Model
from enneo_mind_client.testing.access import Access
from enneo_mind_client.testing.asked import Received, origin, trace_id
from enneo_mind_client.testing.attachments import TYPES
from enneo_mind_client.testing.load import Fault, Faults, Rate, RateLimit
from enneo_mind_client.testing.page import page
from enneo_mind_client.testing.quirks import REAL, Quirks, twist
from enneo_mind_client.testing.ranges import file_response
from enneo_mind_client.testing.refusals import OAuthRefusal, Refusal, json_response
from enneo_mind_client.testing.threads import FILES_A_TICKET, Thread
from enneo_mind_client.testing.tickets import LAST_TICKET, Given, Tickets, among, answer_of, ending, is_number

BASE: Final = "/api/mind"
STAND_IN: Final = "enneo-mind-client local Mind"
RECEIVED: Final = 1000
"""Requests that are remembered."""

_SPEC = Path(__file__).parents[2] / "openapi" / "enneo-mind.yaml"
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


@dataclass
class MindApp:
    """An ASGI application that answers as Mind does. Its switches may be changed at any time, but for the credentials.

    Attributes:
        seed: Another seed, other tickets; the same seed, the same tickets anywhere.
        token: The bearer token it accepts.
        session_cookie: The value of the cookie `connect.sid` it accepts.
        quirks: Which habits of the real wire to show.
        forbidden: Tickets that answer 403.
        missing: Tickets that answer 404, besides those that cannot be.
        failing: Tickets that answer 500.
        latency: Seconds before each answer about a ticket.
        rate_limit: Requests a second above which it answers 429.
        tokens_expire_in: Seconds a bearer token lives; None is for ever.
        spec: The OpenAPI document to serve; by default the repository's copy, if this is a checkout.
        requests: How many requests came, of any kind.
        served: How many tickets were answered.
        received: The last requests, oldest first, as (method, path, status).
    """

    _: KW_ONLY
    seed: int = 1
    token: str = field(default="local-mind-token", repr=False)
    session_cookie: str = field(default="local-mind-session", repr=False)
    quirks: Quirks = REAL
    forbidden: Tickets = field(default=ending(403), repr=False)
    missing: Tickets = field(default=ending(404), repr=False)
    failing: Tickets = field(default=ending(500), repr=False)
    latency: float = 0.0
    rate_limit: Rate | None = None
    tokens_expire_in: float | None = None
    spec: Path = _SPEC
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    sleep: Callable[[float], Awaitable[None]] = field(default=asyncio.sleep, repr=False)
    requests: int = field(default=0, init=False)
    served: int = field(default=0, init=False)
    received: deque[Received] = field(default_factory=lambda: deque(maxlen=RECEIVED), init=False, repr=False)

    def __post_init__(self) -> None:
        self._access = Access(self.token, self.session_cookie, self.tokens_expire_in, self.clock)
        self._limit = RateLimit(self.clock)
        self._faults, self._token_faults = Faults(), Faults()
        self._given = Given()
        self._body = lru_cache(maxsize=512)(_written)

    @property
    def refresh_token(self) -> str:
        """The refresh token that is valid now; each works once."""
        return self._access.refresh_token

    def revoke(self) -> None:
        """Make every bearer token invalid now, as a real instance does when an API key is renewed."""
        self._access.revoke()

    def set(self, *, ticket: int, conversations: Iterable[Model | dict[str, Any]]) -> None:
        """Have a ticket answered with these conversations, built models or dicts, as they are.

        Raises:
            ValueError: There can be no ticket of this number.
            TypeError: A conversation is neither a model nor a dict, or not JSON.
        """
        self._given.set(ticket, conversations)

    def fail(
        self, *, ticket: int | None = None, status: int = 500, times: int | None = 1, retry_after: int | None = None
    ) -> None:
        """Have the next requests about a ticket (or any) answered with an error status; `times=None` is for ever.

        Raises:
            ValueError: It is no error status, or never.
        """
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        self._faults.orders.append(Fault(status, ticket, times, headers))

    def fail_refresh(self, *, status: int = 500, times: int | None = 1) -> None:
        """Have the next token refreshes fail."""
        self._token_faults.orders.append(Fault(status, None, times, {}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            return
        self.requests += 1
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except Refusal as refusal:
            response = refusal.response(trace_id(request, self.requests), self.quirks)
        self.received.append(Received(scope["method"], scope["path"], response.status_code))
        response.raw_headers.append((b"x-stand-in", STAND_IN.encode()))
        if scope["method"] == "HEAD":
            response.body = b""
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        path = request.scope["path"]
        for pattern, method, answer in ROUTES:
            if found := pattern.fullmatch(path):
                if request.method != method and (request.method, method) != ("HEAD", "GET"):
                    raise Refusal(405, "Method not allowed", headers={"Allow": method})
                return await answer(self, request, **found.groupdict())
        raise Refusal(404, "Not found", f"There is no {path} here")

    async def conversations(self, request: Request, ticketId: str) -> Response:  # noqa: N803 - the document's name
        """Answer getConversations."""
        await self._admit(request, int(ticketId) if is_number(ticketId) else None)
        if not is_number(ticketId):
            raise Refusal(404, "Ticket not found", "ticketId must be an integer")
        asked = request.query_params.get("includeRawData", "false") if request.scope["query_string"] else "false"
        if asked not in _BOOLEANS:
            raise Refusal(404, "Invalid includeRawData", "includeRawData must be true or false")
        body = self._given.answers.get(int(ticketId))
        if body is None:
            body = self._body(self.seed, self.quirks, self._existing(int(ticketId)), _BOOLEANS[asked], origin(request))
        self.served += 1
        return Response(body, media_type="application/json")

    async def attachment(self, request: Request, number: str, name: str) -> Response:
        """Answer the download of an attachment."""
        ticket = int(number) // FILES_A_TICKET if is_number(number) else None
        await self._admit(request, ticket)
        if ticket is None:
            raise Refusal(404, "Attachment not found")
        file = Thread(self.seed, self._existing(ticket)).attachments.get(int(number))
        if file is None or file.name != name:
            raise Refusal(404, "Attachment not found")
        return file_response(file.content(), TYPES[file.ending], f'"{self.seed:x}-{file.id:x}"', request.headers)

    async def file(self, request: Request, number: str, name: str) -> Response:
        """Answer the download of a file that a test gave."""
        await self._admit(request, None)
        content = self._given.files.get((number, name))
        if content is None:
            raise Refusal(404, "File not found")
        return file_response(content, "application/octet-stream", f'"given-{number}"', request.headers)

    async def _admit(self, request: Request, ticket: int | None) -> None:
        if wait := self._limit.wait(self.rate_limit):
            raise Refusal(429, "Too many requests", headers={"Retry-After": str(wait)})
        if self.latency:
            await self.sleep(self.latency)
        if fault := self._faults.take(ticket):
            raise Refusal(fault.status, "Failed as ordered", "An order of fail()", fault.headers)
        self._access.check(request)

    def _existing(self, ticket: int) -> int:
        if not 1 <= ticket <= LAST_TICKET or among(ticket, self.missing):
            raise Refusal(404, "Ticket not found", f"There is no ticket {ticket}")
        if among(ticket, self.forbidden):
            raise Refusal(403, "Forbidden", f"Ticket {ticket} belongs to a team you are not in")
        if among(ticket, self.failing):
            raise Refusal(500, f"Ticket {ticket} could not be loaded", "Uncaught TypeError in /app/src/Ticket.php:212")
        return ticket

    async def open_api(self, _: Request) -> Response:
        """Answer with the OpenAPI document."""
        try:
            document = self.spec.read_bytes()
        except OSError:
            raise Refusal(404, "Not found", "The OpenAPI document is not installed here") from None
        return Response(document, media_type="application/yaml")

    async def discovery(self, request: Request) -> Response:
        """Answer OpenID discovery."""
        here = origin(request)
        document = {"issuer": here, "token_endpoint": f"{here}/oauth/token", "grant_types_supported": ["refresh_token"]}
        return json_response(document)

    async def refresh(self, request: Request) -> Response:
        """Answer a token refresh."""
        if fault := self._token_faults.take(None):
            raise OAuthRefusal(fault.status, "server_error", "An order of fail_refresh()")
        fields = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        return json_response(self._access.refresh(fields), headers={"Cache-Control": "no-store"})

    async def page(self, request: Request) -> Response:
        """Answer with the page that says what this is."""
        return HTMLResponse(page(origin(request)))


def _written(seed: int, quirks: Quirks, ticket: int, raw: bool, origin: str) -> bytes:
    conversations = Thread(seed, ticket, origin, raw=raw).conversations
    twist(conversations, ticket, quirks.twists())
    return answer_of(conversations)


Answer: TypeAlias = Callable[..., Awaitable[Response]]


def _route(method: str, template: str, answer: Answer) -> tuple[re.Pattern[str], str, Answer]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template))), method, answer


ROUTES: Final = (
    _route("GET", BASE + "/ticket/{ticketId}/conversation", MindApp.conversations),
    _route("GET", "/attachments/{number}/{name}", MindApp.attachment),
    _route("GET", "/files/{number}/{name}", MindApp.file),
    _route("GET", BASE + "/docs/open-api", MindApp.open_api),
    _route("GET", "/.well-known/openid-configuration", MindApp.discovery),
    _route("POST", "/oauth/token", MindApp.refresh),
    _route("GET", "/", MindApp.page),
)
