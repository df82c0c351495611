"""The headers of an answer, under lower-case names and found by a name in any case."""

from collections.abc import Iterable
from typing import TypeVar, overload

T = TypeVar("T")


class Headers(dict[str, str]):
    """Headers by lower-case name; what came several times is one value, with commas (RFC 9110, section 5.3)."""

    @classmethod
    def read(cls, items: Iterable[tuple[str, str]]) -> "Headers":
        """Return the headers of an answer, from their names and values as they came."""
        headers = dict[str, str]()
        for name, value in items:
            key = name.lower()
            headers[key] = f"{headers[key]}, {value}" if key in headers else value
        return cls(headers)

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())

    @overload
    def get(self, name: str, default: None = None, /) -> str | None: ...
    @overload
    def get(self, name: str, default: str, /) -> str: ...
    @overload
    def get(self, name: str, default: T, /) -> str | T: ...

    def get(self, name: str, default: object = None, /) -> object:
        """Return the value of a header, or a default."""
        return super().get(name.lower(), default)
