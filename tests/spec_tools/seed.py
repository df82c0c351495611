"""The published document and a little more, and the places in it that mutants change."""

from typing import Any

Node = dict[str, Any]


def fields(document: Node) -> Node:
    """Return the fields of an attachment."""
    found: Node = document["components"]["schemas"]["Attachment"]["properties"]
    return found


def conversations(document: Node) -> Node:
    """Return the operation that the document has."""
    found: Node = document["paths"]["/ticket/{ticketId}/conversation"]["get"]
    return found


def patching(document: Node) -> Node:
    """Return the operation that the seed adds."""
    found: Node = document["paths"]["/ticket/{ticketId}"]["patch"]
    return found


def request(document: Node) -> Node:
    """Return the schema of its body."""
    found: Node = patching(document)["requestBody"]["content"]["application/json"]["schema"]
    return found


def seed(published: Node) -> Node:
    """Add to the published document what it has not: an operation with a body, an enum, a required field."""
    schemas = published["components"]["schemas"]
    schemas["Attachment"]["properties"]["extractionStatus"]["enum"] = ["notStarted", "success"]
    schemas["Attachment"]["required"] = ["id"]
    published["paths"]["/ticket/{ticketId}"] = {
        "patch": {
            "operationId": "patchTicket",
            "tags": ["Ticket"],
            "parameters": [{"name": "ticketId", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "requestBody": {
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "properties": {
                                "note": {"type": "string"},
                                "status": {"type": "string", "enum": ["open", "closed"]},
                            },
                        }
                    }
                }
            },
            "responses": {"204": {"description": "Changed"}},
        }
    }
    return published


def drop_scheme(document: Node) -> None:
    """Accept the cookie no more."""
    del document["components"]["securitySchemes"]["cookieAuth"]
    del document["security"][1]


def retype_scheme(document: Node) -> None:
    """Ask for a header where a bearer was."""
    document["components"]["securitySchemes"]["bearerAuth"] = {"type": "apiKey", "in": "header", "name": "X-Token"}


LIMIT = {"name": "limit", "in": "query", "required": True, "schema": {"type": "integer"}}
