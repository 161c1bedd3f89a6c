"""The day of a specialist who travels by own car, as the plan tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialistVisit:
    """One handover of a specialist in an own car: there when the handover begins, typically, and
    until it ends with every buffer used up."""

    order_id: str
    truck_id: str
    place_id: str
    address: str
    begins: datetime
    ends_latest: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialistDay:
    """The day of a specialist in an own car: out of the warehouse, from buyer to buyer, back."""

    specialist_id: str
    name: str
    warehouse_id: str
    leaves: datetime
    visits: tuple[SpecialistVisit, ...]
    returns: datetime
