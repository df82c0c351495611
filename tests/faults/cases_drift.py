"""D and J. Documents that arrive whole and are not what the specification says; dates (F66) among them."""

from typing import Any, Final

from . import answers
from .fault import Fault, drift, raises, succeeds

STRICT: Final = {"strict": True}


def _one(name: str, stimulus: str, changes: dict[str, Any], note: str = "", **expected: Any) -> Fault:
    document = answers.answer(answers.conversation(**changes))
    return drift(name, stimulus, document, succeeds(**expected), note=note)


def _file(name: str, stimulus: str, changes: dict[str, Any], **expected: Any) -> Fault:
    return _one(name, stimulus, {"attachments": [answers.attachment(**changes)]}, **expected)


def _date(name: str, raw: Any, read: str | None, *, kept: bool = False) -> Fault:
    keeps = {"0.createdAt": raw} if kept else {}
    return _one(f"F66-{name}", f"createdAt {raw!r}", {"createdAt": raw}, reads={"0.created_at": read}, keeps=keeps)


def _unfit(name: str, stimulus: str, wire_name: str, attribute: str, raw: Any) -> Fault:
    return _one(
        name, stimulus, {wire_name: raw}, reads={f"0.{attribute}": "UNSET"}, keeps={f"0.{wire_name}": raw}, warns=True
    )


DATES: Final = (
    _date("epoch", 1657056276, "2022-07-05T21:24:36+00:00"),
    _date("epoch-text", "1657056276", "2022-07-05T21:24:36+00:00"),
    _date("epoch-float", 1657056276.5, "2022-07-05T21:24:36.500000+00:00"),
    _date("no-zone", "2026-01-01 00:00:00", "2026-01-01T00:00:00+00:00"),
    _date("z", "2023-11-07T05:31:56Z", "2023-11-07T05:31:56+00:00"),
    _date("offset", "2026-01-01T00:00:00+02:00", "2026-01-01T00:00:00+02:00"),
    _date("nanoseconds", "2023-11-07T05:31:56.123456789Z", "2023-11-07T05:31:56.123456+00:00"),
    _date("zero", "0000-00-00 00:00:00", None, kept=True),
    _date("empty", "", None, kept=True),
    _date("words", "yesterday", None, kept=True),
    _date("no-such-day", "2026-02-30 00:00:00", None, kept=True),
    _date("far", 10**18, None, kept=True),
    _date("null", None, None),
)

CASES: Final = (
    *(
        _one(f"F48-{wire_name}", f"PHP's [] for the object {wire_name}", {wire_name: []}, reads={path: "UNSET"})
        for wire_name, path in (("sender", "0.sender.name"), ("content", "0.content.message"))
    ),
    _file(
        "F48-extractionData",
        "PHP's [] for a free object",
        {"extractionData": []},
        reads={"0.attachments.0.id": 103013960646},
    ),
    drift(
        "F49-conversations",
        "PHP's object with numbers for keys, where the list is due",
        {"conversations": {"0": answers.conversation(id=1), "2": answers.conversation(id=2)}, "success": True},
        succeeds(reads={"0.id": 1, "1.id": 2}),
    ),
    _one("F49-to", "the same for a list of texts", {"to": {"1": "a", "3": "b"}}, reads={"0.to": ["a", "b"]}),
    *(
        _one(
            f"F50-{attribute}",
            f"null for {wire_name}",
            {wire_name: None},
            reads={f"0.{attribute}": None},
            note="null is None for anything, required or not, and never an exception.",
        )
        for wire_name, attribute in (
            ("to", "to"),
            ("type", "type_"),
            ("sender", "sender"),
            ("id", "id"),
            ("attachments", "attachments"),
        )
    ),
    _file(
        "F50-extractedData",
        "null for extractedData",
        {"extractedData": None},
        reads={"0.attachments.0.extracted_data": None},
    ),
    drift(
        "F50-conversations",
        "null for the list of conversations",
        {"conversations": None, "success": True},
        succeeds(reads={"": []}),
        note="null stands for none: an empty list. A list that is absent, or is no list, is an error (F47).",
    ),
    _one(
        "F50-in-a-list",
        "null among texts",
        {"to": ["a", None]},
        reads={"0.to": ["a"]},
        keeps={"0.to": ["a", None]},
        note="A list of texts has no null in it: it is left out, and the list is kept as it came.",
    ),
    *(
        drift(
            f"F92c-{name}",
            f"{name} among the conversations",
            answers.answer(raw, answers.conversation(id=2)),
            succeeds(reads={"0.id": "UNSET", "1.id": 2}, keeps={"0.$": raw}),
            note="An empty conversation stands for it, which keeps what came; the others stay readable.",
        )
        for name, raw in (("null", None), ("text", "garbled"), ("list", [1]))
    ),
    _one(
        "F51-surrogate",
        "a lone surrogate in a text",
        {"content": {"message": "a \ud800 b"}},
        reads={"0.content.message": "a \ud800 b"},
        note="The fast parser refuses it; the standard library's reads it, and is asked then.",
    ),
    _one("F51-nul", "NUL in a text", {"content": {"message": "a\0b"}}, reads={"0.content.message": "a\0b"}),
    *DATES,
    _one("F92a-direction", "an unknown direction", {"direction": "sideways"}, reads={"0.direction": "sideways"}),
    _file(
        "F92a-status",
        "an unknown status",
        {"extractionStatus": "paused"},
        reads={"0.attachments.0.extraction_status": "paused"},
    ),
    _one("F92b", "a new field", {"mood": {"x": [1]}}, keeps={"0.mood": {"x": [1]}}, warns=False),
    drift(
        "F92c",
        "a field is gone",
        answers.answer({"id": 1}, answers.conversation(id=2)),
        succeeds(reads={"0.id": 1, "0.created_at": "UNSET", "1.id": 2}),
        note="The specification declares no field required, so that each may be absent; the others stay readable.",
    ),
    _one("F92d-id", "a number as text", {"id": "123"}, reads={"0.id": 123}),
    *(
        _one(
            f"F92d-bool-{raw!r}".replace("'", "_"),
            f"{raw!r} for a boolean",
            {"isRead": raw},
            reads={"0.is_read": value},
        )
        for raw, value in ((1, True), (0, False), ("1", True), ("0", False))
    ),
    _unfit("F92d-id-text", "a text for an integer", "id", "id", "abc"),
    _unfit("F92d-id-bool", "a boolean for an integer", "id", "id", True),
    _unfit("F92d-id-fraction", "a fraction for an integer", "id", "id", 1.5),
    _unfit("F92d-bool-two", "2 for a boolean", "isRead", "is_read", 2),
    _unfit("F92d-type-object", "an object for a text", "type", "type_", {"a": 1}),
    _unfit("F92d-type-number", "a number for a text", "type", "type_", 7),
    _unfit("F92d-to-text", "a text for a list", "to", "to", "service@example.com"),
    _unfit("F92d-sender-text", "a text for an object", "sender", "sender", "Jörg"),
    drift(
        "F92d-strict",
        "two values of wrong types, strict",
        answers.answer(answers.conversation(id="abc"), answers.conversation(isRead=2)),
        raises("ResponseError", kind="shape", paths=("$.conversations[0].id", "$.conversations[1].isRead")),
        options=STRICT,
    ),
    drift(
        "F92c-strict",
        "items that cannot be read, strict",
        answers.answer(None, answers.conversation(to=["a", None])),
        raises("ResponseError", kind="shape", paths=("$.conversations[0]", "$.conversations[1].to[1]")),
        options=STRICT,
    ),
)
