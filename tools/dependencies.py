"""What the package needs at run time, as it is locked: a bill of materials, and under which licences it is."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import Message
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any, cast
from uuid import NAMESPACE_OID, uuid5

from attrs import frozen
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PACKAGE = "enneo-mind-client"

PERMISSIVE = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "PSF-2.0", "Unlicense", "Zlib"}
)
"""Licences that any dependency may have."""

ACCEPTED = {"certifi": {"MPL-2.0"}, "orjson": {"MPL-2.0"}}
"""What single dependencies may have besides: the MPL binds changes of its own files only, and we make none."""

_CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_OPERATORS = frozenset({"AND", "OR", "WITH"})


@frozen
class Dependency:
    """A locked dependency.

    Attributes:
        name: Its normalized name.
        version: The locked version.
        licence: Its licence as an SPDX expression; what it says itself if that is none, empty if it says nothing.
        needs: The names of what it needs itself.
    """

    name: str
    version: str
    licence: str
    needs: tuple[str, ...]

    @property
    def is_allowed(self) -> bool:
        """Whether each licence that is named is one of those which may be used."""
        named = set(re.findall(r"[\w.+-]+", self.licence)) - _OPERATORS
        return bool(named) and named <= PERMISSIVE | ACCEPTED.get(self.name, set())


def locked(lock: Path) -> dict[str, str]:
    """Return the locked versions by normalized name."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def runtime(lock: Path) -> list[Dependency]:
    """Return what the package and its extras need on this platform, in the locked versions, by name."""
    versions = locked(lock)
    found: dict[str, Dependency] = {}
    queue = _own_needs()
    while queue:
        name, extras = queue.pop()
        if name in found or name == PACKAGE:
            continue
        installed = distribution(name)
        needs = list(_needs(installed, extras))
        licence = licence_of(cast("Message", installed.metadata))
        found[name] = Dependency(name, versions[name], licence, tuple(sorted({needed for needed, _ in needs})))
        queue += needs
    return [found[name] for name in sorted(found)]


def _own_needs() -> list[tuple[str, tuple[str, ...]]]:
    installed = distribution(PACKAGE)
    return _needs(installed, cast("Message", installed.metadata).get_all("Provides-Extra", []))


def _needs(installed: Distribution, extras: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return what a distribution needs with some extras: names, each with the extras that it is wanted with."""
    wanted: dict[str, tuple[str, ...]] = {}
    for text in installed.requires or ():
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            wanted[canonicalize_name(requirement.name)] = tuple(sorted(requirement.extras))
    return list(wanted.items())


def licence_of(metadata: Message) -> str:
    """Return what a distribution's metadata says of its licence, the exact ways first."""
    if expression := metadata.get("License-Expression"):
        return str(expression)
    classifiers = [value.rpartition(" :: ")[2] for value in metadata.get_all("Classifier", [])]
    named = [_CLASSIFIERS[value] for value in classifiers if value in _CLASSIFIERS]
    return " AND ".join(sorted(set(named))) or str(metadata.get("License", "")).strip().partition("\n")[0]


def report(dependencies: Sequence[Dependency]) -> str:
    """Return the licences as a table."""
    lines = ["| package | version | licence |", "|---|---|---|"]
    lines += [f"| {found.name} | {found.version} | {found.licence or '?'} |" for found in dependencies]
    return "\n".join(lines) + "\n"


def bill_of_materials(dependencies: Sequence[Dependency], version: str, epoch: int) -> str:
    """Return a CycloneDX 1.6 document, the same for the same dependencies and time."""
    chosen = ",".join(f"{found.name}=={found.version}" for found in dependencies)
    references = {found.name: _reference(found.name, found.version) for found in dependencies}
    own = _reference(PACKAGE, version)
    needed = {own: [name for name, _ in _own_needs()]}
    needed |= {references[found.name]: list(found.needs) for found in dependencies}
    bom = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_OID, f'{own} {chosen}')}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(epoch, UTC).isoformat(),
            "component": {"type": "library", "name": PACKAGE, "version": version, "bom-ref": own, "purl": own},
        },
        "components": [_component(found) for found in dependencies],
        "dependencies": [
            {"ref": one, "dependsOn": sorted(references[name] for name in set(names) if name in references)}
            for one, names in needed.items()
        ],
    }
    return json.dumps(bom, indent=2) + "\n"


def _component(found: Dependency) -> dict[str, Any]:
    reference = _reference(found.name, found.version)
    licence = {"expression": found.licence} if " " in found.licence else {"license": {"id": found.licence}}
    known = {"type": "library", "name": found.name, "version": found.version, "bom-ref": reference, "purl": reference}
    return {**known, "licenses": [licence]} if found.licence else known


def _reference(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"
