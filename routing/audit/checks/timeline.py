"""The moments of a route follow one another: nothing begins before what precedes it has ended."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from routing.audit.case import Case, Check, Fault
from routing.audit.wording import clock
from routing.plan import Route, Stop


def _run(case: Case) -> Iterator[Fault]:
    for route in case.plan.routes:
        for order_id, zh, en, moment, other in _broken(route):
            yield Fault(
                truck_id=route.truck_id,
                order_id=order_id,
                text=f"{route.plate} {zh}:{clock(moment)} 与 {clock(other)} 不接",
                text_en=f"{route.truck_id} {en}: {clock(moment)} against {clock(other)}",
            )


def _broken(route: Route) -> Iterator[tuple[str, str, str, datetime, datetime]]:
    leaves = route.departs
    for stop in route.stops:
        if stop.leg.departs != leaves:
            yield stop.order_id, "离开与上路时间", "leaves and departs", leaves, stop.leg.departs
        for zh, en, first, then in _out_of_order(stop):
            yield stop.order_id, zh, en, first, then
        served = stop.begins + timedelta(seconds=stop.unload_s + stop.deck_s + stop.handover_s)
        if stop.ends != served:
            yield stop.order_id, "服务结束", "service ends", stop.ends, served
        leaves = stop.leaves
    if route.home.departs != leaves:
        yield "", "回程出发", "leaves for home", route.home.departs, leaves
    if route.home.arrives < route.home.departs:
        yield "", "回程", "way home", route.home.departs, route.home.arrives
    if route.returns != route.home.arrives:
        yield "", "返回", "returns", route.returns, route.home.arrives


def _out_of_order(stop: Stop) -> Iterator[tuple[str, str, datetime, datetime]]:
    for zh, en, first, then in (
        ("先到后走", "departs and arrives", stop.leg.departs, stop.leg.arrives),
        ("未到先服务", "arrives and begins", stop.leg.arrives, stop.begins),
        ("未完先离开", "ends and leaves", stop.ends, stop.leaves),
    ):
        if then < first:
            yield zh, en, first, then


CHECK = Check(name="timeline", reason=None, run=_run)
