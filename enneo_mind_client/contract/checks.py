"""The checks that users call: of a live instance, blocking or asynchronous, and of recorded answers."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypedDict, Unpack

from enneo_mind_client.api import Api, AsyncApi
from enneo_mind_client.client import AsyncEnneoMind, EnneoMind
from enneo_mind_client.contract.calling import checking
from enneo_mind_client.contract.documents import Documents
from enneo_mind_client.contract.planning import given, plan
from enneo_mind_client.contract.recorded import exchanges
from enneo_mind_client.contract.report import Report
from enneo_mind_client.contract.tally import Tally
from enneo_mind_client.drivers import Flow, adrive, drive


class Asked(TypedDict, total=False):
    """What a check of an instance is asked for.

    Attributes:
        tickets: The tickets to ask for.
        parameters: Values for other parameters, by name; each combination is called.
        document: A document to hold against instead of the two that this package carries: JSON, or YAML where
            ruamel.yaml or PyYAML is installed.
    """

    tickets: Iterable[int | str]
    parameters: Mapping[str, Iterable[Any]]
    document: str | os.PathLike[str] | None


def check(mind: EnneoMind, **asked: Unpack[Asked]) -> Report:
    """Call every operation that only reads and whose parameters are given, and hold the answers against the document.

    Args:
        mind: The client to call with; its retries, deadlines and credential hold.
        **asked: `tickets` to ask for; `parameters` by name, of which each combination is called; `document`, a file to
            hold against instead of the two documents of this package: JSON, or YAML where ruamel.yaml or PyYAML is
            installed.

    Raises:
        ConfigurationError: A ticket, value or document cannot work, or there is nothing to call.
    """
    connections = mind.api.connections
    return drive(_flow(mind.api, asked), connections.engine(), connections.shared.clock)


async def acheck(mind: AsyncEnneoMind, **asked: Unpack[Asked]) -> Report:
    """Do what `check` does, with the asynchronous client.

    Raises:
        ConfigurationError: As in `check`.
    """
    connections = mind.api.connections
    return await adrive(_flow(mind.api, asked), connections.engine(), connections.shared.clock)


def _flow(api: Api | AsyncApi, asked: Asked) -> Flow[Report]:
    documents = Documents.of(asked.get("document"))
    planned, skipped = plan(documents.main, given(asked.get("tickets", ()), asked.get("parameters", {})))
    return checking(api, documents, planned, skipped)


def check_recorded(
    paths: Iterable[str | os.PathLike[str]],
    *,
    operation: str | None = None,
    document: str | os.PathLike[str] | None = None,
) -> Report:
    """Hold recorded answers against the document; nothing is sent.

    Args:
        paths: HAR files, or JSON files of one or a list of `{"method", "path" or "url", "status", "headers", "body"}`.
        operation: The operationId that all files but HAR files are a plain body of.
        document: As in `check`.

    Raises:
        ConfigurationError: A file or document cannot be read, or the operation is unknown.
    """
    documents = Documents.of(document)
    tally, ignored = Tally(documents), 0
    for path in paths:
        for exchange in exchanges(Path(path), documents.main, operation):
            if exchange is None:
                ignored += 1
            else:
                tally.add(exchange)
    return tally.report(ignored=ignored)
