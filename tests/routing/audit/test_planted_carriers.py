"""Faults planted in what third-party carriers are given, and what they are paid."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from geodata.units import Minor
from routing.domain.fleet import TruckKind
from routing.domain.locks import Locks, OrderLock
from routing.domain.orders import TradeIn
from routing.domain.policy import OutsourcingPolicy
from routing.domain.readiness import Precondition, Readiness
from routing.plan_off_routes import Outsourced
from routing.reasons import Reason, Unit
from tests.days import carrier, km, matrix_of, order, request, truck, window
from tests.hand_plans import hand_plan, left_behind
from tests.routing.audit.audited_day import Audited, Spoil, asked, in_left, policy, with_request


def clean_day() -> Audited:
    """T1 brings O1; C1 takes O2 and has a place left that nobody can use: O3 wants a dialect."""
    far, foreign = order("O2", place=km(200)), order("O3", skills=["dialect"])
    day = request(
        order("O1"),
        far,
        foreign,
        trucks=[truck("T1"), truck("T2", driver_id="D2")],
        carriers=[carrier(base=30_000, per_km=100, cars=2, kind=TruckKind.TWO_CAR)],
        carrier_budget=90_000,
    )
    travel = matrix_of(day)
    (offered,) = day.carriers
    given = Outsourced(
        order_id="O2",
        vin=far.vehicle.vin,
        model_name=far.vehicle.model.name,
        carrier_id="C1",
        carrier_name=offered.name,
        warehouse_id="RDC",
        address=far.address,
        county_code=far.place.county_code,
        lat=far.place.point.lat,
        lon=far.place.point.lon,
        collects=offered.collects,
        window=offered.windows[0],
        promised=False,
        accepted=far.windows,
        metres=200_000,
        price_minor=Minor(50_000),
    )
    plan = hand_plan(
        day,
        travel,
        {"T1": ["O1"]},
        left=[left_behind(foreign, Reason.SKILL_MISSING, unit=Unit.SKILLS)],
    )
    return Audited(request=day, travel=travel, plan=replace(plan, outsourced=(given,)))


def in_given(**changes: object) -> Spoil:
    """Change fields of what is given away."""

    def spoil(day: Audited) -> Audited:
        (entry,) = day.plan.outsourced
        changed = replace(entry, **changes)  # type: ignore[arg-type]  # what the case is about
        return replace(day, plan=replace(day.plan, outsourced=(changed,)))

    return spoil


def locked(day: Audited) -> Audited:
    """O2 was locked to a truck all along."""
    return with_request(day, locks=Locks(orders=(OrderLock(order_id="O2", truck_id="T1"),)))


def twice(day: Audited) -> Audited:
    """The order left behind is also with the carrier."""
    (entry,) = day.plan.outsourced
    again = replace(entry, order_id="O3", vin=day.request.orders[2].vehicle.vin)
    return replace(day, plan=replace(day.plan, outsourced=(entry, again)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A fault, all checks that must see it (the first names the rule), and words of it."""

    fault: str
    spoil: Spoil
    finders: tuple[str, ...]
    says: str


FAULTS = (
    Planted(
        fault="too dear",
        spoil=in_given(price_minor=Minor(50_001)),
        finders=("carriers",),
        says="bills 50001 fen, not 50000",
    ),
    Planted(
        fault="another distance",
        spoil=in_given(metres=199_000),
        finders=("carriers",),
        says="199000 m of road, not 200000",
    ),
    Planted(
        fault="an hour that the carrier never promised",
        spoil=in_given(window=window("10:00", "12:00")),
        finders=("carriers",),
        says="does not come within",
    ),
    Planted(
        fault="a buyer who is at home in the morning only",
        spoil=asked("orders", "O2", windows=(window("08:00", "12:00"),)),
        finders=("carriers",),
        says="outside the buyer's windows",
    ),
    Planted(
        fault="a promise the plan does not know of",
        spoil=in_given(promised=True),
        finders=("carriers",),
        says="promised is True, not False",
    ),
    Planted(
        fault="another car",
        spoil=in_given(vin="LFBE5EV00T1000009"),
        finders=("carriers",),
        says="vin is",
    ),
    Planted(
        fault="an unknown carrier",
        spoil=in_given(carrier_id="C9"),
        finders=("carriers",),
        says="carrier C9, unknown here",
    ),
    Planted(
        fault="a handover nobody of theirs knows",
        spoil=asked("orders", "O2", skills=frozenset({"ev"})),
        finders=("carriers",),
        says="does not know ev",
    ),
    Planted(
        fault="a lane too small for its truck",
        spoil=asked("orders", "O2", access=TruckKind.ONE_CAR),
        finders=("carriers",),
        says="its two_car does not get there",
    ),
    Planted(
        fault="a trade-in left standing",
        spoil=asked("orders", "O2", trade_in=TradeIn(model_name="老轿车")),
        finders=("carriers",),
        says="takes no trade-in along",
    ),
    Planted(
        fault="a car without its papers",
        spoil=asked("orders", "O2", readiness=Readiness(missing=(Precondition.INSURANCE,))),
        finders=("carriers",),
        says="still lacks insurance",
    ),
    Planted(
        fault="a locked order given away",
        spoil=locked,
        finders=("carriers",),
        says="locked to a truck of our own",
    ),
    Planted(
        fault="more cars than places",
        spoil=asked("carriers", "C1", cars=0),
        finders=("carriers",),
        says="given 1 cars and takes 0",
    ),
    Planted(
        fault="more than the budget",
        spoil=policy(outsourcing=OutsourcingPolicy(budget=Minor(49_999))),
        finders=("carriers",),
        says="cost 50000 fen, and the budget is 49999",
    ),
    Planted(
        fault="left behind beside a place that is free and paid for",
        spoil=asked("orders", "O3", skills=frozenset()),
        finders=("carriers", "left_behind"),
        says="O3, left behind: carrier C1 has a place",
    ),
    Planted(
        fault="a full carrier to blame that could not come anyway",
        spoil=in_left("O3", reason=Reason.CARRIER_FULL, unit=Unit.CARS),
        finders=("left_behind",),
        says="carrier_full does not hold",
    ),
    Planted(
        fault="given away and left behind",
        spoil=twice,
        finders=("bookkeeping", "carriers"),
        says="",
    ),
)


def test_the_day_is_clean_before_anything_is_planted() -> None:
    """Otherwise the faults below would prove nothing."""
    assert clean_day().audit().findings == ()


@pytest.mark.parametrize("planted", FAULTS, ids=lambda planted: planted.fault)
def test_finds_what_was_planted(planted: Planted) -> None:
    """The right check names it, no other cries wolf."""
    found = planted.spoil(clean_day()).audit().findings
    assert {each.check for each in found} == set(planted.finders), [f.text_en for f in found]
    assert not planted.says or any(planted.says in each.text_en for each in found)
    assert {each.reason for each in found if each.check == "carriers"} <= {Reason.CARRIER_FULL}
