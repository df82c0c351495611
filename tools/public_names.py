"""The public interface of the package in a folder, as griffe reads it without importing anything."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import griffe

PACKAGE = "enneo_mind_client"
_MODULES = ("errors", "testing", "_generated.models")


def public_names(root: Path) -> dict[str, Any]:
    """Return the public objects of the package that stands in a folder, by the names that users know."""
    package: Any = griffe.load(
        PACKAGE,
        search_paths=[root.resolve()],
        try_relative_path=False,
        allow_inspection=False,
        resolve_aliases=True,
        resolve_external=False,
    )
    door = {name: member for name, member in package.members.items() if member.is_alias and name[0] != "_"}
    found = {name: member for name, member in door.items() if member.target_path.startswith(PACKAGE)}
    for room in _MODULES:
        module = package[room]
        names = module.exports or [name for name, member in module.members.items() if not member.is_alias]
        public = room.rpartition(".")[2]
        found |= {f"{public}.{name}": module[name] for name in map(str, names) if not name.startswith("_")}
    found |= dict(_facades(package))
    objects = {name: target for name, member in found.items() if (target := _target(member)) is not None}
    return _with_what_they_lead_to(package, objects | dict(_functions(package["_generated.api"])))


def _facades(package: Any) -> Iterator[tuple[str, Any]]:
    """Yield the classes that come blocking and asynchronous: attributes of a client lead to them."""
    for module in package.members.values():
        classes: dict[str, Any] = module.members if not module.is_alias and module.is_module else {}
        for name in classes:
            if f"Async{name}" in classes:
                yield f"{module.name}.{name}", classes[name]
                yield f"{module.name}.Async{name}", classes[f"Async{name}"]


def _functions(module: Any) -> Iterator[tuple[str, Any]]:
    for name, member in module.members.items():
        if member.is_alias or name.startswith("_"):
            continue
        if member.is_module:
            yield from _functions(member)
        elif member.is_function:
            yield member.path.removeprefix(f"{PACKAGE}."), member


def _with_what_they_lead_to(package: Any, objects: dict[str, Any]) -> dict[str, Any]:
    """Add the classes that public attributes and functions are of."""
    known = {member.path: name for name, member in objects.items()}
    queue = list(objects.values())
    while queue:
        for path in _named_by(queue.pop()):
            found = _class_at(package, path.removeprefix(f"{PACKAGE}."))
            if found is not None and found.path not in known:
                known[found.path] = found.path.removeprefix(f"{PACKAGE}.")
                queue.append(found)
                objects[known[found.path]] = found
    return objects


def _class_at(package: Any, path: str) -> Any:
    """Return a public class, or None: griffe does not see through `import *`, but what that brings is known already."""
    try:
        found = _target(package[path])
    except KeyError:
        return None
    return found if found is not None and found.is_class and not found.name.startswith("_") else None


def _target(member: Any) -> Any:
    """Return what a name stands for, or None if that is gone."""
    try:
        return member.final_target if member.is_alias else member
    except griffe.AliasResolutionError:
        return None


def _named_by(member: Any) -> Iterator[str]:
    """Yield the paths within the package that a public object names."""
    below = member.members.values() if member.is_class else [member]
    for one in below:
        if one.is_alias or (one.name.startswith("_") and one is not member):
            continue
        said: Any = (one.annotation or one.value) if one.is_attribute else one.returns if one.is_function else None
        for part in said.iterate() if isinstance(said, griffe.Expr) else ():
            path = getattr(part, "canonical_path", "")
            if path.startswith(f"{PACKAGE}."):
                yield path
