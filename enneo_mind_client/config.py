"""Which instance a client talks to, and the limits of its calls: frozen, and validated when made."""

import ipaddress
import math
import re
from inspect import iscoroutinefunction
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from attrs import field, frozen

from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.events import AttemptHook, RetryHook
from enneo_mind_client.retries import NO_RETRIES, RetryPolicy

CONNECT_TIMEOUT: Final = 5.0
"""Seconds for connecting, at most."""

MAX_RESPONSE_BYTES: Final = 64 * 2**20
"""The largest decoded body that is read, unless a client is told otherwise."""

_API_PATH: Final = "/api/mind"
_SHORT_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_HOST: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9.])?|[0-9A-Fa-f:.]+")
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)*")
_HINT: Final = "Give a short name (demo), a host (demo.enneo.ai) or a base URL (https://demo.enneo.ai/api/mind)."


@frozen
class Instance:
    """Where an instance of Mind is.

    Attributes:
        base_url: Scheme, host, port and path, without a slash at its end.
        origin: Scheme, host and port: what credentials are bound to.
    """

    base_url: str
    origin: str

    @classmethod
    def parse(cls, text: str) -> "Instance":
        """Read a short name, a host or a whole base URL.

        Raises:
            ConfigurationError: It is none of these, or would send credentials in the clear to another machine.
        """
        if not isinstance(text, str) or not text.strip().isprintable():  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigurationError(f"The instance is no text that can be an address. {_HINT}")
        text = text.strip()
        if "://" in text:
            return cls._from_url(text)
        if _SHORT_NAME.fullmatch(text) and text.lower() != "localhost":
            return cls._from_url(f"https://{text}.enneo.ai")
        host = _host_of(text)
        found = cls._from_url(f"{'http' if is_loopback(host) else 'https'}://{text}")
        if not is_loopback(host) and not re.search("[.:]", host.strip(".")):
            raise ConfigurationError(f"The instance {_shown(text)} is a short name with more to it. {_HINT}")
        return found

    @classmethod
    def _from_url(cls, text: str) -> "Instance":
        url, port = _split(text)
        host = (url.hostname or "").lower()
        if url.scheme not in ("http", "https") or not _HOST.fullmatch(host):
            raise ConfigurationError(f"The instance {_shown(text)} is no http(s) address. {_HINT}")
        if url.username is not None or url.query or url.fragment or "?" in text or "#" in text:
            raise ConfigurationError(f"The instance must have no user, query or fragment in its address. {_HINT}")
        path = url.path.rstrip("/") or _API_PATH
        if not _PATH.fullmatch(path) or {".", ".."} & set(path.replace("%2e", ".").replace("%2E", ".").split("/")):
            raise ConfigurationError(f"The instance {_shown(text)} has a path that cannot be joined to. {_HINT}")
        if url.scheme == "http" and not is_loopback(host):
            raise ConfigurationError(f"The instance {_shown(text)} would get the credential in the clear: use https.")
        origin = _origin(url, port)
        return cls(base_url=origin + path, origin=origin)


def origin_of(url: str) -> str | None:
    """Return scheme, host and port of an http(s) address as `Instance.origin` writes them; None if it is none."""
    try:
        parts, port = _split(url)
    except ConfigurationError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        return None
    return _origin(parts, port)


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _host_of(text: str) -> str:
    url, _ = _split(f"//{text}")
    return (url.hostname or "").lower()


def _split(text: str) -> tuple[SplitResult, int | None]:
    try:
        url = urlsplit(text)
        return url, url.port
    except ValueError:
        raise ConfigurationError(f"The instance {_shown(text)} is no address. {_HINT}") from None


def _shown(text: str) -> str:
    return f"'{re.split('[?#]', text[-80:].rpartition('@')[2])[0]}'"


def _origin(url: SplitResult, port: int | None) -> str:
    host = (url.hostname or "").lower()
    netloc = f"[{host}]" if ":" in host else host
    default_port = 443 if url.scheme == "https" else 80
    return f"{url.scheme}://{netloc}" + ("" if port in (None, default_port) else f":{port}")


def count(value: object, name: str) -> int:
    """Return a whole number above 0.

    Raises:
        ConfigurationError: It is none.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ConfigurationError(f"{name} must be a whole number above 0.")
    return value


def _seconds(value: object, name: str) -> float:
    if value is None:
        return math.inf
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not value > 0:
        raise ConfigurationError(f"{name} must be a number of seconds above 0, or None for no bound.")
    return float(value)


def _timeout(value: object) -> float:
    return _seconds(value, "timeout")


def deadline_seconds(value: object) -> float:
    """Return a deadline as it is counted; None is infinite.

    Raises:
        ConfigurationError: It is no number above 0.
    """
    return _seconds(value, "deadline")


def _max_response_bytes(value: object) -> int:
    return count(value, "max_response_bytes")


def _policy(value: RetryPolicy | None) -> RetryPolicy:
    policy = NO_RETRIES if value is None else value
    if not isinstance(policy, RetryPolicy):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError("retry must be a RetryPolicy, or None for no retries.")
    return policy


def _check_hook(_: object, attribute: Any, hook: object) -> None:
    if hook is None:
        return
    if not callable(hook):
        raise ConfigurationError(f"{attribute.name} must be a function.")
    if iscoroutinefunction(hook) or iscoroutinefunction(type(hook).__call__):
        raise ConfigurationError(
            f"{attribute.name} must be a plain function, not an asynchronous one: no call waits for it."
        )


@frozen(kw_only=True)
class Settings:
    """The limits of every call of a client.

    Attributes:
        timeout: Seconds for one attempt; infinite where the caller gave None.
        deadline: Seconds for the whole call with its retries, waits and body; infinite where the caller gave None.
        retry: When to try again.
        strict: Whether what would be kept raw, or is missing, is an error; see `EnneoMind`.
        max_response_bytes: The largest decoded body that is read.
        on_attempt: Told of every attempt.
        on_retry: Told of every decision to try again.
    """

    timeout: float = field(default=30.0, converter=_timeout)
    deadline: float = field(default=45.0, converter=deadline_seconds)
    retry: RetryPolicy = field(factory=RetryPolicy, converter=_policy)
    strict: bool = False
    max_response_bytes: int = field(default=MAX_RESPONSE_BYTES, converter=_max_response_bytes)
    on_attempt: AttemptHook | None = field(default=None, validator=_check_hook)
    on_retry: RetryHook | None = field(default=None, validator=_check_hook)
