"""The planner's promises, on random whole days: every order answered for, audited, repeatable."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, event, given, settings

from routing.audit import report_text
from routing.errors import BadRequest
from routing.plan import StopReason
from routing.plan_json import plan_from_json, plan_to_json
from routing.planner import News, Phase, plan_day
from routing.search.budget import Iterations
from tests.days import DAY, flat_deck, km, matrix_of, order, request, truck
from tests.generated_days import generated_day
from tests.solving import solve
from tests.strategies import Day, days

pytestmark = pytest.mark.usefixtures("compiled_search")
random_days = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@settings(random_days, max_examples=60)
@given(days())
def test_every_order_of_any_day_is_on_one_route_or_left_behind_with_its_reason(day: Day) -> None:
    """Never on two trucks, never forgotten; `solve` has the auditor look at it besides."""
    plan = solve(day.request, day.travel).plan
    served = [stop.order_id for route in plan.routes for stop in route.stops]
    behind = [entry.order_id for entry in plan.left_behind]
    event(f"{len(plan.routes)} routes, left behind: {bool(behind)}")
    assert sorted(served + behind) == sorted(order.id for order in day.request.orders)
    for entry in plan.left_behind:
        assert entry.text and entry.text_en
        assert entry.fix is not None or entry.fix_tried
        # A fix that is only claimed is none: the planner solves again with it, and says how.
        assert entry.fix is None or (entry.fix.proved and entry.fix.change and entry.fix.proof)


@settings(random_days, max_examples=15)
@given(days())
def test_the_same_seed_gives_the_same_plan_byte_for_byte(day: Day) -> None:
    """Repeatable, and what is written is what can be read back."""
    text = plan_to_json(solve(day.request, day.travel, seed=7).plan)
    assert plan_to_json(solve(day.request, day.travel, seed=7).plan) == text
    assert plan_to_json(plan_from_json(text)) == text


@settings(random_days, max_examples=30)
@given(days())
def test_promises_are_kept_in_their_window_or_head_the_list_with_it(day: Day) -> None:
    """A promised window never moves, whether the plan can keep it or not."""
    plan = solve(day.request, day.travel).plan
    orders = {order.id: order for order in day.request.orders}
    for route in plan.routes:
        for stop in route.stops:
            if orders[stop.order_id].promised:
                assert (stop.slot.window,) == orders[stop.order_id].windows
    broken = [entry.promised for entry in plan.left_behind]
    event(f"{sum(broken)} broken promises")
    assert broken == sorted(broken, reverse=True)
    for entry in plan.left_behind:
        assert entry.promised == orders[entry.order_id].promised
        assert entry.accepted == orders[entry.order_id].windows


@settings(random_days, max_examples=20)
@given(days())
def test_a_search_cancelled_at_once_still_gives_an_audited_plan(day: Day) -> None:
    """Whoever presses stop before the first round gets what insertion found."""
    planned = plan_day(
        day.request, day.travel, budget=Iterations(100_000), seed=1, cancelled=lambda: True
    )
    assert planned.report.clean, report_text(planned.report, "en")
    assert planned.plan.provenance.iterations == 0
    if any(each.driver_id for each in day.request.trucks):
        assert planned.plan.provenance.stop_reason is StopReason.CANCELLED


@pytest.mark.parametrize("seed", (1, 3))
def test_a_day_of_up_to_forty_orders_is_planned_clean(seed: int) -> None:
    """Larger than the random days, and short of two things each: bays, crews, papers ..."""
    day = generated_day(seed)
    plan = solve(day.request, day.travel, iterations=500, seed=seed).plan
    served = {stop.order_id for route in plan.routes for stop in route.stops}
    assert len(served) > len(day.request.orders) / 3


def test_whoever_waits_hears_the_phases_in_order_and_the_incumbents() -> None:
    """A progress line that jumps back, or shows no plan to stop at, is worse than none."""
    day = request(*(order(f"O{n}", place=km(20 * n)) for n in (1, 2, 3)))
    heard: list[News] = []
    plan_day(day, matrix_of(day), budget=Iterations(500), seed=1, on_news=heard.append)
    phases = list(dict.fromkeys(news.phase for news in heard))
    assert phases == [Phase.COMPILE, Phase.SEARCH, Phase.CHOOSE, Phase.EXPLAIN, Phase.AUDIT]
    assert [news.phase for news in heard] == sorted(
        (news.phase for news in heard), key=phases.index
    )
    searching = [news for news in heard if news.phase is Phase.SEARCH]
    # Two rounds of 250 iterations; the truck has two positions.
    assert [news.share for news in searching] == [0.5, 1.0]
    assert all(news.incumbent and len(news.incumbent.served) == 2 for news in searching)


def test_a_day_without_orders_is_an_empty_plan() -> None:
    """Sundays exist."""
    day = request(trucks=[truck("T1"), truck("T2", driver_id="")])
    plan = solve(day, matrix_of(day)).plan
    assert (plan.day, plan.routes, plan.left_behind) == (DAY, (), ())
    assert [(idle.truck_id, idle.why) for idle in plan.idle] == [
        ("T1", "not_needed"),
        ("T2", "no_driver"),
    ]


def test_a_day_without_trucks_leaves_every_order_behind_and_says_why() -> None:
    """All trucks in the workshop is a day, too."""
    day = request(order("O1"), order("O2"), trucks=[truck("T1", driver_id="")])
    plan = solve(day, matrix_of(day)).plan
    assert {entry.reason.value for entry in plan.left_behind} == {"no_truck"}


def test_a_request_that_contradicts_itself_is_refused_with_all_its_faults() -> None:
    """Nothing is compiled from nonsense, and the caller is told everything at once."""
    day = request(
        order("O1"),
        order("O1"),
        order("O2", warehouse_id="GONE"),
        trucks=[truck("T1"), truck("T2")],
    )
    with pytest.raises(BadRequest) as caught:
        plan_day(day, matrix_of(day), budget=Iterations(250), seed=1)
    # The order, its VIN, the warehouse, and one driver for two trucks.
    assert len(caught.value.faults) == 4


def test_two_decks_of_one_name_are_refused() -> None:
    """Rows are numbered by name: one truck would be planned with the deck of the other."""
    weak = replace(flat_deck(2), payload_kg=2_000)
    day = request(order("O1"), trucks=[truck("T1"), truck("T2", deck=weak, driver_id="D2")])
    with pytest.raises(BadRequest, match="deck flat-2 is described in 2 ways"):
        plan_day(day, matrix_of(day), budget=Iterations(250), seed=1)
