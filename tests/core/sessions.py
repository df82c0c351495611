"""A session of the vendor's tools: its file, the server that renews it, and calls that use it."""

import base64
import json
from pathlib import Path
from typing import Any

from enneo_mind_client.clock import Clock
from enneo_mind_client.credentials import Surroundings, find_credential
from enneo_mind_client.drivers import Send
from enneo_mind_client.renewal import RenewedCredential

from .scripts import OK, Desk, answer, token_of
from .test_credentials import DEMO
from .test_vendor_files import private

ORIGIN = "https://demo.enneo.ai"


WALL = 1_767_225_600


def jwt(**claims: Any) -> str:
    """Return a token that says these things about itself."""
    return f"e30.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.sig"


class Session:
    """The vendor's file, the server that renews, and a desk that calls with both."""

    def __init__(self, home: Path, ends_in: float | None, *steps: Any, **settings: Any) -> None:
        self.path, self.renewals = home / ".enneo" / "env", list[str]()
        self.endpoint: Any = f"{ORIGIN}/oauth/token"
        self.discovery: Any = None
        self.answer: Any = {"access_token": "fresh", "expires_in": 86_400}
        self.write("old", ends_in)
        self.calls = list(steps or [OK])
        credential = find_credential(DEMO, None, None, Surroundings({}, home), self._clock())
        self.desk = Desk(self.serve, credential=credential, **settings)
        assert isinstance(credential, RenewedCredential)
        credential._clock = self.desk.clock
        self.credential = credential

    def _clock(self) -> Clock:
        return Clock()

    def write(self, token: str, ends_in: float | None, refresh: str = "refresh") -> None:
        """Write the file, as another process may."""
        end = "" if ends_in is None else str(WALL + int(ends_in))
        lines = f"# mine\nENNEO_INSTANCE=demo\nENNEO_TOKEN={token}\nENNEO_REFRESH_TOKEN={refresh}\n"
        private(self.path, f"{lines}ENNEO_TOKEN_EXPIRES_AT={end}\n")

    def serve(self, send: Send) -> Any:
        """Answer discovery, renewals and calls."""
        if send.url.endswith("/.well-known/openid-configuration"):
            assert "Authorization" not in send.headers
            return self.discovery or answer(200, json.dumps({"token_endpoint": self.endpoint}).encode())
        if send.method == "POST":
            assert send.content is not None
            self.renewals.append(send.content.decode())
            said = self.answer
            return answer(200, json.dumps(said).encode()) if isinstance(said, dict) else said
        return self.calls.pop(0) if len(self.calls) > 1 else self.calls[0]

    @property
    def tokens(self) -> list[str]:
        """The tokens of the calls, in order."""
        return [token_of(send.headers) for send in self.desk.sent if "/ticket/" in send.url]
