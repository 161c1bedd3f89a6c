"""Faults planted in a clean plan, one at a time: which checks find it, and only those.

`finders` are all checks that must fire; the first is the one whose reason names the fault.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from routing.audit.checks.registry import CHECKS
from routing.domain.policy import DrivingPolicy, SlotPolicy
from routing.plan import LoadedCar, Rest, RestPlace, Route, Slot, Stop
from routing.reasons import Reason
from tests.days import at, ban, flat_deck, km, wheel_lift_deck, window
from tests.routing.audit.audited_day import (
    Audited,
    Spoil,
    asked,
    both,
    clean_day,
    in_plan,
    in_route,
    in_stop,
    policy,
    with_request,
)
from tests.routing.audit.planted import Planted

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def _on_deck(*cars: tuple[str, str]) -> Spoil:
    """Put these (position, order) pairs on the deck of T1."""

    def loaded(route: Route) -> tuple[LoadedCar, ...]:
        vins = {stop.order_id: stop.vin for stop in route.stops}
        return tuple(
            LoadedCar(position_id=position, order_id=id, vin=vins.get(id, "LFBE5EV00T1000099"))
            for position, id in cars
        )

    return in_route("T1", deck=loaded)


def _model(order_id: str, **changes: int | bool) -> Spoil:
    """Let the car of an order have other dimensions than the planner believed."""

    def spoil(day: Audited) -> Audited:
        vehicle = next(each for each in day.request.orders if each.id == order_id).vehicle
        model = replace(vehicle.model, **changes)  # type: ignore[arg-type]  # named fields
        return asked("orders", order_id, vehicle=replace(vehicle, model=model))(day)

    return spoil


def _slot(order_id: str, start: str, end: str) -> Spoil:
    def slot(stop: Stop) -> Slot:
        return replace(stop.slot, window=window(start, end))

    return in_stop(order_id, slot=slot)


def _banned(place: str, start: str, end: str, inside_min: int = 0) -> Spoil:
    def spoil(day: Audited) -> Audited:
        more = ban(km(float(place)), (start, end), truck_id="T1", inside_min=inside_min)
        return with_request(day, bans=(*day.request.bans, more))

    return spoil


DECK = (
    Planted(
        fault="a position the truck does not have",
        spoil=_on_deck(("P1", "O1"), ("P9", "O2")),
        reason=Reason.DECK_NO_FIT,
        finders=("deck",),
        says="no deck position P9",
    ),
    Planted(
        fault="two cars on one position",
        spoil=_on_deck(("P1", "O1"), ("P1", "O2")),
        reason=Reason.DECK_NO_FIT,
        finders=("deck",),
        says="2 cars stand on position P1",
    ),
    Planted(
        fault="a car that is delivered but not loaded",
        spoil=_on_deck(("P1", "O1")),
        reason=Reason.DECK_NO_FIT,
        finders=("deck",),
        says="order O2 is missing on the deck",
    ),
    Planted(
        fault="a car that is loaded but not delivered",
        spoil=_on_deck(("P1", "O1"), ("P2", "O2"), ("P2", "O6")),
        reason=Reason.DECK_NO_FIT,
        finders=("deck",),
        says="too many on the deck",
    ),
    Planted(
        fault="a car longer than its position",
        spoil=_model("O2", length_mm=5_301),
        reason=Reason.DECK_NO_FIT,
        finders=("deck",),
        says="too long by 1 mm",
    ),
    Planted(
        fault="a car higher than its position",
        spoil=_model("O2", height_mm=2_010),
        reason=Reason.DECK_NO_FIT,
        finders=("deck",),
        says="too high by 10 mm",
    ),
    Planted(
        fault="a car heavier than its position",
        spoil=_model("O2", mass_kg=2_900),
        reason=Reason.DECK_NO_FIT,
        finders=("deck",),
        says="too heavy by 100 kg",
    ),
    Planted(
        fault="two cars that the truck cannot carry together",
        spoil=asked("trucks", "T1", deck=flat_deck(2, payload_kg=3_000)),
        reason=Reason.DECK_NO_FIT,
        finders=("deck",),
        says="500 kg more than its 3000 kg",
    ),
    Planted(
        fault="an all-wheel-drive car on the wheel lift",
        spoil=both(
            asked("trucks", "T1", deck=wheel_lift_deck()),
            _on_deck(("BED", "O1"), ("LIFT", "O2")),
            _model("O2", wheel_lift_ok=False),
        ),
        reason=Reason.DECK_NO_FIT,
        finders=("deck", "shunts"),
        says="must not ride on a wheel lift",
    ),
)

PROMISES = (
    Planted(
        fault="service outside what the buyer accepts",
        spoil=both(
            asked("orders", "O2", windows=(window("14:00", "16:00"),)),
            in_stop("O2", accepted=(window("14:00", "16:00"),)),
        ),
        reason=Reason.WINDOW_MISSED,
        finders=("windows", "slots"),
        says="begins 11-23 12:30:00, outside what the buyer accepts by 1 h 30 min",
    ),
    Planted(
        fault="a slot that the delayed truck misses by a second",
        # begins at 12:42:00 with every buffer used up; the slot is half-open
        spoil=both(policy(slots=SlotPolicy(grid_s=60)), _slot("O2", "10:42", "12:42")),
        reason=Reason.WINDOW_MISSED,
        finders=("windows", "schedule"),
        says="service at the latest begins 11-23 12:42:00, outside its slot by 0 s",
    ),
    Planted(
        fault="a slot off the grid",
        spoil=_slot("O2", "12:15", "14:15"),
        reason=None,
        finders=("slots",),
        says="grid of 30 min",
    ),
    Planted(
        fault="a slot wider than the policy sells",
        spoil=_slot("O2", "12:30", "15:00"),
        reason=None,
        finders=("slots",),
        says="is 2 h 30 min long, should be 2 h",
    ),
    Planted(
        fault="a two-hour slot for a place known to five kilometres",
        spoil=_slot("O4", "10:30", "12:30"),
        reason=None,
        finders=("slots",),
        says="should be 4 h",
    ),
    Planted(
        fault="a coarse place without a call for a pin",
        spoil=in_stop("O4", slot=lambda stop: replace(stop.slot, required_fields=())),
        reason=None,
        finders=("slots",),
        says="must ask for a pin",
    ),
    Planted(
        fault="a promised window cut short",
        spoil=_slot("O1", "10:00", "11:30"),
        reason=Reason.PROMISE_BROKEN,
        finders=("commitments",),
        says="order O1 was promised 11-23 10:00:00 to 11-23 12:00:00",
    ),
    Planted(
        fault="a promise that the plan no longer calls one",
        spoil=in_stop("O1", slot=lambda stop: replace(stop.slot, promised=False)),
        reason=Reason.PROMISE_BROKEN,
        finders=("commitments",),
        says="order O1 is promised; the plan says the opposite",
    ),
    Planted(
        fault="an unkept promise hidden at the end of the list",
        spoil=in_plan(left_behind=lambda plan: plan.left_behind[::-1]),
        reason=Reason.PROMISE_BROKEN,
        finders=("commitments",),
        says="O5 must head the left-behind list",
    ),
)

HOURS = (
    Planted(
        fault="duty before the shift",
        spoil=asked("trucks", "T1", shift_start=at("09:00")),
        reason=Reason.DUTY_EXCEEDED,
        finders=("duty", "schedule"),
        says="3 min before its shift",
    ),
    Planted(
        fault="home in time only if nothing goes wrong",
        spoil=asked("trucks", "T1", shift_end=at("15:40")),
        reason=Reason.DUTY_EXCEEDED,
        finders=("duty", "schedule"),
        says="returns at the latest at 11-23 15:57:00, 17 min after its shift",
    ),
    Planted(
        fault="a duty longer than allowed",
        spoil=asked("trucks", "T1", duty_max_s=6 * 3600),
        reason=Reason.DUTY_EXCEEDED,
        finders=("duty", "schedule"),
        says="is on duty at the latest 1 h longer than allowed",
    ),
    Planted(
        fault="a duty that is stated too short",
        spoil=in_route("T1", duty_s=23_000),
        reason=Reason.DUTY_EXCEEDED,
        finders=("duty",),
        says="states 23000 s of duty, not 23580",
    ),
    Planted(
        fault="overtime that is not stated",
        spoil=in_route("T2", overtime_s=0),
        reason=Reason.DUTY_EXCEEDED,
        finders=("duty",),
        says="states 0 s of overtime, not 600",
    ),
    Planted(
        fault="no rest after an hour, where the policy says so",
        spoil=policy(driving=DrivingPolicy(drive_max_s=3_600)),
        reason=Reason.DRIVING_LIMIT,
        finders=("driving", "schedule"),
        says="drives 10 min too long without a rest by 11-23 12:30:00",
    ),
    Planted(
        fault="a rest while the driver unloads",
        spoil=in_stop(
            "O2",
            rests=lambda stop: (
                Rest(start=stop.begins, end=stop.begins + 20 * MINUTE, place=RestPlace.HANDOVER),
                *stop.rests,
            ),
        ),
        reason=Reason.DRIVING_LIMIT,
        finders=("driving",),
        says="cannot rest (handover) from 11-23 12:30:00",
    ),
    Planted(
        fault="a handover counted as rest though nobody else does it",
        spoil=in_stop(
            "O3",
            rests=lambda stop: (
                *stop.rests,
                Rest(start=stop.ends - 60 * MINUTE, end=stop.ends, place=RestPlace.HANDOVER),
            ),
        ),
        reason=Reason.DRIVING_LIMIT,
        finders=("driving",),
        says="cannot rest (handover)",
    ),
    Planted(
        fault="arrival in the hours of a ban",
        spoil=_banned("100", "12:00", "12:25", inside_min=10),
        reason=Reason.TRUCK_BANNED,
        finders=("bans", "schedule"),
        says="arrives km100 at 11-23 12:30:00 against ban 市区限行: 5 min too early",
    ),
    Planted(
        fault="leaving too late to be out of the zone in time",
        spoil=_banned("30", "11:25", "11:40", inside_min=10),
        reason=Reason.TRUCK_BANNED,
        finders=("bans", "schedule"),
        says="leaves km30 at 11-23 11:20:00",
    ),
)

ALL = (*DECK, *PROMISES, *HOURS)


def test_the_day_is_clean_before_anything_is_planted() -> None:
    """Every fault below is the planted one and no other."""
    report = clean_day().audit()
    assert report.findings == ()
    assert report.checks == tuple(check.name for check in CHECKS)


@pytest.mark.parametrize("planted", ALL, ids=lambda each: each.fault)
def test_finds_what_was_planted(planted: Planted) -> None:
    """The right check names the right rule, and no other check cries wolf."""
    planted.assert_found()
