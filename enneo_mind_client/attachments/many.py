"""What downloads are asked for, what they may take, and what came of each."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import field, frozen

from enneo_mind_client._generated.models import Attachment, Conversation
from enneo_mind_client.config import count, deadline_seconds
from enneo_mind_client.errors import AuthenticationError, ConfigurationError, EnneoMindError


def _max_bytes(value: object) -> int:
    return count(value, "max_bytes")


@frozen(kw_only=True)
class Limits:
    """What a download may take.

    Attributes:
        max_bytes: The largest file.
        deadline: Seconds for the whole download; infinite where the caller gave None.
    """

    max_bytes: int = field(converter=_max_bytes)
    deadline: float = field(converter=deadline_seconds)


@frozen
class Download:
    """What came of one attachment.

    Attributes:
        attachment: The attachment.
        path: Where the file is; None if there is an error.
        error: Why there is no file.
    """

    attachment: Attachment
    path: Path | None
    error: EnneoMindError | None

    @classmethod
    def failed(cls, attachment: Attachment, error: EnneoMindError) -> "Download":
        """Return a failure that concerns this file alone.

        Raises:
            EnneoMindError: It concerns them all.
        """
        if isinstance(error, (AuthenticationError, ConfigurationError)):
            raise error
        return cls(attachment, None, error)


def attachments_of(items: Iterable[Attachment | Conversation]) -> Iterator[Attachment]:
    """Yield the attachments among the items, and those of the conversations among them."""
    for item in items:
        if isinstance(item, Attachment):
            yield item
        else:
            yield from item.attachments or ()
