"""Costs: an order that costs more than it is worth stays behind; the plan says by how much."""

from geodata.units import Minor
from routing.domain.fleet import TruckCosts, TruckKind
from routing.domain.orders import Priority
from routing.plan import FixKind
from routing.reasons import Reason, Unit
from tests.days import km, order, request, truck
from tests.features.stories import left, planned, route_of

DEAR = TruckCosts(
    per_km=Minor(350), per_hour=Minor(4_500), per_overtime_hour=Minor(6_000), fixed=Minor(30_000)
)
"""A carrier of six cars."""


def test_a_far_order_of_low_priority_is_not_worth_its_truck() -> None:
    """600 km for one car cost more than the 1,500 yuan that leaving it behind does."""
    day = request(
        order("O1"),
        order("O2", place=km(300), priority=Priority.LOW),
        trucks=[truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in (1, 2)],
    )
    plan = planned(day)
    assert route_of(plan, "O1").cost.total < 150_000
    dear = left(plan, "O2")
    assert dear.reason is Reason.COSTS_TOO_MUCH
    assert dear.unit is Unit.MINOR
    assert dear.short_by > 0
    assert dear.fix is not None
    assert dear.fix.kind is FixKind.PAY_MORE
    assert dear.fix.cost_minor == dear.short_by


def test_the_same_order_goes_when_it_is_urgent() -> None:
    """Its truck is worth 12,000 yuan then."""
    plan = planned(request(order("O2", place=km(300), priority=Priority.URGENT)))
    # 600 km at 2 yuan, and more than ten hours.
    assert route_of(plan, "O2").cost.km == 120_000


def test_a_carrier_is_opened_for_the_cars_it_brings_together() -> None:
    """For one car of low priority 400 km do not pay, for six they do: no truck may stay at home
    because its first car alone is not worth it."""
    plan = planned(
        request(
            *(
                order(
                    f"O{n}",
                    place=km(200 + n / 5),
                    priority=Priority.LOW,
                    unload_min=10,
                    handover_min=15,
                )
                for n in range(12)
            ),
            trucks=[
                truck(f"T{n}", cars=6, driver_id=f"D{n}", kind=TruckKind.CARRIER, costs=DEAR)
                for n in range(2)
            ],
        )
    )
    assert [len(route.stops) for route in plan.routes] == [6, 6]
