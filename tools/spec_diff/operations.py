"""Compares operations: where they are, what they are called, what they take and what they answer."""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from attrs import frozen

from tools.projection import METHODS
from tools.spec_diff.changes import Change, View
from tools.spec_diff.documents import Document, Node, listing, mapping
from tools.spec_diff.schemas import Schemas, deprecation, pick, shown

_TEXT = ("summary", "description", "externalDocs")
_HANDLED = {"operationId", "tags", "parameters", "requestBody", "responses", "security", "deprecated", *_TEXT}
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


@frozen
class Operation:
    """An operation as it stands in its document."""

    document: Document
    name: str
    item: Node
    node: Node

    @property
    def parameters(self) -> dict[tuple[str, str], Node]:
        """Its parameters and its path's, by place and name."""
        given = [*listing(self.item.get("parameters")), *listing(self.node.get("parameters"))]
        resolved = map(self.document.resolved, given)
        return {(str(node.get("in")), str(node.get("name"))): node for node in resolved}

    @property
    def credentials(self) -> list[str]:
        """The ways to be let in, in words; empty if none is needed."""
        ways = self.node.get("security", self.document.root.get("security"))
        texts = [
            " and ".join(_asked(name, scopes) for name, scopes in sorted(mapping(way).items())) for way in listing(ways)
        ]
        return [] if "" in texts else texts


def _asked(name: str, scopes: Any) -> str:
    return f"{name} ({', '.join(map(str, listing(scopes)))})" if listing(scopes) else name


def operations_of(document: Document) -> dict[str, Operation]:
    """Return the operations by method and path, whatever the placeholders in the path are called."""
    found: dict[str, Operation] = {}
    for path, given in mapping(document.root.get("paths")).items():
        item = document.resolved(given)
        for method in METHODS:
            if node := mapping(item.get(method)):
                name = f"{method.upper()} {path}"
                found[re.sub(r"\{[^{}]*\}", "{}", name)] = Operation(document, name, item, node)
    return found


def compare(old: Document, new: Document) -> Iterator[Change]:
    """Yield what changed in the operations of two documents."""
    before, after = operations_of(old), operations_of(new)
    schemas = Schemas(old, new)
    moved = _moved(before, after)
    for key in before.keys() - after.keys() - moved.keys():
        yield _whole(before[key]).change("operation-removed")
    for key in after.keys() - before.keys() - set(moved.values()):
        yield _whole(after[key]).change("operation-added")
    for key, target in moved.items():
        yield _whole(after[target]).change("operation-moved", before[key].name)
    for key, operation in before.items():
        if (counterpart := after.get(moved.get(key, key))) is not None:
            yield from _Pair(operation, counterpart, schemas).compare()


def _whole(operation: Operation) -> View:
    return View(operation.name, operation.name)


def _moved(old: dict[str, Operation], new: dict[str, Operation]) -> dict[str, str]:
    """Return where operations went that kept their operationId."""
    fresh = {str(new[key].node.get("operationId", "")): key for key in sorted(new.keys() - old.keys())}
    named = {key: str(old[key].node.get("operationId", "")) for key in sorted(old.keys() - new.keys())}
    return {key: fresh[name] for key, name in named.items() if name and name in fresh}


@frozen
class _Pair:
    """An operation before and after."""

    old: Operation
    new: Operation
    schemas: Schemas

    @property
    def _ask(self) -> View:
        return View(self.new.name, self.new.name, reads=False)

    @property
    def _answer(self) -> View:
        return View(self.new.name, self.new.name, sends=False)

    def compare(self) -> Iterator[Change]:
        return chain(self._names(), self._credentials(), self._parameters(), self._body(), self._responses())

    def _names(self) -> Iterator[Change]:
        old, new, view = self.old.node, self.new.node, _whole(self.new)
        if old.get("operationId") != new.get("operationId"):
            yield view.change("operation-renamed", old.get("operationId", "none"), new.get("operationId", "none"))
        before, after = (listing(node.get("tags")) for node in (old, new))
        if before[:1] != after[:1]:
            yield view.change("tag-changed", *("".join(map(str, tags[:1])) or "none" for tags in (before, after)))
        elif before != after:
            yield view.change("tags-changed")
        yield from deprecation(old, new, view)
        yield from texts(old, new, view, _HANDLED)

    def _credentials(self) -> Iterator[Change]:
        before, after, view = self.old.credentials, self.new.credentials, self._ask.at("credentials")
        if bool(before) != bool(after):
            yield view.change("auth-needed" if after else "auth-dropped", new=" or ".join(after))
            return
        for way in sorted({*before} - {*after}):
            yield view.change("auth-way-removed", old=way)
        for way in sorted({*after} - {*before}):
            yield view.change("auth-way-added", new=way)

    def _parameters(self) -> Iterator[Change]:
        before, after = self.old.parameters, self.new.parameters
        for key in sorted({*before, *after}):
            view = self._ask.at(f"{self.new.name} {key[0]} parameter {key[1]}")
            if key not in after:
                yield view.change("parameter-removed")
            elif key not in before:
                yield view.change("parameter-added-required" if _is_required(after[key]) else "parameter-added")
            else:
                yield from self._parameter(before[key], after[key], view)

    def _parameter(self, old: Node, new: Node, view: View) -> Iterator[Change]:
        if _is_required(old) != _is_required(new):
            yield view.change("now-required" if _is_required(new) else "now-optional")
        before, after = _style(old), _style(new)
        if before != after:
            yield view.change("style-changed", before, after)
        yield from deprecation(old, new, view)
        yield from texts(old, new, view, _PARAMETER)
        yield from self.schemas.compare(pick(old), pick(new), view)

    def _body(self) -> Iterator[Change]:
        old = self.old.document.resolved(self.old.node.get("requestBody"))
        new = self.new.document.resolved(self.new.node.get("requestBody"))
        view = self._ask.at(f"{self.new.name} request body")
        if bool(old) != bool(new):
            kind = "body-added-required" if _is_required(new) else "body-added"
            yield view.change(kind if new else "body-removed")
        elif old:
            if _is_required(old) != _is_required(new):
                yield view.change("now-required" if _is_required(new) else "now-optional")
            yield from texts(old, new, view, {"required", "content"})
            yield from self._content(old, new, view)

    def _responses(self) -> Iterator[Change]:
        before, after = self._answers(self.old), self._answers(self.new)
        for status in sorted({*before, *after}):
            view = self._answer.at(f"{self.new.name} {status}")
            which = "status" if status[:1] in "23" else "error"
            if status not in after or status not in before:
                yield view.change(f"{which}-{'added' if status in after else 'removed'}")
            else:
                yield from self._response(before[status], after[status], view)

    @staticmethod
    def _answers(operation: Operation) -> dict[str, Node]:
        responses = mapping(operation.node.get("responses")).items()
        return {str(status).upper(): operation.document.resolved(response) for status, response in responses}

    def _response(self, old: Node, new: Node, view: View) -> Iterator[Change]:
        before, after = mapping(old.get("headers")), mapping(new.get("headers"))
        for name in sorted({*before, *after}):
            if name not in after or name not in before:
                yield view.change("header-added" if name in after else "header-removed", name, name)
            else:
                header, now = self.old.document.resolved(before[name]), self.new.document.resolved(after[name])
                yield from self.schemas.compare(pick(header), pick(now), view.at(f"{view.part} header {name}"))
        yield from texts(old, new, view, {"content", "headers"})
        if bool(old.get("content")) != bool(new.get("content")):
            yield view.change("answer-added" if new.get("content") else "answer-removed")
        else:
            yield from self._content(old, new, view)

    def _content(self, old: Node, new: Node, view: View) -> Iterator[Change]:
        before, after = (_by_type(node.get("content")) for node in (old, new))
        for media in sorted({*before, *after}):
            if media not in after or media not in before:
                yield view.change("media-added" if media in after else "media-removed", media, media)
                continue
            one, other = mapping(before[media]), mapping(after[media])
            yield from texts(one, other, view, {"schema"})
            yield from self.schemas.compare(one.get("schema"), other.get("schema"), view)


def _by_type(content: Any) -> Node:
    """Return a body's content by content type; what a charset says, or a boundary, is no matter of the type."""
    return {str(name).partition(";")[0].strip().lower(): body for name, body in mapping(content).items()}


_PARAMETER = {"in", "name", "required", "deprecated", "schema", "content", "style", "explode"}
_SAYING_NOTHING = {*_TEXT, "example", "examples"}


def texts(old: Node, new: Node, view: View, handled: set[str]) -> Iterator[Change]:
    """Yield which texts changed, and which keywords that are not compared in detail."""
    keys = sorted({*old, *new} - (handled - {*_TEXT}))
    changed = [key for key in keys if shown(old.get(key)) != shown(new.get(key))]
    said = [key for key in changed if key in _SAYING_NOTHING or key.startswith("x-")]
    if said:
        yield view.change("text-changed", new=", ".join(said))
    for keyword in changed:
        if keyword not in said:
            yield view.change("keyword-changed", new=keyword)


def _is_required(node: Node) -> bool:
    return node.get("required") is True


def _style(parameter: Node) -> str:
    style = str(parameter.get("style", _STYLES.get(str(parameter.get("in")), "form")))
    return f"{style}{'' if parameter.get('explode', style == 'form') is True else ', in one'}"
