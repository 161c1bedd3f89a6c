"""A day planned in parts: one plan, audited whole, the same wherever its parts are planned."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from multiprocessing import active_children

import pytest

from api.settings import read_settings
from geodata.units import Minor
from routing.audit import audit_plan, report_text
from routing.benchmarks.national import national_day
from routing.isolate import Job
from routing.plan import Plan, StopReason
from routing.plan_json import plan_to_json
from routing.plan_steps import EffortUnit, PlanStep
from routing.planner import Planned
from routing.scale.borders import repaired
from routing.scale.children import Children
from routing.scale.executor import Executor, Task
from routing.scale.merge import PlannedPart
from routing.scale.planner import Done, PlannedParts, plan_parts
from routing.scale.split import split
from routing.scale.work import work_of_parts
from routing.search.budget import Iterations
from tests.in_turn import InTurn

pytestmark = pytest.mark.usefixtures("compiled_search")
DAY = national_day(30, 2, 1)


def planned(
    executor: Executor,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    on_done: Callable[[Done], None] = lambda done: None,
) -> PlannedParts:
    """Plan a small day in two warehouses, each of two areas."""
    return plan_parts(
        DAY.request,
        DAY.travel_for,
        executor,
        budget=Iterations(600),
        seed=1,
        master_effort=0.2,
        most_orders=10,
        cancelled=cancelled,
        on_done=on_done,
    )


@cache
def here() -> PlannedParts:
    """The day as this process plans it."""
    return planned(InTurn())


def told(plan: Plan) -> str:
    """The plan as a file."""
    return plan_to_json(plan)


class Backwards:
    """Plans the last task first."""

    workers = 1

    def run(
        self,
        tasks: Sequence[Task],
        *,
        cancelled: Callable[[], bool],
        on_done: Callable[[int, Planned], None],
    ) -> list[Planned]:
        """Answer in the order of the tasks all the same."""
        found = {}
        for number in reversed(range(len(tasks))):
            found[number] = tasks[number].job().plan(cancelled=cancelled)
            on_done(number, found[number])
        return [found[number] for number in range(len(tasks))]


def test_the_whole_is_audited_without_a_matrix_of_all_places() -> None:
    """Legs of the parts are enough for every check; a matrix of all places agrees."""
    made = here()
    assert len(made.parts) >= 2
    assert made.planned.report.clean, report_text(made.planned.report, "en")
    whole = DAY.travel_for(DAY.request)
    provenance = replace(made.planned.plan.provenance, matrix_digest=whole.digest)
    report = audit_plan(DAY.request, whole, replace(made.planned.plan, provenance=provenance))
    assert report.clean, report_text(report, "en")


def test_every_order_is_in_the_plan_once_and_steps_name_their_part() -> None:
    """One provenance tells what was done to each part."""
    plan = here().planned.plan
    served = [stop.order_id for route in plan.routes for stop in route.stops]
    left = [each.order_id for each in plan.left_behind]
    assert sorted(served + left) == sorted(order.id for order in DAY.request.orders)
    for part in here().parts:
        assert any(step.startswith(f"[{part.part.name}]") for step in plan.provenance.steps)
    assert "borders" in plan.provenance.steps[-1]


def test_the_work_of_the_whole_is_the_sum_of_its_parts() -> None:
    """Programs read one step each of search and master, whatever the number of parts."""
    made = here()
    whole = {step.name: step for step in made.planned.plan.provenance.work}
    for name in ("search", "master"):
        parts = [
            step for part in made.parts for step in part.plan.provenance.work if step.name == name
        ]
        assert len(parts) == len(made.parts)
        assert whole[name].cost_after == sum(step.cost_after or 0 for step in parts)
        assert whole[name].served == sum(step.served for step in parts)
        assert whole[name].effort == round(sum(step.effort for step in parts), 3)


def test_a_part_without_a_step_stands_as_the_step_before_left_it() -> None:
    """Only parts in which an order got no slot have that step; nobody's orders go missing."""
    step = PlanStep(
        name="master", engine="cp_sat", cost_before=Minor(900), cost_after=Minor(800),
        bound=Minor(700), served=5, effort=1.5, unit=EffortUnit.DETERMINISTIC_S,
        text="", text_en="",
    )  # fmt: skip
    slots = replace(
        step, name="slots", cost_before=Minor(800), cost_after=None, bound=None, served=4,
        effort=0.0, unit=EffortUnit.ITERATIONS,
    )  # fmt: skip
    day = here().planned.plan
    plans = [
        replace(day, provenance=replace(day.provenance, work=work))
        for work in ((step,), (step, slots))
    ]
    master, last = work_of_parts(plans)
    assert (master.cost_after, master.bound, master.served, master.effort) == (1600, 1400, 10, 3.0)
    assert (last.cost_before, last.cost_after, last.served) == (1600, None, 9)


def test_the_order_in_which_parts_end_does_not_show() -> None:
    """Parts end when they end."""
    assert told(planned(Backwards()).planned.plan) == told(here().planned.plan)


def test_children_plan_the_same_and_a_killed_one_is_replaced() -> None:
    """A child that dies costs time and nothing else: its part is planned again from the start."""
    killed: list[int] = []

    class Killer(Children):
        def _plan(self, job: Job, cancelled: Callable[[], bool]) -> Planned:
            if not killed:
                killed.extend([child.pid for child in active_children() if child.pid][:1])
                os.kill(killed[0], signal.SIGKILL)
            return super()._plan(job, cancelled)

    with Killer(2, cache_dir=read_settings().cache_dir) as children:
        made = planned(children)
    assert killed
    assert told(made.planned.plan) == told(here().planned.plan)


def test_a_cancel_keeps_what_is_done_and_plans_the_rest_without_a_search() -> None:
    """Whoever stops early still gets a plan of all orders."""
    asked: list[bool] = []

    class Stopping(InTurn):
        def run(
            self,
            tasks: Sequence[Task],
            *,
            cancelled: Callable[[], bool],
            on_done: Callable[[int, Planned], None],
        ) -> list[Planned]:
            def done(number: int, planned: Planned) -> None:
                on_done(number, planned)
                asked.append(True)

            return super().run(tasks, cancelled=cancelled, on_done=done)

    made = planned(Stopping(), cancelled=lambda: bool(asked))
    reasons = [part.plan.provenance.stop_reason for part in made.parts]
    assert reasons == [StopReason.ITERATIONS] + [StopReason.CANCELLED] * (len(reasons) - 1)
    assert made.planned.plan.provenance.stop_reason is StopReason.CANCELLED
    assert made.planned.report.clean, report_text(made.planned.report, "en")


def test_a_pair_takes_the_place_of_its_areas_only_when_its_audit_is_as_clean() -> None:
    """A cheaper plan that breaks a rule is none."""
    request = DAY.request
    area = PlannedPart(part=split(request, most_orders=10)[0], plan=here().planned.plan)
    dear = replace(area.plan, left_behind=(*area.plan.left_behind, *area.plan.left_behind))
    areas = [replace(area, plan=dear), replace(area, plan=dear)]
    pair = replace(area, part=replace(area.part, name="both"))
    at = [((0, 1), pair)]
    assert repaired(request, areas, at, faulty=())[0] == [pair]
    assert repaired(request, areas, at, faulty={"both"})[0] == areas
    assert repaired(request, areas, at, faulty={"both", area.part.name})[0] == [pair]
