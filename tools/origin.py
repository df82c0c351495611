"""Where the document comes from: what is recorded of it in openapi/ORIGIN.json, and how a new one is fetched."""

import hashlib
import json
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from attrs import asdict, frozen

from enneo_mind_client.config import Instance, is_loopback, origin_of
from enneo_mind_client.errors import ConfigurationError

MAX_BYTES = 32 * 2**20
DEADLINE = 60.0
_SERVED_AT = "/docs/open-api"


class FetchError(Exception):
    """A document could not be fetched."""


@frozen
class Origin:
    """What is recorded of a document.

    Attributes:
        origin: The address where the newest one is served.
        sha256: The hash of the one that is kept.
        date: The day on which it was fetched.
    """

    origin: str
    sha256: str
    date: str

    @classmethod
    def read(cls, path: Path) -> "Origin":
        """Read the record."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def after(self, content: bytes, address: str) -> "Origin":
        """Return the record for another document; one that came from a file leaves the address as it is."""
        return Origin(address or self.origin, digest(content), datetime.now(UTC).date().isoformat())

    def retell(self, text: str, fresh: "Origin") -> str:
        """Return a text that tells this record with the fresh one in its place."""
        for old, new in zip(asdict(self).values(), asdict(fresh).values(), strict=True):
            text = text.replace(old, new)
        return text

    def dumps(self) -> str:
        """Return the record as the file has it."""
        return json.dumps(asdict(self), indent=2) + "\n"


def digest(content: bytes) -> str:
    """Return the hash that a document is known by."""
    return hashlib.sha256(content).hexdigest()


def address_of(source: str) -> str:
    """Return the address of a document: its own, or where an instance (name, host or base URL) serves it.

    Raises:
        FetchError: It is neither, or would be fetched in the clear from another machine.
    """
    url = urlsplit(source)
    if "://" in source and url.path.endswith((_SERVED_AT, ".yaml", ".yml", ".json")):
        if url.scheme != "https" and not (url.scheme == "http" and is_loopback(url.hostname or "")):
            raise FetchError(f"{source}: only https is taken from another machine")
        return source
    try:
        return Instance.parse(source).base_url + _SERVED_AT
    except ConfigurationError as failure:
        raise FetchError(f"{source}: no file, no address of a document, no instance: {failure}") from None


def credentials_for(address: str, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the header for an address on the caller's own instance, and none for any other."""
    instance, token = environment.get("ENNEO_INSTANCE"), environment.get("ENNEO_TOKEN")
    if instance and token and Instance.parse(instance).origin == origin_of(address):
        return {"Authorization": f"Bearer {token}"}
    return {}


def fetch(address: str) -> bytes:
    """Fetch a document; a redirect is not followed, since it could lead anywhere.

    Raises:
        FetchError: It is not served, too large or too slow.
    """
    until = time.monotonic() + DEADLINE
    content = bytearray()
    try:
        with httpx.stream("GET", address, headers=credentials_for(address), timeout=10) as response:
            if response.status_code != 200:
                raise FetchError(f"{address} answers {response.status_code}")
            for chunk in response.iter_bytes(2**16):
                content += chunk
                if len(content) > MAX_BYTES or time.monotonic() > until:
                    raise FetchError(f"{address} sends more than {MAX_BYTES} bytes, or for more than {DEADLINE:.0f} s")
    except httpx.HTTPError as failure:
        raise FetchError(f"{address} cannot be fetched: {type(failure).__name__}: {failure}") from None
    return bytes(content)
