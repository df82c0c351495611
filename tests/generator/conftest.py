"""Packages generated from the tests' own documents, and the stock generator's package to compare with."""

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from openapi_python_client import generate as stock_generate
from openapi_python_client.config import Config, ConfigFile, MetaType

from tools import generate

SPECS = Path(__file__).parent / "specs"

Package = Callable[[str], ModuleType]


def operations_of(package: ModuleType) -> set[str]:
    """Return the modules of a generated package's operations, each as `tag.operation`."""
    return {
        f"{tag}.{operation}"
        for tag in _modules(importlib.import_module(f"{package.__name__}.api"))
        for operation in _modules(importlib.import_module(f"{package.__name__}.api.{tag}"))
    }


def _modules(package: ModuleType) -> list[str]:
    return [info.name for info in pkgutil.iter_modules(package.__path__)]


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A directory to import generated packages from."""
    directory = tmp_path_factory.mktemp("generated")
    sys.path.insert(0, str(directory))
    yield directory
    sys.path.remove(str(directory))


@pytest.fixture(scope="session")
def package(place: Path) -> Package:
    """Generate one of the tests' documents, once, and return the package."""

    def make(name: str) -> ModuleType:
        output = place / f"generated_{name}"
        if not output.exists():
            generate.generate(generate.Inputs(spec=SPECS / f"{name}.yaml", output=output))
        return importlib.import_module(output.name)

    return make


@pytest.fixture(scope="session")
def stock(place: Path) -> ModuleType:
    """The package that the generator makes of the published document with its own templates."""
    output = place / "stock_client"
    config_file = ConfigFile(post_hooks=[])
    config = Config.from_sources(
        config_file, MetaType.NONE, generate.Inputs().spec, "utf-8", overwrite=False, output_path=output
    )
    assert list(stock_generate(config=config)) == []
    return importlib.import_module("stock_client")
