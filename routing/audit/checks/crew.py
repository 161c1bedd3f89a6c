"""Every truck that goes out has its own driver, with the right licence, rested and at work."""

from collections import Counter
from collections.abc import Iterator

from routing.audit.case import Case, Check, Fault, RouteCase
from routing.audit.wording import clock
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
    busy = Counter(each.route.driver_id for each in case.routes if each.route.driver_id)
    for driver_id, count in busy.items():
        if count > 1:
            yield Fault(
                text=f"司机 {driver_id} 同时开 {count} 辆车",
                text_en=f"driver {driver_id} drives {count} trucks at once",
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
    if driver.off_today:
        yield f"的司机 {driver.id} 今天休息", f"is driven by {driver.id}, who is off today"
    if driver.rested_at is not None and driver.rested_at > each.duty_from:
        yield (
            f"的司机 {driver.id} 要休息到 {clock(driver.rested_at)}",
            f"is driven by {driver.id}, who rests until {clock(driver.rested_at)}",
        )


CHECK = Check(name="crew", reason=Reason.NO_TRUCK, run=_run)
