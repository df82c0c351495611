"""A secret is a type: it never prints, pickles or compares by accident, and is revealed by name only."""

from typing import Final, NoReturn

from enneo_mind_client.errors import ConfigurationError

MASK: Final = "***"
_NOT_PICKLED: Final = "A secret is not pickled or copied: make the client anew where it is needed."


class HeaderValue(str):
    """A header value that goes over the wire as it is, and shows as a mask in a repr, a log or a traceback."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"'{MASK}'"

    def __reduce__(self) -> NoReturn:
        raise TypeError(_NOT_PICKLED)


class Secret:
    """A credential's text, stripped of surrounding white space.

    Args:
        text: The credential.
        what: What it is, to begin an error message with: `the token`; never the value.

    Raises:
        ConfigurationError: The text is empty or cannot stand in a header (control or non-ASCII characters, spaces).
    """

    __slots__ = ("_text",)

    def __init__(self, text: str, what: str = "the token") -> None:
        what = what[0].upper() + what[1:]
        if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers are not all typed
            raise ConfigurationError(f"{what} must be a string, not {type(text).__name__}.")
        self._text = HeaderValue(text.strip())
        if not self._text:
            raise ConfigurationError(f"{what} is empty: an API key from the Enneo profile page is needed, or a login.")
        if not (self._text.isascii() and self._text.isprintable() and " " not in self._text):
            raise ConfigurationError(f"{what} has characters that no credential has (spaces, line breaks, non-ASCII).")

    def reveal(self) -> str:
        """Return the text. The only way to it."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError(_NOT_PICKLED)
