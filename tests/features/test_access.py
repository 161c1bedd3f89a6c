"""Road access: no truck is sent where it cannot turn round."""

from routing.domain.fleet import TruckKind
from routing.plan import FixKind
from routing.reasons import Reason, Unit
from tests.days import km, order, request, truck
from tests.features.stories import left, planned, route_of


def test_a_short_carrier_stays_out_of_the_village() -> None:
    """It serves the town; the village takes one-car flatbeds only, and there is none."""
    day = request(
        order("O1", access=TruckKind.SHORT_CARRIER),
        order("O2", place=km(31), access=TruckKind.ONE_CAR),
        trucks=[truck("T1", kind=TruckKind.SHORT_CARRIER)],
    )
    plan = planned(day)
    assert route_of(plan, "O1").truck_id == "T1"
    village = left(plan, "O2")
    assert village.reason is Reason.ROAD_ACCESS
    # One-car, two-car, short carrier: two sizes too large.
    assert (village.short_by, village.unit) == (2, Unit.SIZES)
    assert village.nearest is not None
    assert village.nearest.truck_id == "T1"
    assert "差 2 级" in village.text


def test_the_smallest_fix_is_to_meet_at_the_next_good_road() -> None:
    """Nobody has a small truck to hire, so the buyer is asked to come to the main road."""
    day = request(
        order("O1", access=TruckKind.ONE_CAR), trucks=[truck("T1", kind=TruckKind.TWO_CAR)]
    )
    fix = left(planned(day), "O1").fix
    assert fix is not None
    assert fix.kind is FixKind.MEET_POINT
    assert fix.change["access"] == "two_car"
    assert fix.cost_minor == day.policy.concessions.meet_point
