"""The one public door: what it offers, and what it does not import before it is asked."""

import subprocess
import sys

import pytest

import enneo_mind_client

OFFERED = [
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncEnneoMind",
    "Attempt",
    "AuthenticationError",
    "BadRequestError",
    "Clock",
    "ConfigurationError",
    "ConflictError",
    "Download",
    "DownloadError",
    "EnneoMind",
    "EnneoMindError",
    "ExportError",
    "File",
    "InsecureFileWarning",
    "InternalServerError",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitError",
    "Response",
    "ResponseError",
    "Retry",
    "RetryPolicy",
    "TicketConversations",
    "UNSET",
    "UnprocessableEntityError",
    "Unset",
    "__version__",
    "drifts",
    "errors",
    "models",
]


def test_the_door_is_pinned() -> None:
    """A name that comes or goes is a change of the public interface, and is made here too."""
    assert sorted(enneo_mind_client.__all__) == OFFERED
    assert dir(enneo_mind_client) == enneo_mind_client.__all__


@pytest.mark.parametrize("name", OFFERED)
def test_every_name_is_there(name: str) -> None:
    """Each can be imported, twice the same."""
    assert getattr(enneo_mind_client, name) is getattr(enneo_mind_client, name)


@pytest.mark.parametrize("room", ["errors", "models"])
def test_a_room_is_opened_by_its_name(room: str) -> None:
    """The two modules that are part of the interface are imported like the names in them."""
    assert enneo_mind_client.__getattr__(room).__name__ == f"enneo_mind_client.{room}"


def test_another_name_is_not() -> None:
    """A typing error is an AttributeError that names it."""
    with pytest.raises(AttributeError, match="no attribute 'EneoMind'"):
        _ = enneo_mind_client.EneoMind


def imported_by(statement: str) -> set[str]:
    """Return the packages that a statement imports in a process of its own."""
    script = f"{statement}\nimport sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_door_imports_no_http_library() -> None:
    """Importing the package costs next to nothing."""
    assert not imported_by("import enneo_mind_client") & {"httpx", "httpcore", "aiohttp", "attrs", "orjson", "pydantic"}


def test_the_asynchronous_client_needs_no_httpx() -> None:
    """Its HTTP library is imported on first use, and httpx not at all."""
    made = "from enneo_mind_client import AsyncEnneoMind; AsyncEnneoMind('demo', token='t')"

    assert "aiohttp" in imported_by(made)
    assert "httpx" not in imported_by(made)


@pytest.mark.parametrize("room", ["typer", "rich", "starlette", "uvicorn", "pydantic"])
def test_no_optional_room_is_needed(room: str) -> None:
    """What belongs to an extra is not imported by the client."""
    assert room not in imported_by("from enneo_mind_client import AsyncEnneoMind; AsyncEnneoMind('demo', token='t')")
