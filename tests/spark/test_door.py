"""The door of the Spark room."""

import subprocess
import sys

import pytest


def test_without_pyspark_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pyspark is not installed, one line says what to install."""
    for name in [name for name in sys.modules if name.startswith("enneo_mind_client.spark")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyspark.sql.datasource", None)

    with pytest.raises(ModuleNotFoundError, match=r"pip install 'enneo-mind-client\[spark\]'"):
        import enneo_mind_client.spark  # noqa: F401


def test_the_package_imports_none_of_it() -> None:
    """Importing the package brings neither this room nor pyspark."""
    code = "import sys, enneo_mind_client as e; e.EnneoMind('demo', token='fake-token').close(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert {"pyspark", "enneo_mind_client.spark"}.isdisjoint(done.stdout.split())
