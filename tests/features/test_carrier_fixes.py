"""A carrier, or an old car fetched another day, as the smallest fix of an order left behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.domain.horizon import over_days
from routing.domain.orders import Priority, TradeIn
from routing.domain.request import PlanRequest
from routing.explain.change import apply_fix
from routing.plan import Fix, FixKind, Plan
from tests.days import SEDAN, carrier, flat_deck, km, order, request, truck
from tests.features.stories import left, planned, stop_of

pytestmark = pytest.mark.usefixtures("compiled_search")


def fix_of(plan: Plan, order_id: str) -> Fix:
    """The smallest fix of an order, which there must be."""
    fix = left(plan, order_id).fix
    assert fix is not None and fix.proved
    return fix


def far(*names: str, **carriers: object) -> PlanRequest:
    """Orders 300 km out, where no truck of ours gets within its duty, and one carrier."""
    return request(
        *(order(name, place=km(300)) for name in names),
        trucks=[truck(duty_max_h=8)],
        carriers=[carrier(base=60_000, per_km=100, **carriers)],  # type: ignore[arg-type]  # passed through
    )


def brought(plan: Plan) -> dict[str, int]:
    """What carriers bring, and for how much."""
    return {each.order_id: each.price_minor for each in plan.outsourced}


def test_one_more_car_of_a_carrier_that_is_full() -> None:
    """It said one car and has one: the second costs 900 yuan, and the asking 50."""
    day = far("O1", "O2", cars=1)
    plan = planned(day)
    (behind,) = plan.left_behind
    fix = fix_of(plan, behind.order_id)
    assert fix.kind is FixKind.CARRIER
    assert fix.cost_minor == 5_000
    assert fix.change["carrier_minor"] == 90_000
    assert fix.change["carrier_cars"] == 2
    assert "C1 零担运输" in fix.text and "¥900，" in fix.text and "共 2 台" in fix.text
    again = planned(apply_fix(day, fix, behind.order_id))
    assert brought(again) == {"O1": 90_000, "O2": 90_000}
    assert again.left_behind == ()


def test_more_money_where_the_budget_is_short() -> None:
    """1,000 yuan are for carriers, two orders cost 1,800: the fix is money, and says how much."""
    day = far("O1", "O2", cars=2)
    policy = replace(day.policy, outsourcing=replace(day.policy.outsourcing, budget=100_000))
    day = replace(day, policy=policy)
    plan = planned(day)
    (behind,) = plan.left_behind
    fix = fix_of(plan, behind.order_id)
    assert (fix.kind, fix.cost_minor) == (FixKind.CARRIER, 0)
    assert fix.change["carrier_budget"] == 180_000
    again = planned(apply_fix(day, fix, behind.order_id))
    assert again.left_behind == ()


def test_a_carrier_dearer_than_the_order_is_worth_says_by_how_much() -> None:
    """A low priority is worth less than 900 yuan: the fix costs the rest."""
    bare = far("O1", cars=1)
    day = replace(bare, orders=tuple(replace(each, priority=Priority.LOW) for each in bare.orders))
    worth = int(day.policy.left_behind[Priority.LOW])
    day = replace(day, carriers=(carrier(base=worth + 1_000, cars=1),))
    plan = planned(day)
    fix = fix_of(plan, "O1")
    assert (fix.kind, fix.cost_minor) == (FixKind.CARRIER, 1_000)
    assert fix.change["extra_minor"] == 1_000
    again = planned(apply_fix(day, fix, "O1"))
    assert brought(again) == {"O1": worth + 1_000}


def test_a_carrier_that_may_not_take_it_is_no_fix() -> None:
    """It comes in the evening only; the buyer is at home until six."""
    plan = planned(far("O1", cars=1, windows=[("17:00", "20:00")]))
    entry = left(plan, "O1")
    assert entry.fix is None or entry.fix.kind is not FixKind.CARRIER
    assert "carrier" in entry.fix_tried


def test_a_day_without_carriers_tries_none() -> None:
    """Nothing is claimed to have been tried that there is not."""
    day = replace(far("O1"), carriers=())
    assert "carrier" not in left(planned(day), "O1").fix_tried


def test_an_old_car_is_fetched_another_day() -> None:
    """The old one is too heavy for the deck; without it the new one goes."""
    heavy = replace(SEDAN, id="heavy", name="旧越野", mass_kg=2_700)
    old = TradeIn(model_name="旧越野", model=heavy)
    light = flat_deck(1, payload_kg=2_000)
    day = request(order("O1", trade_in=old), trucks=[truck(deck=light)])
    plan = planned(day)
    fix = fix_of(plan, "O1")
    assert (fix.kind, fix.cost_minor) == (FixKind.TRADE_IN_LATER, 30_000)
    assert "旧车改日另取" in fix.text and "another day" in fix.text_en
    again = planned(apply_fix(day, fix, "O1"))
    assert stop_of(again, "O1").trade_in is None


def test_a_carrier_comes_on_every_day_of_a_plan() -> None:
    """One car a day: two orders go on two days."""
    accepted = [(f"{day} 08:00", f"{day} 18:00") for day in (0, 1)]
    bare = far(cars=1)
    orders = tuple(order(name, place=km(300), windows=accepted) for name in ("O1", "O2"))
    plan = planned(over_days(replace(bare, orders=orders), 2))
    assert sorted(each.carrier_id for each in plan.outsourced) == ["C1", "C1@11-24"]
    assert [each.window.start.day for each in plan.outsourced] == [23, 24]
    assert plan.left_behind == ()


def test_a_carrier_does_not_collect_where_all_is_closed() -> None:
    """The warehouse keeps Tuesday free."""
    bare = far("O1", cars=1)
    tuesday = bare.day.replace(day=24)
    made = over_days(bare, 2, closed={"RDC": frozenset({tuesday})})
    assert [each.id for each in made.carriers] == ["C1"]


def test_the_budget_is_for_all_days_together() -> None:
    """So many times that of one day."""
    bare = far("O1", cars=1)
    policy = replace(bare.policy, outsourcing=replace(bare.policy.outsourcing, budget=50_000))
    made = over_days(replace(bare, policy=policy), 3)
    assert made.policy.outsourcing.budget == 150_000
