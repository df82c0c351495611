"""Each template of ours is there because of what upstream's own does: when a test here fails, ours may go."""

import copy
import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from tools import generate

REASONS = {
    "client.py.jinja": "test_upstreams_client_prints_its_token",
    "endpoint_module.py.jinja": "test_upstreams_endpoints_raise_on_an_unregistered_status",
    "errors.py.jinja": "test_upstreams_error_prints_the_whole_body",
    "literal_enum.py.jinja": "test_upstreams_enums_are_closed",
    "model.py.jinja": "test_upstreams_models_raise_on_null",
    "models_init.py.jinja": "test_upstreams_models_are_imported_all_at_once",
    "package_init.py.jinja": "test_upstreams_package_exports_its_client",
    "shared.jinja": "",
    "types.py.jinja": "test_upstreams_unset_does_not_survive_copying",
}


def part(stock: ModuleType, name: str) -> Any:
    """Import a module of the stock package."""
    return importlib.import_module(f"{stock.__name__}.{name}")


def test_every_template_says_why_it_is_there() -> None:
    """Each template opens with what differs from upstream, and a test here shows that it has to."""
    templates = {path.name: path.read_text() for path in generate.TEMPLATES.iterdir()}

    assert set(REASONS) == set(templates)
    assert all(text.startswith(("{# Differs from upstream:", "{# Not in upstream:")) for text in templates.values())
    assert all(name in globals() for name in REASONS.values() if name)


def test_upstreams_client_prints_its_token(stock: ModuleType) -> None:
    """Upstream's client shows the credential in its repr."""
    client = stock.AuthenticatedClient(base_url="https://x.example", token="secret-token")

    assert "secret-token" in repr(client)


def test_upstreams_endpoints_raise_on_an_unregistered_status(stock: ModuleType) -> None:
    """Upstream's endpoints raise ValueError on a status such as 520."""
    client = stock.AuthenticatedClient(base_url="https://x.example", token="t")
    transport = httpx.MockTransport(lambda _: httpx.Response(520))
    client.set_httpx_client(httpx.Client(base_url="https://x.example", transport=transport))

    with pytest.raises(ValueError, match="520"):
        part(stock, "api.conversation.get_conversations").sync(1, client=client)
    client.get_httpx_client().close()


def test_upstreams_error_prints_the_whole_body(stock: ModuleType) -> None:
    """Upstream's error has all of the body, which may be personal data, in its message."""
    assert "x" * 10_000 in str(part(stock, "errors").UnexpectedStatus(500, b"x" * 10_000))


def test_upstreams_models_raise_on_null(stock: ModuleType) -> None:
    """Upstream's models raise where null stands for an object."""
    with pytest.raises(TypeError):
        part(stock, "models").Conversation.from_dict({"sender": None})


def test_upstreams_unset_does_not_survive_copying(stock: ModuleType) -> None:
    """Upstream's UNSET is another object when it was copied, and then no longer means absent."""
    unset = part(stock, "types").UNSET

    assert copy.deepcopy(unset) is not unset


def test_upstreams_package_exports_its_client(stock: ModuleType) -> None:
    """Upstream's package offers clients that ours replaces."""
    assert set(stock.__all__) == {"AuthenticatedClient", "Client"}


def test_upstreams_models_are_imported_all_at_once(stock: ModuleType) -> None:
    """Upstream imports every model when one is used."""
    code = Path(str(part(stock, "models").__file__)).read_text()

    assert "\nfrom .error import Error" in code
    assert "__getattr__" not in code


def test_upstreams_enums_are_closed(place: Path) -> None:
    """Upstream's literal enums raise on a value that a newer server sends."""
    spec = place / "enum.yaml"
    spec.write_text(
        "openapi: 3.0.0\ninfo: {title: x, version: '1'}\npaths: {}\n"
        "components: {schemas: {A: {type: object, properties: {mood: {type: string, enum: [calm]}}}}}\n"
    )
    from openapi_python_client import generate as stock_generate
    from openapi_python_client.config import Config, ConfigFile, MetaType

    config_file = ConfigFile(literal_enums=True, post_hooks=[])
    output = place / "stock_enum"
    stock_generate(
        config=Config.from_sources(config_file, MetaType.NONE, spec, "utf-8", overwrite=False, output_path=output)
    )

    with pytest.raises(TypeError, match="Unexpected value 'wild'"):
        importlib.import_module("stock_enum.models").A.from_dict({"mood": "wild"})
