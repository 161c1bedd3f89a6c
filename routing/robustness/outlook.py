"""The outlook of a finished plan: when each handover will likely begin, how likely too late."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from routing.domain.orders import DeliveryMode
from routing.plan_outlook import ETA_PERMILLE, Outlook
from routing.robustness.simulation import RouteDays, simulate

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest
    from routing.domain.uncertainty import UncertaintyPolicy
    from routing.plan import Plan, Route, Stop


def with_outlook(request: PlanRequest, travel: TravelMatrix, plan: Plan, *, seed: int) -> Plan:
    """Give every stop its interval and chance of being late, every route its chance of overrun.

    Deterministic by seed; a route's figures do not depend on the other routes, unless somebody in
    an own car comes from one of them.
    """
    policy = request.policy.uncertainty
    found = simulate(request, travel, plan.routes, plan.specialists, days=policy.days, seed=seed)
    routes = [_told(request, route, days) for route, days in zip(plan.routes, found, strict=True)]
    chances = [stop.p_late or 0.0 for route in routes for stop in route.stops]
    return replace(
        plan,
        routes=tuple(routes),
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
