"""The baseline: known deviations in a file that is read, compared and reviewed."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from enneo_mind_client.contract.documents import as_object
from enneo_mind_client.contract.findings import Finding, Key
from enneo_mind_client.contract.report import KEY
from enneo_mind_client.errors import ConfigurationError

SCHEMA_VERSION: Final = 1


def read_baseline(path: str | Path) -> frozenset[Key]:
    """Return the keys of the findings that are known.

    Raises:
        ConfigurationError: The file cannot be read, or is no baseline.
    """
    try:
        written: Any = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigurationError(f"The baseline {path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise ConfigurationError(f"The baseline {path} is not JSON.") from None
    document = as_object(written)
    if document.get("schemaVersion") != SCHEMA_VERSION or not isinstance(document.get("findings"), list):
        raise ConfigurationError(f"{path} is no baseline of version {SCHEMA_VERSION}: write it with --write-baseline.")
    return frozenset(_key(path, at, entry) for at, entry in enumerate(document["findings"]))


def _key(path: str | Path, at: int, entry: Any) -> Key:
    parts = [as_object(entry).get(name, "") for name in KEY]
    if not all(isinstance(part, str) for part in parts) or not all(parts[:-1]):
        needed = ", ".join(KEY[:-1])
        raise ConfigurationError(f"{path} is broken: finding {at} needs {needed}, which are texts, and may have value.")
    kind, operation, where, document, value = parts
    return kind, operation, where, document, value


def write_baseline(path: str | Path, findings: Iterable[Finding]) -> None:
    """Write the keys of findings, sorted and one a line, in place of what the file was.

    Raises:
        ConfigurationError: The file cannot be written.
    """
    lines = [json.dumps(_entry(key), ensure_ascii=False) for key in sorted({finding.key for finding in findings})]
    listed = "".join(f"\n  {line}" + ("," if line is not lines[-1] else "\n ") for line in lines)
    text = f'{{\n "schemaVersion": {SCHEMA_VERSION},\n "findings": [{listed}]\n}}\n'
    target = Path(path).resolve()  # what a link names, and not the link
    scratch = target.with_name(f".{target.name}.{uuid4().hex}")
    try:
        scratch.write_text(text, encoding="utf-8")
        scratch.replace(target)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        raise ConfigurationError(f"The baseline {path} cannot be written: {error.strerror}.") from None


def _entry(key: Key) -> dict[str, str]:
    return {name: part for name, part in zip(KEY, key, strict=True) if part}
