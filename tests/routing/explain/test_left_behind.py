"""What is said of orders on no truck: in which order, about every truck, the same every time."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.units import UNREACHABLE_S
from routing.domain.baseline import BaselineStop
from routing.domain.fleet import TruckKind
from routing.domain.orders import Priority
from routing.domain.readiness import Precondition
from routing.domain.request import PlanRequest
from routing.explain import Effort, explain_left_behind
from routing.plan import FixKind, LeftBehind
from routing.problem import build_problem
from routing.reasons import Reason
from routing.search.changing import changes_of
from routing.search.master import choose
from routing.search.pool import Pool
from routing.search.solution import NOTHING, Solution
from tests.days import at, km, matrix_of, order, request, truck, warehouse
from tests.features.stories import planned
from tests.strategies import Day, days


def explained(day: PlanRequest, *, seed: int = 1) -> tuple[LeftBehind, ...]:
    """Explain a day on which nothing is planned."""
    problem = build_problem(day, matrix_of(day))
    return explain_left_behind(problem, NOTHING, seed=seed, effort=Effort())


def test_promises_head_the_list_then_the_dearest_then_ids() -> None:
    """The dispatcher reads from the top, and not always to the end."""
    far = km(900)
    day = request(
        order("O4", place=far),
        order("O3", place=far, priority=Priority.URGENT),
        order("O2", place=far),
        order("O1", place=far, windows=[("09:00", "11:00")], promised=True),
    )
    assert [each.order_id for each in explained(day)] == ["O1", "O3", "O2", "O4"]


def test_every_manned_truck_of_the_warehouse_has_its_miss() -> None:
    """Trucks of other warehouses and trucks nobody drives are not asked."""
    day = request(
        order("O1", access=TruckKind.ONE_CAR),
        trucks=[
            truck("T1", kind=TruckKind.CARRIER),
            truck("T2", kind=TruckKind.TWO_CAR, driver_id="D2"),
            truck("T3", driver_id=""),
        ],
    )
    (entry,) = explained(day)
    assert [(miss.truck_id, miss.short_by) for miss in entry.misses] == [("T1", 3), ("T2", 1)]
    assert entry.nearest == entry.misses[1]
    assert (entry.reason, entry.short_by) == (Reason.ROAD_ACCESS, 1)


def test_a_warehouse_without_a_driver_has_no_truck_and_hires_one() -> None:
    """The fix is a truck like the one that stands there, with somebody to drive it."""
    (entry,) = explained(request(order("O1"), trucks=[truck("T1", driver_id="")]))
    assert entry.reason is Reason.NO_TRUCK
    assert entry.nearest is None
    assert entry.misses == ()
    assert entry.fix is not None
    assert entry.fix.kind is FixKind.EXTRA_TRUCK
    assert entry.fix.change["extra_truck_like"] == "T1"


def test_a_place_without_a_road_is_unreachable_and_nothing_helps() -> None:
    """An honest answer names what was tried."""
    day = request(order("O1", place=km(30)))
    travel = matrix_of(day)
    shut = travel.seconds.copy()
    shut[:, :, 0, 1] = UNREACHABLE_S
    problem = build_problem(day, replace(travel, seconds=shut))
    (entry,) = explain_left_behind(problem, NOTHING, seed=1, effort=Effort())
    assert entry.reason is Reason.UNREACHABLE
    assert entry.fix is None
    assert FixKind.DAY_LATER.value in entry.fix_tried


def test_two_concessions_are_combined_where_no_single_one_helps() -> None:
    """No papers, and a road too narrow: both prices, and a change that holds both."""
    day = request(
        order("O1", access=TruckKind.ONE_CAR, missing=[Precondition.INVOICE]),
        trucks=[truck("T1", kind=TruckKind.TWO_CAR)],
    )
    (entry,) = explained(day)
    prices = day.policy.concessions
    assert entry.fix is not None
    assert entry.fix.cost_minor == prices.precondition + prices.meet_point
    assert {"papers_done", "access"} <= entry.fix.change.keys()
    assert "发票" in entry.fix.text
    assert " + " in entry.fix.text


def test_an_order_a_truck_could_take_right_now_needs_no_concession() -> None:
    """Nothing is planned yet: planning again is the fix, and it is free."""
    (entry,) = explained(request(order("O1")))
    assert (entry.reason, entry.short_by) == (Reason.COSTS_TOO_MUCH, 0)
    assert entry.fix is not None
    assert (entry.fix.kind, entry.fix.cost_minor) == (FixKind.PAY_MORE, 0)
    # The same seed and iterations would end in the same plan.
    assert "换 --seed 或加大 --iterations" in entry.text
    assert "another --seed or more --iterations" in entry.text_en


def test_a_fix_names_the_worth_that_it_counts_the_order_at() -> None:
    """Urgent already: to come before its like it must count for more, and the buyer of the fix
    reads for how much."""
    (entry,) = explained(
        request(order("O1", priority=Priority.URGENT, missing=[Precondition.INVOICE]))
    )
    assert entry.fix is not None
    assert entry.fix.change["priority_fen"] == 2_400_001
    assert entry.fix.text == "补齐发票，并优先安排本单（按 ¥24,000.01 计）"
    assert entry.fix.text_en == "complete invoice, and put this order first (worth ¥24,000.01)"


def test_an_order_alone_on_the_next_day_is_put_before_nobody() -> None:
    """The sentence says what is conceded, and no more is changed."""
    fix = next(
        entry.fix
        for entry in explained(request(order("O1", ready="1 09:00")))
        if entry.fix is not None and "days_later" in entry.fix.change
    )
    assert "priority" not in fix.change
    assert fix.text == "改期一天"


def test_progress_ends_at_one() -> None:
    """Whoever waits sees it come."""
    day = request(order("O1", place=km(900)), order("O2", place=km(901)))
    heard: list[float] = []
    problem = build_problem(day, matrix_of(day))
    explain_left_behind(problem, NOTHING, seed=1, effort=Effort(), on_progress=heard.append)
    assert heard == [0.0, 0.5, 1.0]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(day=days(max_orders=6, max_trucks=3), seed=st.integers(0, 3))
def test_every_order_of_any_day_is_explained_the_same_twice(day: Day, seed: int) -> None:
    """On no truck at all: each has a reason in words, a fix or what was tried, and no chance."""
    problem = build_problem(day.request, day.travel)
    first, second = (
        explain_left_behind(problem, NOTHING, seed=seed, effort=Effort(searches=1))
        for _ in range(2)
    )
    assert first == second
    assert {each.order_id for each in first} == {each.id for each in day.request.orders}
    for entry in first:
        assert entry.text
        assert entry.text_en
        assert entry.fix is not None or entry.fix_tried
        assert entry.nearest is None or entry.nearest in entry.misses
        if entry.fix is not None:
            ahead = "priority" in entry.fix.change
            assert ("并优先安排本单" in entry.fix.text) == ahead
            assert ("and put this order first" in entry.fix.text_en) == ahead


def test_an_explained_plan_passes_the_auditor() -> None:
    """The auditor refutes reasons that are plainly wrong and fixes that change nothing."""
    day = request(*(order(f"O{n}", place=km(20 * n)) for n in range(1, 5)))
    plan = planned(day)
    assert len(plan.left_behind) == 2


def test_a_fix_has_only_the_changes_that_other_warehouses_leave() -> None:
    """One change is allowed and W2 has made it: no fix at W1 may make another."""
    day = request(
        order("O1", place=km(60), windows=[("08:00", "16:00")]),
        order("O2", place=km(30), windows=[("08:00", "08:40")]),
        order("O9", warehouse_id="W2"),
        trucks=[truck(), truck("T9", driver_id="D9", warehouse_id="W2")],
        warehouses=[warehouse(), warehouse("W2")],
    )
    known = (
        BaselineStop(order_id="O1", truck_id="T1", begins=at("08:00")),
        BaselineStop(order_id="O9", truck_id="T8", begins=at("08:00")),
    )
    for budget, enough in ((1, False), (2, True)):
        asked = replace(day, baseline=known, max_changes=budget)
        problem = build_problem(asked, matrix_of(asked))
        row = {each.id: at for at, each in enumerate(problem.layout.orders)}
        pool = Pool(groups=tuple(int(group) for group in problem.tables.group))
        routes = Solution(sequences={0: (row["O1"],), 1: (row["O9"],)})
        timed = choose(problem, pool, routes, seed=1).solution
        assert changes_of(problem, timed) == 1
        (waiting,) = explain_left_behind(problem, timed, seed=1, effort=Effort(fixes=0))
        assert (waiting.reason is not Reason.CHANGE_BUDGET) is enough
