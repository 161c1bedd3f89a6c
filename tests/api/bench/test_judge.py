"""A row says what the checker found, whatever the engine said."""

from __future__ import annotations

from api.bench.cases import ModelCase
from api.bench.child import Failed, Searched
from api.bench.judge import judge
from api.bench.rows import table
from routing.model import ModelRoute
from tests.routing.benchmarks.models import line_model


def case(**changes: object) -> ModelCase:
    """Clients at 10 and 30 km; 60 km is the best there is."""
    return ModelCase(name="line", model=line_model(10, 30, **changes), best_known=60.0)


def searched(*trips: tuple[int, ...]) -> Searched:
    return Searched(seconds=1.5, routes=(ModelRoute(0, trips),) if trips else ())


def test_a_gap_is_measured_against_the_best_known() -> None:
    """30 first and 10 on the way back is as far; two trips are 80 km, a third more."""
    row = judge(case(max_trips=2), "some", 3, searched((0,), (1,)))
    assert (row.cost, row.gap_pct, row.feasible, row.seed) == (80, 33.3333, True, 3)
    assert judge(case(), "some", 3, searched((1, 0))).gap_pct == 0


def test_routes_that_break_the_instance_are_the_fault_of_the_engine() -> None:
    """A cheap plan that is none must not lead the table."""
    row = judge(case(capacity=1), "some", 1, searched((0, 1)))
    assert (row.feasible, row.broken, row.gap_pct) == (False, True, None)
    assert row.notes == ("route 0 (kind 0): trip 0 loads 2 of 1 in dimension 0",)


def test_leaving_somebody_behind_is_no_fault_but_no_plan_either() -> None:
    """The engine says so itself; the gap would flatter it."""
    row = judge(case(), "some", 1, searched((0,)))
    assert (row.feasible, row.broken, row.unserved, row.gap_pct) == (False, False, 1, None)
    nothing = judge(case(), "some", 1, searched())
    assert (nothing.cost, nothing.unserved, nothing.notes) == (None, 2, ("found no plan",))


def test_a_failure_is_a_row() -> None:
    """With everybody unserved, and the time it took."""
    row = judge(case(), "some", 1, Failed(why="its process died", seconds=2.0))
    assert (row.cost, row.unserved, row.feasible, row.broken) == (None, 2, False, True)
    assert table([row]).splitlines()[1].split() == [
        "line", "some", "-", "60", "-", "no", "2", "2.00", "1",
    ]  # fmt: skip
