"""Specialists in own cars: who knows what the crew does not must be there when the truck is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.domain.crews import own_car_class, shift_of
from routing.domain.fleet import Specialist, SpecialistTravel, Truck
from routing.domain.orders import Order
from routing.domain.windows import Window
from routing.reasons import Reason
from routing.rules.layout import Layout


class Specialists:
    """Which handovers somebody must come for; people are shared, so the master keeps count."""

    reason = Reason.SPECIALIST_BUSY

    def compile(self, day: Layout) -> NDArray[np.bool_]:
        """Mask (trucks, orders): the crew lacks a skill, and somebody who could come has it."""
        shifts = [shift_of(person, day.request.trucks) for person in day.request.specialists]
        coming = [
            [row for row, shift in enumerate(shifts) if _may_come(day, row, each, shift)]
            for each in day.orders
        ]
        return np.array(
            [
                [
                    bool(order.skills - truck.skills)
                    and any(knows(day.request.specialists[row], truck, order) for row in coming[at])
                    for at, order in enumerate(day.orders)
                ]
                for truck in day.trucks
            ],
            dtype=np.bool_,
        ).reshape(len(day.trucks), len(day.orders))


def knows(person: Specialist, truck: Truck, order: Order) -> bool:
    """Tell whether somebody in an own car knows what the crew of a truck does not."""
    return (
        person.travel is SpecialistTravel.OWN_CAR
        and person.warehouse_id == truck.warehouse_id
        and order.skills <= truck.skills | person.skills
    )


def _may_come(day: Layout, row: int, order: Order, shift: Window | None) -> bool:
    """Tell whether the shift is long enough for this one buyer, at the best speed of the day."""
    person = day.request.specialists[row]
    if (
        person.travel is not SpecialistTravel.OWN_CAR
        or shift is None
        or not order.skills & person.skills
        or person.warehouse_id not in day.warehouse_row
    ):
        return False
    home = day.place_row[day.warehouses[day.warehouse_row[person.warehouse_id]].place.id]
    there = day.place_row[order.place.id]
    legs = day.travel.seconds[day.travel.class_of(own_car_class(day.travel.truck_classes))]
    out, back = int(legs[:, home, there].min()), int(legs[:, there, home].min())
    start, end = day.second(shift.start), day.second(shift.end)
    unloaded = order.unload_s + _most_at_deck_s(day, person.warehouse_id, order)
    return any(
        max(start + out, day.second(window.start) + order.unload_s) + order.handover_s + back <= end
        and start + out < day.second(window.end) + unloaded
        for window in order.windows
    )


def _most_at_deck_s(day: Layout, house: str, order: Order) -> int:
    """Seconds that the work at the deck may put the handover off at most."""
    decks = [truck.deck for truck in day.request.trucks if truck.warehouse_id == house]
    most = max(
        (
            len(deck.positions) - 1
            for deck in decks
            if any(position.blocked_by for position in deck.positions)
        ),
        default=0,
    )
    policy = day.request.policy.deck
    return policy.shunt_s * most + (policy.trade_in_load_s if order.trade_in is not None else 0)
