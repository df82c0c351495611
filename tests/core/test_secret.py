"""A secret shows nowhere by itself, and reaches the wire as it is."""

import copy
import logging
import pickle
from typing import Any

import pytest

from enneo_mind_client.auth import bearer, cookie
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.secret import HeaderValue, Secret
from tests.faults import answers
from tests.faults.conftest import Scripted
from tests.faults.verbs import Send

from .callers import TOKEN
from .conftest import MakeCaller

HELD = [Secret(TOKEN), HeaderValue(TOKEN), bearer(Secret(TOKEN)), [Secret(TOKEN)], {"a": (HeaderValue(TOKEN),)}]


@pytest.mark.parametrize("held", HELD, ids=lambda held: type(held).__name__)
def test_a_secret_is_not_in_a_repr(held: object) -> None:
    """Neither its own repr nor that of a container shows it."""
    assert TOKEN not in repr(held)
    assert TOKEN not in f"{held!r}"


@pytest.mark.parametrize("held", [Secret(TOKEN), [HeaderValue(TOKEN)], bearer(Secret(TOKEN))])
def test_a_secret_is_not_in_a_text(held: object) -> None:
    """The text of a secret, or of a container of one, does not show it."""
    assert TOKEN not in str(held)


@pytest.mark.parametrize("held", HELD, ids=lambda held: type(held).__name__)
def test_a_secret_is_not_pickled(held: object) -> None:
    """A pickle would store it."""
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(held)


@pytest.mark.parametrize("held", [Secret(TOKEN), HeaderValue(TOKEN)])
def test_a_secret_is_not_copied(held: object) -> None:
    """A copy would be one place more to forget about."""
    with pytest.raises(TypeError, match="not pickled or copied") as caught:
        copy.copy(held)

    assert TOKEN not in str(caught.value)


def test_a_secret_has_no_variables_to_dump() -> None:
    """`vars` finds nothing."""
    with pytest.raises(TypeError):
        vars(Secret(TOKEN))


def test_a_secret_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Logging a secret, or headers with one, shows a mask."""
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("somebody").warning("%s %s", Secret(TOKEN), bearer(Secret(TOKEN)))

    assert "***" in caplog.text
    assert TOKEN not in caplog.text


def test_secrets_are_equal_by_text() -> None:
    """Two secrets of the same text are one; a text is none."""
    assert Secret(TOKEN) == Secret(f" {TOKEN}\n")
    assert Secret(TOKEN) != Secret("another")
    assert Secret(TOKEN) != TOKEN
    assert len({Secret(TOKEN), Secret(TOKEN)}) == 1


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "  "])
def test_a_secret_is_stripped(end: str) -> None:
    """A token from a file has a line end that is not part of it."""
    assert Secret(f" {TOKEN}{end}").reveal() == TOKEN


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "hush\r\nX: y",
        "hush\nx",
        "hush\rx",
        "hush\0x",
        "hush x",
        "hüsh",
        "hush\u202ex",
        "hush\x7fx",
        "hush\tx",
    ],
)
def test_a_text_that_cannot_be_sent_is_refused_unseen(text: str) -> None:
    """Blank, control and non-ASCII characters are refused, and the text is not in the error."""
    with pytest.raises(ConfigurationError) as caught:
        Secret(text, "API key")

    assert "API key" in str(caught.value)
    assert "sh" not in str(caught.value).replace("should", "")


@pytest.mark.parametrize(("text", "what", "says"), [
    (" ", "ENNEO_TOKEN", "ENNEO_TOKEN is empty: an API key from the Enneo profile page is needed, or a login."),
    ("a b", "ENNEO_TOKEN", "ENNEO_TOKEN has characters that no credential has (spaces, line breaks, non-ASCII)."),
    (None, "what the token function returned", "What the token function returned must be a string, not NoneType."),
    (b"x", "the session cookie", "The session cookie must be a string, not bytes."),
])  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence(text: Any, what: str, says: str) -> None:
    """Wherever a credential came from, the message reads as one sentence about it."""
    with pytest.raises(ConfigurationError) as caught:
        Secret(text, what)

    assert str(caught.value) == says


@pytest.mark.parametrize("junk", [None, 5, b"hush", ["hush"]])
def test_a_secret_is_a_text(junk: object) -> None:
    """Another type is named, its value is not shown."""
    with pytest.raises(ConfigurationError, match="must be a string, not") as caught:
        Secret(junk)  # type: ignore[arg-type]

    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("value", ["s%3Aabc.def", "connect.sid=s%3Aabc.def"])
def test_a_session_is_taken_with_or_without_its_name(value: str) -> None:
    """A cookie that is copied from a browser may have its name with it."""
    assert cookie(Secret(value)) == {"Cookie": "connect.sid=s%3Aabc.def"}


def test_a_token_is_sent_as_it_is(scripted: Scripted, caller: MakeCaller) -> None:
    """Each engine writes the header as it is, and not its mask."""
    server = scripted(Send(answers.json_ok()))

    caller(server.url).call()

    assert server.seen.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_a_session_is_sent_as_it_is(scripted: Scripted, caller: MakeCaller) -> None:
    """Each engine sends the cookie, and no Authorization beside it."""
    server = scripted(Send(answers.json_ok()))

    caller(server.url, token=None, session_cookie="s%3Aabc").call()

    assert server.seen.requests[0].headers["cookie"] == "connect.sid=s%3Aabc"
    assert "authorization" not in server.seen.requests[0].headers
