"""The two clients are one interface: same methods, signatures and words, but for what awaiting changes."""

import inspect
import pickle
from pathlib import Path
from typing import Any

import pytest

from enneo_mind_client import AsyncEnneoMind, EnneoMind
from enneo_mind_client.config import Settings
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.retries import RetryPolicy

ROOT = Path(__file__).parents[2]
RENAMED = {"aclose": "close"}


def rooms(mind: EnneoMind | AsyncEnneoMind) -> dict[str, type]:
    """Return what a client leads to, such as `mind.conversations`, by name."""
    return {name: type(value) for name, value in vars(mind).items() if name != "api" and not name.startswith("_")}


ROOMS = rooms(EnneoMind("demo", token="t"))
AROOMS = rooms(AsyncEnneoMind("demo", token="t"))
TWINS = [(EnneoMind, AsyncEnneoMind), *((cls, AROOMS[name]) for name, cls in ROOMS.items())]


def methods(cls: type) -> dict[str, Any]:
    """Return the public methods by their blocking names."""
    found = {name: method for name, method in inspect.getmembers(cls) if not name.startswith("_")}
    return {RENAMED.get(name, name): method for name, method in found.items()}


def test_both_lead_to_the_same_rooms() -> None:
    """What the one has as `mind.conversations` is an AsyncConversations in the other."""
    assert {name: cls.__name__ for name, cls in AROOMS.items()} == {
        name: f"Async{cls.__name__}" for name, cls in ROOMS.items()
    }


@pytest.mark.parametrize(("name", "call"), [(name, call) for name, cls in ROOMS.items() for call in methods(cls)])
def test_every_call_is_typed(name: str, call: str) -> None:
    """tests/typing/api.py has each call of both clients, and so the next release is held to it."""
    written = (ROOT / "tests" / "typing" / "api.py").read_text(encoding="utf-8")
    blocking, _, awaited = written.partition("\nasync def asynchronous(")

    assert f"mind.{name}.{call}(" in blocking, "call it in blocking()"
    assert f"mind.{name}.{call}(" in awaited, "call it in asynchronous()"


@pytest.mark.parametrize("cls", [cls for pair in TWINS for cls in pair], ids=lambda cls: cls.__name__)
def test_every_class_is_in_the_reference(cls: type) -> None:
    """docs/reference.md has what a caller calls."""
    reference = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8").splitlines()

    assert f"::: {cls.__module__}.{cls.__name__}" in reference


@pytest.mark.parametrize(("blocking", "awaited"), TWINS)
def test_both_have_the_same_methods(blocking: type, awaited: type) -> None:
    """Nothing can be done with one that cannot be done with the other."""
    assert methods(blocking).keys() == methods(awaited).keys()


@pytest.mark.parametrize(("blocking", "awaited"), TWINS)
def test_both_take_the_same_arguments(blocking: type, awaited: type) -> None:
    """Names, order, kinds and defaults agree, those of the constructor included."""
    twins = methods(awaited) | {"new": awaited.__init__}
    for name, method in (methods(blocking) | {"new": blocking.__init__}).items():
        if callable(method):
            assert shape(method) == shape(twins[name]), name


def shape(method: Any) -> list[tuple[str, Any, Any]]:
    """Return what a caller sees of a method's arguments."""
    return [(one.name, one.kind, one.default) for one in inspect.signature(method).parameters.values()]


@pytest.mark.parametrize(("blocking", "awaited"), TWINS)
def test_both_say_the_same(blocking: type, awaited: type) -> None:
    """The docstrings are one text."""
    twins = methods(awaited)
    for name, method in methods(blocking).items():
        assert inspect.getdoc(method) == inspect.getdoc(twins[name]), name
        assert inspect.getdoc(method), name


def test_settings_and_arguments_agree() -> None:
    """A limit that can be set is an argument of the client, with the same default."""
    arguments = inspect.signature(EnneoMind.__init__).parameters
    defaults = {name: arguments[name].default for name in Settings.__slots__ if not name.startswith("__")}

    assert Settings(**defaults) == Settings()


@pytest.mark.parametrize("cls", [EnneoMind, AsyncEnneoMind])
def test_options_are_changed_in_a_copy(cls: Any) -> None:
    """The copy has other limits over the same connections, budget and credential; what is not named stays."""
    mind = cls("demo", token="t", timeout=3)
    copy = mind.with_options(deadline=None, retry=None)

    assert type(copy) is cls
    assert (copy.api.settings.timeout, copy.api.settings.deadline) == (3.0, float("inf"))
    assert (copy.api.settings.retry, mind.api.settings.retry) == (RetryPolicy(max_retries=0), RetryPolicy())
    assert copy.api.connections is mind.api.connections


@pytest.mark.parametrize("cls", [EnneoMind, AsyncEnneoMind])
def test_options_are_checked(cls: Any) -> None:
    """A copy takes no nonsense either."""
    with pytest.raises(ConfigurationError, match="timeout"):
        cls("demo", token="t").with_options(timeout=-1)


@pytest.mark.parametrize("cls", [EnneoMind, AsyncEnneoMind])
def test_a_client_shows_where_it_goes_only(cls: Any) -> None:
    """Its repr is its class and base URL."""
    mind = cls("demo", token="hush-hush")

    assert repr(mind) == f"{cls.__name__}('https://demo.enneo.ai/api/mind')"
    assert mind.base_url == "https://demo.enneo.ai/api/mind"


@pytest.mark.parametrize("cls", [EnneoMind, AsyncEnneoMind])
def test_a_client_is_not_pickled(cls: Any) -> None:
    """It holds a credential and connections, which another process cannot use."""
    with pytest.raises(TypeError, match=f"{cls.__name__} holds a credential and connections: make it anew"):
        pickle.dumps(cls("demo", token="t"))


@pytest.mark.parametrize(("cls", "options", "says"), [
    (AsyncEnneoMind, {"transport": "urllib"}, "There is no transport 'urllib'"),
    (EnneoMind, {"transport": "urllib"}, "There is no transport 'urllib'"),
    (EnneoMind, {"transport": None}, "There is no transport None"),
    (AsyncEnneoMind, {"http_client": object()}, "needs an httpx.AsyncClient"),
    (EnneoMind, {"http_client": object()}, "needs an httpx.Client"),
    (EnneoMind, {"max_connections": 0}, "max_connections must be a whole number"),
    (EnneoMind, {"timeout": 0}, "timeout must be"),
    (EnneoMind, {"token": ""}, "is empty"),
])  # fmt: skip
def test_an_argument_that_cannot_work_is_refused(cls: Any, options: dict[str, Any], says: str) -> None:
    """Mistakes are found when the client is made, and not by the first call."""
    with pytest.raises(ConfigurationError, match=says):
        cls("demo", **{"token": "t"} | options)
