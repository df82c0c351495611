"""The published document's own examples: ours reads them to the right values, the stock client raises."""

import datetime
from types import ModuleType
from typing import Any

import pytest

from enneo_mind_client._generated.models import Attachment, Conversation, GetConversationsResponse200
from enneo_mind_client.wire import UNSET
from tools import generate

SCHEMAS: dict[str, Any] = generate.effective(generate.Inputs())["components"]["schemas"]


def example(name: str) -> dict[str, Any]:
    """Return a schema's example, made of its fields' examples where it has none."""
    schema = SCHEMAS[name]
    fields = {key: field["example"] for key, field in schema["properties"].items() if "example" in field}
    return dict(schema.get("example", fields))


def test_the_attachment_example_is_read() -> None:
    """An id that ends in a comma is no id: it is kept as it came, and everything else is read."""
    raw = example("Attachment")
    attachment = Attachment.from_dict(raw)

    assert attachment.id is UNSET
    assert attachment.additional_properties == {"id": "103013960646,"}
    assert (attachment.size, attachment.inline, attachment.extracted_data) == (2292952, False, None)
    assert attachment.extraction_data == {"confidence": 0.815, "meterValue": 87870.5}
    assert raw == attachment.to_dict()


def test_the_conversation_example_is_read() -> None:
    """Dates in epoch seconds are moments, and a list where an object is due is an empty one."""
    conversation = Conversation.from_dict(example("Conversation"))

    assert conversation.created_at == datetime.datetime(2022, 7, 5, 21, 24, 36, tzinfo=datetime.UTC)
    assert conversation.interface == {}
    assert conversation.additional_properties == {}


@pytest.mark.parametrize(
    ("model", "raw"),
    [
        ("Attachment", example("Attachment")),
        ("Conversation", {"attachments": None}),
        ("Conversation", {"sender": None}),
        ("Conversation", {"attachments": {"0": {}}}),
    ],
)
def test_the_stock_client_raises_where_ours_reads(stock: ModuleType, model: str, raw: dict[str, Any]) -> None:
    """What the server is known to send is too much for the models as the generator writes them."""
    ours = {"Attachment": Attachment, "Conversation": Conversation}[model]
    theirs = getattr(__import__(f"{stock.__name__}.models", fromlist=[model]), model)

    assert raw.keys() == ours.from_dict(raw).to_dict().keys()
    with pytest.raises((TypeError, ValueError, AttributeError)):
        theirs.from_dict(raw)


def test_what_was_nested_is_read_whole() -> None:
    """A response is read with everything in it."""
    raw = {"conversations": [{**example("Conversation"), "attachments": [example("Attachment")]}], "success": 1}
    response = GetConversationsResponse200.from_dict(raw)

    assert response.success is True
    assert response.conversations[0].attachments[0].name == "IMG_20230301_192712.jpg"  # type: ignore[union-attr,index]
    assert response == GetConversationsResponse200.from_dict(response.to_dict())
