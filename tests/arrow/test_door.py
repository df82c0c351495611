"""The door of the Arrow room."""

import subprocess
import sys

import pytest


def test_without_pyarrow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pyarrow is not installed, one line says what to install."""
    for name in [name for name in sys.modules if name.startswith("enneo_mind_client.arrow")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(ModuleNotFoundError, match=r"pip install 'enneo-mind-client\[export\]'"):
        import enneo_mind_client.arrow  # noqa: F401


def test_the_package_imports_none_of_it() -> None:
    """Importing the package, and making a client, brings neither this room nor pyarrow."""
    code = "import sys, enneo_mind_client as e; e.EnneoMind('demo', token='fake-token').close(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert {"pyarrow", "enneo_mind_client.arrow"}.isdisjoint(done.stdout.split())
