"""Repair beside carriers: what was given away stays given away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.domain.request import PlanRequest
from routing.errors import BadRequest
from routing.plan import Plan
from routing.repair.events import OrderAdded, OrderCancelled, VinLate
from routing.repair.mending import Repaired, repair
from routing.repair.record import Told
from tests.days import at, carrier, km, matrix_of, order, request, truck
from tests.solving import solve

pytestmark = pytest.mark.usefixtures("compiled_search")


def day_with_carrier(**changes: object) -> tuple[PlanRequest, Plan]:
    """O1 on a truck, O2 with the carrier."""
    day = request(
        order("O1"),
        order("O2", place=km(300)),
        trucks=[truck("T1"), truck("T2", driver_id="D2")],
        carriers=[carrier(**{"cars": 2, **changes})],  # type: ignore[arg-type]  # its own words
    )
    plan = solve(day, matrix_of(day)).plan
    assert [each.order_id for each in plan.outsourced] == ["O2"]
    return day, plan


def mended(day: PlanRequest, plan: Plan, event: object, now: str) -> Repaired:
    """Repair after one event; the auditor must find nothing."""
    told = Told(now=at(now), events=(event,))  # type: ignore[arg-type]  # any event
    repaired = repair(day, matrix_of(day), plan, told=told, seed=1)
    assert repaired.report.clean, [each.text_en for each in repaired.report.findings]
    return repaired


def test_an_order_with_a_carrier_stays_there_and_is_no_change() -> None:
    """The carrier has collected at seven; a new order close by goes to a truck of ours."""
    day, plan = day_with_carrier()
    more = replace(day, orders=(*day.orders, order("O3", place=km(40))))
    after = mended(more, plan, OrderAdded(order_id="O3"), "07:30")
    assert [(each.order_id, each.window) for each in after.plan.outsourced] == [
        ("O2", plan.outsourced[0].window)
    ]
    assert "O2" not in {line.change.order_id for line in after.diff.lines}


def test_until_it_collects_a_carrier_takes_an_order_that_is_added() -> None:
    """At half past six it has a place left, at half past seven it is gone."""
    day, plan = day_with_carrier()
    more = replace(day, orders=(*day.orders, order("O3", place=km(320))))
    early = mended(more, plan, OrderAdded(order_id="O3"), "06:30")
    assert {each.order_id for each in early.plan.outsourced} == {"O2", "O3"}
    late = mended(more, plan, OrderAdded(order_id="O3"), "07:30")
    assert {each.order_id for each in late.plan.outsourced} == {"O2"}


def test_a_car_that_is_late_for_the_carrier_is_not_given_to_it() -> None:
    """It collects at seven, the car is ready a quarter later; its buyer keeps his window."""
    day, plan = day_with_carrier()
    after = mended(day, plan, VinLate(order_id="O2", ready=at("07:15")), "06:30")
    assert after.plan.outsourced == ()
    (stop,) = [s for r in after.plan.routes for s in r.stops if s.order_id == "O2"]
    assert stop.slot.promised
    (line,) = [each for each in after.diff.lines if each.change.order_id == "O2"]
    assert (line.change.truck_before, line.change.truck_after) != ("", "")
    assert line.change.truck_before == "C1"


def test_what_a_carrier_has_collected_is_settled_with_the_carrier() -> None:
    """The car is not ours to unload any more."""
    day, plan = day_with_carrier()
    with pytest.raises(BadRequest, match="settle it with the carrier"):
        mended(day, plan, OrderCancelled(order_id="O2"), "07:30")
