"""Which kind of JSON a value is, told so that type checkers believe it, and where in a document it stands."""

from typing import Any, TypeGuard


def kind_of(value: object) -> type[object]:
    """Return the type that a value is exactly of."""
    return type(value)


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Return whether a value is a JSON object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Return whether a value is a JSON list."""
    return isinstance(value, list)


def member_path(path: str, name: object) -> str:
    """Return the path of an object's member."""
    return f"{path}.{name}" if isinstance(name, str) and name.isidentifier() else f"{path}[{name!r}]"
