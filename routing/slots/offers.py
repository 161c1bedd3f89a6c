"""What can be offered on one pool-day: each window with its price, or with why it is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.units import UNREACHABLE_S, Minor
from routing.domain.fleet import TruckKind
from routing.domain.orders import Order
from routing.domain.windows import Window
from routing.reasons import Reason
from routing.rules.access import Access
from routing.rules.locks import FREE
from routing.rules.skills import Skills
from routing.rules.stock import Stock
from routing.slots import tables as at
from routing.slots.confirm import ask
from routing.slots.following import FollowedDay
from routing.slots.on_time import chance_on_time
from routing.slots.tables import MOST_WINDOWS

MORE: Final = 2
"""Candidates that are confirmed after the first one that fits, for one that is cheaper."""

_REASONS: Final = {
    at.NOBODY: Reason.NO_TRUCK,
    at.DECK: Reason.DECK_NO_FIT,
    at.READY: Reason.NOT_READY,
    at.WINDOW: Reason.WINDOW_MISSED,
    at.DUTY: Reason.DUTY_EXCEEDED,
    at.EXACT: Reason.WINDOW_MISSED,
    at.BAY: Reason.BAY_FULL,
    at.PEOPLE: Reason.SPECIALIST_BUSY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Where an order would go for a window, confirmed: rows and seconds of the horizon.

    `extra` fen and `grams` are what the route costs and emits more than now. `begins` is the
    typical begin of the service, `latest` the one with every buffer used up.
    """

    truck: int
    row: int
    """Stands in `sequence` for the order, which has left the row."""
    sequence: tuple[int, ...]
    extra: Minor
    grams: int
    departs: int
    load: int
    begins: int
    latest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A window that can be promised now.

    `on_time` is estimated from the slack and the policy's spreads, not simulated. `conditions`
    are what the buyer must accept: `pin` where the place is known only roughly.
    """

    window: Window
    cost_delta: Minor
    co2_delta_g: int
    truck_kind: TruckKind
    on_time: float
    conditions: tuple[str, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A window that cannot be promised, and the limit that the furthest truck met."""

    window: Window
    reason: Reason


def fits(
    followed: FollowedDay, order: Order, windows: Sequence[Window], *, more: int = MORE
) -> list[Fit | Reason]:
    """Find the cheapest confirmed place of an order in each window of one day.

    Raises:
        OffTheRoads: nobody knows the way to its place.
    """
    found: list[Fit | Reason] = []
    for first in range(0, len(windows), MOST_WINDOWS):
        found += _fits(followed, order, windows[first : first + MOST_WINDOWS], more)
    return found


def offers(
    followed: FollowedDay, order: Order, windows: Sequence[Window]
) -> tuple[list[Offer], list[Blocked]]:
    """Say of every window of one day what it would cost, or why it is missing.

    Offers come cheapest first.

    Raises:
        OffTheRoads: nobody knows the way to its place.
    """
    made: list[Offer] = []
    missing: list[Blocked] = []
    for window, fit in zip(windows, fits(followed, order, windows), strict=True):
        if isinstance(fit, Reason):
            missing.append(Blocked(window=window, reason=fit))
        else:
            made.append(_offer(followed, order, window, fit))
    made.sort(key=lambda offer: (offer.cost_delta, offer.window.start))
    return made, missing


def _fits(
    followed: FollowedDay, order: Order, windows: Sequence[Window], more: int
) -> list[Fit | Reason]:
    followed.room_for(1)
    day = followed.day
    row = day.seat(replace(order, windows=(windows[0],)))
    try:
        starts, ends = _seconds(followed, windows)
        count = len(windows)
        ask(
            day.tables, day.routes, row, starts, ends, count, more,
            day.found, day.scratch, day.timing,
        )  # fmt: skip
        return [
            _fit(followed, row, w)
            if day.found.stage[w] == at.FITS
            else _why(followed, order, row, w)
            for w in range(count)
        ]
    finally:
        day.unseat(row)


def _seconds(
    followed: FollowedDay, windows: Sequence[Window]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    pairs = [followed.day.second(window) for window in windows]
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return np.ascontiguousarray(both[:, 0]), np.ascontiguousarray(both[:, 1])


def _fit(followed: FollowedDay, row: int, w: int) -> Fit:
    best = followed.day.found.best[w].tolist()
    route = followed.day.found.route[w, : best[at.ENTRIES]].tolist()
    return Fit(
        truck=best[at.TRUCK],
        row=row,
        sequence=tuple(route),
        extra=Minor(best[at.COST]),
        grams=best[at.GRAMS],
        departs=best[at.DEPARTS],
        load=best[at.LOAD],
        begins=best[at.BEGINS],
        latest=best[at.LATEST],
    )


def _why(followed: FollowedDay, order: Order, row: int, w: int) -> Reason:
    """Name the limit that the furthest truck met."""
    day = followed.day
    stage = int(day.found.stage[w])
    assert day.found.best[w, at.TRUCK] == FREE
    if stage == at.NOBODY:
        return _masked(followed, order)
    if stage == at.WINDOW:
        homes, place = day.tables.home, int(day.tables.place[row])
        if (day.tables.travel.typical[:, :, homes, place] >= UNREACHABLE_S).all():
            return Reason.UNREACHABLE
    return _REASONS[stage]


def _masked(followed: FollowedDay, order: Order) -> Reason:
    """Name the rule by which no truck at all may bring an order."""
    one = replace(followed.day.problem.layout, orders=(order,))
    may = np.ones(len(one.trucks), dtype=np.bool_)
    for reason, mask in (
        (Reason.NO_STOCK if order.from_stock else Reason.NO_TRUCK, Stock().mask(one)[:, 0]),
        (Reason.ROAD_ACCESS, Access().compile(one)[:, 0]),
        (Reason.SKILL_MISSING, Skills().compile(one)[:, 0]),
    ):
        may &= mask
        if not may.any():
            return reason
    return Reason.NO_TRUCK


def _offer(followed: FollowedDay, order: Order, window: Window, fit: Fit) -> Offer:
    day = followed.day
    layout = day.problem.layout
    truck, policy = layout.trucks[fit.truck], layout.request.policy
    end = day.second(window)[1]
    at_stop = sum(1 for entry in fit.sequence if entry >= 0)
    alone = at_stop == 1
    minutes = (end - fit.latest) // 60
    return Offer(
        window=window,
        cost_delta=fit.extra,
        co2_delta_g=fit.grams,
        truck_kind=truck.kind,
        on_time=chance_on_time(
            policy, order, truck.road_class, typical_s=fit.begins - fit.departs,
            left_s=end - fit.begins, stops=at_stop - 1,
        ),
        conditions=("pin",) if order.place.radius_m > policy.slots.coarse_radius_m else (),
        why=(
            "a truck goes out for it alone" if alone else f"on a way with {at_stop - 1} others",
            f"{minutes} min are left when every buffer is used up",
        ),
    )  # fmt: skip
