"""The limits of a call: every value is checked when it is given, and says what it must be."""

import math
from typing import Any

import attrs
import pytest

from enneo_mind_client.config import Settings, count
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.retries import RetryPolicy


@pytest.mark.parametrize("name", ["timeout", "deadline"])
@pytest.mark.parametrize("junk", [0, -1, math.nan, "30", True, [30]])
def test_seconds_are_above_zero(name: str, junk: Any) -> None:
    """A limit of no time, or of no number, is refused by its name."""
    with pytest.raises(ConfigurationError, match=f"{name} must be a number of seconds"):
        Settings(**{name: junk})


@pytest.mark.parametrize("name", ["timeout", "deadline"])
def test_none_is_no_bound(name: str) -> None:
    """None means that there is no limit."""
    settings = Settings(**{name: None})  # type: ignore[arg-type]

    assert getattr(settings, name) == math.inf


@pytest.mark.parametrize("junk", [0, -1, 1.5, True, "5", None])
def test_a_count_is_a_whole_number_above_zero(junk: object) -> None:
    """Connections and bytes are counted in whole numbers."""
    with pytest.raises(ConfigurationError, match="x must be a whole number above 0"):
        count(junk, "x")


def test_a_cap_is_checked() -> None:
    """The largest body is a count."""
    with pytest.raises(ConfigurationError, match="max_response_bytes"):
        Settings(max_response_bytes=0)


def test_none_never_retries() -> None:
    """No policy means no retries."""
    assert Settings(retry=None).retry.max_retries == 0  # type: ignore[arg-type]


def test_a_policy_is_a_policy() -> None:
    """A number is no policy."""
    with pytest.raises(ConfigurationError, match="retry must be a RetryPolicy"):
        Settings(retry=3)  # type: ignore[arg-type]


@pytest.mark.parametrize("junk", [-1, 1.5, True, "3", None])
def test_retries_are_counted(junk: Any) -> None:
    """A policy's number of retries is a whole number."""
    with pytest.raises(ConfigurationError, match="max_retries must be a whole number"):
        RetryPolicy(max_retries=junk)


@pytest.mark.parametrize("name", ["base_delay", "throttled_base_delay", "max_delay", "max_retry_after"])
@pytest.mark.parametrize("junk", [-0.1, math.nan, math.inf, True, "1", None])
def test_delays_are_seconds(name: str, junk: Any) -> None:
    """A policy's delays are finite seconds."""
    with pytest.raises(ConfigurationError, match=f"{name} must be a number of seconds"):
        RetryPolicy(**{name: junk})


@pytest.mark.parametrize("frozen", [Settings(), RetryPolicy()])
def test_limits_are_frozen(frozen: Any) -> None:
    """What calls share is not changed under them."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        frozen.max_retries = 9
