"""Which days are planned in parts, and that nobody else's day changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli.plan import choose_spread
from api.days.spread import Spread, is_large, plan_spread, was_spread
from api.errors import BadUsage
from geodata.matrix import TravelMatrix
from routing.audit import audit_plan, report_text
from routing.benchmarks.national import NationalDay, national_day
from routing.plan import Plan
from routing.scale.leg_book import legs_of
from routing.search.budget import Iterations
from tests.in_turn import InTurn


def test_a_day_of_one_small_warehouse_is_one_piece() -> None:
    """It is planned as ever, whatever the options say."""
    assert not is_large(national_day(20, 1, 1).request)
    assert is_large(national_day(20, 2, 1).request)


def test_processes_or_a_scheduler_but_not_both() -> None:
    """Without either a day is planned in one piece, as before."""
    assert choose_spread(workers=None, scheduler="") is None
    assert choose_spread(workers=3, scheduler="") == Spread(workers=3)
    assert choose_spread(workers=None, scheduler="tcp://a:1") == Spread(scheduler="tcp://a:1")
    with pytest.raises(BadUsage, match="choose one"):
        choose_spread(workers=2, scheduler="tcp://a:1")


def test_children_are_opened_where_no_scheduler_is_named(tmp_path: Path) -> None:
    """Nothing is started before there is something to plan."""
    with Spread(workers=2).executor(tmp_path) as executor:
        assert executor.workers == 2


@pytest.mark.usefixtures("compiled_search")
def test_a_day_with_its_matrix_names_that_matrix() -> None:
    """So `flatbed audit` can check a plan that was made in parts."""
    day = national_day(20, 2, 1)
    travel = day.travel_for(day.request)
    told: list[str] = []
    plan = spread(day, travel, told)
    assert told == ["RDC01", "RDC02"]
    assert was_spread(plan)
    report = audit_plan(day.request, travel, plan)
    assert report.clean, report_text(report, "en")


@pytest.mark.usefixtures("compiled_search")
def test_a_day_without_its_matrix_is_audited_with_those_of_its_parts() -> None:
    """What was driven, and the digest of all parts, are found again from the split."""
    day = national_day(20, 2, 1)
    plan = spread(day, None, [])
    report = audit_plan(day.request, legs_of(day.request, day.travel_for, plan), plan)
    assert report.clean, report_text(report, "en")
    assert not audit_plan(day.request, day.travel_for(day.request), plan).clean


def spread(day: NationalDay, travel: TravelMatrix | None, told: list[str]) -> Plan:
    """Plan it part after part in this process."""
    return plan_spread(
        day.request,
        travel_for=day.travel_for,
        travel=travel,
        executor=InTurn(),
        budget=Iterations(100),
        seed=1,
        cancelled=lambda: False,
        on_done=lambda done: told.append(done.part),
    ).plan
