"""What is published: built twice the same, with a bill of materials and licences that are allowed."""

import json
import zipfile
from email.message import Message
from pathlib import Path
from typing import Any

import cyclonedx.schema
import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from tests.spec_tools.conftest import Project
from tools import clean_install, dependencies, dist
from tools.dependencies import Dependency
from tools.supported import supported

SCHEMAS = Path(cyclonedx.schema.__file__).parent / "_res"
LOCK = Path(__file__).parents[2] / "requirements-dev.lock"


def test_built_twice(project: Project) -> None:
    """Sdist and wheel are built, the same twice, with types and metadata in order, in a copy of the project."""
    done = project.run("tools.dist", "--build-only", SOURCE_DATE_EPOCH="1700000000")

    assert (done.returncode, done.stderr) == (0, "")
    (wheel,) = (project.root / "dist").glob("*.whl")
    assert "enneo_mind_client/py.typed" in zipfile.ZipFile(wheel).namelist()
    assert f"{dist.digest(wheel)}  {wheel.name}" in done.stdout
    assert "metadata and README are in order" in done.stdout


@pytest.fixture(scope="module")
def runtime() -> list[Dependency]:
    """What the package needs at run time."""
    return dependencies.runtime(LOCK)


def test_runtime(runtime: list[Dependency]) -> None:
    """What the package and its extras need is found, also what these need, and none of the tools."""
    names = {found.name for found in runtime}

    assert {"aiohttp", "attrs", "httpx", "orjson", "starlette", "typer", "idna"} <= names
    assert names.isdisjoint({"pytest", "mypy", "twine", "enneo-mind-client"})


def test_licences(runtime: list[Dependency]) -> None:
    """Every dependency at run time is under a licence that is allowed."""
    assert [found.name for found in runtime if not found.is_allowed] == []


@pytest.mark.parametrize(
    ("name", "licence", "allowed"),
    [
        ("a", "MIT", True),
        ("a", "Apache-2.0 AND MIT", True),
        ("a", "MIT OR GPL-3.0-only", False),
        ("a", "GPL-3.0-only", False),
        ("a", "MPL-2.0", False),
        ("certifi", "MPL-2.0", True),
        ("orjson", "MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("a", "See the file", False),
        ("a", "", False),
    ],
)
def test_allowed(name: str, licence: str, allowed: bool) -> None:
    """A licence is allowed if each that it names is; a dependency that names none is not."""
    assert Dependency(name, "1", licence, ()).is_allowed is allowed


@pytest.mark.parametrize(
    ("headers", "licence"),
    [
        ({"License-Expression": "MIT", "License": "Something"}, "MIT"),
        ({"Classifier": "License :: OSI Approved :: BSD License"}, "BSD-3-Clause"),
        ({"License": "Apache-2.0\n  and the whole text"}, "Apache-2.0"),
        ({}, ""),
    ],
)
def test_licence_of(headers: dict[str, str], licence: str) -> None:
    """The licence is read from the exact field, else from the classifiers, else from the first line of the text."""
    metadata = Message()
    for name, value in headers.items():
        metadata[name] = value

    assert dependencies.licence_of(metadata) == licence


def test_bill_of_materials(runtime: list[Dependency]) -> None:
    """The bill of materials is valid CycloneDX, the same each time, and names what needs what."""
    written = dependencies.bill_of_materials(runtime, "1.2.3", 1700000000)
    bom = json.loads(written)

    assert written == dependencies.bill_of_materials(runtime, "1.2.3", 1700000000)
    assert list(_validator().iter_errors(bom)) == []
    needs = {entry["ref"].partition("@")[0]: entry["dependsOn"] for entry in bom["dependencies"]}
    assert any(ref.startswith("pkg:pypi/aiohttp@") for ref in needs["pkg:pypi/enneo-mind-client"])
    assert any(ref.startswith("pkg:pypi/yarl@") for ref in needs["pkg:pypi/aiohttp"])


def _validator() -> Draft7Validator:
    def schema(name: str) -> Any:
        return json.loads((SCHEMAS / name).read_text(encoding="utf-8"))

    bom = schema("bom-1.6.SNAPSHOT.schema.json")
    base = bom["$id"].rpartition("/")[0]
    names = ("spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json")
    resources = [(f"{base}/{name}", Resource.from_contents(schema(name))) for name in names]
    registry: Registry[Any] = Registry().with_resources(resources)
    return Draft7Validator(bom, registry=registry)


def test_python_that_is_not_there() -> None:
    """A Python that is not installed is not found."""
    assert list(clean_install.pythons("3.99")) == []


def test_shim_that_leads_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name on PATH that does not start is no Python."""
    shim = tmp_path / "python3.99"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))

    assert list(clean_install.pythons("3.99")) == []


def test_failing_command() -> None:
    """What goes wrong while installing is told with what the command said."""
    with pytest.raises(clean_install.InstallError, match="ends with 3"):
        clean_install.run("sh", "-c", "exit 3")


def test_supported() -> None:
    """The versions of Python to be tried are those that the classifiers promise."""
    assert supported()[0] == "3.11"
    assert len(supported()) >= 3


def test_the_locks_agree_and_name_no_host() -> None:
    """What the demo installs has the versions and hashes that all else is tested with; no lock has an address."""
    every, demo = (LOCK.with_name(f"requirements-{name}.lock").read_text() for name in ("dev", "demo"))
    pinned = {line.split(" ;")[0].rstrip(" \\") for line in every.splitlines() if "==" in line}

    assert {line.split(" ;")[0].rstrip(" \\") for line in demo.splitlines() if "==" in line} <= pinned
    assert "://" not in every + demo
