"""The driver rests in time: read from the rests the plan itself shows, not from the twin."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from routing.audit.case import Case, Check, Fault, RouteCase
from routing.audit.wording import clock, span_en, span_zh
from routing.domain.policy import DrivingPolicy
from routing.plan import Leg, Reload, Rest, RestPlace, Stop
from routing.reasons import Reason

_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """A piece of the day: at the wheel, resting, or neither."""

    start: datetime
    end: datetime
    drives: bool = False
    rests: bool = False


def _run(case: Case) -> Iterator[Fault]:
    policy = case.request.policy.driving
    for each in case.routes:
        for zh, en in (
            *_false_rests(each, policy),
            *_overdriven(tuple(_day(each)), policy),
        ):
            yield Fault(
                truck_id=each.truck.id,
                text=f"{each.truck.plate} {zh}",
                text_en=f"{each.truck.id} {en}",
            )


def _overdriven(day: Sequence[_Stretch], policy: DrivingPolicy) -> Iterator[tuple[str, str]]:
    limit, rest = timedelta(seconds=policy.drive_max_s), timedelta(seconds=policy.rest_s)
    driven, pause = _NOTHING, _NOTHING
    for stretch in day:
        length = stretch.end - stretch.start
        if stretch.rests:
            pause += length
            continue
        if length == _NOTHING:
            continue
        if pause >= rest:
            driven = _NOTHING
        pause = _NOTHING
        if stretch.drives:
            over = driven + length - limit
            if driven <= limit < driven + length:
                yield (
                    f"到 {clock(stretch.end)} 连续驾驶超限 {span_zh(over)}",
                    f"drives {span_en(over)} too long without a rest by {clock(stretch.end)}",
                )
            driven += length


def _day(each: RouteCase) -> Iterator[_Stretch]:
    for halt in each.route.halts:
        yield from _cut(halt.leg.departs, halt.leg.arrives, halt.leg.road_rests, drives=True)
        yield from _cut(halt.leg.arrives, halt.leaves, halt.rests, drives=False)
    home = each.route.home
    yield from _cut(home.departs, home.arrives, home.road_rests, drives=True)


def _cut(
    start: datetime, end: datetime, rests: Sequence[Rest], *, drives: bool
) -> Iterator[_Stretch]:
    """Cut a leg or a stop into rests and what lies between them."""
    for rest in sorted(rests, key=lambda each: each.start):
        if rest.start > start:
            yield _Stretch(start=start, end=rest.start, drives=drives)
        yield _Stretch(start=rest.start, end=rest.end, rests=True)
        start = rest.end
    if end > start:
        yield _Stretch(start=start, end=end, drives=drives)


def _false_rests(each: RouteCase, policy: DrivingPolicy) -> Iterator[tuple[str, str]]:
    """Find rests during which the driver works, that overlap, or that lie outside their leg."""
    helped = bool(each.truck.specialist_id) and policy.handover_rests
    for leg in each.route.legs:
        yield from _outside(leg.road_rests, _on_leg(leg))
    for stop in each.route.stops:
        yield from _outside(stop.rests, _at_stop(stop, helped=helped))
    for reload in each.route.reloads:
        yield from _outside(reload.rests, _around_loading(reload))


def _outside(
    rests: Sequence[Rest], allowed: Sequence[tuple[datetime, datetime, frozenset[RestPlace]]]
) -> Iterator[tuple[str, str]]:
    ordered = sorted(rests, key=lambda each: each.start)
    for index, rest in enumerate(ordered):
        overlaps = index > 0 and ordered[index - 1].end > rest.start
        lies_right = any(
            rest.place in places and start <= rest.start <= rest.end <= end
            for start, end, places in allowed
        )
        if overlaps or not lies_right:
            yield (
                f"{clock(rest.start)} 至 {clock(rest.end)} 的休息({rest.place.value})不成立",
                f"cannot rest ({rest.place.value}) from {clock(rest.start)} to {clock(rest.end)}",
            )


def _on_leg(leg: Leg) -> list[tuple[datetime, datetime, frozenset[RestPlace]]]:
    return [(leg.departs, leg.arrives, frozenset({RestPlace.ROAD, RestPlace.HELD}))]


def _around_loading(
    reload: Reload,
) -> list[tuple[datetime, datetime, frozenset[RestPlace]]]:
    return [
        (reload.leg.arrives, reload.load.start, frozenset({RestPlace.BEFORE_SERVICE})),
        (reload.load.end, reload.leaves, frozenset({RestPlace.AFTER_SERVICE})),
    ]


def _at_stop(stop: Stop, *, helped: bool) -> list[tuple[datetime, datetime, frozenset[RestPlace]]]:
    unloaded = stop.begins + timedelta(seconds=stop.unload_s + stop.deck_s)
    spans = [
        (stop.leg.arrives, stop.begins, frozenset({RestPlace.BEFORE_SERVICE})),
        (stop.ends, stop.leaves, frozenset({RestPlace.AFTER_SERVICE})),
    ]
    if helped:
        spans.append((unloaded, stop.ends, frozenset({RestPlace.HANDOVER})))
    return spans


CHECK = Check(name="driving", reason=Reason.DRIVING_LIMIT, run=_run)
