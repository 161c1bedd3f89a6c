"""Every truck that goes out has its own driver, with the right licence, rested and at work."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from routing.audit.case import Case, Check, Fault, RouteCase
from routing.audit.wording import clock, span_en, span_zh
from routing.domain.crews import licence_covers
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    for each in case.routes:
        for zh, en in _faults_of_driver(case, each):
            yield Fault(
                truck_id=each.truck.id,
                text=f"{each.truck.plate} {zh}",
                text_en=f"{each.truck.id} {en}",
            )
    shifts: dict[str, list[RouteCase]] = {}
    for each in sorted(case.routes, key=lambda each: each.duty_from):
        if each.route.driver_id:
            shifts.setdefault(each.route.driver_id, []).append(each)
    night = timedelta(seconds=case.request.policy.driving.night_rest_s)
    for driver_id, its in shifts.items():
        gaps = [b.duty_from - a.route.returns_latest for a, b in pairwise(its)]
        at_once = sum(gap < timedelta(0) for gap in gaps)
        if at_once:
            yield Fault(
                text=f"司机 {driver_id} 同时开 {at_once + 1} 辆车",
                text_en=f"driver {driver_id} drives {at_once + 1} trucks at once",
            )
        elif gaps and min(gaps) < night:
            yield Fault(
                text=f"司机 {driver_id} 两次出勤之间只休息 {span_zh(min(gaps))},"
                f"应有 {span_zh(night)}",
                text_en=f"driver {driver_id} rests {span_en(min(gaps))} between two duties, "
                f"should be {span_en(night)}",
            )


def _faults_of_driver(case: Case, each: RouteCase) -> Iterator[tuple[str, str]]:
    truck, route = each.truck, each.route
    if not truck.driver_id:
        yield "没有司机,不能出车", "has no driver and cannot go out"
        return
    if route.driver_id != truck.driver_id:
        yield (
            f"写司机 {route.driver_id},应为 {truck.driver_id}",
            f"names driver {route.driver_id}, not {truck.driver_id}",
        )
    driver = case.drivers.get(truck.driver_id)
    if driver is None:
        yield (
            f"的司机 {truck.driver_id} 不在名单中",
            f"is driven by {truck.driver_id}, who is not on the list",
        )
        return
    if route.driver_id == driver.id and route.driver_name != driver.name:
        yield "司机姓名写错", "spells the name of its driver wrong"
    if not licence_covers(driver.licence, truck.licence):
        yield (
            f"需要 {truck.licence} 驾照,司机 {driver.id} 持 {driver.licence}",
            f"needs licence {truck.licence}; driver {driver.id} holds {driver.licence}",
        )
    if truck.shift_start.date() in driver.days_off:
        yield f"的司机 {driver.id} 当天休息", f"is driven by {driver.id}, who is off that day"
    if driver.rested_at is not None and driver.rested_at > each.duty_from:
        yield (
            f"的司机 {driver.id} 要休息到 {clock(driver.rested_at)}",
            f"is driven by {driver.id}, who rests until {clock(driver.rested_at)}",
        )


CHECK = Check(name="crew", reason=Reason.NO_TRUCK, run=_run)
