"""Builds what is measured against: one environment under `build/bench/`, and the peers from the vendored spec.

Nothing here touches the project's own environment. What is built is kept until the spec or the versions change.
"""

# ruff: noqa: S603, T201
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
BUILD: Final = ROOT / "build" / "bench"
SPEC: Final = ROOT / "openapi" / "enneo-mind.yaml"
PEERS: Final = BUILD / "peers"
PYTHON: Final = BUILD / "env" / "bin" / "python"

_CONSTRAINTS: Final = Path(__file__).with_name("constraints.txt")
_PACKAGES: Final = [
    line.partition("=")[0] for line in _CONSTRAINTS.read_text().splitlines() if line and not line.startswith("#")
]


def prepare() -> None:
    """Build what is missing or out of date."""
    _once("env", [_CONSTRAINTS], _environment)
    _once("stock", [SPEC, _CONSTRAINTS], _stock)
    if shutil.which("java"):
        _once("openapi_generator", [SPEC, _CONSTRAINTS], _openapi_generator)
    else:
        print("No Java here: openapi-generator's client is left out.")


def _once(name: str, sources: list[Path], build: Callable[[], None]) -> None:
    stamp = BUILD / f"{name}.stamp"
    wanted = hashlib.sha256(b"".join(source.read_bytes() for source in sources) + sys.version.encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"Building {name} ...", flush=True)
        build()
        stamp.write_text(wanted)


def _environment() -> None:
    _run([sys.executable, "-m", "venv", "--clear", str(PYTHON.parent.parent)])
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]
    _run([*pip, "install", "--quiet", "--constraint", str(_CONSTRAINTS), *_PACKAGES])


def _stock() -> None:
    """As openapi-python-client makes it, with its own templates, of the document as published."""
    out = PEERS / "stock_client"
    tool = str(PYTHON.with_name("openapi-python-client"))
    _run([tool, "generate", "--path", str(SPEC), "--meta", "none", "--output-path", str(out), "--overwrite"])


def _openapi_generator() -> None:
    """As openapi-generator makes it with its `python` generator and aiohttp."""
    out, tool = BUILD / "openapi-generator", str(PYTHON.with_name("openapi-generator-cli"))
    options = ["--library", "asyncio", "--package-name", "openapi_generator_client"]
    _run([tool, "generate", "-g", "python", "-i", str(SPEC), "-o", str(out), *options])
    shutil.rmtree(PEERS / "openapi_generator_client", ignore_errors=True)
    shutil.copytree(out / "openapi_generator_client", PEERS / "openapi_generator_client")


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


if __name__ == "__main__":
    prepare()
