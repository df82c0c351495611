"""Models of the same answer for pydantic and for msgspec, made from the vendored spec as one would write them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

import msgspec
import pydantic
from ruamel.yaml import YAML

from benchmarks.environment import SPEC

Fields: TypeAlias = Mapping[str, Any]
Make: TypeAlias = Callable[[str, Fields], type]

_SCALARS: Final[Mapping[str, type]] = {"integer": int, "number": float, "boolean": bool, "string": str}
_OPERATION: Final = "/ticket/{ticketId}/conversation"


def pydantic_model() -> Any:
    """Return a pydantic model with optional fields."""

    def make(name: str, fields: Fields) -> type:
        return pydantic.create_model(name, **{key: (kind | None, None) for key, kind in fields.items()})

    return _answer(make)


def msgspec_struct() -> Any:
    """Return a msgspec struct with optional fields."""

    def make(name: str, fields: Fields) -> type:
        return msgspec.defstruct(name, [(key, kind | None, None) for key, kind in fields.items()])

    return _answer(make)


def _answer(make: Make) -> Any:
    spec = YAML(typ="safe").load(SPEC)
    responses = spec["paths"][_OPERATION]["get"]["responses"]
    return _typed("Answer", responses["200"]["content"]["application/json"]["schema"], spec, make)


def _typed(name: str, schema: Any, spec: Any, make: Make) -> Any:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = spec["components"]["schemas"][name]
    if schema.get("type") == "array":
        item: Any = _typed(name, schema["items"], spec, make)
        return list[item]
    if "properties" in schema:
        return make(name.title(), {key: _typed(key, value, spec, make) for key, value in schema["properties"].items()})
    if schema.get("format") in ("date-time", "DateTime"):
        return datetime
    return _SCALARS.get(schema.get("type"), dict[str, Any])
