"""Specialists who come by own car: who can be where, when, and who meets which truck."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from geodata.units import DAY_S, UNREACHABLE_S
from routing.clock import RELOAD
from routing.domain.crews import own_car_class, shift_of
from routing.domain.fleet import SpecialistTravel
from routing.problem import Problem
from routing.rules.specialists import knows
from routing.trace import trace_route

GRID_S: Final = 300
"""The master books people by the five minutes, rounded outwards."""
NEVER: Final = UNREACHABLE_S


class Visit(NamedTuple):
    """Somebody of `people` (rows) is with an order from `begin` to `end`: from the typical start
    of the handover to its buffered end, so that the truck waits in neither schedule."""

    order: int
    place: int
    begin: int
    end: int
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitors:
    """The people of a day who come by own car: home and shift by row, and the roads they take.

    They drive the buffered times of the smallest truck class, without rests or bans.
    """

    home: Mapping[int, int]
    shift: Mapping[int, tuple[int, int]]
    legs: NDArray[np.int32]
    band_start: tuple[int, ...]

    @classmethod
    def of(cls, problem: Problem) -> Visitors:
        """Look up everybody who may come."""
        day, p = problem.layout, problem.tables
        home, shift = {}, {}
        for row, person in enumerate(day.request.specialists):
            hours = shift_of(person, day.request.trucks)
            known = person.warehouse_id in day.warehouse_row
            if person.travel is SpecialistTravel.OWN_CAR and hours is not None and known:
                house = day.warehouses[day.warehouse_row[person.warehouse_id]]
                home[row] = day.place_row[house.place.id]
                shift[row] = day.second(hours.start), day.second(hours.end)
        layer = day.travel.class_of(own_car_class(day.travel.truck_classes))
        return cls(
            home=home,
            shift=shift,
            legs=p.travel.buffered[layer],
            band_start=tuple(int(start) for start in p.travel.band_start),
        )

    def arrives(self, a: int, b: int, t: int) -> int:
        """Second of arrival for a departure at `t`; what is left is converted where a band ends."""
        if a == b:
            return t
        left, base, shut = -1, 1, 0
        while left:
            band = bisect_right(self.band_start, t % DAY_S) - 1
            ends = self.band_start[band + 1] if band + 1 < len(self.band_start) else DAY_S
            until = t - t % DAY_S + ends
            whole = int(self.legs[band, a, b])
            if whole >= UNREACHABLE_S:
                shut += 1
                if shut > len(self.band_start):
                    return NEVER
                t = until
                continue
            shut = 0
            left = whole if left < 0 else -(-left * whole // base)
            base = max(whole, 1)
            step = min(left, until - t)
            t, left = t + step, left - step
        return t

    def leaves(self, a: int, b: int, by: int, earliest: int) -> int:
        """Latest second, not before `earliest`, to leave a and be at b in time."""
        low, high = earliest, by
        while low < high:
            middle = (low + high + 1) // 2
            if self.arrives(a, b, middle) <= by:
                low = middle
            else:
                high = middle - 1
        return low

    def can_begin(self, person: int, visit: Visit) -> bool:
        """Tell whether the visit lies within the shift, the way from and to home included."""
        start, end = self.shift[person]
        home = self.home[person]
        return (
            self.arrives(home, visit.place, start) <= visit.begin
            and self.arrives(visit.place, home, visit.end) <= end
        )

    def can_follow(self, one: Visit, other: Visit) -> bool:
        """Tell whether one person can make a visit after another."""
        return self.arrives(one.place, other.place, one.end) <= other.begin

    def hold(self, person: int, visits: Iterable[Visit]) -> bool:
        """Tell whether one person can make all these visits."""
        chain = sorted(visits, key=lambda visit: (visit.begin, visit.end, visit.order))
        return all(self.can_begin(person, visit) for visit in chain) and all(
            self.can_follow(one, other) for one, other in pairwise(chain)
        )


def needs_meeting(problem: Problem, truck: int, orders: Iterable[int]) -> list[int]:
    """List the orders of a route that somebody must come for."""
    return [order for order in orders if order != RELOAD and problem.meets[truck, order]]


def visits_of(
    problem: Problem, visitors: Visitors, truck: int, orders: tuple[int, ...], departs: int
) -> list[Visit] | None:
    """List the visits a route asks for; None when it has no schedule, or nobody can come."""
    p, day = problem.tables, problem.layout
    typical = trace_route(p, truck, orders, departs, buffered=False)
    buffered = trace_route(p, truck, orders, departs, buffered=True)
    if typical is None or buffered is None:
        return None
    visits = []
    for early, late in zip(typical.stops, buffered.stops, strict=True):
        order = early.order
        if order == RELOAD or not problem.meets[truck, order]:
            continue
        visit = Visit(
            order=order,
            place=int(p.place[order]),
            begin=early.ends - int(p.handover[order]),
            end=late.ends,
            people=(),
        )
        people = tuple(
            row
            for row in visitors.home
            if knows(day.request.specialists[row], day.trucks[truck], day.orders[order])
            and visitors.can_begin(row, visit)
        )
        if not people:
            return None
        visits.append(visit._replace(people=people))
    return visits


def assign_greedily(visitors: Visitors, visits: Iterable[Visit]) -> dict[int, int] | None:
    """Give every visit, the earliest first, to whoever was busy last and is free; None when that
    leaves a visit without anybody."""
    diary: dict[int, list[Visit]] = defaultdict(list)
    given: dict[int, int] = {}
    for visit in sorted(visits, key=lambda visit: (visit.begin, visit.end, visit.order)):
        free = [person for person in visit.people if visitors.hold(person, [*diary[person], visit])]
        if not free:
            return None
        person = max(
            free, key=lambda person: (max((each.end for each in diary[person]), default=0), -person)
        )
        diary[person].append(visit)
        given[visit.order] = person
    return given


def share_people(
    model: cp_model.CpModel,
    visitors: Visitors,
    taken: Sequence[tuple[Sequence[Visit], cp_model.IntVar]],
) -> dict[tuple[Visit, int], cp_model.IntVar]:
    """Send one person to one place at a time, with the way between them; variables by visit on
    the grid and person."""
    asking: dict[Visit, list[cp_model.IntVar]] = defaultdict(list)
    for visits, chosen in taken:
        for visit in visits:
            asking[_on_grid(visit)].append(chosen)
    coming = {
        (visit, person): model.new_bool_var("") for visit in asking for person in visit.people
    }
    for visit, options in asking.items():
        model.add(sum(options) == sum(coming[visit, person] for person in visit.people))
    by_person: dict[int, dict[int, list[Visit]]] = defaultdict(lambda: defaultdict(list))
    for visit, person in coming:
        by_person[person][visit.order].append(visit)
    for person, by_order in by_person.items():
        for order, mine in by_order.items():
            for other, theirs in by_order.items():
                if order >= other:
                    continue
                for visit in mine:
                    clashing = [
                        coming[each, person]
                        for each in theirs
                        if not visitors.can_follow(visit, each)
                        and not visitors.can_follow(each, visit)
                    ]
                    if clashing:
                        model.add(coming[visit, person] + sum(clashing) <= 1)
    return coming


def _on_grid(visit: Visit) -> Visit:
    begin = visit.begin - visit.begin % GRID_S
    return visit._replace(begin=begin, end=visit.end + -visit.end % GRID_S)
