"""The compiled schedule and the auditor's twin, written apart, agree to the second."""

import pytest
from hypothesis import assume, given, settings

from routing.problem import build_problem
from tests.equal_schedules import compare
from tests.random_routes import random_day
from tests.strategies import Run, runs


@settings(max_examples=150, deadline=None)
@given(runs())
def test_compiled_schedule_equals_the_auditors_twin(run: Run) -> None:
    """Departure, both returns, every moment and every fen; or both say there is no schedule."""
    # A missing precondition is no matter of time: the twin leaves it to another check.
    assume(not any(order.readiness.missing for order in run.request.orders))
    assert compare(build_problem(run.request, run.travel), run).differences == ()


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_routes_by_the_hundred_are_the_same_to_evaluator_scheduler_and_auditor(first: int) -> None:
    """The short form of `python -m tests.benchmarks equality`, which goes on to a million."""
    lawful = 0
    for number in range(first, first + 10):
        made = random_day(number)
        problem = build_problem(made.day.request, made.day.travel)
        for run in made.runs(40):
            found = compare(problem, run)
            assert found.differences == (), (number, run.truck_id, run.order_ids, run.reloads)
            lawful += found.lawful
    assert lawful > 80
