"""One clean day with something for every check to look at, and tools to spoil one thing in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from geodata.matrix import TravelMatrix
from routing.audit import AuditReport, audit_plan
from routing.domain.fleet import TruckKind
from routing.domain.policy import BufferPolicy, DrivingPolicy
from routing.domain.readiness import Precondition
from routing.domain.request import PlanRequest
from routing.plan import LeftBehind, Miss, Plan, Route, Stop
from routing.reasons import Reason, Unit
from tests.days import (
    ban,
    driver,
    flat_deck,
    km,
    matrix_of,
    order,
    request,
    specialist,
    truck,
    warehouse,
)
from tests.hand_plans import hand_plan, left_behind

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """A request, its matrix and a plan, ready to be audited."""

    request: PlanRequest
    travel: TravelMatrix
    plan: Plan

    def audit(self) -> AuditReport:
        """Audit the plan as it stands."""
        return audit_plan(self.request, self.travel, self.plan)


Spoil = Callable[[Audited], Audited]


def clean_day() -> Audited:
    """T1 with a specialist serves a promise and a wide window, 3 h out; T2 a ban and a coarse
    place; T3 stays at home; a promise without insurance and a skill nobody has stay behind."""
    day = request(
        order("O1", place=km(30), windows=[("10:00", "12:00")], promised=True, skills=["ev"]),
        order("O2", place=km(100)),
        order("O3", place=km(-40), ready="07:00"),
        order("O4", place=km(-70, radius_m=5_000)),
        order("O5", windows=[("14:00", "16:00")], promised=True, missing=[Precondition.INSURANCE]),
        order("O6", skills=["dialect"]),
        trucks=[
            truck("T1", cars=2, kind=TruckKind.TWO_CAR, specialist_id="S1", skills=["ev"]),
            truck("T2", deck=flat_deck(2, payload_kg=4_000), driver_id="D2", overtime_after_h=6),
            truck("T3", cars=1, driver_id="D3"),
        ],
        specialists=[specialist("S1", truck_id="T1", skills=["ev"]), specialist("S9")],
        drivers=[driver("D1"), driver("D2"), driver("D3", licence="A2")],
        warehouses=[warehouse(), warehouse("HUB", place=km(200))],
        bans=[ban(km(-40), ("09:30", "10:15"), truck_id="T2", inside_min=5)],
        driving=DrivingPolicy(drive_max_s=2 * 3600),
        buffers=BufferPolicy(),
    )
    travel = matrix_of(
        day, band_starts=("00:00", "07:00", "09:00"), seconds_per_km=(60, 75, 60), toll_per_km=45
    )
    behind = {each.id: each for each in day.orders}
    plan = hand_plan(
        day,
        travel,
        {"T1": ["O1", "O2"], "T2": ["O3", "O4"]},
        left=[
            left_behind(behind["O5"], Reason.NOT_READY),
            replace(
                left_behind(behind["O6"], Reason.SKILL_MISSING, unit=Unit.SKILLS),
                nearest=Miss(
                    truck_id="T3", reason=Reason.SKILL_MISSING, short_by=1, unit=Unit.SKILLS
                ),
            ),
        ],
    )
    return Audited(request=day, travel=travel, plan=plan)


def in_plan(**changes: object) -> Spoil:
    """Change fields of the plan."""
    return lambda day: replace(day, plan=_changed(day.plan, changes))


def in_route(truck_id: str, /, **changes: object) -> Spoil:
    """Change fields of one route; a callable gets the route and answers the new value."""

    def spoil(day: Audited) -> Audited:
        routes = tuple(
            _changed(route, changes) if route.truck_id == truck_id else route
            for route in day.plan.routes
        )
        return replace(day, plan=replace(day.plan, routes=routes))

    return spoil


def in_stop(order_id: str, /, **changes: object) -> Spoil:
    """Change fields of one stop; a callable gets the stop and answers the new value."""

    def stops(route: Route) -> tuple[Stop, ...]:
        return tuple(
            _changed(stop, changes) if stop.order_id == order_id else stop for stop in route.stops
        )

    def spoil(day: Audited) -> Audited:
        routes = tuple(replace(route, stops=stops(route)) for route in day.plan.routes)
        return replace(day, plan=replace(day.plan, routes=routes))

    return spoil


def in_left(order_id: str, /, **changes: object) -> Spoil:
    """Change fields of one order left behind."""

    def changed(entry: LeftBehind) -> LeftBehind:
        return _changed(entry, changes) if entry.order_id == order_id else entry

    def spoil(day: Audited) -> Audited:
        left = tuple(changed(entry) for entry in day.plan.left_behind)
        return replace(day, plan=replace(day.plan, left_behind=left))

    return spoil


def asked(kind: str, id: str, /, **changes: object) -> Spoil:
    """Change the request under the plan's feet, as if the planner had ignored that rule.

    `kind` names a field of `PlanRequest` ("orders", "trucks" ...); the digest is brought along.
    """

    def spoil(day: Audited) -> Audited:
        values = tuple(
            _changed(each, changes) if each.id == id else each
            for each in getattr(day.request, kind)
        )
        return with_request(day, **{kind: values})

    return spoil


def policy(**changes: object) -> Spoil:
    """Change the policy under the plan's feet."""
    return lambda day: with_request(day, policy=_changed(day.request.policy, changes))


def with_request(day: Audited, **changes: object) -> Audited:
    """Change the request and let the plan carry its new digest."""
    changed = _changed(day.request, changes)
    made = replace(day.plan.provenance, request_digest=changed.digest)
    return replace(day, request=changed, plan=replace(day.plan, provenance=made))


def both(*spoils: Spoil) -> Spoil:
    """Do one after the other."""

    def spoil(day: Audited) -> Audited:
        for each in spoils:
            day = each(day)
        return day

    return spoil


def _changed(value: T, changes: Mapping[str, object]) -> T:
    fixed = {name: new(value) if callable(new) else new for name, new in changes.items()}
    return cast(T, replace(cast(Any, value), **fixed))
