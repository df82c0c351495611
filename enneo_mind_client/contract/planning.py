"""Which operations a check calls, and with which values: each that reads, and whose parameters are given."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any, Final, TypeAlias

from attrs import frozen

from enneo_mind_client.contract.documents import Document, Endpoint, Node, as_object
from enneo_mind_client.contract.findings import Skipped
from enneo_mind_client.contract.masking import masked
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.ids import read_id
from enneo_mind_client.operations import Operation, Request
from enneo_mind_client.text import printable

Given: TypeAlias = Mapping[str, Sequence[str]]
"""Values by the names of their parameters."""

TICKETS: Final = "ticketId"

_TICKET_NAMES: Final = frozenset({"ticketid", "ticket", "ticketnumber"})
_SHOWN_REASONS: Final = 5
_TICKET_FOLDERS: Final = frozenset({"ticket", "tickets"})


@frozen
class Planned:
    """A call to be made.

    Attributes:
        endpoint: What is called.
        values: What with, for people: ids stay, and texts are masked.
        request: The call.
    """

    endpoint: Endpoint
    values: str
    request: Request[None]


def given(tickets: int | str | Iterable[int | str], parameters: Mapping[str, Iterable[Any]]) -> Given:
    """Return the values that a caller gives, the tickets among them.

    Raises:
        ConfigurationError: A ticket's id is none.
    """
    named = {
        name: [str(value) for value in ([values] if isinstance(values, str) else values)]
        for name, values in parameters.items()
    }
    ids = [str(read_id(ticket)) for ticket in ([tickets] if isinstance(tickets, (int, str)) else tickets)]
    return {**({TICKETS: ids} if ids else {}), **named}


def plan(document: Document, values: Given) -> tuple[list[Planned], list[Skipped]]:
    """Return the calls to make, and the operations that are left out.

    Raises:
        ConfigurationError: A value cannot be sent, or there is nothing to call.
    """
    planned: list[Planned] = []
    skipped: list[Skipped] = []
    for endpoint in document.endpoints.values():
        if reason := _obstacle(endpoint, values):
            skipped.append(Skipped(endpoint.name, reason))
        else:
            planned += _calls(endpoint, values, document)
    if not planned:
        reasons = "; ".join(f"{each.operation}: {each.reason}" for each in skipped[:_SHOWN_REASONS])
        raise ConfigurationError(
            "There is nothing to call: give --tickets, or --param for what the paths take"
            + (f" ({printable(reasons)})." if reasons else ".")
        )
    return planned, skipped


def _obstacle(endpoint: Endpoint, values: Given) -> str:
    if endpoint.method != "GET":
        return f"{endpoint.method} may change something"
    if endpoint.body_required:
        return "it takes a body"
    named = _required(endpoint)
    missing = [name for name in named if not _values(name, endpoint, values)]
    return f"no value for {', '.join(missing)}" if missing else ""


def _required(endpoint: Endpoint) -> list[str]:
    """Return the names of all that has to be given: what stands in the path, and what is declared so."""
    declared = [str(each.get("name")) for each in endpoint.parameters if each.get("required") is True]
    return list(dict.fromkeys((*_in_path(endpoint), *declared)))


def _in_path(endpoint: Endpoint) -> list[str]:
    return [part.partition("}")[0] for part in endpoint.path.split("{")[1:]]


def _values(name: str, endpoint: Endpoint, values: Given) -> Sequence[str]:
    if name in values or not _is_ticket(name, endpoint.path):
        return values.get(name, ())
    return values.get(TICKETS, ())


def _is_ticket(name: str, path: str) -> bool:
    plain = name.replace("_", "").replace("-", "").lower()
    folder = path.partition(f"/{{{name}}}")[0].rpartition("/")[2].lower()
    return plain in _TICKET_NAMES or (plain == "id" and folder in _TICKET_FOLDERS)


def _calls(endpoint: Endpoint, values: Given, document: Document) -> list[Planned]:
    places: dict[str, Any] = {str(each.get("name")): each.get("in") for each in endpoint.parameters}
    places |= dict.fromkeys(_in_path(endpoint), "path")
    chosen = {name: found for name in places if (found := _values(name, endpoint, values))}
    calls = product(*chosen.values())
    return [_call(endpoint, places, dict(zip(chosen, call, strict=True)), document) for call in calls]


def _call(endpoint: Endpoint, places: Node, call: dict[str, str], document: Document) -> Planned:
    operation: Operation[None] = Operation(endpoint.name, endpoint.method, endpoint.path, {})  # which refuses nothing

    def among(place: str) -> dict[str, str]:
        return {name: value for name, value in call.items() if places[name] == place}

    request = operation.request(
        path=among("path"),
        query=among("query"),
        headers={"Accept": _accepted(endpoint, document), **among("header")},
        cookies=among("cookie"),
    )
    shown = (f"{name}={_shown(value, places[name])}" for name, value in call.items())
    return Planned(endpoint, ", ".join(shown), request)


def _shown(value: str, place: str) -> str:
    return value if (place == "path" and value.isdecimal()) or value in ("true", "false") else masked(value)


def _accepted(endpoint: Endpoint, document: Document) -> str:
    successes = (document.object(node) for status, node in endpoint.responses.items() if status.startswith("2"))
    types = dict.fromkeys(name for each in successes for name in as_object(each.get("content")))
    return ", ".join(types) or "*/*"
