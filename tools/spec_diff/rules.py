"""Every kind of change that is told apart: its words, and what it does to those who read responses and send requests.

The verdicts are for users of this client: its models take null anywhere, keep unknown fields and values, have a type
that says whether a field is always there, and its errors are raised by status, declared or not.
"""

from enum import Enum

from attrs import frozen


class Effect(Enum):
    """What a change does to code that was written before it, the worst first."""

    BREAKING = "breaking"
    ADDITIVE = "additive"
    COSMETIC = "cosmetic"
    NONE = "none"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Effect).index(self)


@frozen
class Rule:
    """One kind of change.

    Attributes:
        reader: What it does to a reader of responses.
        sender: What it does to a sender of requests.
        words: What is said of the changed part; `{old}` and `{new}` are its values.
        note: Why the verdict is what it is, where that is not plain.
    """

    reader: Effect
    sender: Effect
    words: str
    note: str = ""


B, A, C, N = Effect

RULES = {
    # operations
    "operation-removed": Rule(B, B, "the operation is gone"),
    "operation-added": Rule(A, A, "the operation is new"),
    "operation-moved": Rule(B, B, "the operation moved here from {old}"),
    "operation-renamed": Rule(
        B,
        B,
        "operationId changed from {old} to {new}",
        "the generated module and the classes of its bodies are renamed",
    ),
    "tag-changed": Rule(B, B, "the first tag changed from {old} to {new}", "the generated module moves"),
    "tags-changed": Rule(C, C, "the further tags changed"),
    "server-removed": Rule(N, B, "no server has the path {old} any more", "the client adds this path to a host"),
    "servers-changed": Rule(C, C, "the servers changed"),
    # credentials
    "auth-needed": Rule(N, B, "one is needed now: {new}"),
    "auth-dropped": Rule(N, A, "none is needed any more", "is that meant? anyone may call it"),
    "auth-way-removed": Rule(N, B, "{old} is not accepted any more"),
    "auth-way-added": Rule(N, A, "{new} is accepted too"),
    "scheme-changed": Rule(N, B, "the security scheme changed from {old} to {new}"),
    "scheme-removed": Rule(N, B, "the security scheme is gone, but still asked for"),
    "schemes-changed": Rule(C, C, "the declared security schemes changed"),
    # parameters and bodies of requests
    "parameter-removed": Rule(N, B, "the parameter is gone"),
    "parameter-added": Rule(N, A, "the parameter is new"),
    "parameter-added-required": Rule(N, B, "the parameter is new and required"),
    "now-required": Rule(A, B, "is required now"),
    "now-optional": Rule(B, A, "is not required any more", "for a reader its type now has UNSET in it"),
    "style-changed": Rule(N, B, "is written another way: {old} became {new}"),
    "body-removed": Rule(N, B, "the body is gone"),
    "body-added": Rule(N, A, "the body is new"),
    "body-added-required": Rule(N, B, "the body is new and required"),
    # responses
    "status-removed": Rule(B, N, "the status is gone"),
    "status-added": Rule(A, N, "the status is new"),
    "error-removed": Rule(A, N, "the status is gone", "errors are raised by status, declared or not"),
    "error-added": Rule(A, N, "the status is new", "errors are raised by status, declared or not"),
    "answer-removed": Rule(B, N, "the body is gone"),
    "answer-added": Rule(A, N, "the body is new"),
    "header-removed": Rule(B, N, "the header {old} is gone"),
    "header-added": Rule(A, N, "the header {new} is new"),
    "media-removed": Rule(B, B, "the content type {old} is gone"),
    "media-added": Rule(A, A, "the content type {new} is new"),
    # schemas
    "field-removed": Rule(B, B, "the field is gone"),
    "field-added": Rule(A, A, "the field is new"),
    "field-added-required": Rule(A, B, "the field is new and required"),
    "type-changed": Rule(B, B, "the type changed from {old} to {new}"),
    "type-widened": Rule(B, A, "the type widened from {old} to {new}"),
    "type-narrowed": Rule(A, B, "the type narrowed from {old} to {new}"),
    "null-added": Rule(A, A, "null is allowed now", "every field of a model may be None already"),
    "null-came": Rule(
        B, A, "null is allowed now in a list or as a whole answer", "the type in Python has None in it now"
    ),
    "null-removed": Rule(A, B, "null is not allowed any more"),
    "format-retyped": Rule(B, B, "the format changed from {old} to {new}", "the type in Python changes with it"),
    "format-changed": Rule(A, B, "the format changed from {old} to {new}"),
    "format-loosened": Rule(A, A, "the format changed from {old} to {new}"),
    "enum-value-removed": Rule(A, B, "the value {old} is gone"),
    "enum-value-added": Rule(A, A, "the value {new} is new", "enums are open: a value that is not known is kept"),
    "enum-added": Rule(A, B, "only certain values are allowed now: {new}"),
    "enum-removed": Rule(A, A, "any value is allowed now"),
    "model-renamed": Rule(B, B, "its schema was {old} and is {new}", "the class in Python is renamed"),
    "became-model": Rule(B, B, "the free-form object has declared fields now", "a dict becomes a class in Python"),
    "became-free-form": Rule(B, B, "the object has no declared fields any more", "a class becomes a dict in Python"),
    "extra-closed": Rule(A, B, "further fields are not allowed any more"),
    "extra-opened": Rule(A, A, "further fields are allowed now"),
    "extra-typed": Rule(A, B, "further fields have a type now"),
    "extra-untyped": Rule(B, A, "further fields may be anything now"),
    "variant-removed": Rule(A, B, "the alternative {old} is gone"),
    "variant-added": Rule(B, A, "the alternative {new} is new"),
    "limit-tightened": Rule(A, B, "{old} became {new}"),
    "limit-loosened": Rule(A, A, "{old} became {new}"),
    "default-changed": Rule(C, B, "the default changed from {old} to {new}", "leaving it out means something else now"),
    "deprecated": Rule(A, A, "is deprecated"),
    "undeprecated": Rule(C, C, "is not deprecated any more"),
    # the rest
    "keyword-changed": Rule(B, B, "{new} changed", "this keyword is not compared in detail, so look"),
    "component-removed": Rule(C, C, "the schema is gone, which no operation used"),
    "component-added": Rule(C, C, "the schema is new, which no operation uses"),
    "text-changed": Rule(C, C, "{new} changed"),
    "other": Rule(C, C, "the same is said in other words, or only parts changed that no operation uses"),
}
