"""Python client for the Enneo Mind ticketing API: async and blocking, typed, from its OpenAPI document.

    from enneo_mind_client import EnneoMind

    with EnneoMind("demo") as mind:
        for conversation in mind.conversations.list(376189):
            print(conversation.created_at, conversation.direction)

This door is lazy: a name is imported when it is first used.

PYTEST_DONT_REWRITE: for pytest, which knows this package for its plugin and would warn if it was imported before.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from enneo_mind_client import errors as errors
    from enneo_mind_client import models as models
    from enneo_mind_client._version import __version__ as __version__
    from enneo_mind_client.attachments.many import Download as Download
    from enneo_mind_client.bulk import TicketConversations as TicketConversations
    from enneo_mind_client.client import AsyncEnneoMind as AsyncEnneoMind
    from enneo_mind_client.client import EnneoMind as EnneoMind
    from enneo_mind_client.clock import Clock as Clock
    from enneo_mind_client.errors import APIConnectionError as APIConnectionError
    from enneo_mind_client.errors import APIStatusError as APIStatusError
    from enneo_mind_client.errors import APITimeoutError as APITimeoutError
    from enneo_mind_client.errors import AuthenticationError as AuthenticationError
    from enneo_mind_client.errors import BadRequestError as BadRequestError
    from enneo_mind_client.errors import ConfigurationError as ConfigurationError
    from enneo_mind_client.errors import ConflictError as ConflictError
    from enneo_mind_client.errors import DownloadError as DownloadError
    from enneo_mind_client.errors import EnneoMindError as EnneoMindError
    from enneo_mind_client.errors import ExportError as ExportError
    from enneo_mind_client.errors import InternalServerError as InternalServerError
    from enneo_mind_client.errors import NotFoundError as NotFoundError
    from enneo_mind_client.errors import PermissionDeniedError as PermissionDeniedError
    from enneo_mind_client.errors import RateLimitError as RateLimitError
    from enneo_mind_client.errors import ResponseError as ResponseError
    from enneo_mind_client.errors import UnprocessableEntityError as UnprocessableEntityError
    from enneo_mind_client.events import Attempt as Attempt
    from enneo_mind_client.events import Retry as Retry
    from enneo_mind_client.operations import File as File
    from enneo_mind_client.operations import Response as Response
    from enneo_mind_client.retries import RetryPolicy as RetryPolicy
    from enneo_mind_client.vendor_files import InsecureFileWarning as InsecureFileWarning
    from enneo_mind_client.wire import UNSET as UNSET
    from enneo_mind_client.wire import Unset as Unset
    from enneo_mind_client.wire import drifts as drifts

_ROOMS: Final = {
    "_version": ("__version__",),
    "attachments.many": ("Download",),
    "bulk": ("TicketConversations",),
    "client": ("AsyncEnneoMind", "EnneoMind"),
    "clock": ("Clock",),
    "errors": (
        "APIConnectionError",
        "APIStatusError",
        "APITimeoutError",
        "AuthenticationError",
        "BadRequestError",
        "ConfigurationError",
        "ConflictError",
        "DownloadError",
        "EnneoMindError",
        "ExportError",
        "InternalServerError",
        "NotFoundError",
        "PermissionDeniedError",
        "RateLimitError",
        "ResponseError",
        "UnprocessableEntityError",
    ),
    "events": ("Attempt", "Retry"),
    "operations": ("File", "Response"),
    "retries": ("RetryPolicy",),
    "vendor_files": ("InsecureFileWarning",),
    "wire": ("UNSET", "Unset", "drifts"),
}
_ROOM_OF: Final = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = sorted([*_ROOM_OF, "errors", "models"])  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name in ("errors", "models"):
        return import_module(f"{__name__}.{name}")
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
    return value


def __dir__() -> list[str]:
    return list(__all__)
