"""Bugs in what third-party carriers are given."""

from __future__ import annotations

from dataclasses import replace

from routing import giving_away, planner
from routing.rules import carriers as carrier_rule
from routing.rules.carriers import Carriers, CarrierTable
from tests.days import carrier, km, order, request, truck
from tests.planted.plants import Bug, answers, instead, on

FAR = tuple(order(f"O{n}", place=km(300)) for n in (1, 2))


def any_number(table: CarrierTable) -> CarrierTable:
    """Carriers with places for everybody."""
    return table._replace(cars=table.cars + 100)


def any_money(table: CarrierTable) -> CarrierTable:
    """No budget."""
    return table._replace(budget=carrier_rule.UNBOUNDED)


CARRIER_BUGS = (
    Bug(
        name="carriers: they take any number of cars",
        plant=answers(Carriers, "compile", any_number),
        day=on(request(*FAR, carriers=[carrier()])),
        check="carriers",
    ),
    Bug(
        name="carriers: money is no object",
        plant=answers(Carriers, "compile", any_money),
        day=on(request(*FAR, carriers=[carrier(cars=2)], carrier_budget=60_000)),
        check="carriers",
    ),
    Bug(
        name="carriers: they know every handover",
        plant=instead(carrier_rule, "may_take", lambda other, car: True),
        day=on(
            request(
                order("O1", place=km(300), skills=["ev"]),
                trucks=[truck(skills=["ev"])],
                carriers=[carrier()],
            )
        ),
        check="carriers",
    ),
    Bug(
        name="carriers: the last order given away is forgotten",
        plant=answers(planner, "outsourced_orders", lambda given: given[:-1]),
        day=on(request(*FAR, carriers=[carrier(cars=2)])),
        check="bookkeeping",
    ),
    Bug(
        name="carriers: the invoice forgets the kilometres",
        plant=answers(
            giving_away,
            "Outsourced",
            lambda entry: replace(entry, price_minor=entry.price_minor - 1),
        ),
        day=on(request(*FAR, carriers=[carrier(cars=2, per_km=10)])),
        check="carriers",
    ),
)
