"""Reports as text, JSON and JUnit, and what a baseline changes of them."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from enneo_mind_client.contract import Report, junit, read_baseline, write_baseline
from enneo_mind_client.contract.findings import Finding, Severity, Skipped, Unanswered
from enneo_mind_client.contract.rendering import cells_of_screen
from enneo_mind_client.errors import ConfigurationError

from .asking import document, judged, written

GOOD = {"kind": "wrong_type", "operation": "get", "path": "$.a", "document": "both"}


def finding(severity: Severity = "error", path: str = "$.a", **more: Any) -> Finding:
    """Return a finding."""
    values = {"operation": "get", "document": "both", "count": 2, "value": "integer", "detail": "string declared"}
    return Finding(**{"kind": "wrong_type", "severity": severity, "path": path, **values, "example": "9", **more})


def report(*findings: Finding, **more: Any) -> Report:
    """Return a report."""
    return Report(("published", "corrected"), (), findings, (), **more)


ALL = report(finding(), finding("warning", "$.b"), finding("note", "$.c"))


@pytest.mark.parametrize(
    ("fail_on", "paths"), [("error", ["$.a"]), ("warning", ["$.a", "$.b"]), ("note", ["$.a", "$.b", "$.c"])]
)
def test_what_fails(fail_on: Severity, paths: list[str]) -> None:
    """What is as grave as asked for or graver fails."""
    assert [each.path for each in ALL.failing(fail_on)] == paths


def test_what_is_known_does_not_fail(tmp_path: Path) -> None:
    """What a baseline has is marked and does not fail; what it has in vain is told."""
    write_baseline(tmp_path / "known.json", [finding(), finding(path="$.gone")])
    compared = ALL.compared(read_baseline(tmp_path / "known.json"))

    assert [each.known for each in compared.findings] == [True, False, False]
    assert compared.failing("note") == compared.findings[1:]
    assert compared.stale == (("wrong_type", "get", "$.gone", "both", "integer"),)
    assert "stale in the baseline: wrong_type get $.gone both integer" in compared.text()
    assert "1 of them in the baseline" in compared.text()


def test_another_value_is_not_known(tmp_path: Path) -> None:
    """A baseline that knows one wrong type of a field does not excuse another one."""
    write_baseline(tmp_path / "known.json", [finding()])

    assert report(finding(value="null")).compared(read_baseline(tmp_path / "known.json")).failing()


def test_a_baseline_is_made_for_review(tmp_path: Path) -> None:
    """A baseline is the same however the findings come, has a line for each, and no count that changes every day."""
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    write_baseline(first, [finding(path="$.ä"), finding(count=3), finding()])
    write_baseline(second, [finding(count=9), finding(path="$.ä")])

    assert first.read_text(encoding="utf-8") == second.read_text(encoding="utf-8")
    assert first.read_text(encoding="utf-8").splitlines() == [
        "{",
        ' "schemaVersion": 1,',
        ' "findings": [',
        '  {"kind": "wrong_type", "operation": "get", "path": "$.a", "document": "both", "value": "integer"},',
        '  {"kind": "wrong_type", "operation": "get", "path": "$.ä", "document": "both", "value": "integer"}',
        " ]",
        "}",
    ]


def test_a_baseline_where_a_link_is(tmp_path: Path) -> None:
    """What the link names is written, and the link stays."""
    known, link = tmp_path / "known.json", tmp_path / "link.json"
    known.write_text("")
    link.symlink_to(known)
    write_baseline(link, [finding()])

    assert (link.is_symlink(), read_baseline(known)) == (True, {finding().key})


def test_an_empty_baseline(tmp_path: Path) -> None:
    """A baseline without findings is read as well, and replaces the one before."""
    path = written(tmp_path, "known.json", "old")
    write_baseline(path, [])

    assert read_baseline(path) == frozenset()
    assert [each.name for each in tmp_path.iterdir()] == ["known.json"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "is no baseline of version 1"),
        (b'{"schemaVersion": 2, "findings": []}', "is no baseline of version 1"),
        (b'{"schemaVersion": 1}', "is no baseline of version 1"),
    ],
)
def test_a_broken_baseline(tmp_path: Path, content: bytes, words: str) -> None:
    """A file that is no baseline is told in one line with its name."""
    with pytest.raises(ConfigurationError, match=words) as caught:
        read_baseline(written(tmp_path, "known.json", content))
    assert "known.json" in str(caught.value)


def test_a_baseline_that_is_not_there(tmp_path: Path) -> None:
    """A baseline that cannot be read or written is told with the reason."""
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        read_baseline(tmp_path / "none.json")
    with pytest.raises(ConfigurationError, match="cannot be written: No such file"):
        write_baseline(tmp_path / "none" / "known.json", [])


@pytest.mark.parametrize("entry", [None, {}, {"kind": ["x"]}, "x", {"kind": "wrong_type", "operation": "get"}])
def test_a_strange_entry(tmp_path: Path, entry: Any) -> None:
    """An entry that is no finding, as an edit by hand may leave it, is told with its place."""
    path = written(tmp_path, "known.json", {"schemaVersion": 1, "findings": [GOOD, entry]})

    with pytest.raises(ConfigurationError, match="finding 1 needs kind, operation, path, document, which"):
        read_baseline(path)


def test_a_baseline_that_was_edited_by_hand(tmp_path: Path) -> None:
    """A byte order mark, as some editors write it, and fields of one's own do no harm."""
    content = {"schemaVersion": 1, "findings": [{**GOOD, "why": "they know"}]}
    path = written(tmp_path, "known.json", b"\xef\xbb\xbf" + json.dumps(content).encode())

    assert read_baseline(path) == {("wrong_type", "get", "$.a", "both", "")}


def test_as_json(tmp_path: Path) -> None:
    """As JSON a report has a version, counts, and everything else by the names of its attributes."""
    made = judged(tmp_path, document({"type": "string", "format": "date-time"}), 1, "2022-08-12T12:21:21Z")
    compared = made.compared([("wrong_type", "get", "$.gone", "given", "")])
    data = json.loads(json.dumps(compared.to_dict()))

    assert data["schemaVersion"] == 1
    assert data["counts"] == {"error": 1, "warning": 0, "note": 0}
    assert data["documents"] == ["given"]
    assert data["checked"] == [{"operation": "get", "statuses": {"200": 2}, "succeeded": True}]
    assert data["findings"] == [
        {
            "kind": "date_form",
            "severity": "error",
            "operation": "get",
            "path": "$",
            "document": "given",
            "count": 1,
            "value": "epoch",
            "detail": "date-time declared",
            "example": "1",
            "known": False,
        }
    ]
    assert [(date["form"], date["count"]) for date in data["dates"]] == [("epoch", 1), ("iso", 1)]
    assert data["stale"] == [
        {"kind": "wrong_type", "operation": "get", "path": "$.gone", "document": "given", "value": ""}
    ]
    assert (data["skipped"], data["unanswered"], data["ignored"]) == ([], [], 0)


FULL = report(
    finding(path="$\x00<&>\x1b"),
    finding("note", "$.c"),
    finding(path="$.d", known=True),
    skipped=(Skipped("post", "POST may change something"),),
    unanswered=(Unanswered("get", "ticketId=1", "no\ud800 answer"),),
)


def test_junit(tmp_path: Path) -> None:
    """As JUnit what fails is a failure, what came to nothing an error, and nothing in it breaks the XML."""
    unchecked = judged(tmp_path, document({"type": "string"}), {"status": 404})
    suite = Xml.fromstring(junit(FULL)).find("testsuite")
    other = Xml.fromstring(junit(unchecked)).find("testsuite")
    assert suite is not None
    assert other is not None

    assert suite.attrib == {"name": "enneo-mind contract", "tests": "5", "failures": "1", "errors": "1", "skipped": "1"}
    assert [[outcome.tag for outcome in case] for case in suite] == [
        ["failure"],
        ["system-out"],
        ["system-out"],
        ["skipped"],
        ["error"],
    ]
    assert suite[0].attrib == {"classname": "get", "name": "both: wrong_type $\\x00<&>\\x1b integer"}
    assert [case.find("error") is not None for case in other] == [False, True]


def test_junit_of_a_clean_check(tmp_path: Path) -> None:
    """A check without findings has a case that passes, so that no build server takes it for no test."""
    suite = Xml.fromstring(junit(judged(tmp_path, document({"type": "string"}), "a"))).find("testsuite")
    assert suite is not None

    assert [(case.get("name"), len(case)) for case in suite] == [("was answered", 0)]


def test_as_a_narrow_table() -> None:
    """For a terminal the cells of a finding are few, and each says what belongs together."""
    assert cells_of_screen(finding()) == (
        "error\nwrong_type",
        "$.a\nget, both",
        "2",
        "string declared, found integer: 9",
    )
    assert cells_of_screen(finding(kind="missing_field", detail="required", example=""))[3] == "required"


def test_as_text(tmp_path: Path) -> None:
    """As text a report is a table with aligned columns, and lines for everything that was not looked at."""
    lines = FULL.text().splitlines()

    assert lines[0].split() == ["severity", "kind", "operation", "path", "document", "count", "what", "example"]
    assert len({line.index("both") for line in lines[1:4]}) == 1
    assert lines[1].endswith("string declared, found integer  9")
    assert lines[3].startswith("error (known)")
    assert "skipped post: POST may change something" in lines
    assert "no answer get (ticketId=1): no\\ud800 answer" in lines
    assert lines[-1] == "2 errors, 0 warnings, 1 notes, 1 of them in the baseline"


def test_text_says_what_was_not_checked(tmp_path: Path) -> None:
    """An operation without a success, and records that were left, are told."""
    said = judged(tmp_path, document({"type": "string"}), {"status": 404}, {"path": "/x", "status": 200}).text()

    assert "not checked get: none of its answers was a success" in said
    assert "ignored 1 recorded entries" in said
