"""The plans of all parts as one plan of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from routing.changes import changes_between
from routing.domain.request import PlanRequest
from routing.plan import (
    LeftBehind,
    Plan,
    Provenance,
    Route,
    Site,
    StopReason,
)
from routing.plan_off_routes import IdleTruck, Outsourced
from routing.plan_outlook import Outlook
from routing.plan_weights import ChangeKind
from routing.robustness.outlook import at_risk
from routing.scale.carriers import with_last_places
from routing.scale.parts import Part
from routing.scale.work import work_of_parts

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix

WORST_LAST: Final = (
    StopReason.ITERATIONS,
    StopReason.TIME,
    StopReason.CRASHED,
    StopReason.CANCELLED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPart:
    """A part and its plan, its bays numbered as the part numbers them."""

    part: Part
    plan: Plan


def merged(
    request: PlanRequest,
    parts: Sequence[PlannedPart],
    *,
    travel: TravelMatrix,
    iterations: int,
    steps: Sequence[str],
    assumptions: Sequence[str],
    sources: Sequence[str],
) -> Plan:
    """Put the plans of parts together; what is not of parts comes from the request.

    `travel` is read for what carriers take at last. `iterations` are those of all searches, also
    of plans that were not kept.
    """
    first = parts[0].plan
    routes = {
        route.truck_id: _at_real_bays(route, each.part)
        for each in parts
        for route in each.plan.routes
    }
    idle = {truck.truck_id: truck for each in parts for truck in each.plan.idle}
    plan = Plan(
        day=request.day,
        days=request.days,
        time_zone=first.time_zone,
        warehouses={house.id: house.name for house in request.warehouses},
        routes=tuple(routes[truck.id] for truck in request.trucks if truck.id in routes),
        left_behind=_in_line(request, [left for each in parts for left in each.plan.left_behind]),
        idle=_waiting(request, idle),
        sites={
            house.id: Site(lat=house.place.point.lat, lon=house.place.point.lon)
            for house in request.warehouses
        },
        specialists=tuple(day for each in parts for day in each.plan.specialists),
        outsourced=_by_carrier(request, parts),
        provenance=Provenance(
            request_digest=request.digest,
            matrix_digest=travel.digest,
            seed=first.provenance.seed,
            iterations=iterations,
            stop_reason=max(
                (each.plan.provenance.stop_reason for each in parts), key=WORST_LAST.index
            ),
            engine=f"{first.provenance.engine}; {len(parts)} parts",
            versions=first.provenance.versions,
            assumptions=tuple(
                dict.fromkeys(
                    (
                        *request.assumptions,
                        *assumptions,
                        *(line for each in parts for line in each.plan.provenance.assumptions),
                    )
                )
            ),
            sources=tuple(sources),
            steps=tuple(steps),
            work=work_of_parts([each.plan for each in parts]),
        ),
        policy={**first.policy, "outsourcing": {"budget": request.policy.outsourcing.budget}},
    )
    plan = with_last_places(request, travel, plan)
    told = [each.plan.outlook for each in parts]
    plan = _with_outlook(plan, None if None in told else first.outlook)
    if not request.baseline:
        return plan
    changes = changes_between(request.baseline, plan, request.policy.stability)
    return replace(
        plan, changes=tuple(each for each in changes if each.kind is not ChangeKind.SAME)
    )


def _by_carrier(request: PlanRequest, parts: Sequence[PlannedPart]) -> tuple[Outsourced, ...]:
    """Carrier by carrier, as in the plan of one part."""
    row = {carrier.id: at for at, carrier in enumerate(request.carriers)}
    given = [entry for each in parts for entry in each.plan.outsourced]
    return tuple(sorted(given, key=lambda entry: (row[entry.carrier_id], entry.order_id)))


def _at_real_bays(route: Route, part: Part) -> Route:
    real = part.bays[route.warehouse_id]
    return replace(
        route,
        bay=real[route.bay - 1],
        reloads=tuple(replace(each, bay=real[each.bay - 1]) for each in route.reloads),
    )


def _in_line(request: PlanRequest, left: Sequence[LeftBehind]) -> tuple[LeftBehind, ...]:
    """Promises first, then the dearest, as in the plan of one part."""
    price = {each.id: request.policy.left_behind[each.priority] for each in request.orders}
    return tuple(
        sorted(left, key=lambda each: (not each.promised, -price[each.order_id], each.order_id))
    )


def _waiting(request: PlanRequest, idle: dict[str, IdleTruck]) -> tuple[IdleTruck, ...]:
    return tuple(idle[truck.id] for truck in request.trucks if truck.id in idle)


def _with_outlook(plan: Plan, told: Outlook | None) -> Plan:
    """Sum up what was simulated of each route: a route's chances do not depend on the others."""
    if told is None:
        return plan
    stops = [stop for route in plan.routes for stop in route.stops]
    return replace(
        plan,
        outlook=replace(
            told,
            expected_late=round(sum((stop.p_late or 0.0 for stop in stops), 0.0), 4),
            at_risk=tuple(stop.order_id for stop in stops if at_risk(stop, quantile=told.quantile)),
        ),
    )
