"""Why a promise holds: the route that keeps it, as the witness has it just now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from routing.witness import RouteRecord, Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The place of one promise in the witness. What the judge's routes do not tell is None."""

    truck_id: str
    position: int
    """Which stop of the truck's day, from 1."""
    stops: int
    departs: datetime | None
    begins: datetime | None
    begins_latest: datetime | None
    """With every buffer of the policy used up."""
    slack_s: int | None
    """From `begins_latest` to the end of the window."""
    p_late: float | None
    """Share of simulated days on which the handover begins too late."""


def certificate_of(witness: Witness, promise_id: str) -> Certificate | None:
    """Find the route that keeps a promise; None where none does (at risk, over, taken back)."""
    for route in witness.routes.values():
        if promise_id in route.serves and promise_id in witness.promises:
            return _certified(witness, route, promise_id)
    return None


def _certified(witness: Witness, route: RouteRecord, promise_id: str) -> Certificate:
    place = route.serves.index(promise_id)
    told: Mapping[str, Any] = route.told
    stops = told.get("stops", [])
    stop: Mapping[str, Any] = stops[place] if place < len(stops) else {}
    latest = _moment(stop.get("begins_latest"))
    end = witness.promises[promise_id].ask.window.end
    return Certificate(
        truck_id=route.truck_id,
        position=place + 1,
        stops=len(route.serves),
        departs=_moment(told.get("departs")),
        begins=_moment(stop.get("begins")),
        begins_latest=latest,
        slack_s=None if latest is None else int((end - latest).total_seconds()),
        p_late=stop.get("p_late"),
    )


def _moment(told: object) -> datetime | None:
    return datetime.fromisoformat(told) if isinstance(told, str) else None
