"""The advice about httpx2: what it reads from reports, code and metadata, and how it ends."""

from importlib.metadata import Distribution

import pytest

from tools import httpx2
from tools.httpx2 import CheckError, Failure

REPORT = """<testsuites><testsuite>
<testcase file="tests/a.py" name="test_1[x]"><failure message="E1: why&#10;more">long</failure></testcase>
<testcase file="tests/a.py" name="test_2"/>
<testcase file="tests/b.py" name="test_3"><error message=""/></testcase>
</testsuite></testsuites>"""


class Fake(Distribution):
    """A package that needs what it is told to need."""

    def __init__(self, name, *needed):
        self._lines = f"Metadata-Version: 2.1\nName: {name}\n" + "".join(f"Requires-Dist: {one}\n" for one in needed)

    def read_text(self, filename):
        """Return the metadata."""
        return self._lines if filename == "METADATA" else None

    def locate_file(self, path):
        """There are no files."""
        return path


def test_a_report_is_read():
    """Each failure has an id that pytest takes again, and one line of why."""
    assert httpx2.read_report(REPORT) == (
        3,
        [Failure("tests/a.py::test_1[x]", "E1: why"), Failure("tests/b.py::test_3", "no reason given")],
    )


def test_who_imports_it(tmp_path):
    """Imports at any depth count, those of namesakes do not."""
    package = tmp_path / "package"
    (package / "inner").mkdir(parents=True)
    (package / "one.py").write_text("def f():\n    import httpx._models\n")
    (package / "inner" / "two.py").write_text("from httpcore import Request\n")
    (package / "three.py").write_text("import httpx2\nfrom .httpx import x\nfrom . import httpx\n")

    assert httpx2.importers(package) == ["package/inner/two.py", "package/one.py"]


def test_who_needs_it():
    """A package that needs it with an extra or on another system only does not hold us."""
    fakes = [
        Fake("b", "httpx<1,>=0.28", "anyio"),
        Fake("a", "httpx"),
        Fake("c", 'httpx; extra == "x"', "httpx2", 'httpx; sys_platform == "none"'),
        Fake("d"),
    ]

    assert httpx2.dependants(fakes) == ["a (httpx)", "b (httpx<1,>=0.28)"]


def test_what_cannot_be_had_is_said(tmp_path, capsys, monkeypatch):
    """Without the package there is no environment, one line of why, and no failure."""
    monkeypatch.setenv("UV_OFFLINE", "1")

    assert httpx2.environment(tmp_path, "a-package-that-nobody-has") is None
    assert capsys.readouterr().out.startswith("a-package-that-nobody-has cannot be had here: ")


def test_a_check_that_does_not_work(tmp_path, capsys):
    """Where no environment can be made, the check fails and says so."""
    (tmp_path / "file").write_text("")

    assert httpx2.main(tmp_path / "file") == 1
    assert "the check does not work" in capsys.readouterr().err


def test_tests_that_cannot_be_run(tmp_path):
    """A pytest that does not get as far as a report is an error of the check, not a verdict."""
    with pytest.raises(CheckError, match="ends with"):
        httpx2.failures(httpx2.sys.executable, tmp_path, ["--no-such-option"])
