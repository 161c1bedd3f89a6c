"""The documentation of the input repeats the code, and does so truly."""

import re
from pathlib import Path

from api.days.intake.choices import CHOICES
from api.days.intake.columns import match_header, sheet_of, sheet_plans
from api.days.intake.fault_texts import fault_texts, warning_texts
from api.days.intake.pages import day_folder_page, faults_page
from api.days.intake.phone import PhoneFault

ROOT = Path(__file__).parents[3]
REMEDY = "python -m api.days.intake.pages docs"


def test_the_page_of_faults_is_in_step_with_the_code() -> None:
    """Made from the same table that speaks to the user."""
    page = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    assert page == faults_page(), f"run {REMEDY}"


def test_the_page_of_columns_is_in_step_with_the_code() -> None:
    """Every sheet, column, unit, default and spelling."""
    page = (ROOT / "docs" / "day-folder.md").read_text(encoding="utf-8")
    assert page == day_folder_page(page), f"run {REMEDY}"


def test_every_code_that_is_raised_is_described_and_every_described_one_raised() -> None:
    """A code without words would crash on somebody's desk; words without a code are dead."""
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (
            *(ROOT / "api/days/intake").glob("*.py"),
            *(ROOT / "api/days/records").glob("*.py"),
            ROOT / "api/days/request.py",
            ROOT / "api/fleet/importing.py",
        )
    )
    quoted = set(re.findall(r'"([a-z_]+\.[a-z_]+)"', source))
    names = {"warehouse", "model", "edition", "deck", "place", "truck", "driver", "specialist"}
    raised = quoted | {fault.value for fault in PhoneFault} | {f"{name}.unknown" for name in names}
    described = set(fault_texts()) | set(warning_texts())
    assert described - raised == set()
    files = {"catalogue.toml", "columns.toml", "faults.toml", "faults.md"}
    assert {code for code in quoted if "." in code} - described - files <= {"api.days"}


def test_no_header_means_two_columns_of_a_sheet() -> None:
    """A column's own names always find it."""
    for sheet, plan in sheet_plans().items():
        for column in plan.columns:
            for name in (column.zh, column.en):
                match = match_header(sheet, name)
                assert match is not None and match.column.key == column.key, (sheet, name)


def test_every_name_of_a_sheet_finds_it() -> None:
    """Folders of both languages."""
    for plan in sheet_plans().values():
        assert {sheet_of(name) for name in (plan.key, plan.zh)} == {plan.key}


def test_every_choice_column_has_its_table() -> None:
    """A choice without words would refuse everything."""
    for plan in sheet_plans().values():
        for column in plan.columns:
            assert (column.kind == "choice") == bool(column.choices)
            assert not column.choices or column.choices in CHOICES
