"""What a body may be as a whole."""

from typing import Any

import pytest

from enneo_mind_client import operations, wire
from enneo_mind_client.errors import ResponseError
from enneo_mind_client.operations import Operation, Reply

from .models import Empty


@pytest.mark.parametrize(
    ("decoder", "content", "expected"),
    [
        (wire.model(lambda: dict[str, Any]), b"[]", {}),
        (wire.model(lambda: Empty), b"[]", Empty()),
        (wire.either(wire.null, wire.model(lambda: Empty)), b"[]", Empty()),
        (wire.either(wire.null, wire.array(wire.integer)), b'{"0":1,"2":2}', [1, 2]),
        (wire.either(wire.null, wire.array(wire.integer)), b"null", None),
    ],
)
def test_a_reply_as_php_writes_it_is_an_answer(decoder: wire.Decoder, content: bytes, expected: Any) -> None:
    """An empty object that has no fields may come as an empty list, and a list as a numbered object."""
    operation: Operation[Any] = Operation("op", "GET", "/", {"200": operations.json(decoder)})

    assert expected == operation.parse(Reply(200, {"content-type": "application/json"}, content))


@pytest.mark.parametrize("content", [b"[]", b'"1"', b"{}"])
def test_a_reply_that_none_of_several_types_takes_is_no_answer(content: bytes) -> None:
    """A whole document has to be one of its types, and not only something that can be read as one."""
    operation: Operation[Any] = Operation(
        "op", "GET", "/", {"200": operations.json(wire.either(wire.integer, wire.boolean))}
    )

    with pytest.raises(ResponseError):
        operation.parse(Reply(200, {"content-type": "application/json"}, content))
