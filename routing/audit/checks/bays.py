"""Loading takes the time it takes, at one bay that is open and free."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations

from routing.audit.case import Case, Check, Fault, RouteCase
from routing.audit.wording import clock, span_en, span_zh
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    for each in case.routes:
        for zh, en in _faults_of_load(each):
            yield Fault(
                truck_id=each.truck.id,
                text=f"{each.truck.plate} {zh}",
                text_en=f"{each.truck.id} {en}",
            )
    for one, other in combinations(case.routes, 2):
        yield from _overlap(one, other)


def _faults_of_load(each: RouteCase) -> Iterator[tuple[str, str]]:
    truck, route, home = each.truck, each.route, each.home
    if not 1 <= route.bay <= home.bays:
        yield (
            f"用第 {route.bay} 个装车位,{home.name} 只有 {home.bays} 个",
            f"loads at bay {route.bay}; {home.id} has {home.bays}",
        )
    open_hours = home.loading[:1] if home.evening_loading else home.loading
    if not any(hours.holds(route.load) for hours in open_hours):
        yield (
            f"{clock(route.load.start)} 至 {clock(route.load.end)} 装车,不在装车时间内",
            f"loads from {clock(route.load.start)} to {clock(route.load.end)}, "
            "outside the loading hours",
        )
    needed = timedelta(seconds=truck.load_base_s + truck.load_per_car_s * len(route.stops))
    actual = route.load.end - route.load.start
    if actual != needed:
        yield (
            f"装车 {span_zh(actual)},应为 {span_zh(needed)}",
            f"loads for {span_en(actual)}, should be {span_en(needed)}",
        )
    stands = route.departs - route.load.end
    if stands < timedelta(0) or (stands > timedelta(0) and not home.evening_loading):
        yield (
            f"{clock(route.load.end)} 装完,{clock(route.departs)} 出发,应在装完时出发",
            f"is loaded at {clock(route.load.end)} but departs at {clock(route.departs)}",
        )


def _overlap(one: RouteCase, other: RouteCase) -> Iterator[Fault]:
    if one.home.id != other.home.id or one.route.bay != other.route.bay:
        return
    first, second = one.route.load, other.route.load
    both = min(first.end, second.end) - max(first.start, second.start)
    if both > timedelta(0):
        yield Fault(
            truck_id=other.truck.id,
            text=f"{one.truck.plate} 与 {other.truck.plate} 同占 {one.home.name} 第 "
            f"{one.route.bay} 个装车位 {span_zh(both)}",
            text_en=f"{one.truck.id} and {other.truck.id} share bay {one.route.bay} of "
            f"{one.home.id} for {span_en(both)}",
        )


CHECK = Check(name="bays", reason=Reason.BAY_FULL, run=_run)
