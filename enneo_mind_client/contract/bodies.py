"""The body of an answer against its schema: what the validator finds, and what it does not look for."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from attrs import define, field, frozen
from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped]

from enneo_mind_client.contract.dates import form_of, is_date, is_date_format
from enneo_mind_client.contract.documents import Document, Node, as_list
from enneo_mind_client.contract.findings import Deviation, Severity
from enneo_mind_client.contract.masking import masked, masked_date, masked_word, step
from enneo_mind_client.contract.walking import OTHERS, Path, Place, walk
from enneo_mind_client.shapes import is_list, is_object

OPEN_ENUM = "x-extensible-enum"
"""A list of values to which more may come; the overlay writes it, and others do (Zalando's guidelines)."""


OMISSIBLE = ("deprecated", "writeOnly", "x-omissible")
"""What marks a field that is left out for a reason; the last is written by the overlay."""


@frozen
class Presence:
    """Whether a field that may be left out was there."""

    path: str
    is_there: bool


@frozen
class Dated:
    """A date that was seen."""

    path: str
    form: str
    example: str


@define
class Body:
    """Reads bodies by one document, and keeps what is no deviation by itself.

    Attributes:
        document: The document.
        dates: Each date that was seen.
        presences: Each field that may be left out.
    """

    document: Document
    dates: list[Dated] = field(factory=list[Dated])
    presences: list[Presence] = field(factory=list[Presence])

    def deviations(self, value: Any, schema: Any) -> Iterator[Deviation]:
        """Yield where a body is not as its schema says, each place and kind once.

        Raises:
            ConfigurationError: The document refers to what it does not have.
        """
        told: dict[tuple[Path, Deviation], None] = {}
        closed: set[Path] = set()
        while True:
            places = {place.path: place for place in walk(self.document, value, schema)}
            errors = list(self._errors(value, schema))
            told |= dict.fromkeys(_told(errors, places))
            closed |= {tuple(error.absolute_path) for error in errors if error.validator in OTHERS}
            gaps = [path for path, place in places.items() if _has_gaps(place)]
            if not gaps:
                break
            value = _closed(value, gaps)
        for place in places.values():
            told |= dict.fromkeys((place.path, each) for each in self._beside(place, place.path in closed))
        yield from (deviation for _, deviation in told)

    def _errors(self, value: Any, schema: Any) -> Iterator[ValidationError]:
        for error in self.document.validator.evolve(schema=schema).iter_errors(value):
            yield from _innermost(error)

    def _beside(self, place: Place, is_closed: bool) -> Iterator[Deviation]:
        if is_date(place.schemas):
            self.dates.append(Dated(place.shown, form_of(place.value), masked_date(place.value)))
        yield from _unlisted(place)
        severity: Severity = "error" if is_closed else "warning"
        for name in place.undeclared():
            value = place.value[name]
            yield Deviation("undeclared_field", place.shown + step(name), severity, "", type_of(value), masked(value))
        if place.is_object and place.sure:
            self.presences.extend(self._presences(place))

    def _presences(self, place: Place) -> Iterator[Presence]:
        required = place.required()
        for name, declared in place.properties().items():
            layers = [layer for each in declared for layer in self.document.layers(each)]
            if name not in required and not any(layer.get(mark) is True for layer in layers for mark in OMISSIBLE):
                yield Presence(place.shown + step(name), name in place.value)


def _has_gaps(place: Place) -> bool:
    """Return whether a value is a list as PHP writes one with gaps; what is in it is looked at all the same."""
    is_due = any("array" in _types(schema) for schema in place.schemas)
    return is_due and is_object(place.value) and bool(place.value) and all(key.isdecimal() for key in place.value)


def _closed(value: Any, gaps: list[Path]) -> Any:
    """Return a value with lists where there are gaps, the innermost first."""
    whole = {"$": value}
    for path in sorted(gaps, key=len, reverse=True):
        *way, last = ("$", *path)
        parent: Any = whole
        for at in way:
            parent = parent[at]
        parent[last] = list(parent[last].values())
    return whole["$"]


def _types(schema: Node) -> list[Any]:
    return as_list(schema.get("type")) or [schema.get("type")]


def type_of(value: Any) -> str:
    """Return the JSON type of a value."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    if isinstance(value, (int, float)):
        return "integer" if isinstance(value, int) else "number"
    return "object" if is_object(value) else "array" if is_list(value) else "string"


def _unlisted(place: Place) -> Iterator[Deviation]:
    for schema in place.schemas:
        listed = as_list(schema.get(OPEN_ENUM))
        # A value of another type than all that are listed is told as that, and once.
        if type(place.value) in map(type, listed) and place.value not in listed:
            shown = masked_word(place.value)
            yield Deviation("unknown_value", place.shown, "warning", shown, f"known: {_list(listed)}", shown)


def _list(values: Iterable[Any]) -> str:
    return ", ".join(str(value) for value in values)


def _innermost(error: ValidationError) -> Iterator[ValidationError]:
    """Yield what is wrong within the alternative that fits best, if one does at all."""
    by_option = groupby(error.context or (), key=lambda inner: inner.schema_path[0])
    options = [list(errors) for _, errors in by_option]
    best: list[ValidationError] = max(options, key=_depth) if options else []
    if not best or _depth(best) <= 0:
        yield error
        return
    for inner in best:
        yield from _innermost(inner)


def _depth(errors: list[ValidationError]) -> int:
    """Return how deep the first thing is that is wrong; 0 is the value itself."""
    return min(len(error.relative_path) for error in errors)


def _told(errors: list[ValidationError], places: dict[Path, Place]) -> Iterator[tuple[Path, Deviation]]:
    mistyped = {tuple(error.absolute_path) for error in errors if error.validator == "type"}
    for error in errors:
        path: Path = tuple(error.absolute_path)
        place = places.get(path) or Place(path, _shown(path), error.instance, ())
        if error.validator in OTHERS and any(place.undeclared()):
            continue  # the walk tells each of these fields by its name
        if path not in mistyped or error.validator == "type":
            yield path, _deviation(error, place)


def _shown(path: Path) -> str:
    return "$" + "".join("[*]" if isinstance(at, int) else step(at) for at in path)


def _deviation(error: ValidationError, place: Place) -> Deviation:
    rule, shown, value = str(error.validator), place.shown, error.instance
    if rule in ("type", "format") and is_date(place.schemas) and value is not None:
        return _of_date(place)
    if rule == "type":
        detail = f"{_declared(place) or 'another type'} declared"
        return Deviation("wrong_type", shown, value=type_of(value), detail=detail, example=masked(value))
    if rule == "required":
        name = next(each for each in _names(error.validator_value) if error.message.startswith(repr(each)))
        return Deviation("missing_field", shown + step(name), detail="the document requires it")
    if rule in ("enum", "const"):
        known = _list(as_list(error.validator_value)) or "one value"
        return Deviation("unknown_value", shown, "error", masked_word(value), f"known: {known}", masked_word(value))
    if rule in ("anyOf", "oneOf"):
        detail = "it fits none of the declared alternatives, or several"
        return Deviation("wrong_type", shown, value=type_of(value), detail=detail, example=masked(value))
    detail = f"the document's {rule} forbids it"
    return Deviation("wrong_value", shown, value=rule, detail=detail, example=masked(value))


def _names(values: Any) -> list[str]:
    return [str(value) for value in as_list(values)]


def _of_date(place: Place) -> Deviation:
    formats = {schema["format"] for schema in place.schemas if is_date_format(schema.get("format"))}
    form = form_of(place.value)
    detail = f"{_list(sorted(formats))} declared"
    return Deviation("date_form", place.shown, value=form, detail=detail, example=masked_date(place.value))


def _declared(place: Place) -> str:
    kinds = dict.fromkeys(kind for schema in place.schemas for kind in _types(schema) if kind)
    return " or ".join(str(kind) for kind in kinds)
