"""The command's output, and the inputs that it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from tools.spec_diff import report
from tools.spec_diff.__main__ import main
from tools.spec_diff.changes import Change
from tools.spec_diff.rules import Effect

SPEC = Path(__file__).parents[2] / "openapi" / "enneo-mind.yaml"
INFO = {"title": "t", "version": "1"}


def change(part: str = "Thing.a", **given: Any) -> Change:
    """A breaking change."""
    return Change("field-removed", part, "the field is gone", Effect.BREAKING, Effect.NONE, **given)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not an OpenAPI 3 document"),
        (b"[]", "not an OpenAPI 3 document"),
        (b"swagger: '2.0'\ninfo: {}\n", "not an OpenAPI 3 document"),
        (b"{", "neither YAML nor JSON"),
        (b"a: b: c", "neither YAML nor JSON"),
        (b"\xff\xfe", "neither YAML nor JSON"),
        (b"a: &a [*a]", "through its aliases"),
        (b"{" + b'"a":{' * 5000, "neither YAML nor JSON"),
        (json.dumps({"openapi": "3.0.0", "info": INFO, "paths": []}).encode(), "paths that are no object"),
        (json.dumps({"openapi": "3.0.0", "info": INFO, "paths": {"/a": {"$ref": "#/b"}}}).encode(), "leads nowhere"),
        (json.dumps({"openapi": "3.0.0", "info": INFO, "paths": {"/a": {"$ref": "b#/c"}}}).encode(), "out of the"),
        (
            json.dumps({"openapi": "3.0.0", "info": INFO, "paths": {"/a": {"$ref": "#/paths/~1a"}}}).encode(),
            "in a circle",
        ),
    ],
)
def test_unusable(content: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no document to compare is refused with the reason and the status 2, without a traceback."""
    path = tmp_path / "new.yaml"
    path.write_bytes(content)

    assert main([str(SPEC), str(path)]) == 2
    assert words in capsys.readouterr().err


def test_billion_laughs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A document that grows without bounds through YAML's aliases is refused before it does."""
    lines = ["a0: &a0 [1, 1]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    path = tmp_path / "new.yaml"
    path.write_text("\n".join(lines))

    assert main([str(SPEC), str(path)]) == 2
    assert "aliases" in capsys.readouterr().err


def test_missing(capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there is said by name."""
    assert main([str(SPEC), "/nowhere.yaml"]) == 2
    assert "/nowhere.yaml cannot be read" in capsys.readouterr().err


def test_effective(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A correction that upstream has taken over is no change of the corrected document."""
    mended = tmp_path / "mended.yaml"
    mended.write_text(SPEC.read_text(encoding="utf-8").replace("format: DateTime", "format: date-time"))

    assert main([str(SPEC), str(mended)]) == 1
    assert main(["--effective", str(SPEC), str(mended)]) == 0
    assert capsys.readouterr().out.endswith("The documents say the same.\n")


def test_overlay_that_does_not_apply(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An overlay that cannot be applied makes the comparison impossible, not wrong."""
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text("overlay: 1.0.0\nactions: []\n")

    assert main(["--effective", f"--overlay={overlay}", str(SPEC), str(SPEC)]) == 2
    assert "the overlay has no actions" in capsys.readouterr().err


def test_json() -> None:
    """A program gets every change with its verdicts, and their numbers."""
    told = json.loads(report.as_json([change(where=("GET /a",))]))

    assert told["counts"] == {"breaking": 1, "additive": 0, "cosmetic": 0}
    assert told["changes"][0]["reader"] == "breaking"
    assert told["changes"][0]["where"] == ["GET /a"]


def test_markdown_is_inert() -> None:
    """A name in a document can neither break the table of a pull request nor put markup into it."""
    line = report.markdown([change("a | <img src=x> `x`\n# y @z")]).splitlines()[-1]

    assert line.count("|") - line.count("\\|") == 6
    assert "\\<img" in line


def test_many_places() -> None:
    """A change in many operations is told once, with the first of them and their number."""
    told = report.text([change(where=tuple(f"GET /{letter}" for letter in "abcde"))])

    assert "breaking for readers, in GET /a, GET /b, GET /c and 2 more" in told


def test_stable_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The output does not depend on the order in which a document says things."""
    document = {"openapi": "3.0.0", "info": INFO, "paths": {f"/{n}": {"get": {"responses": {}}} for n in range(9)}}
    turned = {**document, "paths": dict(reversed(document["paths"].items()))}  # type: ignore[attr-defined]
    outputs = []
    for number, given in enumerate((document, turned)):
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(given))
        main([str(SPEC), str(path)])
        outputs.append(capsys.readouterr().out)

    assert outputs[0] == outputs[1]
