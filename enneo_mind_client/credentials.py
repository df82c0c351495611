"""Where the instance and the credential come from: arguments, then the environment, then the vendor's files."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from attrs import field, frozen

from enneo_mind_client.auth import AskedCredential, Credential, FixedCredential, bearer, cookie
from enneo_mind_client.clock import Clock
from enneo_mind_client.config import Instance
from enneo_mind_client.drivers import TokenSource
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.renewal import RenewedCredential, Tokens, tokens
from enneo_mind_client.secret import Secret
from enneo_mind_client.vendor_files import (
    BROWSER_TOKENS,
    ENV_FILE,
    read_browser_tokens,
    read_env_file,
    update_env_file,
)

_NO_INSTANCE: Final = 'No instance: pass one, as in EnneoMind("demo"), or set ENNEO_INSTANCE.'
_NO_CREDENTIAL: Final = (
    "No token for {origin}: pass token=..., set ENNEO_TOKEN (an API key from the Enneo profile page), "
    "or log in with the vendor's tools."
)


@frozen
class Surroundings:
    """What a process has around it: its environment variables and its user's home folder."""

    environ: Mapping[str, str] = field(repr=False)
    home: Path

    @classmethod
    def present(cls) -> "Surroundings":
        """Return those of this process, now."""
        try:
            return cls(os.environ, Path.home())
        except RuntimeError:  # an account without a home, as containers have them
            return cls(os.environ, Path(os.devnull))

    @property
    def env_file(self) -> Path:
        """The vendor's file of shell assignments."""
        return self.home / ENV_FILE

    @property
    def browser_tokens(self) -> Path:
        """The vendor's file of tokens by origin."""
        return self.home / BROWSER_TOKENS


def find_instance(instance: str | None, around: Surroundings) -> Instance:
    """Return the instance to talk to.

    Raises:
        ConfigurationError: None is named anywhere, or what is named is no address.
    """
    named = instance or around.environ.get("ENNEO_INSTANCE") or read_env_file(around.env_file).get("ENNEO_INSTANCE")
    if not named:
        origins = list(read_browser_tokens(around.browser_tokens))
        if len(origins) != 1:
            raise ConfigurationError(_NO_INSTANCE)
        named = origins[0]
    return Instance.parse(named)


def find_credential(
    instance: Instance,
    token: str | TokenSource | None,
    session_cookie: str | None,
    around: Surroundings,
    clock: Clock,
) -> Credential:
    """Return what to prove ourselves with to an instance.

    Raises:
        ConfigurationError: There is nothing, or what there is cannot be a credential.
    """
    given = _from_arguments(token, session_cookie)
    found = given or _from_environment(around) or _from_env_file(instance, around, clock)
    found = found or _from_browser(instance, around)
    if found is None:
        raise ConfigurationError(_NO_CREDENTIAL.format(origin=instance.origin))
    return found


def _from_arguments(token: str | TokenSource | None, session_cookie: str | None) -> Credential | None:
    if token is not None and session_cookie is not None:
        raise ConfigurationError("Pass either a token or a session_cookie, not both.")
    if session_cookie is not None:
        return FixedCredential(cookie(Secret(session_cookie, "the session cookie")), "the session_cookie argument")
    if token is None:
        return None
    if callable(token):
        return AskedCredential(token)
    return FixedCredential(bearer(Secret(token)), "the token argument")


def _from_environment(around: Surroundings) -> Credential | None:
    token = around.environ.get("ENNEO_TOKEN")
    return FixedCredential(bearer(Secret(token, "ENNEO_TOKEN")), "ENNEO_TOKEN") if token else None


def _from_env_file(instance: Instance, around: Surroundings, clock: Clock) -> Credential | None:
    path = around.env_file
    kept = read_env_file(path)
    named = kept.get("ENNEO_INSTANCE")
    if not kept.get("ENNEO_TOKEN") or (named and Instance.parse(named).origin != instance.origin):
        return None
    if not kept.get("ENNEO_REFRESH_TOKEN"):
        return FixedCredential(bearer(Secret(kept["ENNEO_TOKEN"], f"the token in {path}")), str(path))
    return RenewedCredential(
        instance,
        load=lambda: _load(path),
        store=lambda fresh: _store(path, fresh),
        source=str(path),
        clock=clock,
    )


def _from_browser(instance: Instance, around: Surroundings) -> Credential | None:
    path = around.browser_tokens
    token = read_browser_tokens(path).get(instance.origin)
    return FixedCredential(bearer(Secret(token, f"the token in {path}")), str(path)) if token else None


def _load(path: Path) -> Tokens:
    kept = read_env_file(path)
    refresh, end = kept.get("ENNEO_REFRESH_TOKEN"), kept.get("ENNEO_TOKEN_EXPIRES_AT", "")
    return tokens(
        Secret(kept.get("ENNEO_TOKEN", ""), f"the token in {path}"),
        Secret(refresh, f"the refresh token in {path}") if refresh else None,
        float(end) if end.isascii() and end.isdigit() else None,
    )


def _store(path: Path, fresh: Tokens) -> None:
    secrets = {"ENNEO_TOKEN": fresh.access, "ENNEO_REFRESH_TOKEN": fresh.refresh}
    values = {name: secret.reveal() for name, secret in secrets.items() if secret is not None}
    if fresh.expires_at != float("inf"):
        values["ENNEO_TOKEN_EXPIRES_AT"] = str(int(fresh.expires_at))
    update_env_file(path, values)
