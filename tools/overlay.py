"""Apply an OpenAPI Overlay to a document, and insist that each of its actions does something."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from jsonpath_rfc9535 import JSONPathError, JSONPathNode, find

from enneo_mind_client.shapes import is_list, is_object
from tools.nodes import Node, as_object

DOCUMENT_WIDE = "x-document-wide"
"""Marks an action that is a rule for wherever something occurs, and may find nothing in a given document."""


class OverlayError(Exception):
    """An overlay, or one of its actions, that cannot be applied or no longer has a purpose."""


def apply(document: Any, overlay: Any, *, strict: bool = False) -> list[str]:
    """Apply an overlay to a document, in place.

    Args:
        document: The document, as ruamel.yaml loads it or as plain data.
        overlay: The overlay document.
        strict: Also refuse that a document-wide action finds nothing to do.

    Returns:
        What was found idle among the document-wide actions.

    Raises:
        OverlayError: The overlay is invalid, or actions find nothing or change nothing; all of these are named.
    """
    _stringify(document)
    idle: list[str] = []
    refused: list[str] = []
    for number, action in enumerate(_actions(overlay), 1):
        name = f"overlay action {number} ({as_object(action).get('target')})"
        reason = _apply(document, as_object(action), name)
        if reason:
            (refused if strict or action.get(DOCUMENT_WIDE) is not True else idle).append(reason)
    if refused:
        raise OverlayError("\n".join(refused))
    return idle


def _actions(overlay: Any) -> list[dict[str, Any]]:
    if not is_object(overlay) or not str(overlay.get("overlay", "")).startswith("1.0"):
        raise OverlayError("not an OpenAPI Overlay 1.0 document")
    actions = overlay.get("actions")
    if not is_list(actions) or not actions:
        raise OverlayError("the overlay has no actions")
    return actions


def _apply(document: Any, action: Node, name: str) -> str:
    """Apply an action, and return what is wrong if it does nothing."""
    if not action.get("target") or not action.get("description"):
        raise OverlayError(f"{name}: an action has a target and a description, which gives its reason")
    if ("update" in action) == (action.get("remove") is True):
        raise OverlayError(f"{name}: an action has either an update or `remove: true`")
    try:
        nodes = list(find(action["target"], document))
    except JSONPathError as failure:
        raise OverlayError(f"{name}: {failure}") from None
    if not nodes:
        return f"{name} finds nothing"
    if "update" not in action:
        for node in sorted(nodes, key=lambda node: node.location, reverse=True):
            _remove(document, node, name)
        return ""
    changes = [_merge(node.value, action["update"], name) for node in nodes]
    return "" if any(changes) else f"{name} changes nothing: is it mended in the document?"


def _remove(document: Any, node: JSONPathNode, name: str) -> None:
    parent = document
    if not node.location:
        raise OverlayError(f"{name}: the whole document cannot be removed")
    for key in node.location[:-1]:
        parent = parent[key]
    del parent[node.location[-1]]


def _merge(target: Any, update: Any, name: str) -> bool:
    """Merge an update into what was found, and return whether it changed anything."""
    if is_list(target):
        return _append(target, [update])
    if not is_object(target) or not is_object(update):
        raise OverlayError(f"{name}: only an object can be merged, and only into an object")
    changed = [_set(target, str(key), value, name) for key, value in update.items()]
    return any(changed)


def _set(target: dict[str, Any], key: str, value: Any, name: str) -> bool:
    if is_object(value) and is_object(target.get(key)):
        return _merge(target[key], value, name)
    if is_list(value) and is_list(target.get(key)):
        return _append(target[key], value)
    if key in target and target[key] == value and type(target[key]) is type(value):
        return False
    target[key] = deepcopy(value)
    return True


def _append(target: list[Any], items: list[Any]) -> bool:
    missing = [item for item in items if item not in target]
    target.extend(deepcopy(missing))
    return bool(missing)


def _stringify(node: Any) -> None:
    """Make every key a string, as in JSON, keeping the order: YAML reads `200:` as an integer."""
    for child in _children(node):
        _stringify(child)
    keys: list[Any] = list(node) if is_object(node) else []
    for position, key in enumerate(keys):
        if not isinstance(key, str):
            _insert(node, position, str(key), node.pop(key))


def _insert(node: Any, position: int, key: str, value: Any) -> None:
    if hasattr(node, "insert"):
        node.insert(position, key, value)
        return
    later = [(name, node.pop(name)) for name in list(node)[position:]]
    node.update({key: value, **dict(later)})


def _children(node: Any) -> Iterator[Any]:
    if is_object(node):
        yield from node.values()
    elif is_list(node):
        yield from node
