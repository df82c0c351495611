"""JSON text for the columns that hold whatever came."""

import json
from math import isfinite
from typing import Any

import orjson

from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.model import plain
from enneo_mind_client.shapes import is_list, is_object


def json_text(value: Any) -> str:
    """Write a value as JSON; of any number that is no number, as null.

    Raises:
        ConfigurationError: The value was put into a model by hand and has no JSON form.
    """
    try:
        # Moments are written by `plain`: orjson leaves out what an offset has below a second.
        return orjson.dumps(value, default=plain, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()
    except orjson.JSONEncodeError:
        return _any_json(value)


def _any_json(value: Any) -> str:
    """Write also integers of any size and halves of characters, as careful reading brings them."""
    try:
        return json.dumps(_finite(value), allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as failure:
        raise ConfigurationError(f"a value cannot be written as JSON: {failure}") from None


def _finite(value: Any) -> Any:
    written = plain(value)
    if is_object(written):
        return {key: _finite(item) for key, item in written.items()}
    if is_list(written):
        return [*map(_finite, written)]
    return None if isinstance(written, float) and not isfinite(written) else written
