"""Replay one compiled schedule in full: every leg, hold, rest and wait, in seconds.

The compiled clock decides (departure, chosen rests); this writes down what happens then, and
refuses to go on if it ever disagrees with the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from geodata.units import DAY_S, UNREACHABLE_S
from routing.clock import DEAD, PARENT, RELOAD, RESTS, TIME
from routing.errors import RoutingError
from routing.nights import nights_of
from routing.plan import RestPlace
from routing.problem import Tables
from routing.schedule import new_scratch, run_route
from routing.trips import load_seconds, ready_second, trips_of


class Pause(NamedTuple):
    """A stretch without driving or the driver's own work."""

    start: int
    end: int
    place: RestPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedLeg:
    """A drive: seconds of the horizon; `pauses` lie within it."""

    departs: int
    arrives: int
    drive_s: int
    metres: int
    toll: int
    pauses: tuple[Pause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedStop:
    """A handover, or loading between two trips (`order` is RELOAD), and the pauses around it."""

    order: int
    leg: TracedLeg
    begins: int
    ends: int
    leaves: int
    pauses: tuple[Pause, ...]


class TracedNight(NamedTuple):
    """A night out in `[start, end)` at stop number `stop`, before its service or after it."""

    stop: int
    before: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A whole route from departure to return; `stops` has one entry for each of its sequence."""

    stops: tuple[TracedStop, ...]
    home: TracedLeg
    nights: tuple[TracedNight, ...] = ()

    @property
    def returns(self) -> int:
        """Second at which the truck is back."""
        return self.home.arrives

    def duties(self, duty_from: int) -> tuple[int, ...]:
        """Seconds of every duty, the first from `duty_from` on."""
        begins = [duty_from, *(night.end for night in self.nights)]
        ends = [*(night.start for night in self.nights), self.returns]
        return tuple(end - begin for begin, end in zip(begins, ends, strict=True))


def places_of_nights(p: Tables, truck: int, orders: tuple[int, ...]) -> int:
    """Set of nights out of a route's best schedule: bit 2i before the service of stop i, bit
    2i + 1 after it."""
    row = np.array(orders, dtype=np.int32)
    return int(nights_of(p, truck, row, len(orders), new_scratch(len(orders))))


def trace_route(
    p: Tables,
    truck: int,
    orders: tuple[int, ...],
    departs: int,
    *,
    buffered: bool,
    nights: int | None = None,
) -> Trace | None:
    """Write down the schedule of a route for a departure; None when it has none.

    `nights` are those of its best schedule, unless given.
    """
    n = len(orders)
    scratch = new_scratch(n)
    row = np.array(orders, dtype=np.int32)
    if nights is None:
        nights = int(nights_of(p, truck, row, n, scratch))
    legs = p.travel.buffered if buffered else p.travel.typical
    buffer = p.service_buffer if buffered else 0
    returns, _, _, _, label = run_route(p, truck, row, n, departs, nights, legs, buffer, scratch)
    if returns == DEAD:
        return None
    chosen = int(scratch.levels[n, label, RESTS])
    leaving = [0] * (n + 1)
    for level in range(n, -1, -1):
        leaving[level] = int(scratch.levels[level, label, TIME])
        label = int(scratch.levels[level, label, PARENT])
    replay = _Replay(p, truck, buffered, nights)
    later_trips = list(trips_of(orders)[1:])
    served: list[int] = []
    stops = []
    place, at = int(p.home[truck]), departs
    for i, order in enumerate(orders):
        there = replay.place(order)
        if i == 0:
            leg = replay.leg(place, there, departs, leaving[0])
        else:
            leg = replay.leg(place, there, at, at)
        goes_to = replay.place(orders[i + 1]) if i + 1 < n else int(p.home[truck])
        rests, stays = chosen >> 2 * i & 3, goes_to == there
        if order == RELOAD:
            stop = replay.reload(i, served, later_trips.pop(0), leg, rests, stays=stays)
        else:
            served.append(order)
            deck_s = int(scratch.deck_s[i])
            stop = replay.stop(i, order, leg, rests, deck_s=deck_s, stays=stays)
        if stop.leaves != leaving[i + 1]:
            raise RoutingError(
                f"schedule and trace disagree at stop {i + 1}: {leaving[i + 1]} and {stop.leaves}"
            )
        stops.append(stop)
        place, at = there, stop.leaves
    home = replay.leg(place, int(p.home[truck]), at, at)
    if home.arrives != returns:
        raise RoutingError(f"schedule and trace disagree on the return: {returns}, {home.arrives}")
    return Trace(stops=tuple(stops), home=home, nights=tuple(replay.nights))


def bay_spans(typical: Trace, buffered: Trace) -> tuple[tuple[int, int], ...]:
    """Seconds `[start, end)` for which each later trip keeps a bay, whatever happens on the way."""
    return tuple(
        (min(one.begins, other.begins), max(one.ends, other.ends))
        for one, other in zip(typical.stops, buffered.stops, strict=True)
        if one.order == RELOAD
    )


class _Replay:
    """The driver's clock: seconds driven since the last rest, seconds of the present pause."""

    def __init__(self, p: Tables, truck: int, buffered: bool, nights: int) -> None:
        self.nights: list[TracedNight] = []
        self._planned = nights
        self._p = p
        self._truck = truck
        self._buffer = p.service_buffer if buffered else 0
        self._legs = (p.travel.buffered if buffered else p.travel.typical)[int(p.layer[truck])]
        self._driven = 0
        self._still = int(p.rest)

    def leg(self, a: int, b: int, departs: int, sets_out: int) -> TracedLeg:
        """Drive from a to b; between `departs` and `sets_out` the truck is held by a ban."""
        p = self._p
        pauses: list[Pause] = []
        t = departs
        if sets_out > departs:
            pauses.append(Pause(departs, sets_out, RestPlace.HELD))
            t = sets_out
        if a == b:
            return TracedLeg(
                departs=departs, arrives=t, drive_s=0, metres=0, toll=0, pauses=tuple(pauses)
            )
        left, base, metres, drive_s = -1, 1, 0, 0
        forced = self._driven >= p.drive_max and self._legs[self._band(t)[0], a, b] > 0
        while True:
            if forced or (left > 0 and self._driven >= p.drive_max):
                forced = False
                pauses.append(Pause(t, t + p.rest, RestPlace.ROAD))
                t += p.rest
                self._still, self._driven = int(p.rest), 0
            band, band_end = self._band(t)
            whole = int(self._legs[band, a, b])
            if whole >= UNREACHABLE_S:
                pauses.append(Pause(t, band_end, RestPlace.HELD))
                self._pause(band_end - t)
                t = band_end
                continue
            if left < 0:
                left = whole
                metres = int(p.travel.metres[int(p.layer[self._truck]), band, a, b])
            elif whole != base:
                left = (left * whole + base - 1) // base
            base = max(whole, 1)
            if left == 0:
                break
            step = min(left, band_end - t, p.drive_max - self._driven)
            t += step
            drive_s += step
            left -= step
            self._driven += step
            self._still = 0
            if left == 0:
                break
        held = self._arrival_allowed(b, t)
        if held > t:
            pauses.append(Pause(t, held, RestPlace.HELD))
            self._pause(held - t)
        return TracedLeg(
            departs=departs,
            arrives=held,
            drive_s=drive_s,
            metres=metres,
            toll=int(p.travel.toll[int(p.layer[self._truck]), a, b]),
            pauses=tuple(pauses),
        )

    def stop(
        self, number: int, order: int, leg: TracedLeg, rests: int, *, deck_s: int, stays: bool
    ) -> TracedStop:
        """Hand over; `rests` holds the chosen rests, bit 0 before the service, bit 1 after it."""
        begins = self._open_window(order, self._ready(number, leg, rests))
        own = int(self._p.unload[order]) + deck_s + self._buffer
        handover = int(self._p.handover[order])
        return self._serve(number, order, leg, begins, own, handover, rests, stays=stays)

    def reload(
        self,
        number: int,
        served: list[int],
        trip: tuple[int, ...],
        leg: TracedLeg,
        rests: int,
        *,
        stays: bool,
    ) -> TracedStop:
        """Load the cars of the next trip, after those `served`; `rests` as for a stop."""
        takes = load_seconds(self._p, self._truck, len(trip))
        ready = ready_second(self._p, self._truck, [*served, *trip], len(served))
        begins = self._bay_open(takes, max(self._ready(number, leg, rests), ready))
        return self._serve(number, RELOAD, leg, begins, takes, 0, rests, stays=stays)

    def place(self, entry: int) -> int:
        """Where an entry of the sequence takes place."""
        return int(self._p.home[self._truck] if entry == RELOAD else self._p.place[entry])

    def _ready(self, number: int, leg: TracedLeg, rests: int) -> int:
        if self._planned >> 2 * number & 1:
            return self._morning_after(leg.arrives)
        if rests & 1:
            return max(leg.arrives, leg.arrives + int(self._p.rest) - self._still)
        return leg.arrives

    def _morning_after(self, evening: int) -> int:
        nights, spent = self._p.nights, len(self.nights)
        morning = int(nights.morning[self._truck]) + (spent + 1) * DAY_S
        return max(evening + int(nights.rest), morning)

    def _serve(
        self,
        number: int,
        order: int,
        leg: TracedLeg,
        begins: int,
        own: int,
        handover: int,
        rests: int,
        *,
        stays: bool,
    ) -> TracedStop:
        p = self._p
        pauses: list[Pause] = []
        if begins > leg.arrives:
            pauses.append(Pause(leg.arrives, begins, RestPlace.BEFORE_SERVICE))
            self._pause(begins - leg.arrives)
        if self._planned >> 2 * number & 1:
            self.nights.append(TracedNight(number, True, leg.arrives, begins))
        ends = begins + own + handover
        if p.handover_rests[self._truck]:
            if own > 0:
                self._still = 0
            if handover > 0:
                pauses.append(Pause(begins + own, ends, RestPlace.HANDOVER))
                self._pause(handover)
        elif own + handover > 0:
            self._still = 0
        leaves = ends
        if self._planned >> 2 * number + 1 & 1:
            leaves = self._morning_after(ends)
        elif rests & 2:
            leaves = ends + int(p.rest) - self._still
        if not stays:
            leaves = self._leaving_allowed(self.place(order), leaves)
        if leaves > ends:
            pauses.append(Pause(ends, leaves, RestPlace.AFTER_SERVICE))
            self._pause(leaves - ends)
        if self._planned >> 2 * number + 1 & 1:
            self.nights.append(TracedNight(number, False, ends, leaves))
        return TracedStop(
            order=order, leg=leg, begins=begins, ends=ends, leaves=leaves, pauses=tuple(pauses)
        )

    def _pause(self, seconds: int) -> None:
        self._still += seconds
        if self._still >= self._p.rest:
            self._driven = 0

    def _band(self, t: int) -> tuple[int, int]:
        starts = self._p.travel.band_start
        band = int(np.searchsorted(starts, t % DAY_S, side="right")) - 1
        end = int(starts[band + 1]) if band + 1 < len(starts) else DAY_S
        return band, t - t % DAY_S + end

    def _open_window(self, order: int, t: int) -> int:
        windows = self._p.windows
        for w in range(int(windows.ptr[order]), int(windows.ptr[order + 1])):
            if windows.end[w] > t:
                return max(t, int(windows.start[w]))
        raise RoutingError("schedule and trace disagree: no window is open any more")

    def _bay_open(self, takes: int, t: int) -> int:
        bays = self._p.bays
        house = int(self._p.warehouse[self._truck])
        for hours in range(int(bays.ptr[house]), int(bays.ptr[house + 1])):
            begins = max(t, int(bays.start[hours]))
            if begins + takes <= bays.end[hours]:
                return begins
        raise RoutingError("schedule and trace disagree: no loading hours are left")

    def _hours(self, place: int) -> list[tuple[int, int, int]]:
        bans = self._p.bans
        row = int(bans.id[self._truck, place])
        if row < 0:
            return []
        return [
            (int(bans.start[i]), int(bans.end[i]), int(bans.inside[i]))
            for i in range(int(bans.ptr[row]), int(bans.ptr[row + 1]))
        ]

    def _arrival_allowed(self, place: int, t: int) -> int:
        while later := [e + inside for s, e, inside in self._hours(place) if s <= t < e + inside]:
            t = max(later)
        return t

    def _leaving_allowed(self, place: int, t: int) -> int:
        while later := [e for s, e, inside in self._hours(place) if s - inside < t < e]:
            t = max(later)
        return t
