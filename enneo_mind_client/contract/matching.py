"""Which operation of a document an address is of, below whatever base path."""

import re
from typing import Any

from enneo_mind_client.contract.documents import Document, Endpoint
from enneo_mind_client.errors import ConfigurationError


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]*\}", template)
    return re.compile("(?:/.*)?" + "[^/]+".join(map(re.escape, parts)) + "/?", re.DOTALL)


def _patterns(document: Document) -> list[tuple[re.Pattern[str], Endpoint]]:
    # More steps tell an operation better from another, and then fewer parameters do.
    endpoints = sorted(document.endpoints.values(), key=lambda each: (-each.path.count("/"), each.path.count("{")))
    return [(_pattern(each.path), each) for each in endpoints]


class Matcher:
    """Finds operations by address and by name."""

    def __init__(self, document: Document) -> None:
        self.document, self._known = document, _patterns(document)

    def find(self, method: Any, path: str) -> Endpoint | None:
        """Return the operation that an address is of, if it is of one."""
        asked = str(method).upper()
        return next((each for pattern, each in self._known if each.method == asked and pattern.fullmatch(path)), None)

    def named(self, name: str) -> Endpoint:
        """Return the operation of a name.

        Raises:
            ConfigurationError: There is none.
        """
        for endpoint in self.document.endpoints.values():
            if endpoint.name == name:
                return endpoint
        names = ", ".join(sorted(each.name for each in self.document.endpoints.values()))
        raise ConfigurationError(f"The document has no operation {name}; it has {names or 'none'}.")
