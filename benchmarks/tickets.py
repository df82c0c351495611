"""The tickets that are read: bodies that every peer can read, so with ISO dates and without nulls."""

from typing import Any, Final

from orjson import dumps

WORDS: Final = "Sehr geehrte Damen und Herren, mein Zählerstand beträgt 12345 kWh, bitte ändern Sie den Abschlag. "


def attachment(number: int) -> dict[str, Any]:
    """Return an attachment with every field of the document's example."""
    name = f"IMG_{number:08}.jpg"
    url = f"https://storage.example.com/attachments/{name}"
    return {
        "id": number,
        "url": url,
        "name": name,
        "size": 2292952,
        "width": 3120,
        "height": 4160,
        "inline": False,
        "fileEnding": "jpg",
        "contentType": "image/jpeg",
        "originalUrl": url,
        "extractedData": {"text": WORDS},
        "extractionStatus": "success",
        "extractionData": {"confidence": 0.815, "meterValue": 87870.5},
    }


def conversation(number: int, words: int) -> dict[str, Any]:
    """Return a conversation with every field and two attachments."""
    return {
        "id": number,
        "ticketId": 376189,
        "type": "html",
        "direction": "in",
        "private": False,
        "isDraft": False,
        "fromEmail": "kunde@example.com",
        "fromEmailName": "Erika Mustermann",
        "agentId": 1,
        "sender": {"id": 1, "name": "Erika Mustermann", "email": "kunde@example.com", "subchannelId": 1},
        "toEmail": ["service@example.com"],
        "to": ["service@example.com"],
        "ccEmails": [],
        "bccEmails": [],
        "channelId": f"msg-{number}",
        "content": {"message": WORDS * words},
        "intentIds": ["ai_agent_meter_reading"],
        "cortexRequestId": 123,
        "externalConversationId": "abc-123",
        "isRead": True,
        "attachments": [attachment(2 * number), attachment(2 * number + 1)],
        "interface": {},
        "createdAt": "2022-08-12T12:21:21+02:00",
        "modifiedAt": "2023-11-07T05:31:56Z",
    }


def ticket(conversations: int, words: int) -> bytes:
    """Return the body for a ticket."""
    return dumps({"conversations": [conversation(n, words) for n in range(conversations)], "success": True})


def bodies() -> dict[str, bytes]:
    """Return a body of 2 kB, of 10 kB, of 64 kB and of 200 kB."""
    return {"small": ticket(1, 1), "usual": ticket(5, 4), "decode": ticket(20, 16), "large": ticket(60, 18)}
