"""Where a task finds its token. What is shipped to the executors shows in no repr, and so in no plan or log."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from attrs import field, frozen

from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.secret import MASK, Secret

Token: TypeAlias = str | Callable[[], str] | None


def _masked(value: object) -> str:
    return str(value) if value is None else MASK


@frozen
class TokenPlace:
    """Where the token is; without any of these it is where a client of the executor's user looks.

    Attributes:
        env: The name of an environment variable of the executors.
        file: The path of a file on the executors, read for each request, so that it may be renewed.
        text: The token itself. Unlike a `Secret` this can be pickled, which is how Spark ships code to executors.
    """

    env: str | None = None
    file: str | None = None
    text: str | None = field(default=None, repr=_masked)

    def __attrs_post_init__(self) -> None:
        if [self.env, self.file, self.text].count(None) < 2:
            raise ConfigurationError("Give a token in one way: tokenEnv, tokenFile or register(spark, token=...).")
        if self.text is not None:
            Secret(self.text)

    def find(self, environ: Mapping[str, str] = os.environ) -> Token:
        """Return the token for a client.

        Raises:
            ConfigurationError: It is not where it should be.
        """
        if self.env is not None:
            return _from_environment(self.env, environ)
        if self.file is None:
            return self.text
        path = self.file
        read_token(path)
        return lambda: read_token(path)


def _from_environment(name: str, environ: Mapping[str, str]) -> str:
    if name not in environ:
        raise ConfigurationError(f"This executor has no variable {name}, which tokenEnv names: set it on every one.")
    return environ[name]


def read_token(path: str) -> str:
    """Return the token in a file.

    Raises:
        ConfigurationError: It cannot be read.
    """
    try:
        return Path(path).read_text("utf-8")
    except (OSError, ValueError) as error:
        said = f"This executor cannot read {path!r} ({type(error).__name__}), which tokenFile names"
        raise ConfigurationError(f"{said}: mount it on every one.") from None
