"""The moments of a route follow one another: nothing begins before what precedes it has ended."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from routing.audit.case import Case, Check, Fault
from routing.audit.wording import clock
from routing.plan import Reload, Route, Stop


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
    for halt in route.halts:
        order_id = halt.order_id if isinstance(halt, Stop) else ""
        if halt.leg.departs != leaves:
            yield order_id, "离开与上路时间", "leaves and departs", leaves, halt.leg.departs
        begins, ends = _service(halt)
        for zh, en, first, then in (
            ("先到后走", "departs and arrives", halt.leg.departs, halt.leg.arrives),
            ("未到先服务", "arrives and begins", halt.leg.arrives, begins),
            ("未完先离开", "ends and leaves", ends, halt.leaves),
        ):
            if then < first:
                yield order_id, zh, en, first, then
        if isinstance(halt, Stop):
            served = halt.begins + timedelta(seconds=halt.unload_s + halt.deck_s + halt.handover_s)
            if halt.ends != served:
                yield order_id, "服务结束", "service ends", halt.ends, served
        leaves = halt.leaves
    if route.home.departs != leaves:
        yield "", "回程出发", "leaves for home", route.home.departs, leaves
    if route.home.arrives < route.home.departs:
        yield "", "回程", "way home", route.home.departs, route.home.arrives
    if route.returns != route.home.arrives:
        yield "", "返回", "returns", route.returns, route.home.arrives


def _service(halt: Stop | Reload) -> tuple[datetime, datetime]:
    if isinstance(halt, Reload):
        return halt.load.start, halt.load.end
    return halt.begins, halt.ends


CHECK = Check(name="timeline", reason=None, run=_run)
