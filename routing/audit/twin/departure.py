"""Rules 1 and 6 of docs/schedule.md, and the choice of the departure."""

from routing.audit.twin.timing import time_route
from routing.audit.twin.values import Span, TwinMiss, TwinRoute, TwinSchedule, TwinTimes, TwinTruck
from routing.reasons import Reason


def schedule_route(route: TwinRoute) -> TwinSchedule | TwinMiss:
    """Schedule a route as docs/schedule.md says: earliest finish, then latest departure."""
    truck = route.truck
    if route.no_room:
        return TwinMiss(reason=Reason.DECK_NO_FIT, stop=None, short_s=0)
    ranges = _departure_ranges(truck)
    if isinstance(ranges, TwinMiss):
        return ranges
    buffered = route.buffered()
    first = time_route(buffered, departs=ranges[0][0])
    if isinstance(first, TwinMiss):
        return first
    finish = first.returns
    low, end = next(
        span for span in reversed(ranges) if _returns_by(buffered, span[0], finish=finish)
    )
    high = finish if end is None else min(finish, end)
    while low < high:
        middle = (low + high + 1) // 2
        if _returns_by(buffered, middle, finish=finish):
            low = middle
        else:
            high = middle - 1
    return retime(route, load=_load_for(truck, departs=low), departs=low)


def retime(route: TwinRoute, *, load: Span, departs: int) -> TwinSchedule | TwinMiss:
    """Time a route, typical and buffered, for a given load and departure.

    Tests windows, roads, bans, driving limit, shift and duty of both; not the load itself.
    """
    truck = route.truck
    duty_from = departs if truck.evening_loading else load[0]
    if duty_from < truck.shift_start:
        return _overdone(truck.shift_start - duty_from)
    typical = time_route(route, departs=departs)
    if isinstance(typical, TwinMiss):
        return typical
    buffered = time_route(route.buffered(), departs=departs)
    if isinstance(buffered, TwinMiss):
        return buffered
    latest = max(typical.returns, buffered.returns)
    over_s = max(latest - truck.shift_end, latest - duty_from - truck.duty_max_s)
    if over_s > 0:
        return _overdone(over_s)
    return TwinSchedule(
        load=load, duty_from=duty_from, departs=departs, typical=typical, buffered=buffered
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


def _returns_by(buffered: TwinRoute, departs: int, *, finish: int) -> bool:
    times = time_route(buffered, departs=departs)
    return isinstance(times, TwinTimes) and times.returns <= finish
