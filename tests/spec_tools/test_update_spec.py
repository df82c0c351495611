"""The update of the document, from end to end in a copy of the project, against a server on loopback."""

import json
import re
import sys
from pathlib import Path

import pytest

from tests.spec_tools.conftest import Project, Server
from tools.origin import Origin, digest

ROOT = Path(__file__).parents[2]
PASSES = f"{sys.executable} -c pass"
FAILS = f"{sys.executable} -c raise(SystemExit(3))"
WIDTH = "        width:\n          type: integer\n"
RETYPED = "        pages:\n          type: integer\n        width:\n          type: string\n"
QUERY = "        - name: includeRawData\n"
LIMIT = "        - name: limit\n          in: query\n          required: true\n          schema: {type: integer}\n"


def published(project: Project) -> str:
    """The document as the copy has it."""
    return (project.root / "openapi" / "enneo-mind.yaml").read_text(encoding="utf-8")


def changed(project: Project) -> bytes:
    """The document with a part added, one removed, one of another type and one newly required."""
    text = published(project).replace(WIDTH, RETYPED)
    text = re.sub(r"        fileEnding:\n(          .*\n)+", "", text)
    return text.replace(QUERY, LIMIT + QUERY).encode()


def test_recorded_hash() -> None:
    """The recorded hash is that of the document which is kept, so that nobody has edited it."""
    recorded = Origin.read(ROOT / "openapi" / "ORIGIN.json")

    assert recorded.sha256 == digest((ROOT / "openapi" / "enneo-mind.yaml").read_bytes())


def test_told_record() -> None:
    """The README beside the document tells the same origin, hash and date."""
    recorded = Origin.read(ROOT / "openapi" / "ORIGIN.json")
    told = (ROOT / "openapi" / "README.md").read_text(encoding="utf-8")

    assert all(value in told for value in (recorded.origin, recorded.sha256, recorded.date))


def test_update(project: Project, server: Server) -> None:
    """A new document becomes one change to review: it byte for byte, its record, the code and the changelog."""
    server.body = changed(project)

    done = project.run("tools.update_spec", server.url, f"--test={PASSES}")

    assert (done.returncode, done.stderr) == (0, "")
    assert "Attachment.fileEnding: the field is gone" in done.stdout
    assert (project.root / "openapi" / "enneo-mind.yaml").read_bytes() == server.body
    recorded = Origin.read(project.root / "openapi" / "ORIGIN.json")
    assert (recorded.sha256, recorded.origin) == (digest(server.body), f"{server.url}/api/mind/docs/open-api")
    assert digest(server.body) in (project.root / "openapi" / "README.md").read_text(encoding="utf-8")
    code = (project.root / "enneo_mind_client/_generated/models/attachment.py").read_text(encoding="utf-8")
    assert "pages: int | None" in code
    assert "width: str | None" in code
    assert "file_ending" not in code
    assert project.run("tools.generate", "--check").returncode == 0
    touched = {line[3:].split("/")[0] for line in project.git("status", "--porcelain").splitlines()}
    assert touched == {"openapi", "enneo_mind_client", "CHANGELOG.md"}


def test_changelog(project: Project, server: Server) -> None:
    """Each change is proposed under Unreleased in its section, beside the entries that are there."""
    server.body = changed(project)

    project.run("tools.update_spec", server.url, f"--test={PASSES}")

    unreleased = (project.root / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1]
    added, altered, removed = (unreleased.split(f"### {name}\n")[1] for name in ("Added", "Changed", "Removed"))
    assert "- `EnneoMind` and `AsyncEnneoMind`" in added
    assert "- API: Attachment.pages: the field is new." in added
    assert "**Breaking:** API: Attachment.width: the type changed from integer to string." in altered
    assert "**Breaking:** API: Attachment.fileEnding: the field is gone." in removed
    assert unreleased.index("### Added") < unreleased.index("### Changed") < unreleased.index("### Removed")


def test_report(project: Project, server: Server, tmp_path: Path) -> None:
    """What changed can be written down for a pull request."""
    server.body = changed(project)

    project.run("tools.update_spec", server.url, f"--test={PASSES}", f"--report={tmp_path / 'changes.md'}")

    assert "| Attachment.fileEnding | the field is gone | breaking | none |" in (tmp_path / "changes.md").read_text()


def test_file(project: Project, tmp_path: Path) -> None:
    """A document can come from a file, whose place is not recorded."""
    (tmp_path / "new.yaml").write_bytes(changed(project))
    before = Origin.read(project.root / "openapi" / "ORIGIN.json").origin

    assert project.run("tools.update_spec", str(tmp_path / "new.yaml"), f"--test={PASSES}").returncode == 0
    assert Origin.read(project.root / "openapi" / "ORIGIN.json").origin == before


def test_recorded_origin(project: Project, server: Server) -> None:
    """Without an address the recorded one is asked; the same document again changes nothing."""
    server.body = published(project).encode()
    record = project.root / "openapi" / "ORIGIN.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), "origin": f"{server.url}/spec.yaml"}))
    project.commit()

    done = project.run("tools.update_spec", f"--test={FAILS}")

    assert (done.returncode, project.git("status", "--porcelain")) == (0, "")
    assert "The document is the one that is kept" in done.stdout
    assert server.asked[0]["path"] == "/spec.yaml"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html>", "not an OpenAPI 3 document"),
        (b"openapi: 3.0.0\ninfo: {title: t, version: '1'}\npaths: {a: {}}\n", "is not valid: "),
    ],
    ids=["html", "invalid"],
)
def test_refused(project: Project, server: Server, body: bytes, words: str) -> None:
    """What is no valid document leaves everything untouched, and the message says so."""
    server.body = body

    done = project.run("tools.update_spec", server.url, f"--test={PASSES}")

    assert (done.returncode, project.git("status", "--porcelain")) == (1, "")
    assert words in done.stderr
    assert "Nothing was touched." in done.stderr


def test_uncommitted_work(project: Project, server: Server) -> None:
    """An update does not mix with changes that are there already."""
    server.body = changed(project)
    (project.root / "CHANGELOG.md").write_text("Mine")

    done = project.run("tools.update_spec", server.url, f"--test={PASSES}")

    assert done.returncode == 1
    assert "CHANGELOG.md" in done.stderr
    assert (project.root / "CHANGELOG.md").read_text() == "Mine"


def test_idle_correction(project: Project, server: Server) -> None:
    """A correction that upstream has taken over is named, document-wide or not, with the way on and back."""
    server.body = changed(project).replace(b"format: DateTime", b"format: date-time")

    done = project.run("tools.update_spec", server.url, f"--test={PASSES}")

    assert done.returncode == 1
    assert "overlay action 1 ($..[?@.format == 'DateTime']) finds nothing" in done.stderr
    assert "the generated code is as before" in done.stderr
    assert f"then: make generate && {PASSES}" in done.stderr
    undo = done.stderr.partition("To undo: ")[2]
    for command in undo.split(" && "):
        project.git(*command.split()[1:])
    assert project.git("status", "--porcelain") == ""


def test_failing_tests(project: Project, server: Server) -> None:
    """Where the tests fail, all is in its place, and the message says so."""
    server.body = changed(project)

    done = project.run("tools.update_spec", server.url, f"--test={FAILS}")

    assert done.returncode == 1
    assert "The document, its record, the changelog and the generated code are new." in done.stderr
    assert project.run("tools.generate", "--check").returncode == 0
