"""`flatbed init`: templates that explain themselves, and that we can read back."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from api.days.intake.columns import sheet_plans
from api.days.intake.locating import Located
from api.days.templates import template_bytes, write_templates
from api.errors import BadUsage
from api.settings import Language
from tests.api.intake.days import FakeMap, codes, read


@pytest.mark.parametrize("language", list(Language))
def test_the_examples_are_a_day_that_can_be_planned(tmp_path: Path, language: Language) -> None:
    """Nothing a new user sees first may be faulty; the examples warn until deleted."""
    write_templates(tmp_path, language=language)
    reading = read(tmp_path, date=date(2026, 11, 23), locator=TownMap())
    assert codes(reading) == []
    assert {warning.code for warning in reading.warnings} == {"row.example"}
    assert reading.request is not None
    assert len(reading.request.orders) == 3
    assert [truck.driver_id != "" for truck in reading.request.trucks] == [True, True]
    assert reading.request.trucks[1].specialist_id == "S1"


class TownMap(FakeMap):
    """Every address of the examples lies in one county."""

    def locate(self, text: str) -> Located:
        return super().locate("河南省郑州市中牟县官渡镇")


def test_without_a_date_the_templates_ask_for_one(tmp_path: Path) -> None:
    """The one thing that nobody can fill in beforehand."""
    write_templates(tmp_path, language=Language.CHINESE)
    assert codes(read(tmp_path, locator=TownMap())) == ["date.missing"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A dispatcher's filled sheets are worth more than our templates."""
    (tmp_path / "orders.xlsx").write_bytes(b"mine")
    with pytest.raises(BadUsage, match=r"orders\.xlsx"):
        write_templates(tmp_path, language=Language.CHINESE)
    assert [one.name for one in tmp_path.iterdir()] == ["orders.xlsx"]
    assert (tmp_path / "orders.xlsx").read_bytes() == b"mine"


@pytest.mark.parametrize("key", list(sheet_plans()))
def test_every_column_is_explained_and_choices_are_offered(tmp_path: Path, key: str) -> None:
    """Header, comment and explanation row for each column; lists where there is a choice."""
    plan = sheet_plans()[key]
    (tmp_path / "t.xlsx").write_bytes(template_bytes(plan, language=Language.CHINESE))
    sheet = load_workbook(tmp_path / "t.xlsx").worksheets[0]
    lists = sheet.data_validations.dataValidation
    assert len(lists) == sum(column.kind in {"choice", "yes"} for column in plan.columns)
    if key != "settings":
        assert len([cell for cell in sheet[1] if cell.comment]) == len(plan.columns)
        assert all(cell.value for cell in sheet[2])


def test_templates_are_the_same_bytes_every_day() -> None:
    """No clock inside the files."""
    plan = sheet_plans()["orders"]
    first = template_bytes(plan, language=Language.CHINESE)
    assert first == template_bytes(plan, language=Language.CHINESE)
