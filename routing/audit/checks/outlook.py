"""What a plan tells of chance fits together and to its slots. Nothing is simulated here."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Final

from routing.audit.case import Case, Check, Fault
from routing.audit.wording import clock
from routing.plan import Route, Stop
from routing.plan_outlook import ETA_PERMILLE, Outlook

HAIR: Final = 1e-9


def _run(case: Case) -> Iterator[Fault]:
    outlook = case.plan.outlook
    if outlook is None:
        yield from _told_of_nothing(case)
        return
    yield from _facts(case, outlook)
    for route in case.plan.routes:
        yield from _route(route, outlook.days)
    yield from _sums(case, outlook)


def _told_of_nothing(case: Case) -> Iterator[Fault]:
    for route in case.plan.routes:
        told = [stop.order_id for stop in route.stops if _told(stop) != (False, False, False)]
        if told or route.p_overrun is not None:
            yield Fault(
                truck_id=route.truck_id,
                order_id=told[0] if told else "",
                text=f"{route.plate} 写了到达区间或概率,但计划没有推演说明",
                text_en=f"{route.truck_id} states intervals or chances of a simulation that the "
                "plan does not have",
            )


def _facts(case: Case, outlook: Outlook) -> Iterator[Fault]:
    policy = case.request.policy.uncertainty
    for name, stated, right in (
        ("days", outlook.days, policy.days),
        ("eta_permille", outlook.eta_permille, ETA_PERMILLE),
        ("judge", outlook.judge, policy.judge.value),
        ("quantile", outlook.quantile, policy.quantile),
        ("assumed", outlook.assumed, policy.assumed),
    ):
        if stated != right:
            yield Fault(
                text=f"推演说明的 {name} 写 {stated},应为 {right}",
                text_en=f"{name} of the outlook is {stated}, not {right}",
            )


def _route(route: Route, days: int) -> Iterator[Fault]:
    if not _is_share(route.p_overrun, days):
        yield Fault(
            truck_id=route.truck_id,
            text=f"{route.plate} 的超时概率 {route.p_overrun} 不是 {days} 天中的比例",
            text_en=f"{route.truck_id}: p_overrun {route.p_overrun} is no share of {days} days",
        )
    complete = [stop for stop in route.stops if _told(stop) == (True, True, True)]
    for stop in route.stops:
        for zh, en in _stop(route, stop, days) if stop in complete else [_MISSING]:
            yield _fault(route, stop, zh, en)
    for before, after in pairwise(complete):
        if _interval(after)[0] < _interval(before)[0] or _interval(after)[1] < _interval(before)[1]:
            yield _fault(
                route, after, "到达区间早于前一站", "its interval precedes that of the stop before"
            )


_MISSING: Final = ("缺到达区间或误点概率", "has no interval or no p_late")


def _stop(route: Route, stop: Stop, days: int) -> Iterator[tuple[str, str]]:
    start, end = _interval(stop)
    opens, shuts = stop.slot.window.start, stop.slot.window.end
    if not max(opens, route.departs) <= start <= end:
        yield (
            f"到达区间 {clock(start)} 至 {clock(end)} 颠倒,或早于出发或时段",
            f"interval {clock(start)} to {clock(end)} is reversed, or before departure or slot",
        )
    p_late = stop.p_late
    if p_late is None or not _is_share(p_late, days):
        yield (
            f"误点概率 {p_late} 不是 {days} 天中的比例",
            f"p_late {p_late} is no share of {days} days",
        )
        return
    for moment, permille in zip((start, end), ETA_PERMILLE, strict=True):
        # The n-th of the sorted days is in time exactly when n of them are.
        in_time = -(-permille * days // 1000)
        if (moment < shuts) != (round((1 - p_late) * days) >= in_time):
            yield (
                f"误点概率 {p_late:g} 与区间端点 {clock(moment)}、时段结束 {clock(shuts)} 不符",
                f"p_late {p_late:g} does not go with {clock(moment)} and a slot until "
                f"{clock(shuts)}",
            )


def _sums(case: Case, outlook: Outlook) -> Iterator[Fault]:
    chances = {
        stop.order_id: stop.p_late or 0.0 for route in case.plan.routes for stop in route.stops
    }
    expected = sum(chances.values())
    if abs(outlook.expected_late - expected) > 0.000_1:
        yield Fault(
            text=f"预计误点 {outlook.expected_late:g} 单,各站之和 {expected:.4f}",
            text_en=f"expected_late is {outlook.expected_late:g}, the stops sum to {expected:.4f}",
        )
    risky = tuple(id for id, p_late in chances.items() if p_late > 1 - outlook.quantile + HAIR)
    if outlook.at_risk != risky:
        yield Fault(
            text=f"有风险的订单写 {'、'.join(outlook.at_risk)},应为 {'、'.join(risky)}",
            text_en=f"at_risk names {', '.join(outlook.at_risk) or 'nobody'}, not "
            f"{', '.join(risky) or 'nobody'}",
        )


def _told(stop: Stop) -> tuple[bool, bool, bool]:
    return stop.eta_from is not None, stop.eta_to is not None, stop.p_late is not None


def _interval(stop: Stop) -> tuple[datetime, datetime]:
    if stop.eta_from is None or stop.eta_to is None:
        raise AssertionError(f"{stop.order_id} has no interval")
    return stop.eta_from, stop.eta_to


def _is_share(chance: float | None, days: int) -> bool:
    if chance is None or not 0 <= chance <= 1:
        return False
    return abs(chance - round(chance * days) / days) < 0.000_001


def _fault(route: Route, stop: Stop, zh: str, en: str) -> Fault:
    return Fault(
        truck_id=route.truck_id,
        order_id=stop.order_id,
        text=f"订单 {stop.order_id}:{zh}",
        text_en=f"order {stop.order_id}: {en}",
    )


CHECK = Check(name="outlook", reason=None, run=_run)
