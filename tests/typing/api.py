"""Every public call once, in the shapes that users write. Type-checked by mypy and pyright, never run."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, assert_type

import httpx

import enneo_mind_client
from enneo_mind_client import (
    UNSET,
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AsyncEnneoMind,
    Attempt,
    AuthenticationError,
    BadRequestError,
    Clock,
    ConfigurationError,
    ConflictError,
    Download,
    DownloadError,
    EnneoMind,
    EnneoMindError,
    ExportError,
    File,
    InsecureFileWarning,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    Response,
    ResponseError,
    Retry,
    RetryPolicy,
    TicketConversations,
    UnprocessableEntityError,
    Unset,
    drifts,
    errors,
    models,
)
from enneo_mind_client import contract as contract
from enneo_mind_client._generated.api.conversation import get_conversations
from enneo_mind_client.export import ExportResult, Progress, aexport, export
from enneo_mind_client.models import Attachment, Conversation


def token() -> str:
    """A plain token function."""
    return "token"


async def async_token() -> str:
    """An asynchronous token function."""
    return "token"


class FrozenClock(Clock):
    """A clock of a test's own."""

    def monotonic(self) -> float:
        """Stand still."""
        return 0.0


def constructors() -> None:
    """Every way to make a client."""
    EnneoMind()
    EnneoMind("demo", token="token")
    EnneoMind("demo", token=token)
    AsyncEnneoMind("demo", token=async_token)
    AsyncEnneoMind("https://demo.enneo.ai/api/mind", session_cookie="value", transport="httpx")
    EnneoMind("demo", http_client=httpx.Client())
    AsyncEnneoMind("demo", http_client=httpx.AsyncClient())
    EnneoMind(
        "demo",
        timeout=None,
        deadline=None,
        retry=None,
        max_connections=10,
        strict=True,
        max_response_bytes=2**20,
        on_attempt=lambda attempt: print(assert_type(attempt, Attempt).status),
        on_retry=lambda retry: print(assert_type(retry, Retry).wait),
        clock=FrozenClock(),
    )
    EnneoMind("demo", retry=RetryPolicy(max_retries=5, base_delay=0.2, max_delay=3, max_retry_after=5))


def blocking() -> None:
    """The blocking client."""
    with EnneoMind("demo") as mind:
        assert_type(mind.conversations.list(1), list[Conversation])
        assert_type(mind.conversations.list(1, include_raw_data=True), list[Conversation])
        for ticket in mind.conversations.stream(range(10), concurrency=4, ordered=True, include_raw_data=True):
            assert_type(ticket, TicketConversations)
        assert_type(mind.attachments.download(Attachment(), "inbox", max_bytes=10, deadline=None), Path)
        for file in mind.attachments.download_all([Attachment(), Conversation()], Path("inbox"), concurrency=2):
            assert_type(file, Download)
            assert_type(file.path, Path | None)
            assert_type(file.error, EnneoMindError | None)
        assert_type(mind.with_options(timeout=1, deadline=None, retry=None), EnneoMind)
        assert_type(mind.base_url, str)
        answer = get_conversations.sync(1, client=mind.api)
        assert_type(answer, models.GetConversationsResponse200)
        detailed = get_conversations.sync_detailed(1, client=mind.api, include_raw_data=True)
        assert_type(detailed, Response[models.GetConversationsResponse200])
        assert_type(detailed.status_code, int)
        assert_type(detailed.headers, Mapping[str, str])
        assert_type(detailed.content, bytes)
    mind.close()


async def asynchronous(ids: AsyncIterator[int]) -> None:
    """The asynchronous client."""
    async with AsyncEnneoMind("demo") as mind:
        assert_type(await mind.conversations.list(1), list[Conversation])
        async for ticket in mind.conversations.stream(ids, concurrency="auto"):
            assert_type(ticket.ticket_id, int)
            assert_type(ticket.conversations, list[Conversation])
            assert_type(ticket.error, EnneoMindError | None)
        assert_type(await mind.attachments.download(Attachment(), "inbox", deadline=60), Path)
        assert_type(await mind.attachments.download_all(await mind.conversations.list(1), "inbox"), list[Download])
        assert_type(mind.with_options(retry=RetryPolicy()), AsyncEnneoMind)
        answer = await get_conversations.asyncio(1, client=mind.api)
        assert_type(answer, models.GetConversationsResponse200)
        detailed = await get_conversations.asyncio_detailed(1, client=mind.api, include_raw_data=True)
        assert_type(detailed.parsed, models.GetConversationsResponse200)
    await mind.aclose()


def model(conversation: Conversation, attachment: Attachment) -> None:
    """What a conversation says, and what it does not say."""
    assert_type(conversation.id, int | Unset | None)
    assert_type(conversation.created_at, datetime | Unset | None)
    assert_type(conversation.attachments, list[Attachment] | Unset | None)
    assert_type(conversation.additional_properties, dict[str, Any])
    assert_type(conversation.interface, dict[str, Any] | Unset | None)
    assert_type(Conversation.from_dict({"id": 1}), Conversation)
    assert_type(conversation.to_dict(), dict[str, Any])
    if conversation.sender:
        assert_type(conversation.sender.name, str | Unset | None)
    print(conversation.id is UNSET, attachment.url, File, drifts["Conversation", "id"])


async def contract_checks(mind: EnneoMind, amind: AsyncEnneoMind) -> None:
    """Every call of the contract room."""
    report = contract.check(mind, tickets=[1, "2"], parameters={"name": ["value"]}, document="openapi.json")
    assert_type(report, contract.Report)
    assert_type(await contract.acheck(amind, tickets=range(3), document=Path("openapi.json")), contract.Report)
    assert_type(contract.check_recorded(["session.har"], operation="getConversations"), contract.Report)
    assert_type(report.failing("warning"), tuple[contract.Finding, ...])
    assert_type(report.to_dict(), dict[str, Any])
    assert_type(report.text(), str)
    contract.write_baseline("known.json", report.findings)
    assert_type(report.compared(contract.read_baseline("known.json")), contract.Report)
    assert_type(contract.junit(report, "note"), str)


def failing(mind: EnneoMind) -> None:
    """Every error and what it carries."""
    try:
        mind.conversations.list(1)
    except RateLimitError as error:
        assert_type(error.retry_after, float | None)
    except (
        BadRequestError,
        AuthenticationError,
        PermissionDeniedError,
        NotFoundError,
        ConflictError,
        UnprocessableEntityError,
        InternalServerError,
    ) as error:
        assert_type(error.status_code, int)
        assert_type(error.tx_id, str | None)
    except APIStatusError as error:
        assert_type(error.headers, Mapping[str, str])
        print(error.message, error.details, error.body)
    except APITimeoutError as error:
        assert_type(error.phase, errors.Phase)
    except ResponseError as error:
        assert_type(error.kind, errors.ResponseKind)
        assert_type(error.path, str | None)
        print(error.paths, error.excerpt)
    except DownloadError as error:
        assert_type(error.kind, errors.DownloadKind)
    except ExportError as error:
        assert_type(error.kind, errors.ExportKind)
        assert_type(error.path, str)
    except (APIConnectionError, ConfigurationError) as error:
        assert_type(error.attempts, int)
        assert_type(error.elapsed, float)
    except EnneoMindError as error:
        assert_type(error.stopped_by, errors.StoppedBy | None)
    print(enneo_mind_client.__version__, InsecureFileWarning)


async def exports(mind: EnneoMind, awaited: AsyncEnneoMind, ids: AsyncIterator[int]) -> None:
    """Files of many tickets."""

    def show(far: Progress) -> None:
        assert_type((far.position, far.total, far.rate, far.left), tuple[int, int | None, float, float | None])

    result = export(mind, range(1, 1001), "tickets", on_progress=show)
    assert_type(result, ExportResult)
    assert_type((result.path, result.tickets, result.invalid_ids), tuple[Path, int, tuple[str, ...]])
    export(mind, ["1", 2], Path("tickets"), format="jsonl.zst", part_size=100, retry_failed=True, give_up_after=None)
    assert_type(await aexport(awaited, ids, "tickets", format="duckdb", concurrency=4), ExportResult)
