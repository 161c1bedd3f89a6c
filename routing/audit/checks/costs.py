"""The bill of every route, added up again as docs/schedule.md says under Money."""

from collections.abc import Iterator

from routing.audit.case import Case, Check, Fault, RouteCase
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    for each in case.routes:
        cost = each.route.cost
        right = bill(each, shunt_fen=case.request.policy.deck.shunt_fen)
        for kind, stated in (
            ("km", cost.km),
            ("hours", cost.hours),
            ("overtime", cost.overtime),
            ("fixed", cost.fixed),
            ("tolls", cost.tolls),
            ("shunts", cost.shunts),
            ("nights", cost.nights),
        ):
            if stated != right[kind]:
                yield Fault(
                    truck_id=each.truck.id,
                    text=f"{each.truck.plate} 费用 {kind} 写 {stated} 分,应为 {right[kind]} 分",
                    text_en=f"{each.truck.id} bills {stated} fen for {kind}, not {right[kind]}",
                )


def bill(each: RouteCase, *, shunt_fen: int) -> dict[str, int]:
    """Add up what a route costs, in fen, by kind; hours are those of the buffered schedule."""
    truck, route = each.truck, each.route
    duties = [int(duty.total_seconds()) for duty in each.duties_latest]
    duty_s = sum(duties)
    overtime_s = sum(max(0, duty - truck.overtime_after_s) for duty in duties)
    return {
        "km": (truck.costs.per_km * route.metres + 500) // 1000,
        "hours": (truck.costs.per_hour * duty_s + 1800) // 3600,
        "overtime": (truck.costs.per_overtime_hour * overtime_s + 1800) // 3600,
        "fixed": int(truck.costs.fixed),
        "tolls": sum(leg.toll_minor for leg in route.legs),
        "shunts": shunt_fen * sum(len(stop.shunts) for stop in route.stops),
        "nights": truck.costs.per_night * len(route.nights),
    }


CHECK = Check(name="costs", reason=Reason.COSTS_TOO_MUCH, run=_run)
