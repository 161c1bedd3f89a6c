"""Bugs in the rules of things: roads, decks, crews, money, slots, what is left behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from geodata.units import HOUR_S, UNREACHABLE_S, Minor
from routing import deck as deck_places
from routing import decode, narrowing, planner, weighing
from routing import problem as door_in
from routing.domain.baseline import BaselineStop
from routing.domain.fleet import DeckPosition, DeckTemplate, Specialist, Truck, TruckKind
from routing.domain.locks import Locks, OrderLock, SequenceLock
from routing.domain.orders import Order
from routing.domain.policy import BalancePolicy, BufferPolicy, PlanPolicy, PreferencePolicy
from routing.domain.vehicles import Model
from routing.plan import Stop
from routing.problem import Problem
from routing.reasons import Reason
from routing.rules import deck as deck_rule
from routing.rules import specialists as specialist_rule
from routing.rules.access import Access
from routing.rules.costs import Costs
from routing.rules.deck import Deck
from routing.rules.locks import Locking
from routing.rules.shift import Shift
from routing.rules.skills import Skills
from routing.rules.stability import Stability
from routing.rules.stock import Stock, StockTable
from routing.search import meetings, sharing
from routing.search.meetings import Visitors
from routing.search.settling import settled
from routing.search.solution import Solution
from tests.days import (
    NO_BUFFERS,
    SEDAN,
    SUV,
    any_car,
    at,
    flat_deck,
    in_stock,
    km,
    order,
    request,
    specialist,
    truck,
    warehouse,
    wheel_lift_deck,
    window,
)
from tests.planted.plants import (
    Bug,
    answers,
    both,
    instead,
    on,
    sees,
    slots_without_promises,
    tables,
)


def first_band(grid: Any) -> Any:  # noqa: ANN401  # an array (classes, bands, places, places)
    """Travel times of the first band, all day."""
    return np.ascontiguousarray(np.broadcast_to(grid[:, :1], grid.shape))


def without_pin(stop: Stop) -> Stop:
    """A stop that asks the buyer for nothing."""
    return replace(stop, slot=replace(stop.slot, required_fields=()))


def fits_by_size(model: Model, position: DeckPosition) -> bool:
    """Tell whether a car is small enough for a position, whatever lifts it."""
    return model.length_mm <= position.length_mm and model.height_mm <= position.height_mm


def any_payload(
    template: DeckTemplate, models: Sequence[Model], old_cars: Sequence[Model | None]
) -> deck_places.DeckPlan | None:
    """Place cars on a deck that carries any mass."""
    return deck_places.plan_deck(replace(template, payload_kg=10**6), models, old_cars)


def everywhere(rule: StockTable) -> StockTable:
    """The stock of each warehouse at all of them."""
    most = rule.left.sum(axis=0, keepdims=True) + 0 * rule.left
    first = rule.ready.min(axis=0, keepdims=True) + 0 * rule.ready
    return rule._replace(left=most, ready=first)


def at_the_trucks_home(problem: Problem, solution: Solution, cars: Mapping[int, str]) -> Problem:
    """Name the cars, and have them stand wherever their truck does."""
    day = problem.layout
    home = {
        vin: day.trucks[truck].warehouse_id
        for truck, orders in solution.sequences.items()
        for order_row in orders
        if (vin := cars.get(order_row))
    }
    moved = tuple(
        replace(car, warehouse_id=home.get(car.vehicle.vin, car.warehouse_id))
        for car in day.request.stock
    )
    elsewhere = replace(day, request=replace(day.request, stock=moved))
    return settled(replace(problem, layout=elsewhere), solution, cars)


def knows_how(person: Specialist, truck: Truck, order: Order) -> bool:
    """Tell whether somebody knows what a crew does not, wherever they belong."""
    return order.skills <= truck.skills | person.skills


TWO_TOWNS = (order("O1"), order("O2", place=km(60)))
UNSERVED = (order("O1"), order("O2", place=km(700)), order("O3", place=km(900)))

TWO_TRUCKS = [truck(f"T{n}", driver_id=f"D{n}") for n in (1, 2)]
LOCKED_APART = replace(
    request(*TWO_TOWNS, trucks=TWO_TRUCKS),
    locks=Locks(orders=tuple(OrderLock(order_id=f"O{n}", truck_id=f"T{3 - n}") for n in (1, 2))),
)
IN_SEQUENCE = replace(
    request(*TWO_TOWNS),
    locks=Locks(sequences=(SequenceLock(truck_id="T1", orders=("O2", "O1")),)),
)
KNOWN = replace(
    request(order("O1")),
    baseline=(BaselineStop(order_id="O1", truck_id="T1", begins=at("13:00")),),
    max_changes=0,
)

WISHING = replace(
    request(
        replace(order("O1", windows=[("08:00", "10:00")]), preferred=(window("09:00", "10:00"),))
    ),
    policy=PlanPolicy(
        preferences=PreferencePolicy(per_minute=Minor(1)),
        balance=BalancePolicy(below_per_hour=Minor(1_000)),
        buffers=NO_BUFFERS,
    ),
    locks=Locks(sequences=(SequenceLock(truck_id="T1", departs=at("07:40")),)),
)

THING_BUGS = (
    Bug(
        name="preferences: any time is as dear as another",
        plant=answers(weighing, "minutes_outside", lambda minutes: 0),
        day=on(WISHING),
        check="preferences",
    ),
    Bug(
        name="emissions: cars weigh nothing",
        plant=answers(weighing, "grams_of_co2", lambda grams: grams - 390),
        day=on(request(order("O1"))),
        check="emissions",
    ),
    Bug(
        name="balance: short days are free",
        plant=answers(weighing, "soft_cost", lambda soft: replace(soft, balance=Minor(0))),
        day=on(WISHING),
        check="balance",
    ),
    Bug(
        name="locks: an order rides wherever it likes",
        plant=answers(Locking, "mask", np.ones_like),
        day=on(LOCKED_APART),
        check="locks",
    ),
    Bug(
        name="locks: any sequence will do",
        plant=answers(
            Locking,
            "compile",
            lambda rule: rule._replace(
                ranked=0 * rule.ranked, rank=0 * rule.rank - 1, fixed=rule.fixed & False
            ),
        ),
        day=on(IN_SEQUENCE),
        check="locks",
    ),
    Bug(
        name="stability: nothing is known",
        plant=sees(Stability, lambda day: replace(day, request=replace(day.request, baseline=()))),
        day=on(KNOWN),
        check="stability",
    ),
    Bug(
        name="stability: the plan does not tell",
        plant=answers(planner, "changes_between", lambda changes: changes[:0]),
        day=on(replace(KNOWN, orders=(order("O1", ready="14:00"),), max_changes=None)),
        check="stability",
    ),
    Bug(
        name="access: every truck fits every road",
        plant=answers(Access, "compile", np.ones_like),
        day=on(
            request(order("O1", access=TruckKind.ONE_CAR), trucks=[truck(kind=TruckKind.TWO_CAR)])
        ),
        check="access",
    ),
    Bug(
        name="skills: every crew knows everything",
        plant=answers(Skills, "compile", np.ones_like),
        day=on(request(order("O1", skills=["ev"]))),
        check="skills",
    ),
    Bug(
        name="deck: every car stands on every position",
        plant=both(
            instead(deck_rule, "stands_on", lambda model, position: True),
            instead(deck_places, "stands_on", lambda model, position: True),
        ),
        day=on(request(order("O1", model=replace(SEDAN, id="long", length_mm=5_600)))),
        check="deck",
    ),
    Bug(
        name="deck: the wheel lift takes any car",
        plant=both(
            instead(deck_rule, "stands_on", fits_by_size),
            instead(deck_places, "stands_on", fits_by_size),
        ),
        day=on(
            request(
                *(order(f"O{n}", model=replace(SEDAN, wheel_lift_ok=False)) for n in (1, 2)),
                trucks=[truck(deck=wheel_lift_deck())],
            )
        ),
        check="deck",
    ),
    Bug(
        name="deck: any payload",
        plant=both(
            answers(Deck, "compile", lambda rule: rule._replace(payload_kg=100 * rule.payload_kg)),
            instead(decode, "plan_deck", any_payload),
        ),
        day=on(
            request(
                order("O1", model=SUV),
                order("O2", model=SUV),
                trucks=[truck(deck=flat_deck(2, payload_kg=4_000))],
            )
        ),
        check="deck",
    ),
    Bug(
        name="stock: every car is ready now",
        plant=answers(
            Stock,
            "compile",
            lambda rule: rule._replace(ready=np.where(rule.ready < UNREACHABLE_S, 0, rule.ready)),
        ),
        day=on(request(any_car(order("O1")), stock=[in_stock(901, ready="13:00")])),
        check="stock",
    ),
    Bug(
        name="stock: a car stands in the yard of every warehouse",
        plant=both(
            answers(Stock, "mask", np.ones_like),
            answers(Stock, "compile", everywhere),
            instead(sharing, "cars_of", lambda day, house, order: list(day.request.stock)),
            instead(planner, "settled", at_the_trucks_home),
        ),
        day=on(
            request(
                any_car(order("O1")),
                trucks=[truck(warehouse_id="RDC")],
                warehouses=[warehouse(), warehouse("EAST", place=km(200))],
                stock=[in_stock(901, warehouse_id="EAST")],
            )
        ),
        check="stock",
    ),
    Bug(
        name="specialists: everybody is everywhere at once",
        plant=both(
            instead(Visitors, "arrives", lambda self, a, b, t: t),
            instead(Visitors, "leaves", lambda self, a, b, by, earliest: by),
        ),
        day=on(
            request(
                order("O1", place=km(60), windows=[("09:00", "11:00")], skills=["ev"]),
                order("O2", place=km(-60), windows=[("09:00", "11:00")], skills=["ev"]),
                trucks=[truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in (1, 2)],
                specialists=[specialist("S1", skills=["ev"])],
            )
        ),
        check="meetings",
    ),
    Bug(
        name="specialists: people from other warehouses come too",
        plant=both(
            instead(specialist_rule, "knows", knows_how),
            instead(meetings, "knows", knows_how),
        ),
        day=on(
            request(
                order("O1", skills=["ev"]),
                warehouses=[warehouse(), warehouse("EAST", place=km(40))],
                specialists=[
                    specialist("S1", skills=["ev"], warehouse_id="EAST", shift=("06:00", "20:00"))
                ],
            )
        ),
        check="meetings",
    ),
    Bug(
        name="commitments: a promise is narrowed to a slot like any other",
        plant=slots_without_promises,
        day=on(request(order("O1", windows=[("09:00", "13:00")], promised=True))),
        check="commitments",
    ),
    Bug(
        name="commitments: broken promises stand last",
        plant=answers(planner, "explain_left_behind", lambda left: left[::-1]),
        day=on(
            request(
                order("O1", place=km(700), windows=[("09:00", "10:00")], promised=True),
                order("O2", place=km(700)),
            )
        ),
        check="commitments",
    ),
    Bug(
        name="costs: half price by the kilometre",
        plant=answers(Costs, "compile", lambda rule: rule._replace(per_km=rule.per_km // 2)),
        day=on(request(order("O1"))),
        check="costs",
    ),
    Bug(
        name="costs: overtime is never paid",
        plant=answers(
            Shift, "compile", lambda rule: rule._replace(overtime_after=0 * rule.end + 10**6)
        ),
        day=on(request(order("O1", place=km(100)), trucks=[truck(overtime_after_h=4)])),
        check="costs",
    ),
    Bug(
        name="costs: the truck's day is free",
        plant=answers(Costs, "compile", lambda rule: rule._replace(fixed=0 * rule.fixed)),
        day=on(request(order("O1"))),
        check="costs",
    ),
    Bug(
        name="travel: tolls are dropped",
        plant=answers(door_in, "_travel", lambda legs: legs._replace(toll=0 * legs.toll)),
        day=on(request(order("O1")), toll_per_km=45),
        check="travel",
    ),
    Bug(
        name="travel: the rush hour is ignored",
        plant=answers(
            door_in,
            "_travel",
            lambda legs: legs._replace(
                typical=first_band(legs.typical), buffered=first_band(legs.buffered)
            ),
        ),
        day=on(
            request(order("O1", windows=[("08:00", "09:00")])),
            band_starts=("00:00", "07:00"),
            seconds_per_km=(60, 90),
        ),
        check="travel",
    ),
    Bug(
        name="travel: a closed road is an hour long",
        plant=answers(
            door_in,
            "_travel",
            lambda legs: legs._replace(
                typical=np.minimum(legs.typical, HOUR_S),
                buffered=np.minimum(legs.buffered, HOUR_S),
                metres=np.minimum(legs.metres, 60_000),
            ),
        ),
        day=on(request(order("O1")), seconds_per_km=(None,)),
        check="travel",
    ),
    Bug(
        name="buffers: no leg takes longer than usual",
        plant=answers(door_in, "_travel", lambda legs: legs._replace(buffered=legs.typical)),
        day=on(request(*TWO_TOWNS, buffers=BufferPolicy())),
        check="schedule",
    ),
    Bug(
        name="buffers: no handover takes longer than usual",
        plant=tables(service_buffer=0),
        day=on(request(*TWO_TOWNS, buffers=BufferPolicy())),
        check="schedule",
    ),
    Bug(
        name="warehouses: any truck fetches any car",
        plant=answers(Stock, "mask", np.ones_like),
        day=on(
            request(
                order("O1"),
                trucks=[truck(warehouse_id="HUB")],
                warehouses=[warehouse(), warehouse("HUB", place=km(50))],
            )
        ),
        check="bookkeeping",
    ),
    Bug(
        name="slots: a coarse place gets no half day",
        plant=instead(narrowing, "slot_width_s", lambda problem, order: 2 * HOUR_S),
        day=on(request(order("O1", place=km(30, radius_m=5_000)))),
        check="slots",
    ),
    Bug(
        name="slots: a coarse place is asked for no pin",
        plant=answers(decode, "_stop", without_pin),
        day=on(request(order("O1", place=km(30, radius_m=5_000)))),
        check="slots",
    ),
    Bug(
        name="slots: beside the grid",
        plant=answers(narrowing, "_slot_for", lambda slot: (slot[0] + 420, slot[1] + 420)),
        day=on(request(order("O1"))),
        check="slots",
    ),
    Bug(
        name="slots: an hour is enough",
        plant=answers(narrowing, "_slot_for", lambda slot: (slot[0], slot[0] + HOUR_S)),
        day=on(request(order("O1"))),
        check="slots",
    ),
    Bug(
        name="left behind: the last order is forgotten",
        plant=answers(planner, "explain_left_behind", lambda left: left[:-1]),
        day=on(request(*UNSERVED)),
        check="bookkeeping",
    ),
    Bug(
        name="left behind: the crew is always to blame",
        plant=answers(
            planner,
            "explain_left_behind",
            lambda left: tuple(replace(each, reason=Reason.SKILL_MISSING) for each in left),
        ),
        day=on(request(*UNSERVED)),
        check="left_behind",
    ),
)
