"""The pytest fixture `enneo_contract`, in test runs of its own, and what happens where the extra is missing."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from enneo_mind_client import AsyncEnneoMind, EnneoMind
from enneo_mind_client.contract import check_recorded, write_baseline
from enneo_mind_client.testing import LocalMind, Quirks
from enneo_mind_client.testing.contract_fixture import contract_check

from .asking import asked, written

TEST = """
import pytest
from enneo_mind_client import AsyncEnneoMind, EnneoMind


def test_blocking(enneo_contract):
    with EnneoMind() as mind:
        assert enneo_contract.check(mind, tickets=[376189]).checked
"""
OTHERS = """
async def test_asynchronous(enneo_contract):
    async with AsyncEnneoMind() as mind:
        assert (await enneo_contract.acheck(mind, tickets=[376189])).checked


def test_recorded(enneo_contract):
    assert enneo_contract.check_recorded(["body.json"], operation="getConversations").checked
"""
BLOCKED = "import sys; sys.modules['openapi_schema_validator'] = None; "
clean = pytest.mark.parametrize("quirks", [Quirks.none()], ids=["clean"])


def run_pytest(folder: Path, test: str, *options: str, before: str = "import sys; ") -> tuple[int, str]:
    """Run a test in a process of its own; return its exit code and what it says."""
    written(folder, "test_it.py", test)
    options = ("-p", "no:cacheprovider", "-o", "asyncio_mode=auto", "--rootdir", str(folder), *options)
    code = f"{before}import pytest; sys.exit(pytest.main({[*options, str(folder)]!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


@clean
def test_an_instance_as_documented(mind: Any, tmp_path: Path) -> None:
    """The fixture passes, blocking, asynchronous and offline, where everything is as documented."""
    written(tmp_path, "body.json", {"conversations": [], "success": True})

    assert run_pytest(tmp_path, TEST + OTHERS, "--enneo-contract-fail-on", "note")[0] == 0


def test_deviations_are_the_text_of_the_failure(mind: Any, tmp_path: Path) -> None:
    """The fixture fails with the table of what differs."""
    code, said = run_pytest(tmp_path, TEST)

    assert code == 1
    assert "AssertionError: not as the API's document says" in said
    assert "object declared, found null" in said


def test_a_baseline_in_pytest(mind: Any, tmp_path: Path) -> None:
    """What the baseline has does not fail a test."""
    write_baseline(tmp_path / "known.json", asked(tickets=[376189]).findings)

    assert run_pytest(tmp_path, TEST, "--enneo-contract-baseline", str(tmp_path / "known.json"))[0] == 0


def test_a_part_is_no_success_in_pytest(mind: Any, tmp_path: Path) -> None:
    """Where not everything was checked, the fixture fails as well."""
    code, said = run_pytest(tmp_path, TEST.replace("376189", "404"))

    assert code == 1
    assert "none of its answers was a success" in said


def test_the_plugin_without_the_extra(tmp_path: Path) -> None:
    """Without the extra other tests run as ever, and one that asks for the fixture is told what to install."""
    code, said = run_pytest(tmp_path, TEST + "\n\ndef test_other():\n    pass\n", before=BLOCKED)

    assert code == 1
    assert "1 passed, 1 error" in said
    assert "another exception" not in said
    assert "pip install 'enneo-mind-client[contract]'" in said


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import enneo_mind_client.contract", "ModuleNotFoundError: the contract check needs an extra"),
        (
            "sys.argv = ['enneo-mind', 'contract']; from enneo_mind_client.cli import main; main()",
            "enneo-mind: this needs an extra",
        ),
    ],
)
def test_without_the_extra(code: str, words: str) -> None:
    """Without the extra the room and its command say in one line what to install."""
    done = subprocess.run([sys.executable, "-c", BLOCKED + code], capture_output=True, text=True, timeout=60)

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(words)
    assert "pip install 'enneo-mind-client[contract]'" in done.stderr


def test_the_room_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the validator is not installed, the room and the fixture name the extra."""
    for name in [name for name in sys.modules if name.startswith("enneo_mind_client.contract")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "openapi_schema_validator", None)

    with pytest.raises(ModuleNotFoundError, match=r"pip install 'enneo-mind-client\[contract\]'"):
        import enneo_mind_client.contract  # noqa: F401
    with pytest.raises(pytest.fail.Exception, match=r"pip install 'enneo-mind-client\[contract\]'"):
        contract_check(None, "error")


async def test_the_fixture_in_this_run(enneo_contract: Any, tmp_path: Path) -> None:
    """The fixture is there without being asked for, and asserts in each of its ways."""
    body = written(tmp_path, "body.json", {"conversations": [], "success": 1})
    with LocalMind(quirks=Quirks.none()) as local:
        with EnneoMind(local.base_url, token=local.token) as mind:
            assert enneo_contract.check(mind, tickets=[1]).is_whole
        async with AsyncEnneoMind(local.base_url, token=local.token) as mind:
            assert (await enneo_contract.acheck(mind, tickets=[1])).is_whole
    with pytest.raises(AssertionError, match="wrong_type"):
        enneo_contract.check_recorded([body], operation="getConversations")
    write_baseline(tmp_path / "known.json", check_recorded([body], operation="getConversations").findings)
    known = contract_check(tmp_path / "known.json", "error")
    assert known.check_recorded([body], operation="getConversations").findings[0].known


def test_the_package_imports_nothing_of_it() -> None:
    """Neither the package nor the pytest plugin imports the room or what it needs."""
    code = "import sys, enneo_mind_client.testing.plugin, enneo_mind_client; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert {"enneo_mind_client.contract", "jsonschema", "openapi_schema_validator", "referencing"}.isdisjoint(loaded)
