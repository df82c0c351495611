"""Names in Python of operations, arguments and fields: of the words that their own are made of, each only once."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from attrs import evolve
from openapi_python_client.parser.openapi import Endpoint, GeneratorData
from openapi_python_client.parser.properties import model_property
from openapi_python_client.strings import PythonIdentifier

from tools.schemas import FIELD_PREFIX

Placed: TypeAlias = tuple[str, str]
"""A name, and the place that may tell it from its namesakes."""

_BETWEEN_WORDS = re.compile(r"[^\w.-]+")


def python_name(name: str, prefix: str = FIELD_PREFIX) -> str:
    """Return a name in snake case as the generator makes it, but that everything else than letters parts words."""
    made = PythonIdentifier(_BETWEEN_WORDS.sub(" ", name).strip(), prefix)
    return PythonIdentifier(made, prefix)  # as the generator will: of one without a letter it makes another


def bend() -> None:
    """Keep the generator from telling names apart: it gives up on some, and makes the same one twice of others."""

    def leave(endpoint: Endpoint, **_: object) -> Endpoint:
        return endpoint

    def let_be(*_: object) -> None:
        return None

    setattr(Endpoint, "_check_parameters_for_conflicts", leave)  # noqa: B010 - it is private
    setattr(model_property, "_resolve_naming_conflict", let_be)  # noqa: B010


def name_all(data: GeneratorData) -> None:
    """Name every argument of a function, and every field of a model."""
    for collection in data.endpoint_collections_by_tag.values():
        for endpoint in collection.endpoints:
            _name_arguments(endpoint)
    for model in data.models:
        fields: list[Any] = [*(model.required_properties or ()), *(model.optional_properties or ())]
        names = _apart([(field.name.get_untrusted_value(), "") for field in fields])
        named = [evolve(field, python_name=name) for field, name in zip(fields, names, strict=True)]
        object.__setattr__(model, "required_properties", [field for field in named if field.required])
        object.__setattr__(model, "optional_properties", [field for field in named if not field.required])


def _name_arguments(endpoint: Endpoint) -> None:
    arguments = [*endpoint.iter_all_parameters()]
    placed = [(argument.name.get_untrusted_value(), place.value) for place, argument in arguments]
    names = _apart(placed, frozenset({"client", "body"} if endpoint.bodies else {"client"}))
    for (_, argument), name in zip(arguments, names, strict=True):
        object.__setattr__(argument, "python_name", name)


def _apart(placed: Sequence[Placed], reserved: frozenset[str] = frozenset()) -> list[str]:
    """Return a name in Python for each name, which no other has."""
    namesakes: dict[str, list[Placed]] = {}
    for one in placed:
        namesakes.setdefault(python_name(one[0]), []).append(one)
    alone = {name: ones[0] for name, ones in namesakes.items() if len(ones) == 1 and name not in reserved}
    names = {one: name for name, one in alone.items()}
    for one in placed:
        if one not in names:
            taken = {*reserved, *names.values()}
            names[one] = next(name for name in _candidates(one, namesakes[python_name(one[0])]) if name not in taken)
    return [names[one] for one in placed]


def _candidates(one: Placed, namesakes: list[Placed]) -> Iterator[str]:
    """Yield what may tell something from its namesakes: its place, its spelling, a number."""
    name, place = one
    base = python_name(name)
    if place and (len(namesakes) == 1 or len({place for _, place in namesakes}) > 1):
        base = python_name(f"{base}_{place}")
        yield base
    else:
        spelt = PythonIdentifier(name, FIELD_PREFIX, skip_snake_case=True)
        yield from [spelt] if spelt[0].islower() else []  # others could be the name of a class
    yield from (python_name(f"{base}_{number}") for number in range(2, 1000))
