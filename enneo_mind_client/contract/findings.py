"""What a contract check tells: findings, the date forms it saw, and what it could not look at."""

from typing import Final, Literal, TypeAlias

from attrs import frozen

Kind: TypeAlias = Literal[
    "undeclared_field",
    "missing_field",
    "wrong_type",
    "wrong_value",
    "unknown_value",
    "date_form",
    "undeclared_status",
    "undeclared_content_type",
    "missing_header",
    "not_json",
]
"""What is not as the document says."""

Severity: TypeAlias = Literal["error", "warning", "note"]
"""How grave it is: an `error` contradicts the document, a `warning` goes beyond it, a `note` is within it or known."""

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")

Key: TypeAlias = tuple[str, str, str, str, str]
"""What makes a finding the same one the next time: kind, operation, path, document, value."""


@frozen
class Deviation:
    """One place of one answer that is not as a document says.

    Attributes:
        kind: What is wrong.
        path: Where, as a JSON path with `[*]` for indexes, or `headers.name`.
        severity: How grave it is.
        value: What was found, as far as it tells one deviation from another: a type, a status, a form of date.
        detail: What is declared and what was found.
        example: The value, masked.
    """

    kind: Kind
    path: str
    severity: Severity = "error"
    value: str = ""
    detail: str = ""
    example: str = ""


@frozen
class Finding:
    """All places of one kind in all answers of one operation.

    Attributes:
        kind: What is wrong.
        severity: How grave it is.
        operation: The operation's name in the document.
        path: Where, as a JSON path with `[*]` for indexes, or `headers.name`.
        document: Which document it contradicts: `published`, `corrected` or `both`, or `given`.
        count: How often it was found.
        value: What was found, as far as it tells one finding from another: a type, a status, a form of date.
        detail: What is declared and what was found.
        example: One of the values, masked.
        known: Whether the baseline has it.
    """

    kind: Kind
    severity: Severity
    operation: str
    path: str
    document: str
    count: int
    value: str = ""
    detail: str = ""
    example: str = ""
    known: bool = False

    @property
    def key(self) -> Key:
        """What makes it the same finding the next time."""
        return (self.kind, self.operation, self.path, self.document, self.value)


@frozen
class DateForm:
    """A form in which the dates of a field came.

    Attributes:
        operation: The operation's name in the document.
        path: The field, as a JSON path.
        form: `iso`, `iso_without_zone`, `sql`, `date`, `epoch`, `epoch_milliseconds`, `epoch_text`, `zero`, `empty`,
            `null`, `impossible` (no such day or time) or `other`.
        count: How often.
        example: One of the values, masked.
    """

    operation: str
    path: str
    form: str
    count: int
    example: str


@frozen
class Checked:
    """An operation of which answers were judged.

    Attributes:
        operation: Its name in the document.
        statuses: How many answers had which status.
        succeeded: Whether an answer with the operation's real content was among them.
    """

    operation: str
    statuses: dict[int, int]
    succeeded: bool


@frozen
class Skipped:
    """An operation that was not called, and why."""

    operation: str
    reason: str


@frozen
class Unanswered:
    """A call that got no answer that could be judged.

    Attributes:
        operation: The operation's name in the document.
        call: The values it was called with.
        reason: What happened, in one line.
        refused: Whether the credential was refused.
    """

    operation: str
    call: str
    reason: str
    refused: bool = False
