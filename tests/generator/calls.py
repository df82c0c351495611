"""Every operation of the grown document with a call of it: what is given, what is answered, sent and returned."""

import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from enneo_mind_client.operations import File

Call = tuple[str, dict[str, Any], tuple[bytes, int, str], str, str, Any]

JSON = "application/json"
CALLS: list[Call] = [
    (
        "ticket.search_tickets",
        {"body": "TicketQuery", "limit": 5},
        (b'{"total":1}', 200, JSON),
        "POST",
        "/ticket/search?limit=5&offset=0",
        "TicketPage",
    ),
    ("ticket.create_ticket", {"body": "Ticket"}, (b'{"id":1}', 201, JSON), "POST", "/ticket", "Ticket"),
    ("ticket.create_ticket", {"body": "Ticket"}, (b'{"job":"x"}', 202, JSON), "POST", "/ticket", "Job"),
    (
        "ticket.list_tickets",
        {
            "status": ["open", ""],
            "ids": [1, 2],
            "since": datetime.datetime(2022, 1, 1, tzinfo=datetime.UTC),
            "x_trace": "t",
            "view": "v",
        },
        (b"[{}]", 200, JSON),
        "GET",
        "/ticket?status=open&status=&ids=1,2&since=2022-01-01T00%3A00%3A00%2B00%3A00&sort=desc",
        list,
    ),
    ("ticket.get_ticket", {"ticket_id": 7}, (b"{}", 200, JSON), "GET", "/ticket/7", "Ticket"),
    (
        "ticket.update_ticket",
        {"ticket_id": 7, "body": "TicketPatch"},
        (b"{}", 200, JSON),
        "PATCH",
        "/ticket/7",
        "Ticket",
    ),
    ("ticket.update_ticket", {"ticket_id": 7}, (b"{}", 200, JSON), "PATCH", "/ticket/7", "Ticket"),
    ("ticket.replace_ticket", {"ticket_id": 7, "body": "Ticket"}, (b"{}", 299, JSON), "PUT", "/ticket/7", "Ticket"),
    ("ticket.delete_ticket", {"ticket_id": 7}, (b"", 204, ""), "DELETE", "/ticket/7", None),
    ("ticket.touch_ticket", {"ticket_id": 7}, (b"", 200, ""), "HEAD", "/ticket/7", None),
    (
        "conversation.reply",
        {"ticket_id": 7, "body": "Reply"},
        (b'{"kind":"note"}', 200, JSON),
        "POST",
        "/ticket/7/reply",
        "Note",
    ),
    (
        "conversation.reply",
        {"ticket_id": 7, "body": "ReplyFilesBody"},
        (b'{"kind":"message"}', 200, JSON),
        "POST",
        "/ticket/7/reply",
        "Message",
    ),
    (
        "conversation.list_events",
        {"ticket_id": 7},
        (b'{"events":[{"kind":"Change"}],"next":null}', 200, JSON),
        "GET",
        "/ticket/7/events",
        "ListEventsResponse200",
    ),
    ("export.export_ticket_pdf", {"ticket_id": 7}, (b"%PDF", 200, "application/pdf"), "GET", "/ticket/7/pdf", File),
    (
        "export.download_attachment",
        {"attachment_id": UUID(int=1)},
        (b"\xff", 200, "image/png"),
        "GET",
        "/attachment/00000000-0000-0000-0000-000000000001",
        File,
    ),
    (
        "export.upload_attachment",
        {"body": File(BytesIO(b"x"), mime_type="image/png")},
        (b"5", 201, JSON),
        "POST",
        "/attachment",
        int,
    ),
    (
        "export.export_csv",
        {"day": datetime.date(2022, 1, 1)},
        (b"a;b", 200, "text/csv"),
        "GET",
        "/export/tickets.csv?day=2022-01-01",
        str,
    ),
    ("customer.list_", {}, (b"[{}]", 200, JSON), "GET", "/customer", list),
    ("customer.get_customer", {"id": 1}, (b"{}", 200, JSON), "GET", "/customer/1", "Customer"),
    (
        "customer.login_as",
        {"id": 1, "body": "LoginAsBody"},
        (b'{"token":"x"}', 200, JSON),
        "POST",
        "/customer/1/login",
        "LoginAsResponse200",
    ),
    ("ai_agent.list_ai_agent", {}, (b"[]", 200, JSON), "GET", "/aiAgent", list),
    ("ai_agent.create_ai_agent", {"body": "AiAgent"}, (b"{}", 201, JSON), "POST", "/aiAgent", "AiAgent"),
    (
        "ai_agent.run_ai_agent",
        {"name": "a b", "body": {"x": 1}},
        (b"[1]", 200, JSON),
        "POST",
        "/aiAgent/a%20b/run",
        list,
    ),
    ("settings.get_settings", {}, (b"{}", 200, JSON), "GET", "/settings", "Settings"),
    ("settings.put_settings", {"body": "Settings"}, (b"true", 200, JSON), "PUT", "/settings", bool),
    ("settings.get_setting", {"key": "mail.from"}, (b"null", 200, JSON), "GET", "/settings/mail.from", None),
    ("settings.get_setting", {"key": "theme"}, (b'{"theme":"x"}', 200, JSON), "GET", "/settings/theme", "Settings"),
    ("default.health", {}, (b"ok", 200, "text/plain"), "GET", "/health", str),
]
