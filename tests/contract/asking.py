"""What the tests of the contract check share: small documents, recorded answers, and checks of a local Mind."""

import json
from pathlib import Path
from typing import Any

from enneo_mind_client import EnneoMind
from enneo_mind_client.contract import Finding, Report, check, check_recorded
from enneo_mind_client.testing import LocalMind, Quirks

CONVERSATIONS = "/ticket/{ticketId}/conversation"
JSON = {"Content-Type": "application/json"}


REAL = Quirks()


def asked(quirks: Quirks = REAL, tickets: Any = (376189, 1, 2, 3), **settings: Any) -> Report:
    """Check a local Mind."""
    with LocalMind(quirks=quirks) as local, EnneoMind(local.base_url, token=local.token) as mind:
        return check(mind, tickets=tickets, **settings)


def document(schema: Any, *, version: str = "3.0.3", schemas: Any = None, **response: Any) -> dict[str, Any]:
    """Return a document with one operation, `get`, whose 200 has a JSON body of a schema."""
    return {
        "openapi": version,
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/thing": {
                "get": {
                    "operationId": "get",
                    "responses": {
                        "200": {"description": "", "content": {"application/json": {"schema": schema}}, **response}
                    },
                }
            }
        },
        "components": {"schemas": schemas or {}},
    }


def written(folder: Path, name: str, content: Any) -> Path:
    """Write a file, as JSON unless it is text or bytes already, and return its path."""
    path = folder / name
    path.write_bytes(
        content
        if isinstance(content, bytes)
        else (content if isinstance(content, str) else json.dumps(content)).encode()
    )
    return path


def judged(folder: Path, api: Any, *answers: Any) -> Report:
    """Judge answers of a document's `/thing`, each a body or a whole exchange."""
    exchanges = [answer if _is_exchange(answer) else _success(answer) for answer in answers]
    recorded = written(folder, "recorded.json", [{"path": "/thing", **exchange} for exchange in exchanges])
    return check_recorded([recorded], document=written(folder, "document.json", api))


def _is_exchange(answer: Any) -> bool:
    return isinstance(answer, dict) and "status" in answer


def _success(body: Any) -> dict[str, Any]:
    return {"status": 200, "headers": JSON, "body": json.dumps(body)}


def told(report: Report) -> list[tuple[str, str, str]]:
    """Return kind, path and value of each finding."""
    return [(finding.kind, finding.path, finding.value) for finding in report.findings]


def one(report: Report) -> Finding:
    """Return the only finding."""
    (finding,) = report.findings
    return finding
