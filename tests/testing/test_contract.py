"""The local Mind against the vendored document: where one moves, the other has to follow."""

import re
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS30ReadValidator, oas30_format_checker
from ruamel.yaml import YAML

from enneo_mind_client.testing import Quirks, app
from tools.overlay import apply

from .asking import ask, ticket

OPENAPI = Path(__file__).parents[2] / "openapi"
TICKETS = [376189, *range(1001, 1301), 999_999_999]


def document() -> dict[str, Any]:
    """Return the vendored document with its corrections."""
    yaml = YAML(typ="safe")
    corrected = yaml.load(OPENAPI / "enneo-mind.yaml")
    apply(corrected, yaml.load(OPENAPI / "overlay.yaml"))
    return corrected


DOCUMENT = document()
CONVERSATIONS = "/ticket/{ticketId}/conversation"
METHODS = {"get", "put", "post", "delete", "patch"}
OPERATIONS = [(path, method) for path, item in DOCUMENT["paths"].items() for method in item if method in METHODS]


def validator(status: str) -> OAS30ReadValidator:
    """Return what a conversations answer with a status must satisfy."""
    response = DOCUMENT["paths"][CONVERSATIONS]["get"]["responses"][status]
    schema = response["content"]["application/json"]["schema"] | {"components": DOCUMENT["components"]}
    return OAS30ReadValidator(schema, format_checker=oas30_format_checker)


def faults(status: str, answer: Any) -> list[str]:
    """Return where an answer contradicts the document."""
    return [f"{error.json_path}: {error.message}" for error in validator(status).iter_errors(answer)]


async def test_answers_without_quirks_are_as_documented():
    """With no quirk, every ticket satisfies the document and its corrections."""
    mind = app(quirks=Quirks.none())

    answers = {number: (await ticket(number, mind)).json() for number in TICKETS}

    assert {number: faults("200", answer) for number, answer in answers.items()} == {key: [] for key in TICKETS}


async def test_no_field_that_the_document_does_not_know():
    """With no quirk, a field the document drops has to be dropped here too."""
    mind = app(quirks=Quirks.none())
    schemas = DOCUMENT["components"]["schemas"]

    conversations = [each for number in TICKETS for each in (await ticket(number, mind)).json()["conversations"]]
    attachments = [file for conversation in conversations for file in conversation["attachments"]]

    assert {name for each in conversations for name in each} <= set(schemas["Conversation"]["properties"])
    assert {name for each in attachments for name in each} == set(schemas["Attachment"]["properties"])


async def test_quirks_contradict_the_document():
    """With the quirks of the real API, the document is contradicted, or they would prove nothing."""
    assert faults("200", (await ticket(376189)).json())


@pytest.mark.parametrize("status", ["403", "404", "500"])
async def test_errors_are_as_documented(status):
    """Each error satisfies the document."""
    assert faults(status, (await ticket(status)).json()) == []


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
async def test_every_operation_is_answered(path, method):
    """Every operation of the vendored document has a route here."""
    response = await ask(app(), "/api/mind" + re.sub(r"\{\w+\}", "1", path), method=method.upper())

    right = response.status_code == 200 if method == "get" else response.status_code not in {404, 405}
    assert right, f"{method} {path}: {response.status_code}. ROUTES in enneo_mind_client/testing/mind_app.py lacks it."


async def test_the_vendored_document_is_served():
    """In a checkout, the document is the vendored one, byte for byte."""
    response = await ask(app(), "/api/mind/docs/open-api")

    assert response.content == (OPENAPI / "enneo-mind.yaml").read_bytes()
