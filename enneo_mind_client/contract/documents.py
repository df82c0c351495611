"""An OpenAPI document as a contract: its operations, and the validator of its schemas."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import unquote

import openapi_schema_validator as validators
from attrs import frozen

from enneo_mind_client.contract.reading import packaged, read
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.shapes import is_list, is_object

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_VALIDATORS: Final[Mapping[str, Any]] = {
    "3.0": validators.OAS30ReadValidator,  # pyright: ignore[reportUnknownMemberType]
    "3.1": validators.OAS31Validator,
    "3.2": validators.OAS31Validator,
}
_MAX_REFERENCES: Final = 100

Node: TypeAlias = dict[str, Any]
"""An object of a document."""


def as_object(node: Any) -> Node:
    """Return an object, and an empty one for anything else."""
    return node if is_object(node) else {}


def as_list(node: Any) -> list[Any]:
    """Return a list, and an empty one for anything else."""
    return node if is_list(node) else []


@frozen
class Endpoint:
    """An operation as a document declares it.

    Attributes:
        name: Its operationId, or else its method and path.
        method: The HTTP method in capitals.
        path: The path's template.
        parameters: What it takes.
        body_required: Whether it takes a body in any case.
        responses: What it answers, by status.
    """

    name: str
    method: str
    path: str
    parameters: list[Node]
    body_required: bool
    responses: Node


class Document:
    """A document and what it declares.

    Attributes:
        name: What findings call it: `published`, `corrected` or `given`.
        endpoints: Its operations, by method and path.
        validator: Validates by the document's schemas; evolve it with one of them.
    """

    def __init__(self, name: str, root: Any) -> None:
        """Read a document.

        Raises:
            ConfigurationError: It is none of OpenAPI 3, or refers to what it does not have.
        """
        self.name, self._root = name, as_object(root)
        version = str(self._root.get("openapi"))[:3]
        if version not in _VALIDATORS:
            raise ConfigurationError(f"The {name} document is not an OpenAPI 3 document.")
        self._is_3_0 = version == "3.0"
        self.validator: Any = _VALIDATORS[version](self._root, format_checker=_VALIDATORS[version].FORMAT_CHECKER)
        self.endpoints = {(each.method, each.path): each for each in self._endpoints()}

    def layers(self, node: Any) -> list[Node]:
        """Return all objects that hold for a node: what it refers to and, since OpenAPI 3.1, what stands beside that.

        Raises:
            ConfigurationError: It refers to what the document does not have.
        """
        found = [as_object(node)]
        while isinstance(reference := found[-1].get("$ref"), str):
            if len(found) > _MAX_REFERENCES:
                raise ConfigurationError(f"The {self.name} document refers from one place to the next without an end.")
            found.append(as_object(self._at(reference)))
        return found[-1:] if self._is_3_0 else found

    def object(self, node: Any) -> Node:
        """Return the object that a node is or refers to, and an empty one if it is none."""
        return self.layers(node)[-1]

    def has(self, reference: str) -> bool:
        """Return whether the document has what a reference names."""
        try:
            self._at(reference)
        except ConfigurationError:
            return False
        return True

    def _at(self, reference: str) -> Any:
        node: Any = self._root
        for part in reference.removeprefix("#/").split("/"):
            key = unquote(part).replace("~1", "/").replace("~0", "~")
            try:
                node = node[int(key)] if is_list(node) else node[key]
            except (LookupError, ValueError, TypeError):
                raise ConfigurationError(
                    f"The {self.name} document refers to {reference}, which is not in it."
                ) from None
        return node

    def _endpoints(self) -> Iterator[Endpoint]:
        for path, given in as_object(self._root.get("paths")).items():
            item = self.object(given)
            for method in METHODS:
                if is_object(operation := item.get(method)):
                    yield self._endpoint(method.upper(), path, operation, as_list(item.get("parameters")))

    def _endpoint(self, method: str, path: str, operation: Node, shared: list[Any]) -> Endpoint:
        named = [self.object(node) for node in (*shared, *as_list(operation.get("parameters")))]
        parameters = {(each.get("in"), each.get("name")): each for each in named}  # the operation's own come last
        return Endpoint(
            str(operation.get("operationId") or f"{method} {path}"),
            method,
            path,
            list(parameters.values()),
            self.object(operation.get("requestBody")).get("required") is True,
            {str(status): node for status, node in as_object(operation.get("responses")).items()},
        )


@frozen
class Documents:
    """What answers are held against: the documents that the package carries, or one that was given.

    Attributes:
        all: Each document; of the package's the corrected one is the last.
    """

    all: tuple[Document, ...]

    @classmethod
    def of(cls, given: str | os.PathLike[str] | None) -> "Documents":
        """Return those of the package, or the one of a file.

        Raises:
            ConfigurationError: The file cannot be read, or is no OpenAPI 3 document.
        """
        if given is not None:
            return cls((Document("given", read(Path(given))),))
        return cls(tuple(Document(name, packaged(name)) for name in ("published", "corrected")))

    @property
    def main(self) -> Document:
        """The document that says which operations there are."""
        return self.all[-1]
