"""Loading bays: trucks that leave at the same hour need a bay each."""

from routing.domain.request import PlanRequest
from routing.plan import FixKind
from routing.reasons import Reason, Unit
from tests.days import at, order, request, truck, warehouse
from tests.features.stories import planned


def half_hour_of_loading(bays: int) -> PlanRequest:
    """Two one-car trucks that load 25 minutes each within the only half hour there is."""
    return request(
        *(order(f"O{n}", windows=[("08:00", "09:00")]) for n in (1, 2)),
        trucks=[truck(f"T{n}", cars=1, driver_id=f"D{n}") for n in (1, 2)],
        warehouses=[warehouse(bays=bays, loading=[("07:00", "07:30")])],
    )


def test_two_bays_load_both_trucks() -> None:
    """With a bay each nobody waits."""
    plan = planned(half_hour_of_loading(bays=2))
    assert plan.left_behind == ()
    assert {route.bay for route in plan.routes} == {1, 2}


def test_one_bay_loads_one_truck_and_the_other_order_says_so() -> None:
    """Every route is fine by itself; together they need the bay twice."""
    day = half_hour_of_loading(bays=1)
    plan = planned(day)
    (route,) = plan.routes
    assert at("07:00") <= route.load.start
    assert route.load.end <= at("07:30")
    (waiting,) = plan.left_behind
    assert waiting.reason is Reason.BAY_FULL
    # 20 minutes for the truck, 5 for its car.
    assert (waiting.short_by, waiting.unit) == (25 * 60, Unit.SECONDS)
    assert waiting.fix is not None
    assert waiting.fix.kind is FixKind.EXTRA_BAY
    assert waiting.fix.cost_minor == day.policy.concessions.extra_bay
