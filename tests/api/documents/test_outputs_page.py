"""docs/outputs.md describes what is written: a file, format or column it forgets fails here."""

from __future__ import annotations

import json
from pathlib import Path

from api.days.documents.export import Format
from api.days.documents.geojson import geojson_bytes
from api.days.documents.slots import SlotRow, SlotStatus
from api.days.documents.wording import SHEETS
from api.days.documents.write import DRIVER_FILES, OFFICE_FILES
from routing.reasons import Unit
from tests.plans import henan_plan

PAGE = (Path(__file__).parents[3] / "docs" / "outputs.md").read_text(encoding="utf-8")


def test_every_file_and_format_is_described() -> None:
    """What people hold is a promise; nobody should have to guess what a file is."""
    for name in (*OFFICE_FILES, *DRIVER_FILES, *(form.value for form in Format)):
        assert f"`{name}`" in PAGE, name


def test_every_column_of_the_lists_for_programs_is_described() -> None:
    """Fields of slots and units of `short_by` are published names."""
    for name in (*SlotRow.__dataclass_fields__, *SlotStatus, *Unit):
        assert f"`{name}`" in PAGE, name


def test_every_property_of_the_map_layers_is_described() -> None:
    """QGIS users style by these."""
    document = json.loads(geojson_bytes(henan_plan(), geometry=None))
    names = {name for feature in document["features"] for name in feature["properties"]}
    for name in names - {"layer", "id", "name"}:
        assert f"`{name}`" in PAGE, name


def test_every_sheet_is_described_in_both_languages() -> None:
    """The page is read by people who see either heading."""
    for chinese, english in SHEETS.values():
        assert f"**{chinese} {english}**" in PAGE
