"""The files in `~/.enneo` that the vendor's own tools keep: read without running a shell, written back atomically."""

import json
import os
import re
import shlex
import stat
import tempfile
import warnings
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, cast

from enneo_mind_client.errors import ConfigurationError

ENV_FILE: Final = Path(".enneo") / "env"
BROWSER_TOKENS: Final = Path(".enneo") / "browser-tokens.json"
_PLAIN: Final = re.compile(r"[A-Za-z0-9._~+/=:-]*")
_WORD: Final = r"""(?:[^\s"'\\;]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')*"""
_ASSIGNMENT: Final = re.compile(rf"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=({_WORD})\s*;?(?:\s+#.*)?\s*")


class InsecureFileWarning(UserWarning):
    """A file with a credential can be read by others on this machine."""


def read_env_file(path: Path) -> dict[str, str]:
    """Read `export NAME="value"` lines; what else a shell would do with them is not done.

    Raises:
        ConfigurationError: The file cannot be read.
    """
    found: dict[str, str] = {}
    for line in _read(path).splitlines():
        name, value = _assignment(line)
        if name:
            found[name] = value
    return found


def read_browser_tokens(path: Path) -> dict[str, str]:
    """Read the tokens by origin, such as `https://demo.enneo.ai`.

    Raises:
        ConfigurationError: The file cannot be read, or is not what the vendor's tools write.
    """
    text = _read(path)
    if not text:
        return {}
    try:
        entries = cast("dict[str, Any]", json.loads(text))
        return {origin: cast("str", entry["token"]) for origin, entry in entries.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ConfigurationError(f"{path} is not a file of tokens by origin: remove it or log in again.") from None


def update_env_file(path: Path, values: Mapping[str, str]) -> None:
    """Replace or add assignments, keep every other line; whole or not at all, readable by the owner only.

    Raises:
        OSError: The file cannot be written.
    """
    lines = [line for line in _read(path).splitlines() if _assignment(line)[0] not in values]
    lines += [f"export {name}={_quoted(value)}" for name, value in values.items()]
    _replace(Path(os.path.realpath(path)), "\n".join(lines) + "\n")


def _assignment(line: str) -> tuple[str, str]:
    found = _ASSIGNMENT.fullmatch(line)
    return (found[1], "".join(shlex.split(found[2]))) if found else ("", "")


def _quoted(value: str) -> str:
    return f'"{value}"' if _PLAIN.fullmatch(value) else shlex.quote(value)


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8-sig") as file:  # editors of Windows begin it with a mark
            _warn_if_open_to_others(path, os.fstat(file.fileno()).st_mode)
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read ({type(error).__name__}): mend or remove it.") from None


def _warn_if_open_to_others(path: Path, mode: int) -> None:
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        warnings.warn(f"{path} can be read by others: chmod 600 {path}", InsecureFileWarning, stacklevel=2)


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
