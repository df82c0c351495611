"""Parts of a document, whatever stands in their place."""

from typing import Any, TypeAlias

from enneo_mind_client.shapes import is_list, is_object

Node: TypeAlias = dict[str, Any]


def as_object(node: Any) -> Node:
    """Return an object, and an empty one for anything else."""
    return node if is_object(node) else {}


def as_list(node: Any) -> list[Any]:
    """Return a list, and an empty one for anything else."""
    return node if is_list(node) else []
