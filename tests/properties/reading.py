"""Reads a mutated response as the client does, without a network."""

import json
from typing import Any, Final

from enneo_mind_client._generated.api.conversation import get_conversations
from enneo_mind_client._generated.models import GetConversationsResponse200
from enneo_mind_client.api import Api
from enneo_mind_client.bodies import BadBody, BodyReader
from enneo_mind_client.errors import EnneoMindError
from enneo_mind_client.failures import status_failure
from enneo_mind_client.operations import Operation, Reply, Request, Response

from .mutations import Mutant

CAP: Final = 1 << 20


class _Catching(Api):
    """Catches what a generated function asks for."""

    def __init__(self) -> None:
        pass

    def call(self, request: Request[Any]) -> Response[Any]:
        raise LookupError(request)


def _operation() -> Operation[GetConversationsResponse200]:
    try:
        get_conversations.sync(1, client=_Catching())
    except LookupError as caught:
        found: Request[GetConversationsResponse200] = caught.args[0]
        return found.operation
    raise AssertionError("a generated function always calls")


OPERATION: Final = _operation()


def read(mutant: Mutant, *, strict: bool = False) -> GetConversationsResponse200 | EnneoMindError:
    """Return what is read of a response, or the error of ours that says why nothing is."""
    try:
        reader = BodyReader(mutant.headers.get("content-encoding", ""), CAP)
        reader.feed(mutant.body)
        reply = Reply(mutant.status, mutant.headers, reader.finish())
    except BadBody as bad:
        return bad.failure.error
    if not 200 <= mutant.status < 300:
        return status_failure(reply, OPERATION, base_url="https://demo.enneo.ai", source="a test", now=0.0).error
    try:
        return OPERATION.parse(reply, strict=strict)
    except EnneoMindError as error:
        return error


def check(found: GetConversationsResponse200 | EnneoMindError) -> str:
    """See that what was read keeps the promises of its kind; return the kind."""
    if isinstance(found, EnneoMindError):
        assert str(found).isprintable(), "an error is one line"
        assert len(str(found)) < 2_000, "an error is short"
        return f"{type(found).__name__} {getattr(found, 'kind', '')}".strip()
    written = found.to_dict()
    json.dumps(written)
    assert type(found).from_dict(written) == found, "what is written reads as it was"
    return type(found).__name__
