"""Rules 3 to 6 of docs/schedule.md: all schedules of one departure, and the one to take."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from geodata.units import DAY_S
from routing.audit.twin.driving import (
    Wheel,
    allowed_leaving,
    drive,
    hold_outside,
)
from routing.audit.twin.values import (
    Span,
    TwinDrive,
    TwinMiss,
    TwinRest,
    TwinRoute,
    TwinStop,
    TwinTimes,
    TwinTruck,
    TwinVisit,
)
from routing.plan import RestPlace
from routing.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One way to have driven so far. `chosen`: see `TwinTimes`."""

    wheel: Wheel
    chosen: tuple[int, ...] = ()
    visits: tuple[TwinVisit, ...] = ()
    nights: tuple[Span, ...] = ()

    @property
    def rank(self) -> tuple[int, tuple[int, ...]]:
        """Smaller is better among equals: fewest chosen rests, then the later ones."""
        return len(self.chosen), tuple(-place for place in reversed(self.chosen))


def time_route(
    route: TwinRoute, *, departs: int, nights: Sequence[int] = ()
) -> TwinTimes | TwinMiss:
    """Time a route for one departure: earliest return, windows, roads and bans obeyed.

    `nights` are spent before (`2 x stop`) or after (`2 x stop + 1`) a service. Shift (but for the
    begin of a night), duty and loading are not looked at. Pass `route.buffered()` for the
    buffered schedule.
    """
    labels = [Label(wheel=Wheel(now=departs, driven_s=0, paused_from=departs))]
    for index, stop in enumerate(route.stops):
        arrived = arrivals(route, labels, index)
        if not arrived:
            return TwinMiss(reason=Reason.UNREACHABLE, stop=index, short_s=0)
        labels = _pruned(
            after
            for label, driven, wheel in arrived
            for after in served(route, label, driven, wheel, index, nights)
        )
        if not labels:
            if any(place // 2 == index for place in nights):
                return TwinMiss(reason=Reason.NIGHTS_EXCEEDED, stop=index, short_s=0)
            soonest = min(driven.arrives for _, driven, _ in arrived)
            return _too_late(stop, index, soonest)
    homes = arrivals(route, labels, len(route.stops))
    if not homes:
        return TwinMiss(reason=Reason.UNREACHABLE, stop=None, short_s=0)
    best, home, _ = min(homes, key=lambda each: (each[1].arrives, each[0].rank))
    return TwinTimes(
        departs=departs, visits=best.visits, home=home, chosen=best.chosen, nights=best.nights
    )


def _too_late(stop: TwinStop, index: int, soonest: int) -> TwinMiss:
    """Say by how much the last window is missed; a load longer than all loading hours by 0."""
    reason = Reason.BAY_FULL if stop.reload else Reason.WINDOW_MISSED
    late_s = soonest - stop.windows[-1][1] + 1 if stop.windows else 0
    return TwinMiss(reason=reason, stop=index, short_s=late_s)


def arrivals(
    route: TwinRoute, labels: Sequence[Label], index: int
) -> list[tuple[Label, TwinDrive, Wheel]]:
    """Drive leg `index` with every label; empty where no band has a road."""
    arrived = []
    for label in labels:
        arrival = _arrive(route, label.wheel, index)
        if arrival is not None:
            arrived.append((label, *arrival))
    return arrived


def _arrive(route: TwinRoute, start: Wheel, index: int) -> tuple[TwinDrive, Wheel] | None:
    truck, leg = route.truck, route.legs[index]
    sets_out = start
    if index == 0 and not leg.stays:
        sets_out = replace(start, now=allowed_leaving(start.now, truck.bans))
    arrival = drive(
        leg,
        sets_out,
        band_starts_s=route.band_starts_s,
        drive_max_s=truck.drive_max_s,
        rest_s=truck.rest_s,
    )
    if arrival is None:
        return None
    driven, wheel = arrival
    if sets_out.now > start.now:
        held = TwinRest(start=start.now, end=sets_out.now, place=RestPlace.HELD)
        driven = replace(driven, departs=start.now, rests=(held, *driven.rests))
    if leg.stays:
        return driven, wheel
    bans = route.stops[index].bans if index < len(route.stops) else truck.bans
    return hold_outside(driven, wheel, bans, rest_s=truck.rest_s)


def served(
    route: TwinRoute,
    label: Label,
    driven: TwinDrive,
    arrived: Wheel,
    index: int,
    nights: Sequence[int] = (),
) -> Iterator[Label]:
    """Serve one stop in each way the driver may choose; where a night is spent there is none."""
    stop, truck = route.stops[index], route.truck
    stays_next = route.legs[index + 1].stays
    sleeps_before, sleeps_after = 2 * index in nights, 2 * index + 1 in nights
    slept = label.nights
    if sleeps_before:
        mornings = _mornings(truck, arrived.now, len(slept))
    else:
        mornings = _stretches(arrived, at=arrived.now, rest_s=truck.rest_s, place=2 * index)
    for earliest, before in mornings:
        begins = first_in_windows(earliest, stop.windows)
        if begins is None:
            continue
        first = (*slept, (arrived.now, begins)) if sleeps_before else slept
        wheel = replace(arrived, now=begins)
        works_until = begins + stop.unload_s + (0 if stop.handover_rests else stop.handover_s)
        if works_until > begins:
            worked = wheel.rested(truck.rest_s)
            wheel = replace(worked, now=works_until, paused_from=works_until)
        ends = begins + stop.unload_s + stop.handover_s
        if sleeps_after:
            goings = _mornings(truck, ends, len(first))
        else:
            goings = _stretches(wheel, at=ends, rest_s=truck.rest_s, place=2 * index + 1)
        for leaves, after in goings:
            if not stays_next:
                leaves = allowed_leaving(leaves, stop.bans)
            visit = TwinVisit(
                drive=driven, begins=begins, works_until=works_until, ends=ends, leaves=leaves
            )
            yield Label(
                wheel=replace(wheel, now=leaves).rested(truck.rest_s),
                chosen=(*label.chosen, *before, *after),
                visits=(*label.visits, visit),
                nights=(*first, (ends, leaves)) if sleeps_after else first,
            )


def _mornings(truck: TwinTruck, evening: int, slept: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Sleep from the evening on, so many nights having passed: nothing after the shift's end."""
    if evening <= truck.shift_end + slept * DAY_S:
        next_shift = truck.shift_start + (slept + 1) * DAY_S
        yield max(evening + truck.night_rest_s, next_shift), ()


def _stretches(
    wheel: Wheel, *, at: int, rest_s: int, place: int
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Go on at `at`, or stretch the pause to a rest where that changes anything."""
    yield at, ()
    full = wheel.paused_from + rest_s
    if wheel.driven_s > 0 and full > at:
        yield full, (place,)


def first_in_windows(at: int, windows: Sequence[Span]) -> int | None:
    """Find the first moment, from `at` on, inside a window; None past the last one."""
    for start, end in windows:
        if at < end:
            return max(at, start)
    return None


def _pruned(labels: Iterable[Label]) -> list[Label]:
    """Drop every label that another equals or beats in time and in driving since its rest."""
    kept: list[Label] = []
    for label in sorted(labels, key=lambda each: (each.wheel.now, each.wheel.driven_s, each.rank)):
        if not kept or label.wheel.driven_s < kept[-1].wheel.driven_s:
            kept.append(label)
    return kept
