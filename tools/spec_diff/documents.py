"""Reads OpenAPI documents, and follows the references in them."""

import json
from collections.abc import Sequence  # noqa: TC003
from pathlib import Path
from typing import Any, TypeAlias, cast
from urllib.parse import unquote

from attrs import frozen
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tools import overlay, projection

Node: TypeAlias = dict[str, Any]

MAX_BYTES = 32 * 2**20
MAX_NODES = 2_000_000

_NOTHING = object()


class UnusableError(Exception):
    """An input that is not an OpenAPI 3 document, or not one that can be compared."""


def mapping(node: Any) -> Node:
    """Return an object, and an empty one for anything else."""
    return cast("Node", node) if isinstance(node, dict) else {}


def listing(node: Any) -> list[Any]:
    """Return a list, and an empty one for anything else."""
    return list(cast("Sequence[Any]", node)) if isinstance(node, list) else []


def children(node: Any) -> list[Any]:
    """Return what stands directly in an object or a list."""
    return [*mapping(node).values(), *listing(node)]


@frozen
class Document:
    """A document as plain data."""

    root: Node

    @property
    def schemas(self) -> Node:
        """The schemas among the components."""
        return mapping(mapping(self.root.get("components")).get("schemas"))

    def used_schemas(self) -> set[str]:
        """Return the names of the schemas that operations use, through others as well."""
        used: set[str] = set()
        open_nodes: list[Any] = [value for key, value in self.root.items() if key != "components"]
        while open_nodes:
            node = open_nodes.pop()
            open_nodes += children(node)
            reference = mapping(node).get("$ref")
            if isinstance(reference, str) and reference not in used:
                used.add(reference)
                open_nodes.append(self._target(reference))
        return {reference.rpartition("/")[2] for reference in used}

    def resolved(self, node: Any) -> Node:
        """Follow references until something stands there.

        Raises:
            UnusableError: A reference leads nowhere, in a circle or out of the document.
        """
        seen: set[str] = set()
        while isinstance(reference := mapping(node).get("$ref"), str):
            if reference in seen:
                raise UnusableError(f"the reference {reference} leads in a circle")
            seen.add(reference)
            node = self._target(reference)
        return mapping(node)

    def _target(self, reference: str) -> Any:
        if not reference.startswith("#/"):
            raise UnusableError(f"the reference {reference} leads out of the document: bundle it into one file")
        node: Any = self.root
        for part in unquote(reference[2:]).split("/"):
            key = part.replace("~1", "/").replace("~0", "~")
            below = mapping(node) or {str(position): child for position, child in enumerate(listing(node))}
            node = below.get(key, _NOTHING)
            if node is _NOTHING:
                raise UnusableError(f"the reference {reference} leads nowhere")
        return node


def read(path: Path) -> Document:
    """Read a document from a file.

    Raises:
        UnusableError: It cannot be read, or is no OpenAPI 3 document.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnusableError(f"{path} has more than {MAX_BYTES} bytes")
        return parse(path.read_bytes(), str(path))
    except OSError as failure:
        raise UnusableError(f"{path} cannot be read: {failure.strerror}") from None


def parse(content: bytes, name: str) -> Document:
    """Read a document, YAML or JSON.

    Raises:
        UnusableError: It is no OpenAPI 3 document.
    """
    try:
        root: Any = _loaded(content.decode())
        if not _fits(root):
            raise UnusableError(f"{name} repeats itself without end through its aliases")
    except (YAMLError, ValueError, RecursionError) as failure:
        raise UnusableError(f"{name} is neither YAML nor JSON: {str(failure).splitlines()[0]}") from None
    version = str(mapping(root).get("openapi", ""))
    if not version.startswith("3.") or not isinstance(mapping(root).get("info"), dict):
        raise UnusableError(f"{name} is not an OpenAPI 3 document")
    if not isinstance(root.get("paths", {}), dict):
        raise UnusableError(f"{name} has paths that are no object")
    return Document(projection.plain(root))


def effective(document: Document, corrections: Path) -> Document:
    """Return a document as an overlay corrects it.

    Raises:
        UnusableError: The overlay cannot be applied.
    """
    try:
        root = projection.plain(document.root)
        overlay.apply(root, projection.plain(_loaded(corrections.read_text(encoding="utf-8"))))
    except (overlay.OverlayError, YAMLError, OSError) as failure:
        raise UnusableError(f"the overlay {corrections} does not apply: {failure}") from None
    return Document(root)


def _loaded(text: str) -> Any:
    yaml: Any = YAML(typ="safe", pure=True)
    return json.loads(text) if text.lstrip().startswith("{") else yaml.load(text)


def _fits(root: Any) -> bool:
    """Return whether a document stays small when its YAML aliases are written out."""
    sizes: dict[int, float] = {}

    def size(node: Any) -> float:
        if id(node) not in sizes:
            sizes[id(node)] = float("inf")  # of a node that is met again within itself
            sizes[id(node)] = 1 + sum(map(size, children(node)))
        return sizes[id(node)]

    return size(root) <= MAX_NODES
