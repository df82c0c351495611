"""Models for tests: whole, plausible, and never what the API could not send."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Literal

import pytest
from attrs import define, field

from enneo_mind_client import UNSET, Unset, decoders, models
from enneo_mind_client.model import Model, describe
from enneo_mind_client.model import model as wire_model
from enneo_mind_client.models import Attachment, Conversation, ConversationSender
from enneo_mind_client.testing import attachment, build, conversation
from tests.wire import models as made

MODELS = [
    each
    for module in (models, made)
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, Model) and "__wire__" in vars(each)
]


@pytest.mark.parametrize("model", MODELS, ids=lambda each: each.__name__)
def test_any_model_can_be_built(model: type[Model]) -> None:
    """It comes back from the wire as it was built, and is the same each time."""
    built = build(model)

    assert model.from_dict(built.to_dict()) == built == build(model)
    assert built.additional_properties == {}


@define
class Reading(Model):
    """A model as a later document may bring it: values of a list, itself, and what may be anything."""

    kind: Literal["first", "second"] | None
    next_: "Reading | Unset | None" = UNSET
    owner: "Reading | None" = None
    others: "list[Reading] | Unset | None" = UNSET
    anything: Any = UNSET
    reply_email: str | Unset = UNSET
    additional_properties: dict[str, Any] = field(init=False, factory=dict)


describe(
    Reading,
    {
        "kind": ("kind", decoders.choice(decoders.text, "first", "second")),
        "next": ("next_", wire_model(lambda: Reading)),
        "owner": ("owner", wire_model(lambda: Reading)),
        "others": ("others", decoders.array(wire_model(lambda: Reading))),
        "anything": ("anything", decoders.free),
        "replyEmail": ("reply_email", decoders.text),
    },
    required=("kind",),
)


def test_a_model_of_a_later_document() -> None:
    """The first of several values is taken, and a model is not put into itself, unless a test does."""
    built = build(Reading)

    assert (built.kind, built.next_, built.owner, built.others, built.anything) == ("first", UNSET, None, [], None)
    assert built.reply_email == "kim.winter@example.com"
    assert Reading.from_dict(built.to_dict()) == built
    assert build(Reading, next_={"kind": "second"}, others=[{}]).next_.kind == "second"


def test_a_conversation() -> None:
    """It is an e-mail from a customer, with something in every field."""
    built = conversation()

    assert (built.direction, built.sender.email, built.to) == ("in", built.from_email, ["service@example.com"])
    assert built.created_at == datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert UNSET not in [getattr(built, name) for name, _ in Conversation.__wire__.table.values()]


def test_what_a_test_says_is_what_is_there() -> None:
    """Values, null, absence, other models, and dicts that stand for models, at any depth."""
    built = conversation(
        id=7,
        agent_id=None,
        type_=UNSET,
        sender=build(ConversationSender, name="Me"),
        content={"message": "Hello"},
        attachments=[{"name": "a.pdf"}, attachment(id=2)],
    )

    assert (built.id, built.agent_id, built.type_, built.sender.name) == (7, None, UNSET, "Me")
    assert built.content.message == "Hello"
    assert [type(file) for file in built.attachments] == [Attachment] * 2
    assert built.attachments[0].content_type == "application/pdf"


@pytest.mark.parametrize(
    ("name", "ending", "content_type", "width"),
    [
        ("A.PDF", "pdf", "application/pdf", UNSET),
        ("x.png", "png", "image/png", 640),
        ("README", "", "application/octet-stream", UNSET),
    ],
)
def test_an_attachment_goes_by_its_name(name: str, ending: str, content_type: str, width: Any) -> None:
    """Its type, size in pixels and address fit the name."""
    built = attachment(id=3, name=name)

    assert (built.file_ending, built.content_type, built.width) == (ending, content_type, width)
    assert built.url == f"https://mind.example.com/attachments/3/{name}"


@pytest.mark.parametrize("name", [None, UNSET])
def test_an_attachment_without_a_name(name: Any) -> None:
    """It can be built as well."""
    assert attachment(name=name).name is name


def test_a_value_that_wins_over_what_follows() -> None:
    """What a test says is not overruled by what the name says."""
    assert attachment(name="a.pdf", content_type="text/plain").content_type == "text/plain"


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        ({"idd": 1}, "Conversation has no field 'idd': did you mean 'id'?"),
        ({"createdAt": 1}, "Conversation has no field 'createdAt': did you mean 'created_at'?"),
        ({"wholly_else": 1}, "Conversation has no field 'wholly_else'"),
        ({"additional_properties": {}}, "Conversation has no field 'additional_properties'"),
        ({"sender": {"nme": ""}}, "ConversationSender has no field 'nme': did you mean 'name'?"),
        ({"id": "7"}, "Conversation.id cannot be '7': it would be read as 7"),
        ({"id": True}, "Conversation.id cannot be True: it is of another type"),
        ({"id": 7.0}, "Conversation.id cannot be 7.0: it would be read as 7"),
        ({"content": 3}, "Conversation.content cannot be 3: it is of another type"),
    ],
)
def test_what_the_api_could_not_send(overrides: dict[str, Any], told: str) -> None:
    """A typing error or a wrong type is an error that names it."""
    with pytest.raises(TypeError) as caught:
        conversation(**overrides)
    assert str(caught.value) == told


def test_a_wrong_item_of_a_list() -> None:
    """It is refused as well."""
    with pytest.raises(TypeError, match=r"Conversation.attachments cannot be \[1\]"):
        conversation(attachments=[1])


def test_a_date_needs_a_zone() -> None:
    """Without one it would not come back as it is; with any it does."""
    with pytest.raises(TypeError, match="would be read as"):
        conversation(created_at=datetime(2026, 1, 1))  # noqa: DTZ001

    zoned = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    assert conversation(created_at=zoned).created_at == zoned


@pytest.mark.parametrize("other", [dict, 3, Model.from_dict])
def test_what_is_no_model(other: Any) -> None:
    """It is named."""
    with pytest.raises(TypeError, match="is no model"):
        build(other)
