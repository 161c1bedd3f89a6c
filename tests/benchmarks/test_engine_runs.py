"""The comparison of engines goes on where it stopped and writes what it found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from api.bench.cases import ModelCase
from api.bench.rows import Row
from tests.benchmarks.engine_report import BEGIN, END, report, write_report
from tests.benchmarks.engine_runs import Run, Store, digest_of, plan_runs
from tests.benchmarks.engine_suite import FULL, SHORT, Group, Place, read_places
from tests.routing.benchmarks.models import changed, line_model

ENGINES = ["flatbed", "peer"]


def runs(*, best_known: float | None = 60) -> list[Run]:
    """Two instances, two seeds, two engines."""
    group = Group(
        title="lines", seconds=2, addresses=("a", "b"), seeds=(1, 2), aim="2 %", beside=("peer",)
    )
    cases = [
        ModelCase(name=name, model=line_model(at, 30), best_known=best_known)
        for at, name in ((10, "a"), (20, "b"))
    ]
    return plan_runs([Place(group=group, case=case) for case in cases], ENGINES, "flatbed")


def row(run: Run, cost: float | None, **changes: object) -> Row:
    made = Row(
        instance=run.place.case.name,
        engine=run.key.engine,
        seed=run.key.seed,
        seconds=2.0,
        cost=cost,
        best_known=run.place.case.best_known if isinstance(run.place.case, ModelCase) else None,
        unserved=0,
        feasible=cost is not None,
    )
    return replace(made, **changes)


def test_engines_take_turns() -> None:
    """For each instance and seed every engine, so that a slow hour hits all of them; every
    instance once before any seed comes again."""
    assert [(run.place.case.name, run.key.seed, run.key.engine) for run in runs()][:5] == [
        ("a", 1, "flatbed"), ("a", 1, "peer"), ("b", 1, "flatbed"), ("b", 1, "peer"),
        ("a", 2, "flatbed"),
    ]  # fmt: skip


def test_engines_that_a_group_does_not_ask_for_come_last() -> None:
    """And only once where a seed means nothing to them."""
    group = Group(title="lines", seconds=2, addresses=("a", "b"), seeds=(1, 2), beside=("peer",))
    places = [
        Place(group=group, case=ModelCase(name=name, model=line_model(at, 30), best_known=None))
        for at, name in ((10, "a"), (20, "b"))
    ]
    asked = plan_runs(places, [*ENGINES, "vroom"], "flatbed")
    assert [(run.place.case.name, run.key.seed, run.key.engine) for run in asked[-3:]] == [
        ("b", 2, "peer"), ("a", 1, "vroom"), ("b", 1, "vroom"),
    ]  # fmt: skip


def test_a_row_is_kept_and_found_again(tmp_path: Path) -> None:
    """By everything it depends on; a line cut off by a crash is a row not done."""
    first, second, *_ = runs()
    store = Store(tmp_path / "deep" / "rows.jsonl")
    store.add(first.key, row(first, 66.0, notes=("slow",)))
    store.add(second.key, row(second, 70.0))
    with store.path.open("a", encoding="utf-8") as file:
        file.write('{"key": {"dig')
    again = Store(store.path)
    assert again.rows == {
        first.key: row(first, 66.0, notes=("slow",)),
        second.key: row(second, 70.0),
    }
    assert replace(first.key, commit="another") not in again.rows


def test_a_row_that_crashed_is_run_again(tmp_path: Path) -> None:
    """It says nothing of the engine, perhaps only of the machine's memory."""
    first, *_ = runs()
    store = Store(tmp_path / "rows.jsonl")
    store.add(first.key, row(first, None, broken=True))
    assert Store(store.path).rows == {}


def test_the_digest_follows_what_is_searched() -> None:
    """Not the name, not the place of the file: every number of the model."""
    case = ModelCase(name="a", model=line_model(10, 30), best_known=None)
    assert digest_of(case) == digest_of(replace(case, name="b", best_known=3.0))
    for field in ("service", "prize", "fixed", "closes", "allowed"):
        assert digest_of(replace(case, model=changed(case.model, **{field: 0}))) != digest_of(
            replace(case, model=changed(case.model, **{field: 1}))
        )


def test_the_table_tells_medians_and_what_went_wrong() -> None:
    """66 and 72 against 60 are 10 and 20 percent; an infeasible seed is said, not left out."""
    asked = runs()
    found = {
        run.key: row(run, 66.0 if run.key.seed == 1 else 72.0)
        for run in asked
        if run.place.case.name == "a" and run.key.engine == "flatbed"
    }
    one, two = (run for run in asked if run.place.case.name == "a" and run.key.engine == "peer")
    found[one.key] = row(one, 90.0, seconds=9.0)
    found[two.key] = row(two, 30.0, feasible=False, unserved=1)
    lines = report(asked, found).splitlines()
    assert "4 of 8 rows." in lines[0]
    assert "Seeds 1, 2. Aim: 2 %." in lines
    assert "| a | 15.00 % (10.00 to 20.00) | 50.00 %, 1 of 2 infeasible, 1 unserved, ran 9 s |" in (
        lines
    )
    assert "| b | not run | not run |" in lines
    assert "| **median** | 15.00 % | 50.00 % |" in lines


def test_without_a_best_known_cost_ours_is_the_measure() -> None:
    """How much dearer a peer is."""
    asked = runs(best_known=None)
    found = {run.key: row(run, 100.0 if run.key.engine == "flatbed" else 111.0) for run in asked}
    text = report(asked, found)
    assert "Seeds 1, 2. Aim: 2 %." in text
    one = {key: each for key, each in found.items() if key.seed == 1}
    assert "Seeds 1. Not run yet: 2. Aim: 2 %." in report(asked, one)
    assert "| a | 100 | 11.00 % (11.00 to 11.00) |" in text


def test_the_page_changes_between_its_marks_only(tmp_path: Path) -> None:
    """People write around it."""
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    write_report(page, "new\n\n")
    assert page.read_text() == f"before\n{BEGIN}\nnew\n{END}\nafter\n"
    page.write_text("nothing")
    with pytest.raises(ValueError, match="has no marks"):
        write_report(page, "new")


def test_made_up_instances_need_no_files(tmp_path: Path) -> None:
    """What is absent is named; the rest runs."""
    places, missing = read_places(SHORT, tmp_path)
    assert [place.case.name for place in places] == ["county:60:101", "rich:20:101"]
    assert missing == ["solomon/RC103.txt", "SDVRPTW/PR02.vrp"]
    assert sum(len(group.addresses) for group in FULL) >= 20
