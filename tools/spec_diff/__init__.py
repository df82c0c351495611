"""What changed between two OpenAPI documents, and for whom it breaks something: see rules.py for the verdicts."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from tools.spec_diff import operations
from tools.spec_diff.changes import Change, View, merged
from tools.spec_diff.documents import Document, Node, listing, mapping
from tools.spec_diff.schemas import Schemas, shown

_TEXT_PARTS = ("info", "tags", "externalDocs")
_PARTS = {"openapi", "paths", "components", "servers", "security", *_TEXT_PARTS}


def compare(old: Document, new: Document) -> list[Change]:
    """Return what changed, the worst first, in an order that depends on nothing else.

    Raises:
        UnusableError: A reference leads nowhere, in a circle or out of its document.
    """
    changes = [*operations.compare(old, new), *_servers(old, new), *_schemes(old, new), *_texts(old.root, new.root)]
    changes += _unused(old, new)
    if not changes and old.root != new.root:
        changes.append(View().change("other"))
    return merged(changes)


def _servers(old: Document, new: Document) -> Iterator[Change]:
    before, after = (listing(document.root.get("servers")) for document in (old, new))
    gone = {_path(server) for server in before} - {_path(server) for server in after}
    for path in sorted(gone):
        yield View().change("server-removed", path or "/")
    if not gone and before != after:
        yield View().change("servers-changed")


def _path(server: object) -> str:
    url = str(mapping(server).get("url", ""))
    for name, variable in mapping(mapping(server).get("variables")).items():
        url = url.replace(f"{{{name}}}", str(mapping(variable).get("default", "")))
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError:
        return url


def _schemes(old: Document, new: Document) -> Iterator[Change]:
    before, after = (
        mapping(mapping(document.root.get("components")).get("securitySchemes")) for document in (old, new)
    )
    asked = " ".join(way for operation in operations.operations_of(new).values() for way in operation.credentials)
    for name in sorted({*before, *after}):
        view = View(part=f"security scheme {name}")
        one, other = old.resolved(before.get(name)), new.resolved(after.get(name))
        if one and other and _scheme(one) != _scheme(other):
            yield view.change("scheme-changed", _scheme(one), _scheme(other))
        elif one and not other and name in asked.split():
            yield view.change("scheme-removed")
        elif one != other:
            yield view.change("schemes-changed")


def _scheme(node: Node) -> str:
    """Return what a security scheme asks for, in words."""
    kind = str(node.get("type"))
    says = {
        "http": f"http {str(node.get('scheme')).lower()}",
        "apiKey": f"apiKey in {node.get('in')} {node.get('name')}",
        "oauth2": f"oauth2 {shown(node.get('flows'))}",
        "openIdConnect": f"openIdConnect {node.get('openIdConnectUrl')}",
    }
    return says.get(kind, kind)


def _texts(old: Node, new: Node) -> Iterator[Change]:
    said = [part for part in _TEXT_PARTS if old.get(part) != new.get(part)]
    said += ["openapi"] if old.get("openapi") != new.get("openapi") else []
    said += sorted(key for key in {*old, *new} - _PARTS if key.startswith("x-") and old.get(key) != new.get(key))
    if said:
        yield View().change("text-changed", new=", ".join(said))
    for keyword in sorted({*old, *new} - _PARTS - {*said}):
        if old.get(keyword) != new.get(keyword):
            yield View().change("keyword-changed", new=keyword)


def _unused(old: Document, new: Document) -> Iterator[Change]:
    """Yield what changed in schemas that no operation uses, neither before nor after."""
    schemas, used = Schemas(old, new), old.used_schemas() | new.used_schemas()
    for name in sorted({*old.schemas, *new.schemas} - used):
        view = View(part=name, reads=False, sends=False)
        if name not in new.schemas:
            yield View(part=name).change("component-removed")
        elif name not in old.schemas:
            yield View(part=name).change("component-added")
        elif any(schemas.compare(old.schemas[name], new.schemas[name], view)):
            yield View(part=name).change("text-changed", new="the schema, which no operation uses,")
