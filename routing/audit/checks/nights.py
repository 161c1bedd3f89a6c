"""Nights out: no more than allowed, each a whole rest at a stop between two shifts, and the
vehicle and its driver on no other truck until they are back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from routing.audit.case import Case, Check, Fault, RouteCase
from routing.audit.wording import clock, span_en, span_zh
from routing.plan_nights import Night
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    rest = timedelta(seconds=case.request.policy.driving.night_rest_s)
    for each in case.routes:
        for zh, en in (*_count(each), *_whole(each, rest), *_places(each)):
            yield Fault(
                truck_id=each.truck.id,
                text=f"{each.truck.plate} {zh}",
                text_en=f"{each.truck.id} {en}",
            )
    yield from _in_two_places(case)


def _count(each: RouteCase) -> Iterator[tuple[str, str]]:
    nights, most = len(each.route.nights), each.truck.nights_max
    if nights > most:
        yield (
            f"在外过夜 {nights} 晚,最多 {most} 晚",
            f"is out for {nights} nights, at most {most} allowed",
        )
    if nights and each.route.reloads:
        yield "在外过夜又回仓再装车", "is out overnight and loads again at home"


def _whole(each: RouteCase, rest: timedelta) -> Iterator[tuple[str, str]]:
    for number, night in enumerate(each.route.nights):
        evening = each.truck.shift_end + timedelta(days=number)
        morning = each.truck.shift_start + timedelta(days=number + 1)
        for start, end in ((night.start, night.end), (night.start_latest, night.end_latest)):
            if end - start < rest:
                yield (
                    f"{clock(start)} 起过夜只休息 {span_zh(end - start)},应有 {span_zh(rest)}",
                    f"rests {span_en(end - start)} in the night from {clock(start)}, should be "
                    f"{span_en(rest)}",
                )
            if start > evening:
                yield (
                    f"{clock(start)} 才过夜,班次 {clock(evening)} 已结束",
                    f"is on duty until {clock(start)}, its shift ends at {clock(evening)}",
                )
            if end < morning:
                yield (
                    f"过夜后 {clock(end)} 出勤,班次 {clock(morning)} 才开始",
                    f"is on duty from {clock(end)} after a night, its shift begins at "
                    f"{clock(morning)}",
                )


def _places(each: RouteCase) -> Iterator[tuple[str, str]]:
    """A night fills what lies between arrival and service, or between service and leaving."""
    stops = each.route.stops
    places = [(night.stop, not night.before_service) for night in each.route.nights]
    if any(late <= early for early, late in pairwise(places)):
        yield "过夜的先后不对", "has its nights out of sequence"
    for night in each.route.nights:
        if not 0 <= night.stop < len(stops):
            yield f"在第 {night.stop} 站过夜,没有这一站", f"sleeps at stop {night.stop}, of none"
            continue
        right = _pause(each, night)
        if (night.start, night.end) != right:
            yield (
                f"过夜写 {clock(night.start)} 至 {clock(night.end)},"
                f"停车应为 {clock(right[0])} 至 {clock(right[1])}",
                f"sleeps from {clock(night.start)} to {clock(night.end)}, but stands from "
                f"{clock(right[0])} to {clock(right[1])}",
            )


def _pause(each: RouteCase, night: Night) -> tuple[datetime, datetime]:
    stop = each.route.stops[night.stop]
    if night.before_service:
        return stop.leg.arrives, stop.begins
    return stop.ends, stop.leaves


def _in_two_places(case: Case) -> Iterator[Fault]:
    vehicles: dict[str, list[RouteCase]] = {}
    for each in sorted(case.routes, key=lambda each: each.duty_from):
        vehicles.setdefault(each.truck.vehicle, []).append(each)
    for its in vehicles.values():
        for one, other in pairwise(its):
            if one.route.nights and other.duty_from < one.route.returns_latest:
                yield Fault(
                    truck_id=other.truck.id,
                    text=f"{other.truck.plate} {clock(other.duty_from)} 出勤,"
                    f"但要到 {clock(one.route.returns_latest)} 才从外地回来",
                    text_en=f"{other.truck.id} goes on duty at {clock(other.duty_from)}, but its "
                    f"vehicle is back at {clock(one.route.returns_latest)} only",
                )


CHECK = Check(name="nights", reason=Reason.NIGHTS_EXCEEDED, run=_run)
