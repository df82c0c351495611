"""A local Mind: an honest stand-in for an Enneo Mind instance, to test and to try against. Needs the extra `testing`.

    with LocalMind() as mind:
        client = EnneoMind(mind.base_url, token=mind.token)

`app` makes the same thing as an ASGI application, for `httpx.ASGITransport(app=app())` or another server:
`uvicorn --factory enneo_mind_client.testing:app`.

Without the extra there are `FrozenClock`, and `build`, `conversation` and `attachment`, which make models. The pytest
fixtures are in `plugin`, which pytest finds by itself.

This door is lazy: a name is imported when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from enneo_mind_client.testing.asked import Received as Received
    from enneo_mind_client.testing.builders import attachment as attachment
    from enneo_mind_client.testing.builders import build as build
    from enneo_mind_client.testing.builders import conversation as conversation
    from enneo_mind_client.testing.clock import FrozenClock as FrozenClock
    from enneo_mind_client.testing.mind import LocalMind as LocalMind
    from enneo_mind_client.testing.mind_app import MindApp as MindApp
    from enneo_mind_client.testing.quirks import Quirks as Quirks

    app = MindApp  # a factory is called like a function

_PLACES: Final = {
    "FrozenClock": "clock.FrozenClock",
    "LocalMind": "mind.LocalMind",
    "MindApp": "mind_app.MindApp",
    "Quirks": "quirks.Quirks",
    "Received": "asked.Received",
    "app": "mind_app.MindApp",
    "attachment": "builders.attachment",
    "build": "builders.build",
    "conversation": "builders.conversation",
}

__all__ = ["FrozenClock", "LocalMind", "MindApp", "Quirks", "Received", "app", "attachment", "build", "conversation"]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, attribute = _PLACES[name].partition(".")
    try:
        value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), attribute)
    except ModuleNotFoundError as error:
        needed = "the local Mind needs an extra; install it with: pip install 'enneo-mind-client[testing]'"
        raise ModuleNotFoundError(needed, name=error.name) from error
    return value


def __dir__() -> list[str]:
    return list(__all__)
