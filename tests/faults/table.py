"""The fault table: everything a client of this API meets, apart from bulk (H) and files (I)."""

from typing import Final

from . import cases_auth, cases_body, cases_connection, cases_drift, cases_protocol, cases_status, cases_time
from .fault import Fault, Kind

TABLE: Final[tuple[Fault, ...]] = (
    *cases_connection.CASES,
    *cases_protocol.CASES,
    *cases_status.CASES,
    *cases_body.CASES,
    *cases_drift.CASES,
    *cases_auth.CASES,
    *cases_time.CASES,
)


def rows(*numbers: str) -> tuple[Fault, ...]:
    """Return the faults of some numbers, in all their variants: `F69`, or one of them: `F69-body`."""
    return tuple(fault for fault in TABLE if fault.id in numbers or fault.id.partition("-")[0] in numbers)


def of_kind(kind: Kind) -> tuple[Fault, ...]:
    """Return the faults that one driver runs."""
    return tuple(fault for fault in TABLE if fault.kind == kind)
