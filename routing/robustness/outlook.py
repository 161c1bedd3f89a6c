"""The outlook of a finished plan: when each handover will likely begin, how likely too late."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from geodata.units import DAY_S
from routing.domain.orders import DeliveryMode
from routing.errors import RoutingError
from routing.plan_outlook import ETA_PERMILLE, Outlook
from routing.robustness.chance import World, modelled
from routing.robustness.course import course_of
from routing.robustness.execution import NEVER, Lived, live

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest
    from routing.domain.uncertainty import UncertaintyPolicy
    from routing.plan import Plan, Route, Stop


WITHOUT_RELOADS: Final = (
    "多趟车的到达区间与误点概率未计入回仓再装车,第二趟起不可信"
    " / intervals and chances of trucks with several trips leave out coming home to load: from the"
    " second trip on they are not to be trusted"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDays:
    """A route on all simulated days: `late` (days, stops), `overrun` (days,) of shift or duty."""

    lived: Lived
    late: NDArray[np.bool_]
    overrun: NDArray[np.bool_]


def simulate_route(
    request: PlanRequest,
    travel: TravelMatrix,
    route: Route,
    *,
    days: int,
    seed: int,
    world: World = modelled,
) -> RouteDays:
    """Live through days of one route as its driver who follows the plan would.

    Raises:
        KeyError: the route names a truck, warehouse or place that the request does not have.
        RoutingError: a leg of the route has no road at any hour.
    """
    course = course_of(request, travel, route)
    lived = live(course, world(request, travel, route, days=days, seed=seed))
    if (lived.returns == NEVER).any():
        raise RoutingError(f"{route.truck_id} is planned on a leg that has no road at any hour")
    truck = {each.id: each for each in request.trucks}[route.truck_id]
    shift_end = int((truck.shift_end - request.horizon_start).total_seconds())
    shift_end += len(route.nights) * DAY_S
    return RouteDays(
        lived=lived,
        late=lived.begins >= course.shuts,
        overrun=(lived.returns > shift_end) | (lived.longest > truck.duty_max_s),
    )


def with_outlook(request: PlanRequest, travel: TravelMatrix, plan: Plan, *, seed: int) -> Plan:
    """Give every stop its interval and chance of being late, every route its chance of overrun.

    Deterministic by seed; a route's figures do not depend on the other routes.
    """
    policy = request.policy.uncertainty
    routes = []
    for route in plan.routes:
        found = simulate_route(request, travel, route, days=policy.days, seed=seed)
        routes.append(_told(request, route, found))
    chances = [stop.p_late or 0.0 for route in routes for stop in route.stops]
    told = plan.provenance
    if any(route.reloads for route in routes):
        told = replace(told, assumptions=(*told.assumptions, WITHOUT_RELOADS))
    return replace(
        plan,
        routes=tuple(routes),
        provenance=told,
        outlook=Outlook(
            days=policy.days,
            seed=seed,
            eta_permille=ETA_PERMILLE,
            judge=policy.judge.value,
            quantile=policy.quantile,
            expected_late=round(sum(chances, 0.0), 4),
            at_risk=tuple(
                stop.order_id
                for route in routes
                for stop in route.stops
                if at_risk(stop, quantile=policy.quantile)
            ),
            assumed=policy.assumed,
        ),
    )


def assumptions_of(policy: UncertaintyPolicy) -> tuple[str, ...]:
    """Say what was assumed of chance, in both languages; nothing where it was fitted."""
    if not policy.assumed:
        return ()
    travel, door = policy.travel.cv * 100, policy.handover_cv[DeliveryMode.DOOR] * 100
    return (
        f"行程与交接时间的波动为假定值（行程 {travel:g}%，上门交接 {door:g}%），尚未按实际数据拟合"
        f" / the spread of travel ({travel:g} %) and handovers ({door:g} % at the door) is assumed,"
        " not fitted to driven days",
    )


def at_risk(stop: Stop, *, quantile: float) -> bool:
    """Tell whether a slot is missed more often than the policy accepts."""
    return stop.p_late is not None and stop.p_late > 1.0 - quantile + 1e-9


def _told(request: PlanRequest, route: Route, found: RouteDays) -> Route:
    start = request.horizon_start
    begins = np.sort(found.lived.begins, axis=0)
    low, high = (-(-permille * len(begins) // 1000) - 1 for permille in ETA_PERMILLE)
    stops = []
    for i, stop in enumerate(route.stops):
        stops.append(
            replace(
                stop,
                eta_from=start + timedelta(seconds=int(begins[low, i])),
                eta_to=start + timedelta(seconds=int(begins[high, i])),
                p_late=round(float(found.late[:, i].mean()), 6),
            )
        )
    return replace(route, stops=tuple(stops), p_overrun=round(float(found.overrun.mean()), 6))
