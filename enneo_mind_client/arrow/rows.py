"""Rows: a conversation each, with its ticket and its place in it, and if asked one for each ticket that failed."""

# pyarrow tells no types
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportUnknownArgumentType=false
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, Literal, TypeAlias

import pyarrow as pa  # type: ignore[import-untyped]

from enneo_mind_client.arrow.columns import INTEGER, TEXT, Scalar
from enneo_mind_client.arrow.schemas import struct_of
from enneo_mind_client.bulk import TicketConversations
from enneo_mind_client.config import count
from enneo_mind_client.errors import (
    APIConnectionError,
    APIStatusError,
    ConfigurationError,
    EnneoMindError,
    ResponseError,
)
from enneo_mind_client.models import Conversation

Errors: TypeAlias = Literal["raise", "rows"]
"""What becomes of a ticket that failed: its error is raised, or a row says what it was."""

BATCH_ROWS: Final = 4096
"""Rows of a batch; one has more where a ticket has."""

BATCH_BYTES: Final = 64 * 2**20
"""Bytes after which a batch is full before it has its rows: with raw data, a conversation may have megabytes."""

_BUILT_ROWS: Final = 512
_KEYS: Final[dict[str, Scalar]] = {"ticket_id": INTEGER, "position": INTEGER}
_ERRORS: Final[dict[str, Scalar]] = {
    "error_type": TEXT,
    "error_message": TEXT,
    "error_status": INTEGER,
    "error_tx_id": TEXT,
}


_PHRASES: Final[Mapping[int, str]] = {status: status.phrase for status in HTTPStatus}


def conversation_schema(*, errors: Errors = "raise") -> pa.Schema:
    """Return the schema of the rows, worked out from the models: nothing is asked.

    Columns are named as the attributes of `Conversation`, between `ticket_id` and `position` in front and, with
    `errors="rows"`, `error_type`, `error_message`, `error_status` and `error_tx_id` at the end.
    """
    first, last = _parts(errors)
    own = struct_of(Conversation).schema([*first, *last])
    return pa.schema([*_fields(first), *own, *_fields(last)])


class Rows:
    """Collects the rows of tickets until they are taken as a batch.

    Rows become columns a few hundred at a time, so that their size is known and not much is held twice.

    Args:
        errors: "raise" raises the error of a ticket that failed, "rows" makes it a row.
        rows: Rows after which a batch is full.
    """

    def __init__(self, *, errors: Errors = "raise", rows: int = BATCH_ROWS) -> None:
        self._parts = _parts(errors)
        self._limit = count(rows, "rows")
        self.schema: pa.Schema = conversation_schema(errors=errors)
        self._forget()
        self._begin()

    def _forget(self) -> None:
        self._built: list[pa.RecordBatch] = []
        self._built_rows = self._built_bytes = 0

    def _begin(self) -> None:
        self._keys: dict[str, list[Any]] = {name: [] for part in self._parts for name in part}
        self._conversations: list[Conversation | None] = []

    def __len__(self) -> int:
        """Return how many rows there are."""
        return self._built_rows + len(self._conversations)

    @property
    def is_full(self) -> bool:
        """Whether there are as many rows, or as many bytes, as a batch should have."""
        return len(self) >= self._limit or self._built_bytes >= BATCH_BYTES

    def add(self, ticket: TicketConversations) -> None:
        """Add the rows of a ticket.

        Raises:
            EnneoMindError: The ticket failed, and is not to be a row.
        """
        if ticket.error is None:
            self._extend(ticket.ticket_id, [*range(len(ticket.conversations))], ticket.conversations, {})
        elif self._parts[1]:
            self._extend(ticket.ticket_id, [None], [None], told(ticket.error))
        else:
            raise ticket.error

    def add_one(self, ticket_id: int | None, position: int, conversation: Conversation) -> None:
        """Add one conversation of a ticket."""
        self._extend(ticket_id, [position], [conversation], {})

    def _extend(
        self,
        ticket_id: int | None,
        positions: Sequence[int | None],
        conversations: Sequence[Conversation | None],
        said: Mapping[str, object],
    ) -> None:
        self._conversations.extend(conversations)
        self._keys["ticket_id"].extend([ticket_id] * len(positions))
        self._keys["position"].extend(positions)
        for name in self._parts[1]:
            self._keys[name].extend([said.get(name)] * len(positions))
        if len(self._conversations) >= _BUILT_ROWS:
            self._build()

    def take(self) -> pa.RecordBatch:
        """Return the rows as a batch, and begin anew."""
        self._build()
        whole = pa.Table.from_batches(self._built, self.schema).combine_chunks()
        self._forget()
        return pa.RecordBatch.from_arrays(
            [column.chunk(0) if column.num_chunks else pa.nulls(0, column.type) for column in whole.columns],
            schema=self.schema,
        )

    def _build(self) -> None:
        first, last = [{name: _key(column, self._keys[name]) for name, column in part.items()} for part in self._parts]
        own = struct_of(Conversation).arrays(self._conversations, self._keys)
        self._begin()
        arrays = [*first.values(), *own, *last.values()]
        built = pa.RecordBatch.from_arrays(arrays, schema=self.schema)
        self._built.append(built)
        self._built_rows += built.num_rows
        self._built_bytes += built.nbytes


def told(error: EnneoMindError) -> dict[str, Any]:
    """Return what a row says of an error: nothing that a server wrote, which could be personal data."""
    status = error.status_code if isinstance(error, APIStatusError) else None
    tx_id = error.tx_id if isinstance(error, APIStatusError) else None
    texts = {"error_type": type(error).__name__, "error_message": _message(error)}
    return {**texts, "error_status": status, "error_tx_id": tx_id}


def _message(error: EnneoMindError) -> str:
    if isinstance(error, APIStatusError):
        return _PHRASES.get(error.status_code, "(unregistered status)")
    if isinstance(error, ResponseError):
        return f"the answer is no list of conversations: {error.kind}" + "".join(f" at {path}" for path in error.paths)
    # What an HTTP library says follows a colon, and may quote what was sent to it.
    return str(error).partition(": ")[0] if isinstance(error, APIConnectionError) else str(error)


def _parts(errors: Errors) -> tuple[Mapping[str, Scalar], Mapping[str, Scalar]]:
    if errors not in ("raise", "rows"):
        raise ConfigurationError(f"errors is {errors!r}: it is 'raise' or 'rows'.")
    return _KEYS, _ERRORS if errors == "rows" else {}


def _fields(columns: Mapping[str, Scalar]) -> list[pa.Field]:
    return [pa.field(name, column.type) for name, column in columns.items()]


def _key(column: Scalar, values: list[Any]) -> pa.Array:
    """Return the array; a number that it cannot hold is taken out of the values too, so that a row can keep it."""
    array, unfit = column.build(values)
    for place in unfit:
        values[place] = None
    return array
