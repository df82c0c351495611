"""Builds models for tests: whole and plausible, with what a test says of them.

Any generated model can be built, also one of a later document: what is in a field follows from its declared type, and
from its name where that tells more.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from difflib import get_close_matches
from functools import cache
from io import BytesIO
from mimetypes import MimeTypes
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeGuard, TypeVar, Union, cast, get_args, get_origin, get_type_hints
from urllib.parse import quote
from uuid import UUID

from enneo_mind_client.drift import Drift
from enneo_mind_client.model import Model, plain
from enneo_mind_client.models import Attachment, Conversation
from enneo_mind_client.shapes import is_list, is_object
from enneo_mind_client.wire import UNSET, File, Unset

M = TypeVar("M", bound=Model)

_CUSTOMER: Final = "Kim Winter"
_CUSTOMER_MAIL: Final = "kim.winter@example.com"
_COMPANY_MAIL: Final = "service@example.com"
_NAMES: Final[Mapping[str, Any]] = {
    "direction": "in",
    "type_": "html",
    "message": "<p>Hello, my meter reads 4711.</p>",
    "from_email": _CUSTOMER_MAIL,
    "email": _CUSTOMER_MAIL,
    "from_email_name": _CUSTOMER,
    "to": [_COMPANY_MAIL],
    "to_email": [_COMPANY_MAIL],
    "extraction_status": "notStarted",
}
"""What is in a field of this name, if its type allows it."""

_SIMPLE: Final[Mapping[Any, Callable[[], Any]]] = {
    bool: lambda: False,
    int: lambda: 1,
    float: lambda: 1.0,
    datetime: lambda: datetime(2026, 1, 1, 12, tzinfo=UTC),
    date: lambda: date(2026, 1, 1),
    UUID: lambda: UUID(int=1),
    File: lambda: File(BytesIO(b"")),
    list: lambda: list[Any](),
    dict: lambda: dict[str, Any](),
}


def build(model: type[M], /, **overrides: Any) -> M:
    """Return a model with a plausible value in every field, the same in every run.

        build(Conversation, id=7, content={"message": "Hello"}, attachments=[{"name": "a.pdf"}])

    Args:
        model: The class: any of `enneo_mind_client.models`.
        overrides: Values by the Python names of the fields. A dict stands for a model that is built with it. `UNSET`
            leaves a field out.

    Raises:
        TypeError: There is no such field, or its declared type does not allow the value.
    """
    if not _is_model(model):
        raise TypeError(f"{model!r} is no model: see enneo_mind_client.models")
    return _build(model, overrides, ())


def conversation(**overrides: Any) -> Conversation:
    """Return a `Conversation`: an e-mail from a customer, unless told otherwise; arguments as for `build`."""
    return build(Conversation, **overrides)


def attachment(**overrides: Any) -> Attachment:
    """Return an `Attachment`; its type and address go by its `name` and `id`. Arguments as for `build`."""
    return build(Attachment, **overrides)


def _build(model: type[M], overrides: Mapping[str, Any], within: tuple[type[Model], ...]) -> M:
    hints, names = _hints(cast("Any", model)), [attribute for attribute, _ in model.__wire__.table.values()]
    for name in sorted(overrides.keys() - set(names)):
        raise TypeError(_unknown(model, name, names))
    within = (*within, model)
    given = {name: _given(value, hints[name], within) for name, value in overrides.items()}
    derived = {**_of_file(given), **given} if model is Attachment else given
    built = model(**{name: derived[name] if name in derived else _value(name, hints[name], within) for name in names})
    _check(built, given)
    return built


def _is_model(kind: Any) -> TypeGuard[type[Model]]:
    return isinstance(kind, type) and issubclass(kind, Model)


@cache
def _hints(model: Any) -> dict[str, Any]:
    return get_type_hints(model)


def _unknown(model: type[Model], name: str, names: list[str]) -> str:
    python = next((attribute for wire, (attribute, _) in model.__wire__.table.items() if wire == name), None)
    close = [python] if python else get_close_matches(name, names, 1)
    return f"{model.__name__} has no field {name!r}" + (f": did you mean {close[0]!r}?" if close else "")


def _given(value: Any, hint: Any, within: tuple[type[Model], ...]) -> Any:
    """Return an override with its dicts made models, where models are due."""
    for kind in _kinds(hint):
        if is_object(value) and _is_model(kind):
            return _build(kind, value, within)
        if is_list(value) and get_origin(kind) is list:
            return [_given(item, get_args(kind)[0], within) for item in value]
    return value


def _value(name: str, hint: Any, within: tuple[type[Model], ...]) -> Any:
    """Return what is in a field that nothing was said about; a model is not put into itself."""
    kinds = [kind for kind in _kinds(hint) if kind not in within]
    if not kinds:
        return None if Unset not in _options(hint) else UNSET
    kind = kinds[0]
    known = _NAMES.get(name)
    if known is not None and type(known) is (get_origin(kind) or kind):
        return plain(known)
    if kind is str:
        return _text(name)
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if _is_model(kind):
        return _build(kind, {}, within)
    make: Callable[[], Any] | None = _SIMPLE.get(get_origin(kind) or kind)
    return make() if make else None


def _text(name: str) -> str:
    words = name.strip("_").split("_")
    if words[-1] in {"email", "emails"}:
        return _CUSTOMER_MAIL
    if words[-1] in {"url", "uri"}:
        return "https://mind.example.com/" + "-".join(words)
    return _CUSTOMER if words == ["name"] else " ".join(words)


def _options(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _kinds(hint: Any) -> list[Any]:
    return [kind for kind in _options(hint) if kind not in (NoneType, Unset)]


def _of_file(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an attachment's name says of it."""
    name, number = given.get("name", "photo.jpg"), given.get("id", 1)
    if not isinstance(name, str):
        return {}
    # The tables of the standard library alone: the machine's own ones differ.
    content_type = MimeTypes().guess_type(name)[0] or "application/octet-stream"
    url = f"https://mind.example.com/attachments/{number}/{quote(name, safe='')}"
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    is_image = content_type.startswith("image/")
    return {
        "name": name,
        "url": url,
        "original_url": url,
        "file_ending": ending,
        "content_type": content_type,
        "size": 1024,
        "width": 640 if is_image else UNSET,
        "height": 480 if is_image else UNSET,
    }


def _check(built: Model, given: Mapping[str, Any]) -> None:
    """Refuse a value that would not come back from the wire as it is."""
    for attribute, decoder in built.__wire__.table.values():
        value = given.get(attribute)
        if value is None or value is UNSET:
            continue
        back = _read(value, decoder.read)
        if not isinstance(value, type(back)) or back != value:
            told = "it is of another type" if back is UNSET else f"it would be read as {back!r}"
            raise TypeError(f"{type(built).__name__}.{attribute} cannot be {value!r}: {told}")


def _read(value: Any, read: Callable[[Any], Any]) -> Any:
    try:
        return read(plain(value))
    except (Drift, TypeError):
        return UNSET
