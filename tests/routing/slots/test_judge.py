"""The judge over the engine: what it decides is a route the auditor believes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from routing.domain.request import PlanRequest
from routing.errors import NoSequence, UnknownBasis
from routing.judge import Judge, Refusal
from routing.reasons import Reason
from routing.slots.basis import Basis
from routing.slots.judge import SlotJudge
from routing.slots.loads import load_of, order_of
from routing.slots.roads import MatrixRoads
from routing.witness import CountedKey, RouteRecord, Witness
from tests.days import any_car, in_stock, km, matrix_of, order, request, truck, warehouse
from tests.generated_days import generated_day
from tests.routing.slots.pool_days import (
    OneBasis,
    ask_of,
    empty,
    filled,
    granted,
    judge_of,
    two_hours,
    windows_of,
)
from tests.strategies import Day


def line_day(made: PlanRequest) -> Day:
    """A day along the line."""
    return Day(request=made, travel=matrix_of(made))


def promised(seed: int) -> tuple[SlotJudge, Witness]:
    """A generated day with whatever fits of it, in windows by chance."""
    day = generated_day(seed)
    judge, windows = judge_of(day), windows_of()
    dice = np.random.default_rng(seed)
    asks = [ask_of(each, windows[int(dice.integers(6))]) for each in day.request.orders]
    return judge, filled(judge, empty(day), asks)


def test_it_is_a_judge() -> None:
    """The promise book takes it as it is."""
    judge: Judge = judge_of(generated_day(1))
    assert judge.faults(empty(generated_day(1))) == ()


def test_a_load_gives_the_order_back() -> None:
    """What the ledger keeps is enough to judge by, and names nobody."""
    one = order("O1", skills=("ev",))
    ask = ask_of(one, two_hours(10))
    assert order_of(ask) == replace(one, windows=(two_hours(10),), promised=True)
    assert "contact" not in load_of(one)


@pytest.mark.parametrize("seed", range(4))
def test_taking_promises_back_one_by_one_leaves_the_others_sound(seed: int) -> None:
    """A cancellation touches one route, and breaks nobody."""
    judge, witness = promised(seed)
    for name in list(witness.promises)[::2]:
        decision = judge.without(witness, name)
        assert len(decision.routes) == 1
        witness = witness.decided(decision).forgetting(name)
        assert name not in witness.served
    assert judge.faults(witness) == ()


@pytest.mark.parametrize("seed", range(4))
def test_the_same_basis_gives_the_same_times(seed: int) -> None:
    """Nothing has happened outside, so nothing is late."""
    judge, witness = promised(seed)
    again = witness.decided(judge.retimed(witness))
    assert again.served == witness.served
    assert judge.faults(again) == ()


def test_slower_roads_make_stops_late_and_the_auditor_says_whose() -> None:
    """An outside event is never hidden by moving a window."""
    day = line_day(request(order("O1", place=km(60)), trucks=[truck(shift=("09:00", "20:00"))]))
    judge = judge_of(day)
    witness = filled(judge, empty(day), [ask_of(day.request.orders[0], two_hours(10))])
    assert witness.served == {"O1"}
    slow = matrix_of(day.request, seconds_per_km=(200,))
    slower = SlotJudge(
        OneBasis(Basis(request=replace(day.request, orders=()), roads=MatrixRoads.of(slow)))
    )
    late = witness.decided(slower.retimed(witness))
    assert late.served == {"O1"}
    faults = slower.faults(late)
    assert faults
    assert {each.promise_id for each in faults} <= {"O1", ""}
    assert any(each.promise_id == "O1" for each in faults)


def test_late_stops_leave_a_route_together() -> None:
    """The shift begins at noon now: neither of two morning stops can be kept beside the other."""
    orders = [order("O1"), order("O2", place=km(12)), order("O3", place=km(14))]
    day = line_day(request(*orders, trucks=[truck(cars=3)]))
    asks = [ask_of(one, two_hours(hour)) for one, hour in zip(orders, (8, 8, 14), strict=True)]
    witness = filled(judge_of(day), empty(day), asks)
    assert witness.served == {"O1", "O2", "O3"}
    at_noon = replace(day.request, orders=(), trucks=(truck(cars=3, shift=("12:00", "20:00")),))
    later = SlotJudge(OneBasis(Basis(request=at_noon, roads=MatrixRoads.of(day.travel))))
    with pytest.raises(NoSequence):
        later.without(witness, "O1")
    left = witness.decided(later.without(witness, "O1", "O2")).forgetting("O1", "O2")
    assert left.served == {"O3"}
    assert later.faults(left) == ()


def test_a_lost_truck_stays_at_home() -> None:
    """Its promises are then on no route, which the checker says."""
    day = line_day(request(order("O1"), trucks=[truck("T1")]))
    judge = judge_of(day)
    witness = filled(judge, empty(day), [ask_of(day.request.orders[0], two_hours(10))])
    without = Basis(
        request=replace(day.request, orders=(), trucks=()), roads=MatrixRoads.of(day.travel)
    )
    lost = SlotJudge(OneBasis(without))
    assert lost.retimed(witness).routes == {"T1": None}
    after = witness.decided(lost.retimed(witness))
    assert [each.promise_id for each in lost.faults(after)] == ["O1"]


def test_a_full_bay_is_named() -> None:
    """Two trucks cannot load in the same half-hour at one bay."""
    home = warehouse(bays=1, loading=(("08:00", "08:30"),))
    orders = [order("O1", place=km(30)), order("O2", place=km(30))]
    trucks = [truck("T1", cars=1), truck("T2", cars=1, driver_id="D2")]
    day = line_day(request(*orders, trucks=trucks, warehouses=[home]))
    judge = judge_of(day)
    first, second = (ask_of(each, two_hours(8)) for each in orders)
    witness = filled(judge, empty(day), [first])
    found = judge.place(witness, second)
    assert isinstance(found, Refusal)
    assert found.reason == Reason.BAY_FULL


def test_an_order_for_any_car_takes_one_of_the_stock_and_counts_it() -> None:
    """The book takes the count in the same transaction; the route names the car."""
    orders = [any_car(order("O1")), any_car(order("O2"))]
    made = replace(request(*orders, trucks=[truck(cars=2)]), stock=(in_stock(901),))
    day = line_day(made)
    judge = judge_of(day)
    first, second = (ask_of(each, two_hours(10)) for each in orders)
    decision = judge.place(empty(day), first)
    assert not isinstance(decision, Refusal)
    assert list(decision.counted.values()) == [1]
    assert next(iter(decision.counted)) == CountedKey("stock", "RDC/sedan/standard/", "")
    witness = granted(empty(day), first, decision)
    assert judge.faults(witness) == ()
    refused = judge.place(witness, second)
    assert isinstance(refused, Refusal)
    assert refused.reason == Reason.NO_STOCK


def test_a_forged_route_is_not_believed() -> None:
    """The checker reads the JSON, not the judge's memory."""
    judge, witness = promised(2)
    name, record = next(iter(witness.routes.items()))
    told = dict(record.told)
    told["departs"] = told["load"]["start"]  # type: ignore[index]  # plan.json has an object
    forged = RouteRecord(truck_id=name, serves=record.serves, told=told)
    assert judge.faults(replace(witness, routes={**witness.routes, name: forged}))


def test_an_unknown_basis_is_an_error() -> None:
    """Nobody may be judged by a fleet that was never told."""
    judge, witness = promised(1)
    with pytest.raises(UnknownBasis):
        judge.retimed(replace(witness, basis="other"))


def test_a_place_without_roads_is_unreachable() -> None:
    """A question about nowhere is answered, not failed."""
    day = line_day(request(order("O1"), trucks=[truck()]))
    judge, nowhere = judge_of(day), order("O2", place=km(77))
    offers, missing = judge.search(empty(day), nowhere, windows_of())
    assert not offers
    assert {each.reason for each in missing} == {Reason.UNREACHABLE}
    found = judge.place(empty(day), ask_of(nowhere, two_hours(10)))
    assert isinstance(found, Refusal)
    assert found.reason == Reason.UNREACHABLE
