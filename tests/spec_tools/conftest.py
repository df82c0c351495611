"""A copy of the project with a history of its own, and a server on loopback that has documents to give."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from attrs import define, field

ROOT = Path(__file__).parents[2]
PARTS = ("enneo_mind_client", "openapi", "tools")
FILES = (
    "CHANGELOG.md",
    "generator-config.yaml",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    ".gitignore",
    "requirements-demo.lock",
    "requirements-dev.lock",
)


@define
class Project:
    """A copy of the project, under git."""

    root: Path

    def git(self, *arguments: str) -> str:
        """Run git, and return what it says."""
        who = ("-c", "user.name=Test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false")
        command = ["git", *who, *arguments]
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=True).stdout

    def commit(self, message: str = "Change") -> None:
        """Commit all there is."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text in a file."""
        path = self.root / name
        content = path.read_text(encoding="utf-8")
        assert old in content
        path.write_text(content.replace(old, new, 1), encoding="utf-8")

    def run(self, module: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one of the project's tools in the copy."""
        known = {name: value for name, value in os.environ.items() if not name.startswith(("ENNEO_", "COV_"))}
        variables = {**known, "PYTHONPATH": str(self.root), "NO_PROXY": "*", **environment}
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True, env=variables, timeout=100)


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the project as they are, committed once."""
    root = tmp_path_factory.mktemp("pristine") / "project"
    root.mkdir()
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__", ".generating-*"))
    (root / "tests" / "typing").mkdir(parents=True)
    for name in (*FILES, "tests/typing/api.py"):
        shutil.copy(ROOT / name, root / name)
    project = Project(root)
    project.git("init", "--quiet", "--initial-branch", "main")
    project.run("tools.generate")
    project.commit("The project")
    return root


@pytest.fixture
def project(pristine: Path, tmp_path: Path) -> Project:
    """A copy of the project that a test may change."""
    shutil.copytree(pristine, tmp_path / "project")
    return Project(tmp_path / "project")


@define
class Server:
    """What is served, and what was asked for."""

    url: str = ""
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(factory=dict)
    asked: list[dict[str, str]] = field(factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that answers every request as it is told."""
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append({"path": self.path, **{name.lower(): value for name, value in self.headers.items()}})
            self.send_response(state.status)
            for name, value in {"Content-Length": str(len(state.body)), **state.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(state.body)

        def log_message(self, *args: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        thread = Thread(target=listener.serve_forever)
        thread.start()
        state.url = f"http://127.0.0.1:{listener.server_port}"
        yield state
        listener.shutdown()
        thread.join()
