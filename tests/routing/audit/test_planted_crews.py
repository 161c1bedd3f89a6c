"""Faults planted in who goes out with what, and in how it is loaded."""

from datetime import timedelta

import pytest

from routing.domain.fleet import SpecialistTravel, TruckKind
from routing.domain.readiness import Precondition, Readiness, ReadinessStep, StepKind
from routing.domain.windows import Window
from routing.plan import Route
from routing.reasons import Reason
from tests.days import DAY, at, window
from tests.routing.audit.audited_day import (
    Spoil,
    asked,
    both,
    in_route,
)
from tests.routing.audit.planted import Planted

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def _ready(at_p90: str) -> Readiness:
    step = ReadinessStep(kind=StepKind.PDI, done_p50=at("06:00"), done_p90=at(at_p90))
    return Readiness(steps=(step,))


WHO_MAY = (
    Planted(
        fault="a skill nobody on the truck has",
        spoil=asked("orders", "O2", skills=frozenset({"luxury"})),
        reason=Reason.SKILL_MISSING,
        finders=("skills",),
        says="order O2 needs luxury",
    ),
    Planted(
        fault="a truck too big for the lane",
        spoil=asked("orders", "O2", access=TruckKind.ONE_CAR),
        reason=Reason.ROAD_ACCESS,
        finders=("access",),
        says="1 size(s) too big",
    ),
    Planted(
        fault="a specialist who comes by own car",
        spoil=asked("specialists", "S1", travel=SpecialistTravel.OWN_CAR, truck_id=""),
        reason=Reason.OWN_CAR_SPECIALIST,
        finders=("specialists",),
        says="S1 does not ride with T1",
    ),
    Planted(
        fault="a specialist who is not this truck's",
        spoil=in_route("T1", specialist_id="S9"),
        reason=Reason.OWN_CAR_SPECIALIST,
        finders=("specialists",),
        says="names specialist S9, not S1",
    ),
    Planted(
        fault="loading before the car is ready",
        spoil=asked("orders", "O2", readiness=_ready("09:00")),
        reason=Reason.NOT_READY,
        finders=("readiness",),
        says="loading begins 3 min too early",
    ),
    Planted(
        fault="a car that leaves without its insurance",
        spoil=asked("orders", "O2", readiness=Readiness(missing=(Precondition.INSURANCE,))),
        reason=Reason.NOT_READY,
        finders=("readiness",),
        says="order O2 still lacks insurance",
    ),
    Planted(
        fault="a driver with the wrong licence",
        spoil=asked("drivers", "D1", licence="C1"),
        reason=Reason.NO_TRUCK,
        finders=("crew",),
        says="needs licence B2; driver D1 holds C1",
    ),
    Planted(
        fault="a driver on a day off",
        spoil=asked("drivers", "D1", days_off=frozenset({DAY})),
        reason=Reason.NO_TRUCK,
        finders=("crew",),
        says="D1, who is off that day",
    ),
    Planted(
        fault="a route that says another day",
        spoil=in_route("T1", day=DAY + timedelta(days=1)),
        reason=None,
        finders=("bookkeeping",),
        says="day of T1 is 2026-11-24, not 2026-11-23",
    ),
    Planted(
        fault="a route that names another vehicle",
        spoil=in_route("T1", vehicle_id="T2"),
        reason=None,
        finders=("bookkeeping",),
        says="vehicle_id of T1 is T2, not T1",
    ),
    Planted(
        fault="a driver who still rests",
        spoil=asked("drivers", "D1", rested_at=at("09:30")),
        reason=Reason.NO_TRUCK,
        finders=("crew",),
        says="rests until 11-23 09:30:00",
    ),
    Planted(
        fault="one driver for two trucks",
        spoil=both(
            asked("trucks", "T2", driver_id="D1"),
            in_route("T2", driver_id="D1", driver_name="D1 师傅"),
        ),
        reason=Reason.NO_TRUCK,
        finders=("crew",),
        says="driver D1 drives 2 trucks at once",
    ),
    Planted(
        fault="a truck without a driver",
        spoil=both(
            asked("trucks", "T2", driver_id=""), in_route("T2", driver_id="", driver_name="")
        ),
        reason=Reason.NO_TRUCK,
        finders=("crew",),
        says="T2 has no driver",
    ),
    Planted(
        fault="another driver's name on the manifest",
        spoil=in_route("T1", driver_name="D2 师傅"),
        reason=Reason.NO_TRUCK,
        finders=("crew",),
        says="name of its driver wrong",
    ),
)


def _later(minutes: int) -> Spoil:
    """Load so much later and nothing else: the truck is still being loaded when it leaves."""

    def load(route: Route) -> Window:
        return Window(
            start=route.load.start + minutes * MINUTE, end=route.load.end + minutes * MINUTE
        )

    return in_route("T1", load=load)


BAYS = (
    Planted(
        fault="a bay that does not exist",
        spoil=in_route("T1", bay=3),
        reason=Reason.BAY_FULL,
        finders=("bays",),
        says="loads at bay 3; RDC has 2",
    ),
    Planted(
        fault="two trucks at one bay",
        # T2 loads from 07:05 to 07:35: now T1 is there too
        spoil=both(
            _later(-95),
            in_route("T1", duty_s=lambda route: route.duty_s + 95 * 60),
        ),
        reason=Reason.BAY_FULL,
        finders=("bays", "costs"),
        says="T1 and T2 share bay 1 of RDC for 13 min",
    ),
    Planted(
        fault="loading while the bays are shut",
        spoil=asked("warehouses", "RDC", loading=(window("07:00", "09:00"),)),
        reason=Reason.BAY_FULL,
        finders=("bays",),
        says="outside the loading hours",
    ),
    Planted(
        fault="three cars' work in two cars' time",
        spoil=asked("trucks", "T1", load_per_car_s=600),
        reason=Reason.BAY_FULL,
        finders=("bays",),
        says="loads for 30 min, should be 40 min",
    ),
)


@pytest.mark.parametrize("planted", (*WHO_MAY, *BAYS), ids=lambda each: each.fault)
def test_finds_what_was_planted(planted: Planted) -> None:
    """Crew, papers, roads and bays each have one check of their own."""
    planted.assert_found()
