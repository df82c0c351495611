"""The pipeline: the same bytes everywhere, nothing half done, and every difference found."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import generate, overlay
from tools.generate import Inputs
from tools.nodes import GenerationError

from .conftest import SPECS

GROWN = SPECS / "grown.yaml"


def contents(package: Path) -> dict[str, bytes]:
    """Return every file of a package."""
    return {path.relative_to(package).as_posix(): path.read_bytes() for path in package.rglob("*") if path.is_file()}


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    """The project's document, to be generated somewhere else."""
    made = Inputs(output=tmp_path / "some" / "where")
    generate.generate(made)
    return made


def test_the_committed_package_is_what_is_generated() -> None:
    """The package in the repository is the one that its document gives."""
    assert generate.differences(Inputs()) == []


def test_every_file_says_that_it_is_generated(inputs: Inputs) -> None:
    """Each module begins with where it comes from, and one stamp says from what exactly."""
    stamp = json.loads((inputs.output / generate.STAMP).read_text())

    assert all(path.read_text().startswith(generate.HEADER) for path in inputs.output.rglob("*.py"))
    assert set(stamp) == {"spec", "overlay", "config", "templates", "openapi-python-client", "ruff"}


@pytest.mark.parametrize("spec", [Inputs().spec, *sorted(SPECS.glob("*.yaml"))], ids=lambda spec: spec.stem)
def test_the_same_bytes_come_out_everywhere(spec: Path, tmp_path: Path) -> None:
    """Neither the hash seed, nor the directory, nor PATH, nor a configuration of ruff near by has a say."""
    (tmp_path / "ruff.toml").write_text("line-length = 40\n")
    outputs = [tmp_path / "a", tmp_path / "b" / "c"]
    for seed, output in zip(("1", "2"), outputs, strict=True):
        subprocess.run(
            [sys.executable, "-m", "tools.generate", "--spec", spec, "--output", output],
            cwd=generate.ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PATH": "/nowhere"},
            check=True,
        )

    assert contents(outputs[0]) == contents(outputs[1])


def test_both_documents_are_in_the_package(inputs: Inputs) -> None:
    """The document as published and as corrected are there as JSON, for who has no YAML reader."""
    published, corrected = (
        json.loads((inputs.output / generate.DOCUMENTS / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("published", "corrected")
    )

    assert corrected == generate.effective(inputs)
    assert published["components"]["schemas"]["Conversation"]["properties"]["createdAt"]["format"] == "DateTime"


def test_every_difference_is_named(inputs: Inputs, capsys: pytest.CaptureFixture[str]) -> None:
    """An edited, a missing and a stray file are each named, and the check fails."""
    with (inputs.output / "types.py").open("a") as edited:
        edited.write("# edited\n")
    (inputs.output / "models" / "error.py").unlink()
    (inputs.output / "stray.txt").touch()
    (inputs.output / "__pycache__").mkdir()
    (inputs.output / "__pycache__" / "types.pyc").touch()

    assert generate.main(["--check", "--output", str(inputs.output)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "models/error.py is missing",
        "stray.txt does not belong here",
        "types.py differs",
    ]


def test_a_package_as_it_should_be_passes(inputs: Inputs) -> None:
    """The check of an untouched package is silent, and changes nothing."""
    before = contents(inputs.output)

    assert generate.main(["--check", "--output", str(inputs.output)]) == 0
    assert before == contents(inputs.output)


def test_a_new_package_replaces_the_old_one_whole(inputs: Inputs) -> None:
    """Files of the old package do not stay."""
    (inputs.output / "stray.py").touch()
    generate.generate(Inputs(spec=GROWN, output=inputs.output))

    assert not (inputs.output / "stray.py").exists()
    assert generate.differences(Inputs(spec=GROWN, output=inputs.output)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("#/components/schemas/Attachment", "#/components/schemas/Gone"),
        ("paths:", "paths: ["),
        ("in: path", "in: nowhere"),
        ("openapi: 3.0.0", "openapi: [3.0.0"),
    ],
)
def test_a_document_that_cannot_be_generated_leaves_the_old_package(
    inputs: Inputs, tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str
) -> None:
    """A failure is told in words, and the package stays as it was."""
    before = contents(inputs.output)
    spec = tmp_path / "broken.yaml"
    spec.write_text(inputs.spec.read_text().replace(old, new, 1))

    assert generate.main(["--spec", str(spec), "--output", str(inputs.output)]) == 1
    assert capsys.readouterr().err
    assert before == contents(inputs.output)
    assert [inputs.output] == list(inputs.output.parent.iterdir())


def test_a_warning_of_the_generator_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The generator leaves out what it does not understand; here that is an error."""
    monkeypatch.setattr("tools.projection.project", lambda document: (document, {}))
    spec = tmp_path / "warned.yaml"
    spec.write_text(
        "openapi: 3.0.0\ninfo: {title: x, version: '1'}\npaths: {}\ncomponents: {schemas: {A: {type: array}}}\n"
    )

    with pytest.raises(GenerationError, match="items"):
        generate.build(Inputs(spec=spec, output=tmp_path / "out"), tmp_path / "out")


def test_an_object_that_prints_itself_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that forgets to escape a name does not come through."""
    templates = shutil.copytree(generate.TEMPLATES, tmp_path / "templates")
    template = templates / "errors.py.jinja"
    template.write_text(template.read_text() + "\n# {{ openapi.title }}\n")
    monkeypatch.setattr(generate, "TEMPLATES", templates)

    with pytest.raises(GenerationError, match="lets an object print itself"):
        generate.build(Inputs(output=tmp_path / "out"), tmp_path / "out")


def test_a_dead_correction_is_an_error(tmp_path: Path) -> None:
    """An overlay action that is not document-wide must do something."""
    corrections = tmp_path / "overlay.yaml"
    corrections.write_text(
        "overlay: 1.0.0\nactions: [{target: $.components.schemas.Gone, description: gone, update: {a: 1}}]\n"
    )

    with pytest.raises(overlay.OverlayError):
        generate.effective(Inputs(overlay=corrections))
