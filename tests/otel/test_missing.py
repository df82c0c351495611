"""What someone meets who has not installed the extra, and what the package imports for those who do not use it."""

import importlib
import sys

import pytest

from tests.core.test_door import imported_by


def test_without_the_extra_one_line_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the extra, and is one of a missing module."""
    for name in [name for name in sys.modules if name.startswith("enneo_mind_client.otel")]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name.partition(".")[0] == "opentelemetry"]:
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(ModuleNotFoundError) as missing:
        importlib.import_module("enneo_mind_client.otel")

    assert str(missing.value) == "telemetry needs an extra; install it with: pip install 'enneo-mind-client[otel]'"
    assert (missing.value.name or "").startswith("opentelemetry")


def test_a_client_does_not_import_it() -> None:
    """Who does not ask for telemetry has none of it in the process."""
    made = "from enneo_mind_client import AsyncEnneoMind, EnneoMind; AsyncEnneoMind('demo', token='t')"
    assert "opentelemetry" not in imported_by(made)


def test_the_sdk_is_not_needed() -> None:
    """The room is written to the API: whoever runs the program chooses an SDK, or none."""
    script = (
        "import enneo_mind_client.otel, sys; assert not any('sdk' in name for name in sys.modules if 'telem' in name)"
    )
    assert "opentelemetry" in imported_by(script)
