"""The checks that users call: of a live instance, blocking or asynchronous, and of recorded answers."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict, Unpack

from attrs import frozen

from enneo_mind_client.api import Api, AsyncApi
from enneo_mind_client.client import AsyncEnneoMind, EnneoMind
from enneo_mind_client.contract.documents import Documents
from enneo_mind_client.contract.findings import Skipped, Unanswered
from enneo_mind_client.contract.judging import Exchange
from enneo_mind_client.contract.planning import Planned, given, plan
from enneo_mind_client.contract.recorded import exchanges
from enneo_mind_client.contract.report import Report
from enneo_mind_client.contract.tally import Tally
from enneo_mind_client.drivers import Flow, Send, adrive, drive
from enneo_mind_client.errors import (
    APIConnectionError,
    AuthenticationError,
    ConfigurationError,
    EnneoMindError,
    ResponseError,
)
from enneo_mind_client.flow import Call
from enneo_mind_client.operations import Reply, Request
from enneo_mind_client.text import printable


class Asked(TypedDict, total=False):
    """What a check of an instance is asked for.

    Attributes:
        tickets: One or several tickets to ask for.
        parameters: Values for other parameters, by name; each combination is called.
        document: A document to hold against instead of the two that this package carries: JSON, or YAML where
            ruamel.yaml or PyYAML is installed.
    """

    tickets: int | str | Iterable[int | str]
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
    return _checking(api, documents, planned, skipped)


def check_recorded(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    operation: str | None = None,
    document: str | os.PathLike[str] | None = None,
    instance: str | None = None,
) -> Report:
    """Hold recorded answers against the document; nothing is sent.

    Args:
        paths: One or several HAR files, or JSON files of one or a list of `{"method", "path" or "url", "status",
            "headers", "body"}`.
        operation: The operationId that all files but HAR files are a plain body of.
        document: As in `check`.
        instance: A short name, a host or a base URL: answers of other hosts do not count.

    Raises:
        ConfigurationError: A file or document cannot be read, the operation is unknown, or the instance is none.
    """
    documents = Documents.of(document)
    tally, ignored = Tally(documents), 0
    for path in [paths] if isinstance(paths, (str, os.PathLike)) else paths:
        for exchange in exchanges(Path(path), documents.main, operation, instance):
            if exchange is None:
                ignored += 1
            else:
                tally.add(exchange)
    return tally.report(ignored=ignored)


@frozen
class _Heard:
    """The last answer to a call, and the error that the call ended in."""

    reply: Reply | None
    error: EnneoMindError | None


def _checking(
    api: Api | AsyncApi, documents: Documents, planned: Sequence[Planned], skipped: Sequence[Skipped]
) -> Flow[Report]:
    """Yield what to do until every planned call is made, and return what was found.

    Raises:
        ConfigurationError: A document is wrong, or the client has no credential.
    """
    tally, unanswered = Tally(documents), list[Unanswered]()
    for each in planned:
        heard = yield from _listening(api, each.request)
        refused = isinstance(heard.error, AuthenticationError)
        if heard.reply is None or refused:
            unanswered.append(Unanswered(each.endpoint.name, each.values, _reason(heard.error), refused))
        else:
            tally.add(_exchange(each, heard.reply))
        if refused:  # the next call would be, too
            break
    return tally.report(skipped=skipped, unanswered=unanswered)


def _listening(api: Api | AsyncApi, request: Request[Any]) -> Flow[_Heard]:
    flow = Call(request, api.connections.shared, api.settings).flow()
    url, reply = api.connections.shared.instance.base_url + request.target, None
    try:
        effect = next(flow)
        while True:
            is_ours = isinstance(effect, Send) and effect.url == url  # others ask for a token
            reply = None if is_ours else reply
            try:
                result = yield effect
            except Exception as error:
                effect = flow.throw(error)
            else:
                reply = result if is_ours else reply
                effect = flow.send(result)
    except StopIteration:
        return _Heard(reply, None)
    except ConfigurationError:
        raise
    except EnneoMindError as error:
        return _Heard(reply, error)
    finally:
        flow.close()


def _reason(error: EnneoMindError | None) -> str:
    """Return what happened, without what the server or a library said of it: that may be personal."""
    if isinstance(error, AuthenticationError):
        return f"the credential was refused with a {error.status_code}"
    if isinstance(error, APIConnectionError):
        return printable(str(error).partition(f": {type(error.__cause__).__name__}: ")[0])
    kind = f" ({error.kind})" if isinstance(error, ResponseError) else ""
    return f"{type(error).__name__}{kind}"


def _exchange(planned: Planned, reply: Reply) -> Exchange:
    endpoint = planned.endpoint
    return Exchange(endpoint.method, endpoint.path, reply.status, reply.headers, reply.content)
