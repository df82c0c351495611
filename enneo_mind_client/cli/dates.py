"""Times as the reader writes them: in the machine's zone, and in German or English by its locale."""

import os
from collections.abc import Mapping
from datetime import datetime, tzinfo

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
        here = moment.astimezone(self.zone)
        return f"{here:%d.%m.%Y, %H:%M %Z}" if self.language == "de" else f"{here:%Y-%m-%d %H:%M %Z}"
