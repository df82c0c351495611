"""Times as the reader writes them: in the machine's zone, and in German or English by its locale."""

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo

from attrs import frozen


@frozen
class Dates:
    """How times are shown.

    Attributes:
        language: `de` or `en`.
        zone: The zone; None is the machine's own.
    """

    language: str = "en"
    zone: tzinfo | None = None

    @classmethod
    def of_reader(cls, environ: Mapping[str, str] = os.environ) -> "Dates":
        """Return those of the locale that `LC_ALL`, `LC_TIME` or `LANG` names."""
        named = environ.get("LC_ALL") or environ.get("LC_TIME") or environ.get("LANG") or ""
        return cls("de" if named.lower().startswith("de") else "en")

    def show(self, moment: object) -> str:
        """Return a time with its zone; what is none is said to be unknown."""
        if not isinstance(moment, datetime):
            return "Zeit unbekannt" if self.language == "de" else "time unknown"
        here = self._here(moment)
        return f"{here:%d.%m.%Y, %H:%M %Z}" if self.language == "de" else f"{here:%Y-%m-%d %H:%M %Z}"

    def zones(self, moments: Iterable[object]) -> str:
        """Name the zones that times are shown in, with their distance from UTC: summer and winter may differ."""
        shown = [self._here(each) for each in moments if isinstance(each, datetime)]
        return ", ".join(dict.fromkeys(_zone(each) for each in shown))

    def _here(self, moment: datetime) -> datetime:
        try:
            return moment.astimezone(self.zone)
        except OverflowError:  # the first and the last day of the calendar
            return moment.astimezone(UTC)


def _zone(moment: datetime) -> str:
    name, distance = f"{moment:%Z}", f"{moment:%z}"
    return name if name.startswith("UTC") else f"{name} (UTC{distance[:3]}:{distance[3:5]})"
