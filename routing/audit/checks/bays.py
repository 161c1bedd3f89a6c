"""Loading takes the time it takes, at one bay that is open and free."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from routing.audit.case import Case, Check, Fault, RouteCase
from routing.audit.wording import clock, span_en, span_zh
from routing.domain.windows import Window
from routing.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class _Load:
    """One load of a truck: when, where, how many cars; `kept` is how long the bay is kept."""

    case: RouteCase
    bay: int
    load: Window
    kept: Window
    cars: int
    hours: tuple[Window, ...]
    departs: datetime | None


def _run(case: Case) -> Iterator[Fault]:
    loads = [load for each in case.routes for load in _loads(each)]
    for load in loads:
        for zh, en in _faults_of_load(load):
            yield Fault(
                truck_id=load.case.truck.id,
                text=f"{load.case.truck.plate} {zh}",
                text_en=f"{load.case.truck.id} {en}",
            )
    for one, other in combinations(loads, 2):
        yield from _overlap(one, other)


def _loads(each: RouteCase) -> Iterator[_Load]:
    route, home = each.route, each.home
    first, *later = route.trips
    yield _Load(
        case=each,
        bay=route.bay,
        load=route.load,
        kept=route.load,
        cars=len(first.stops),
        hours=home.first_hours(each.truck.shift_start),
        departs=route.departs,
    )
    for reload, trip in zip(route.reloads, later, strict=True):
        for load in (reload.load, reload.load_latest):
            yield _Load(
                case=each,
                bay=reload.bay,
                load=load,
                kept=reload.kept,
                cars=len(trip.stops),
                hours=home.loading,
                departs=None,
            )


def _faults_of_load(each: _Load) -> Iterator[tuple[str, str]]:
    truck, home, load = each.case.truck, each.case.home, each.load
    if not 1 <= each.bay <= home.bays:
        yield (
            f"用第 {each.bay} 个装车位,{home.name} 只有 {home.bays} 个",
            f"loads at bay {each.bay}; {home.id} has {home.bays}",
        )
    if not any(hours.holds(load) for hours in each.hours):
        yield (
            f"{clock(load.start)} 至 {clock(load.end)} 装车,不在装车时间内",
            f"loads from {clock(load.start)} to {clock(load.end)}, outside the loading hours",
        )
    needed = timedelta(seconds=truck.load_base_s + truck.load_per_car_s * each.cars)
    actual = load.end - load.start
    if actual != needed:
        yield (
            f"装车 {span_zh(actual)},应为 {span_zh(needed)}",
            f"loads for {span_en(actual)}, should be {span_en(needed)}",
        )
    if each.departs is None:
        return
    stands = each.departs - load.end
    if stands < timedelta(0) or (stands > timedelta(0) and not home.evening_loading):
        yield (
            f"{clock(load.end)} 装完,{clock(each.departs)} 出发,应在装完时出发",
            f"is loaded at {clock(load.end)} but departs at {clock(each.departs)}",
        )


def _overlap(one: _Load, other: _Load) -> Iterator[Fault]:
    if one.case.home.id != other.case.home.id or one.bay != other.bay or one.case is other.case:
        return
    both = min(one.kept.end, other.kept.end) - max(one.kept.start, other.kept.start)
    if both > timedelta(0):
        yield Fault(
            truck_id=other.case.truck.id,
            text=f"{one.case.truck.plate} 与 {other.case.truck.plate} 同占 {one.case.home.name} 第 "
            f"{one.bay} 个装车位 {span_zh(both)}",
            text_en=f"{one.case.truck.id} and {other.case.truck.id} share bay {one.bay} of "
            f"{one.case.home.id} for {span_en(both)}",
        )


CHECK = Check(name="bays", reason=Reason.BAY_FULL, run=_run)
