"""The document's mutants: each one change that a new version may bring, with what is to be said of it."""

from collections.abc import Callable
from typing import Any

from attrs import frozen

from tests.spec_tools.seed import LIMIT, Node, conversations, drop_scheme, fields, request, retype_scheme


@frozen
class Mutant:
    """One change of a document, and the verdict on it.

    Attributes:
        name: What changed.
        change: Changes the document, in place.
        kind: The one kind of change that is to be found.
        reader: What it does to a reader of responses.
        sender: What it does to a sender of requests.
        words: What is to be said, as a part of the text.
    """

    name: str
    change: Callable[[Node], Any]
    kind: str
    reader: str
    sender: str
    words: str


MUTANTS = [
    Mutant(
        "response field removed",
        lambda d: fields(d).pop("width"),
        "field-removed",
        "breaking",
        "none",
        "Attachment.width: the field is gone",
    ),
    Mutant(
        "response type changed",
        lambda d: fields(d)["width"].update(type="string"),
        "type-changed",
        "breaking",
        "none",
        "Attachment.width: the type changed from integer to string",
    ),
    Mutant(
        "response nullable added",
        lambda d: fields(d)["width"].update(nullable=True),
        "null-added",
        "additive",
        "none",
        "Attachment.width: null is allowed now",
    ),
    Mutant(
        "response required removed",
        lambda d: d["components"]["schemas"]["Attachment"].pop("required"),
        "now-optional",
        "breaking",
        "none",
        "Attachment.id: is not required any more",
    ),
    Mutant(
        "response enum value removed",
        lambda d: fields(d)["extractionStatus"]["enum"].remove("success"),
        "enum-value-removed",
        "additive",
        "none",
        'Attachment.extractionStatus: the value "success" is gone',
    ),
    Mutant(
        "response enum value added",
        lambda d: fields(d)["extractionStatus"]["enum"].append("error"),
        "enum-value-added",
        "additive",
        "none",
        'Attachment.extractionStatus: the value "error" is new',
    ),
    Mutant(
        "response field added",
        lambda d: fields(d).update(pages={"type": "integer"}),
        "field-added",
        "additive",
        "none",
        "Attachment.pages: the field is new",
    ),
    Mutant(
        "operation added",
        lambda d: d["paths"].update({"/ticket": {"get": {"operationId": "find", "responses": {}}}}),
        "operation-added",
        "additive",
        "additive",
        "GET /ticket: the operation is new",
    ),
    Mutant(
        "status added",
        lambda d: conversations(d)["responses"].update({"202": {"description": "Later"}}),
        "status-added",
        "additive",
        "none",
        "GET /ticket/{ticketId}/conversation 202: the status is new",
    ),
    Mutant(
        "format changed",
        lambda d: d["components"]["schemas"]["Conversation"]["properties"]["createdAt"].update(format="date-time"),
        "format-retyped",
        "breaking",
        "none",
        "Conversation.createdAt: the format changed from DateTime to date-time",
    ),
    Mutant(
        "operation removed",
        lambda d: d["paths"].pop("/ticket/{ticketId}"),
        "operation-removed",
        "breaking",
        "breaking",
        "PATCH /ticket/{ticketId}: the operation is gone",
    ),
    Mutant(
        "auth scheme removed",
        drop_scheme,
        "auth-way-removed",
        "none",
        "breaking",
        "credentials: cookieAuth (api) is not accepted any more",
    ),
    Mutant(
        "auth type changed",
        retype_scheme,
        "scheme-changed",
        "none",
        "breaking",
        "bearerAuth: the security scheme changed from http bearer to apiKey in header X-Token",
    ),
    Mutant(
        "all auth dropped",
        lambda d: d.pop("security"),
        "auth-dropped",
        "none",
        "additive",
        "credentials: none is needed any more",
    ),
    Mutant(
        "required query param added",
        lambda d: conversations(d)["parameters"].append(LIMIT),
        "parameter-added-required",
        "none",
        "breaking",
        "query parameter limit: the parameter is new and required",
    ),
    Mutant(
        "param default changed",
        lambda d: conversations(d)["parameters"][1]["schema"].update(default=True),
        "default-changed",
        "none",
        "breaking",
        "includeRawData: the default changed from false to true",
    ),
    Mutant(
        "status 404 removed",
        lambda d: conversations(d)["responses"].pop("404"),
        "error-removed",
        "additive",
        "none",
        "GET /ticket/{ticketId}/conversation 404: the status is gone",
    ),
    Mutant(
        "request body required added",
        lambda d: request(d).update(required=["note"]),
        "now-required",
        "none",
        "breaking",
        "PATCH /ticket/{ticketId} request body.note: is required now",
    ),
    Mutant(
        "request enum value removed",
        lambda d: request(d)["properties"]["status"]["enum"].remove("closed"),
        "enum-value-removed",
        "none",
        "breaking",
        'request body.status: the value "closed" is gone',
    ),
    Mutant(
        "operationId renamed",
        lambda d: conversations(d).update(operationId="listConversations"),
        "operation-renamed",
        "breaking",
        "breaking",
        "operationId changed from getConversations to listConversations",
    ),
    Mutant(
        "tag renamed",
        lambda d: conversations(d).update(tags=["Messages"]),
        "tag-changed",
        "breaking",
        "breaking",
        "the first tag changed from Conversation to Messages",
    ),
    Mutant(
        "description only",
        lambda d: fields(d)["id"].update(description="Another"),
        "text-changed",
        "cosmetic",
        "none",
        "Attachment.id: description changed",
    ),
]
"""The acceptance table; the 23rd mutant, an identical document, has a test of its own."""
