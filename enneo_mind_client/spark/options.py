"""The options of the data source, as they come from Spark: texts, whose names are told apart in any case."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from attrs import frozen

from enneo_mind_client.config import Instance
from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.ids import read_id
from enneo_mind_client.spark.credentials import TokenPlace

if TYPE_CHECKING:
    from enneo_mind_client.arrow import Errors
from enneo_mind_client.spark.reading import Reading

Ids: TypeAlias = Sequence[int]

TICKETS_PER_PARTITION: Final = 5_000
"""Tickets of a partition, where nobody says how many: some ten seconds' work to lose with a task."""

MAX_ID: Final = 2**63 - 1
"""The largest id that a column of Spark holds."""

MAX_PARTITIONS: Final = 100_000
"""Partitions that a driver can hold: a range with too many digits is no reason for it to run out of memory."""

KNOWN: Final = (
    "instance",
    "range",
    "ids",
    "partitions",
    "ticketsPerPartition",
    "rate",
    "concurrentPartitions",
    "errors",
    "includeRawData",
    "tokenEnv",
    "tokenFile",
)
_SECRETS: Final = ("token", "session_cookie", "sessionCookie")


@frozen
class Options:
    """What the options say.

    Attributes:
        partitions: The tickets of each partition.
        reading: How each is read.
    """

    partitions: Sequence[Ids]
    reading: Reading

    @classmethod
    def parse(cls, given: Mapping[str, str], token: str | None = None) -> "Options":
        """Read the options.

        Args:
            given: The options as Spark has them.
            token: What was given to `register`.

        Raises:
            ConfigurationError: One is not known, cannot be what it says, or would show a secret.
        """
        options = _known(given)
        ids = read_ids(options)
        partitions = divide(ids, _partitions(options, len(ids)))
        running = min(len(partitions), _whole(options, "concurrentPartitions", len(partitions)))
        return cls(partitions, read_reading(options, token, running))


def read_reading(options: Mapping[str, str], token: str | None, running: int) -> Reading:
    """Return how a task reads, of which so many run at a time.

    Raises:
        ConfigurationError: An option cannot be what it says.
    """
    rate, instance = _rate(options.get("rate")), options.get("instance")
    if instance is not None:
        Instance.parse(instance)  # here, and not first on the executors
    return Reading(
        instance=instance,
        token=TokenPlace(options.get("tokenEnv"), options.get("tokenFile"), token),
        errors=cast("Errors", _one_of(options, "errors", "raise", "rows")),
        rate=None if rate is None else rate / running,
        include_raw_data=_one_of(options, "includeRawData", "false", "true") == "true",
    )


def _known(given: Mapping[str, str]) -> dict[str, str]:
    names = {name.lower(): name for name in KNOWN}
    for name in given:
        if name.lower() in {secret.lower() for secret in _SECRETS}:
            raise ConfigurationError(
                f"{name!r} is no option, since Spark writes options into plans: set ENNEO_TOKEN on the executors, name "
                "another variable with tokenEnv or a file with tokenFile, or use register(spark, token=...)."
            )
        if name.lower() not in names:
            raise ConfigurationError(f"There is no option {name!r}: known are {', '.join(KNOWN)}.")
    return {names[name.lower()]: value for name, value in given.items()}


def read_ids(options: Mapping[str, str]) -> Ids:
    """Return the tickets that the options name, each once.

    Raises:
        ConfigurationError: They name none, or something else.
    """
    if ("ids" in options) == ("range" in options):
        raise ConfigurationError('Name the tickets by range ("1-20000") or by ids ("1,2,3"), one of both.')
    if "range" in options:
        first, dash, last = options["range"].partition("-")
        if not dash:
            raise ConfigurationError('range is the first and the last ticket, as in "1-20000".')
        found = range(read_id(first), read_id(last) + 1)
        if not found or found.stop > MAX_ID:
            raise ConfigurationError(f"range must go up, and no further than {MAX_ID}.")
        return found
    listed = [*dict.fromkeys(read_id(part) for part in options["ids"].split(",") if part.strip())]
    if max(listed, default=1) > MAX_ID:
        raise ConfigurationError(f"An id must be no larger than {MAX_ID}.")
    return listed


def _partitions(options: Mapping[str, str], tickets: int) -> int:
    if "partitions" in options and "ticketsPerPartition" in options:
        raise ConfigurationError("Give partitions or ticketsPerPartition, not both.")
    size = _whole(options, "ticketsPerPartition", TICKETS_PER_PARTITION)
    found = max(1, min(tickets, _whole(options, "partitions", -(-tickets // size))))
    if found > MAX_PARTITIONS:
        raise ConfigurationError(f"Those would be {found} partitions, of {MAX_PARTITIONS} at most: name fewer tickets.")
    return found


def divide(ids: Ids, parts: int) -> list[Ids]:
    """Divide ids into neighbours, of which no part has more than one more than another."""
    ends = [len(ids) * part // parts for part in range(parts + 1)]
    return [ids[start:end] for start, end in pairwise(ends)]


def _whole(options: Mapping[str, str], name: str, default: int) -> int:
    if name not in options:
        return default
    return int(_number(options[name], name, int, "a whole number above 0"))


def _rate(text: str | None) -> float | None:
    return None if text is None else _number(text, "rate", float, "a number of tickets a second above 0")


def _number(text: str, name: str, read: Callable[[str], float], expected: str) -> float:
    try:
        found = read(text)
    except ValueError:
        found = math.nan
    if not 0 < found < math.inf:
        raise ConfigurationError(f"{name} must be {expected}.")
    return found


def _one_of(options: Mapping[str, str], name: str, *values: str) -> str:
    """Return the option's value, of which the first is the one that is meant without any."""
    value = options.get(name, values[0]).lower()
    if value not in values:
        raise ConfigurationError(f"{name} must be {' or '.join(values)}.")
    return value
