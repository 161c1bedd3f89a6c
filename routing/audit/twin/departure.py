"""Rules 1 and 6 of docs/schedule.md, and the choice of the departure."""

from collections.abc import Sequence
from itertools import combinations

from geodata.units import DAY_S
from routing.audit.twin.timing import time_route
from routing.audit.twin.values import Span, TwinMiss, TwinRoute, TwinSchedule, TwinTimes, TwinTruck
from routing.reasons import Reason


def schedule_route(route: TwinRoute) -> TwinSchedule | TwinMiss:
    """Schedule a route as docs/schedule.md says: earliest finish, then latest departure.

    With nights out where no day is long enough: as few as will do.
    """
    by_day = _schedule(route, ())
    if isinstance(by_day, TwinSchedule) or any(stop.reload for stop in route.stops):
        return by_day
    places = range(2 * len(route.stops))
    for count in range(1, route.truck.nights_max + 1):
        tours = (_schedule(route, nights) for nights in combinations(places, count))
        lawful = [tour for tour in tours if isinstance(tour, TwinSchedule)]
        if lawful:
            return min(lawful, key=_duty_then_late_nights)
    return by_day


def _duty_then_late_nights(tour: TwinSchedule) -> tuple[int, list[int]]:
    return sum(tour.buffered.duties(tour.duty_from)), [-place for place in reversed(tour.nights)]


def _schedule(route: TwinRoute, nights: Sequence[int]) -> TwinSchedule | TwinMiss:
    """Schedule a route with these nights."""
    truck = route.truck
    if route.no_room:
        return TwinMiss(reason=Reason.DECK_NO_FIT, stop=None, short_s=0)
    ranges = _departure_ranges(truck)
    if isinstance(ranges, TwinMiss):
        return ranges
    buffered = route.buffered()
    first = time_route(buffered, departs=ranges[0][0], nights=nights)
    if isinstance(first, TwinMiss):
        return first
    finish = first.returns
    low, end = next(
        span
        for span in reversed(ranges)
        if _returns_by(buffered, span[0], finish=finish, nights=nights)
    )
    high = finish if end is None else min(finish, end)
    while low < high:
        middle = (low + high + 1) // 2
        if _returns_by(buffered, middle, finish=finish, nights=nights):
            low = middle
        else:
            high = middle - 1
    return retime(route, load=_load_for(truck, departs=low), departs=low, nights=nights)


def retime(
    route: TwinRoute, *, load: Span, departs: int, nights: Sequence[int] = ()
) -> TwinSchedule | TwinMiss:
    """Time a route, typical and buffered, for a given load, departure and places of its nights.

    Tests windows, roads, bans, driving limit, shift and duties of both; not the load itself, nor
    how many nights the truck may be out.
    """
    truck = route.truck
    duty_from = departs if truck.evening_loading else load[0]
    if duty_from < truck.shift_start:
        return _overdone(truck.shift_start - duty_from)
    typical = time_route(route, departs=departs, nights=nights)
    if isinstance(typical, TwinMiss):
        return typical
    buffered = time_route(route.buffered(), departs=departs, nights=nights)
    if isinstance(buffered, TwinMiss):
        return buffered
    latest = max(typical.returns, buffered.returns)
    longest = max(*typical.duties(duty_from), *buffered.duties(duty_from))
    over_s = max(
        latest - truck.shift_end - len(nights) * DAY_S,
        longest - truck.duty_max_s,
    )
    if over_s > 0:
        return _overdone(over_s)
    return TwinSchedule(
        load=load,
        duty_from=duty_from,
        departs=departs,
        typical=typical,
        buffered=buffered,
        nights=tuple(nights),
    )


def _overdone(by_s: int) -> TwinMiss:
    return TwinMiss(reason=Reason.DUTY_EXCEEDED, stop=None, short_s=by_s)


def _departure_ranges(truck: TwinTruck) -> list[tuple[int, int | None]] | TwinMiss:
    """List first and last departure per loading interval; None: no last one."""
    intervals = truck.loading[:1] if truck.evening_loading else truck.loading
    duty_from = 0 if truck.evening_loading else truck.shift_start
    ranges: list[tuple[int, int | None]] = []
    too_late_s: list[int] = []
    for start, end in intervals:
        loaded = max(start, truck.ready, duty_from) + truck.load_s
        if loaded > end:
            too_late_s.append(loaded - end)
        elif truck.evening_loading:
            ranges.append((max(loaded, truck.shift_start), None))
        else:
            ranges.append((loaded, end))
    if ranges:
        return ranges
    unready = any(max(start, duty_from) + truck.load_s <= end for start, end in intervals)
    reason = Reason.NOT_READY if unready else Reason.BAY_FULL
    return TwinMiss(reason=reason, stop=None, short_s=min(too_late_s))


def _load_for(truck: TwinTruck, *, departs: int) -> Span:
    if not truck.evening_loading:
        return departs - truck.load_s, departs
    starts = max(truck.loading[0][0], truck.ready)
    return starts, starts + truck.load_s


def _returns_by(buffered: TwinRoute, departs: int, *, finish: int, nights: Sequence[int]) -> bool:
    times = time_route(buffered, departs=departs, nights=nights)
    return isinstance(times, TwinTimes) and times.returns <= finish
