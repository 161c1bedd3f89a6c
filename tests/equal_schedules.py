"""Is one route the same to the search's evaluator, to the scheduler and to the auditor's twin?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from geodata.units import DAY_S, HOUR_S, MINUTE_S
from routing.audit.twin.deck import least_moves
from routing.audit.twin.departure import retime, schedule_route
from routing.audit.twin.reading import second
from routing.audit.twin.timing import time_route
from routing.audit.twin.values import TwinMiss, TwinRoute, TwinSchedule, TwinTruck
from routing.clock import DEAD
from routing.domain.fleet import DeckTemplate
from routing.domain.orders import Order
from routing.problem import Problem
from routing.reasons import Reason
from routing.route_cost import deck_fits, price_route
from routing.schedule import new_scratch
from routing.trace import trace_route
from tests.strategies import Run

ENDLESS_S = 10 * DAY_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Whether the evaluator has a schedule for the route, and where the three do not agree."""

    lawful: bool
    differences: tuple[str, ...]


def compare(problem: Problem, run: Run) -> Comparison:
    """Time and price a route three times over. Masks and papers are not looked at."""
    truck, orders = run.sequence(problem)
    row = np.array(orders, dtype=np.int32)
    p = problem.tables
    cost = departs = DEAD
    if deck_fits(p, truck, row, len(row)):
        priced = price_route(p, truck, row, len(row), new_scratch(len(row)))
        cost, departs = priced.cost, priced.departs
    route = run.twin()
    twin = schedule_route(route)
    if departs == DEAD:
        alone = isinstance(twin, TwinSchedule) and not _too_long(problem, run, route, twin)
        return Comparison(lawful=False, differences=("twin alone finds one",) if alone else ())
    typical = trace_route(p, truck, orders, departs, buffered=False)
    buffered = trace_route(p, truck, orders, departs, buffered=True)
    if typical is None or buffered is None:
        unknown = isinstance(twin, TwinMiss) and buffered is not None
        return Comparison(lawful=True, differences=() if unknown else ("no trace",))
    if isinstance(twin, TwinMiss):
        # The search judges the buffered schedule; slots then ask the typical one as well.
        late = typical.returns > buffered.returns
        return Comparison(lawful=True, differences=() if late else (f"twin: {twin.reason}",))
    if departs != twin.departs:
        # The return is not monotone here: another last second that returns as early.
        again = _from_another_departure(route, twin, departs=departs)
        if again is None:
            return Comparison(lawful=True, differences=(f"departs {departs}, {twin.departs}",))
        if isinstance(again, TwinMiss):
            return Comparison(lawful=True, differences=(f"departs {departs}: {again.reason}",))
        twin = again
    found: list[str] = []
    for slow, (traced, its) in enumerate(((typical, twin.typical), (buffered, twin.buffered))):
        name = ("typical", "buffered")[slow]
        ours = [(stop.leg.arrives, stop.begins, stop.ends, stop.leaves) for stop in traced.stops]
        theirs = [(v.drive.arrives, v.begins, v.ends, v.leaves) for v in its.visits]
        if (ours, traced.returns) != (theirs, its.returns):
            found.append(f"{name}: {ours}, {traced.returns} and {theirs}, {its.returns}")
        metres = sum(stop.leg.metres for stop in traced.stops) + traced.home.metres
        if metres != sum(visit.drive.metres for visit in its.visits) + its.home.metres:
            found.append(f"{name}: metres")
    if (fen := sum(_bill(run, route, twin))) != cost:
        found.append(f"{cost} fen and {fen}")
    return Comparison(lawful=True, differences=tuple(found))


def _too_long(problem: Problem, run: Run, route: TwinRoute, found: TwinSchedule) -> bool:
    """Whether the evaluator took another departure that is as good, but whose day is too long:
    shift and duty are tested on the departure found."""
    p = problem.tables
    endless = np.full_like(p.shifts.end, ENDLESS_S)
    patient = p._replace(shifts=p.shifts._replace(end=endless, duty_max=endless))
    truck, orders = run.sequence(problem)
    row = np.array(orders, dtype=np.int32)
    if not deck_fits(patient, truck, row, len(row)):
        return False
    departs = price_route(patient, truck, row, len(row), new_scratch(len(row))).departs
    again = None
    if departs not in {DEAD, found.departs}:
        again = _from_another_departure(route, found, departs=departs)
    return isinstance(again, TwinMiss) and again.reason is Reason.DUTY_EXCEEDED


def _from_another_departure(
    route: TwinRoute, found: TwinSchedule, *, departs: int
) -> TwinSchedule | TwinMiss | None:
    """The twin's answer for a departure that is as good as the one it found itself: the return
    is not later than that of the earliest departure, and one second later it is, or loading
    hours are over. None: it is not as good."""
    duty_from = departs - (found.departs - found.duty_from)
    load = found.load if route.truck.evening_loading else (duty_from, departs)
    first, there, later = (
        time_route(route.buffered(), departs=moment)
        for moment in (_earliest(route.truck), departs, departs + 1)
    )
    if isinstance(first, TwinMiss) or isinstance(there, TwinMiss):
        return None
    if there.returns > first.returns:
        return None
    over = not route.truck.evening_loading and departs in {end for _, end in route.truck.loading}
    if not over and not isinstance(later, TwinMiss) and later.returns <= first.returns:
        return None
    return retime(route, load=load, departs=departs)


def _earliest(truck: TwinTruck) -> int:
    """The first second at which a truck with a schedule could leave."""
    begun = 0 if truck.evening_loading else truck.shift_start
    loaded = ((max(start, truck.ready, begun) + truck.load_s, end) for start, end in truck.loading)
    first = next(moment for moment, end in loaded if moment <= end)
    return max(first, truck.shift_start)


def _bill(run: Run, route: TwinRoute, found: TwinSchedule) -> Iterator[int]:
    """Every fen of docs/schedule.md, Money, from the twin's schedule."""
    truck = next(each for each in run.request.trucks if each.id == run.truck_id)
    known = {each.id: each for each in run.request.orders}
    orders = [known[order_id] for order_id in run.order_ids]
    trips = [orders[a:b] for a, b in pairwise((0, *run.reloads, len(orders)))]
    policy = run.request.policy
    drives = [*(visit.drive for visit in found.typical.visits), found.typical.home]
    duty_s = found.buffered.returns - found.duty_from
    over_s = max(0, duty_s - truck.overtime_after_s)
    yield (truck.costs.per_km * sum(drive.metres for drive in drives) + 500) // 1000
    yield (truck.costs.per_hour * duty_s + 1800) // 3600
    yield (truck.costs.per_overtime_hour * over_s + 1800) // 3600
    yield truck.costs.fixed + sum(leg.toll_minor for leg in route.legs)
    for trip in trips:
        yield policy.deck.shunt_fen * _shunts(truck.deck, trip)
    balance = policy.balance
    yield (balance.above_per_hour * max(0, duty_s - balance.target_s) + 1800) // HOUR_S
    yield (balance.below_per_hour * max(0, balance.target_s - duty_s) + 1800) // HOUR_S
    served = [
        visit
        for visit, stop in zip(found.typical.visits, route.stops, strict=True)
        if not stop.reload
    ]
    for order, visit in zip(orders, served, strict=True):
        yield policy.preferences.per_minute * -(-_away_s(run, order, visit.begins) // MINUTE_S)
    empty = policy.emissions.grams_per_km[truck.kind]
    each = policy.emissions.grams_per_km_car[truck.kind]
    grams = sum(
        drive.metres * (empty + each * cars)
        for drive, cars in zip(drives, _on_board(trips), strict=True)
    )
    yield (policy.emissions.per_tonne * ((grams + 500) // 1000) + 500_000) // 1_000_000


def _shunts(deck: DeckTemplate, trip: list[Order]) -> int:
    least = least_moves(
        deck,
        tuple(each.vehicle.model for each in trip),
        tuple(None if each.trade_in is None else each.trade_in.model for each in trip),
    )
    return 0 if least is None else sum(least.moved)


def _away_s(run: Run, order: Order, begins: int) -> int:
    """Seconds to the nearest second inside a preferred window."""
    spans = [(second(run.request, w.start), second(run.request, w.end)) for w in order.preferred]
    return min((max(0, start - begins, begins - end + 1) for start, end in spans), default=0)


def _on_board(trips: list[list[Order]]) -> Iterator[int]:
    """Cars on board leg by leg, old cars too, the way home of each trip included."""
    for trip in trips:
        old = 0
        for gone, order in enumerate(trip):
            yield len(trip) - gone + old
            old += order.trade_in is not None
        yield old
