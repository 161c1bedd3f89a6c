"""Skills: the crew knows all that the handover asks for."""

from routing.plan import FixKind
from routing.reasons import Reason, Unit
from tests.days import km, order, request, specialist, truck
from tests.features.stories import left, planned, route_of


def test_the_crew_that_knows_how_gets_the_order() -> None:
    """Two trucks alike; one crew knows electric cars."""
    day = request(
        order("O1", place=km(40)),
        order("O2", skills=["ev"]),
        trucks=[
            truck("T1", cars=1),
            truck("T2", cars=1, driver_id="D2", skills=["ev"]),
        ],
    )
    plan = planned(day)
    assert route_of(plan, "O2").truck_id == "T2"
    assert route_of(plan, "O1").truck_id == "T1"


def test_an_order_nobody_is_trained_for_stays_behind() -> None:
    """The smallest fix is someone who is, on the truck that has room."""
    day = request(order("O1"), order("O2", skills=["luxury"]))
    plan = planned(day)
    assert route_of(plan, "O1").truck_id == "T1"
    untrained = left(plan, "O2")
    assert untrained.reason is Reason.SKILL_MISSING
    assert (untrained.short_by, untrained.unit) == (1, Unit.SKILLS)
    assert untrained.fix is not None
    assert untrained.fix.kind is FixKind.SKILLED_CREW
    assert untrained.fix.change["crew_skills"] == "luxury"


def test_a_specialist_whose_shift_is_too_short_is_named_as_the_reason() -> None:
    """Someone knows how, but cannot be there: honest, not "nobody knows"."""
    day = request(
        order("O1", skills=["luxury"]),
        specialists=[specialist("S1", skills=["luxury"], shift=("08:00", "09:00"))],
    )
    assert left(planned(day), "O1").reason is Reason.OWN_CAR_SPECIALIST
