"""Hypothesis strategies: small days on which any rules of the house meet.

A day of `tests.strategies`, on which each further rule is on or off by itself: prices that nobody
pays, a baseline, locks, stock, several trips, nights out, carriers, metres that depend on the hour.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
from hypothesis import strategies as st

from geodata.matrix import TravelMatrix
from geodata.units import HOUR_S, UNREACHABLE_S, Minor
from routing.domain.baseline import BaselineStop
from routing.domain.carriers import Carrier
from routing.domain.fleet import TruckKind
from routing.domain.locks import Locks, OrderLock, SequenceLock, TruckLock
from routing.domain.policy import (
    BalancePolicy,
    EmissionPolicy,
    OutsourcingPolicy,
    PreferencePolicy,
    StabilityPolicy,
)
from routing.domain.request import PlanRequest
from routing.domain.windows import Window
from tests.days import any_car, at, carrier, in_stock
from tests.strategies import SKILLS, Day, days

NEXT_DAY = timedelta(days=1)
rarely = st.sampled_from((False, False, True))


@st.composite
def ruled_days(draw: st.DrawFn, *, max_orders: int = 6, max_trucks: int = 3) -> Day:
    """A small day with any combination of rules; few of them contradict themselves."""
    day = draw(days(max_orders=max_orders, max_trucks=max_trucks))
    made, travel = day.request, day.travel
    for rule in (_fleet, _stock, _prices, _baseline, _locks, _carriers):
        if draw(rarely):
            made = draw(rule(made))
    if draw(rarely):
        travel = draw(_detours(travel))
    return Day(request=made, travel=travel)


@st.composite
def _fleet(draw: st.DrawFn, day: PlanRequest) -> PlanRequest:
    """Some trucks make several trips or stay out, and buyers are at home on the next day too."""
    trucks = tuple(
        replace(
            each,
            trips_max=draw(st.sampled_from((1, 2, 3))),
            nights_max=draw(st.sampled_from((0, 0, 1))),
        )
        for each in day.trucks
    )
    orders = tuple(
        replace(each, windows=(*each.windows, _a_day_later(each.windows[0])))
        if draw(rarely) and not each.promised
        else each
        for each in day.orders
    )
    return replace(day, trucks=trucks, orders=orders)


def _a_day_later(window: Window) -> Window:
    return Window(start=window.start + NEXT_DAY, end=window.end + NEXT_DAY)


@st.composite
def _stock(draw: st.DrawFn, day: PlanRequest) -> PlanRequest:
    """Some buyers take any car of their model, and there are some in stock."""
    houses = [house.id for house in day.warehouses]
    orders = tuple(
        any_car(each, warehouse_id=draw(st.sampled_from(("", each.warehouse_id))))
        if draw(st.booleans())
        else each
        for each in day.orders
    )
    stock = tuple(
        in_stock(
            901 + number,
            model=draw(st.sampled_from([each.vehicle.model for each in day.orders])),
            warehouse_id=draw(st.sampled_from(houses)),
            ready=draw(st.sampled_from(("", "", "09:30"))),
        )
        for number in range(draw(st.integers(0, 4)))
    )
    return replace(day, orders=orders, stock=stock)


@st.composite
def _prices(draw: st.DrawFn, day: PlanRequest) -> PlanRequest:
    """What is priced and paid by nobody, and hours that buyers prefer."""

    def fen(*choices: int) -> Minor:
        return Minor(draw(st.sampled_from((0, *choices))))

    policy = replace(
        day.policy,
        preferences=PreferencePolicy(per_minute=fen(7, 100)),
        emissions=EmissionPolicy(per_tonne=fen(9_000, 250_000)),
        balance=BalancePolicy(
            target_s=draw(st.sampled_from((4, 8))) * HOUR_S,
            above_per_hour=fen(3_000),
            below_per_hour=fen(1_700),
        ),
    )
    hours = (Window(start=at("10:00"), end=at("11:00")), Window(start=at("15:00"), end=at("16:00")))
    orders = tuple(
        replace(each, preferred=draw(st.sampled_from(((), hours[:1], hours))))
        for each in day.orders
    )
    return replace(day, policy=policy, orders=orders)


@st.composite
def _baseline(draw: st.DrawFn, day: PlanRequest) -> PlanRequest:
    """People know a plan, partly of a truck that is gone; changes cost, or may only be so many."""
    names = (*(each.id for each in day.trucks), "GONE")
    known = tuple(
        BaselineStop(
            order_id=each.id,
            truck_id=draw(st.sampled_from(names)),
            begins=at("08:00") + timedelta(minutes=draw(st.integers(0, 40)) * 15),
        )
        for each in day.orders
        if draw(st.booleans())
    )
    prices = draw(st.sampled_from(((0, 0, 0, 0), (5_000, 20, 40_000, 0), (0, 0, 0, 3_000))))
    changed, minute, dropped, each = map(Minor, prices)
    stability = StabilityPolicy(
        truck_changed=changed, per_minute=minute, dropped=dropped, per_change=each
    )
    return replace(
        day,
        baseline=known,
        max_changes=draw(st.sampled_from((None, None, 0, 1, 3))),
        policy=replace(day.policy, stability=stability),
    )


@st.composite
def _locks(draw: st.DrawFn, day: PlanRequest) -> PlanRequest:
    """One truck of the day is frozen, holds a sequence, or has an order locked to it."""
    manned = [each for each in day.trucks if each.driver_id]
    if not manned:
        return day
    one = draw(st.sampled_from(manned))
    names = draw(st.permutations([each.id for each in day.orders]))
    held = tuple(names[: draw(st.integers(0, min(2, len(one.deck.positions))))])
    locks = draw(
        st.sampled_from(
            (
                Locks(orders=tuple(OrderLock(order_id=name, truck_id=one.id) for name in held)),
                Locks(trucks=(TruckLock(truck_id=one.id, orders=held),)),
                Locks(sequences=(SequenceLock(truck_id=one.id, orders=held, first=True),)),
                Locks(sequences=(SequenceLock(truck_id=one.id, orders=held, closed=True),)),
            )
        )
    )
    return replace(day, locks=locks)


@st.composite
def _carriers(draw: st.DrawFn, day: PlanRequest) -> PlanRequest:
    """One or two other companies, cheap or dear, with few places and perhaps a budget."""
    houses = [house.id for house in day.warehouses]
    made: list[Carrier] = [
        carrier(
            f"C{number}",
            base=draw(st.sampled_from((5_000, 50_000, 200_000))),
            per_km=draw(st.sampled_from((0, 100))),
            cars=draw(st.integers(0, 3)),
            windows=draw(
                st.sampled_from(((("09:00", "18:00"),), (("09:00", "11:00"), ("14:00", "16:00"))))
            ),
            kind=draw(st.sampled_from((TruckKind.ONE_CAR, TruckKind.CARRIER))),
            skills=draw(st.sampled_from(((), SKILLS))),
            trade_ins=draw(st.booleans()),
            warehouse_ids=draw(st.sampled_from((houses, houses[:1]))),
        )
        for number in range(1, 1 + draw(st.integers(1, 2)))
    ]
    budget = draw(st.sampled_from((None, None, Minor(60_000))))
    policy = replace(day.policy, outsourcing=OutsourcingPolicy(budget=budget))
    return replace(day, carriers=tuple(made), policy=policy)


@st.composite
def _detours(draw: st.DrawFn, travel: TravelMatrix) -> TravelMatrix:
    """In some bands the way round is longer."""
    metres = np.array(travel.metres)
    for band in range(metres.shape[1]):
        longer = metres[:, band] * draw(st.sampled_from((100, 104, 131))) // 100
        metres[:, band] = np.where(metres[:, band] >= UNREACHABLE_S, UNREACHABLE_S, longer)
    return replace(travel, metres=metres)
