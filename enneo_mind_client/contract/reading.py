"""Reads an OpenAPI document from the package or from a file: JSON, or YAML where a library for it is installed."""

import importlib
from codecs import BOM_UTF8
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson

from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.shapes import is_list, is_object


def packaged(name: str) -> Any:
    """Return the document that the package was generated from, `published` or `corrected`."""
    return orjson.loads((files("enneo_mind_client") / "_generated" / "openapi" / f"{name}.json").read_bytes())


def read(path: Path) -> Any:
    """Return the document of a file.

    Raises:
        ConfigurationError: It cannot be read, or there is no library to read it.
    """
    try:
        content = path.read_bytes().removeprefix(BOM_UTF8)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from None
    try:
        return orjson.loads(content) if content.lstrip().startswith(b"{") else _plain(_yaml(path, content))
    except orjson.JSONDecodeError as error:
        raise ConfigurationError(f"{path} is not JSON: line {error.lineno}, column {error.colno}.") from None
    except RecursionError:
        raise ConfigurationError(f"{path} is nested too deeply, or contains itself.") from None


def _yaml(path: Path, content: bytes) -> Any:
    for library, load in (("ruamel.yaml", _by_ruamel), ("yaml", _by_pyyaml)):
        try:
            module = importlib.import_module(library)
        except ModuleNotFoundError:
            continue
        try:
            return load(module, content)
        except (ValueError, module.YAMLError) as error:
            raise ConfigurationError(f"{path} is neither JSON nor YAML: {type(error).__name__}.") from None
    raise ConfigurationError(f"{path} is not JSON; for YAML: pip install ruamel.yaml")


def _by_ruamel(module: Any, content: bytes) -> Any:
    return module.YAML(typ="safe", pure=True).load(content)


def _by_pyyaml(module: Any, content: bytes) -> Any:
    return module.safe_load(content)


def _plain(node: Any) -> Any:
    """Return a YAML document as JSON would hold it: keys are strings, and dates as well."""
    if is_object(node):
        return {str(key): _plain(value) for key, value in node.items()}
    if is_list(node):
        return [_plain(value) for value in node]
    return node.isoformat() if isinstance(node, date) else node
