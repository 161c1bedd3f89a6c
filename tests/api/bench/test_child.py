"""A peer that crashes, dies or hangs costs its row and nothing else."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, replace

from api.bench.cases import ModelCase
from api.bench.child import OURS, Failed, Searched, Task, run_apart
from api.bench.judge import judge
from api.settings import read_settings
from routing.benchmarks.checker import check_routes
from routing.search.budget import Iterations
from tests.routing.benchmarks.models import line_model

TASK = Task(
    case=ModelCase(name="line", model=line_model(10, 30), best_known=60.0),
    engine="pyvrp",
    budget=Iterations(20),
    seconds=None,
    seed=1,
    cache_dir=read_settings().cache_dir,
)


@dataclass(frozen=True)
class Deadly(Iterations):
    """A budget that takes the process with it when the search begins, as a crash in C would."""

    def begun(self) -> Iterations:
        os.kill(os.getpid(), signal.SIGKILL)
        return self


def test_routes_come_back_from_the_child() -> None:
    """As plain numbers, that the checker takes."""
    found = run_apart(TASK)
    assert isinstance(found, Searched)
    assert found.engine == "pyvrp"
    assert isinstance(TASK.case, ModelCase)
    assert check_routes(TASK.case.model, found.routes).cost == 60
    assert {type(client) for route in found.routes for client in route.clients} == {int}


def test_an_error_is_told_with_its_words() -> None:
    """A name nobody has is a bug in the child."""
    found = run_apart(replace(TASK, engine="nobody"))
    assert found == Failed(why="KeyError: 'nobody'", seconds=0.0)
    assert found.broken


def test_a_child_that_dies_is_told_from_one_that_fails() -> None:
    """A segmentation fault or the system's memory killer leave no words."""
    found = run_apart(replace(TASK, budget=Deadly(20)))
    assert isinstance(found, Failed)
    assert (found.why, found.broken) == ("its process died (exit code -9)", True)


def test_a_child_that_does_not_end_is_stopped() -> None:
    """Ten times its seconds and no more; here it has not even loaded."""
    found = run_apart(replace(TASK, seconds=0.001), loading_s=0.01)
    assert isinstance(found, Failed)
    assert found.broken
    assert "it would not end" in found.why


def test_an_engine_that_cannot_says_so() -> None:
    """No fault of anybody: VROOM has no word for a second trip."""
    several = line_model(10, 30, max_trips=2, capacity=1)
    found = run_apart(
        replace(TASK, engine="vroom", case=ModelCase(name="two", model=several, best_known=None))
    )
    assert isinstance(found, Failed)
    assert not found.broken
    assert found.why.startswith("engine vroom cannot plan with several trips")


def test_our_own_choice_is_named() -> None:
    """The policy sends several trips to PyVRP; the row says so."""
    several = ModelCase(
        name="two", model=line_model(10, 30, max_trips=2, capacity=1), best_known=80.0
    )
    found = run_apart(replace(TASK, engine=OURS, case=several))
    assert isinstance(found, Searched)
    assert found.engine == "pyvrp"
    row = judge(several, OURS, 1, found)
    assert (row.engine, row.cost, row.notes) == ("flatbed", 80, ("searched by pyvrp",))
