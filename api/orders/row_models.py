"""Messages of rows, made from the columns of their sheets: typed, closed, with an example.

The intake says what a cell means; the message says what kind of JSON it may be. So a column is
written once, in columns.toml, and stands in the reference with its own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, Final

from pydantic import Field, StringConstraints, create_model

from api.days.intake.choices import CHOICES
from api.days.intake.columns import Column, sheet_plans
from api.days.intake.grid import CELL_LONGEST
from api.days.records.keys import KEY_COLUMNS, OF_THE_DAY, POSITIONS, SETTINGS
from api.kit.schema import Wire, shown_as

LISTED_MOST: Final = 100
"""Entries of one cell."""
POSITIONS_MOST: Final = 40

_Text = Annotated[str, StringConstraints(max_length=CELL_LONGEST)]
_Number = Annotated[int | float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
_Words = _Text | Annotated[list[_Text], Field(max_length=LISTED_MOST)]


class Span(Wire):
    """From one moment or hour to another, half-open."""

    start: _Text
    end: _Text

    model_config = shown_as({"start": "2026-12-05 14:00", "end": "2026-12-05 16:00"})


_Windows = _Text | Annotated[list[_Text | Span], Field(max_length=LISTED_MOST)]
_KINDS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "text": _Text, "choice": _Text, "phone": _Text, "licence": _Text, "position": _Text,
        # Numbers as spreadsheets hold days and hours: a row that came in a file has them.
        "moment": _Number | _Text, "clock": _Number | _Text, "date": _Number | _Text,
        "words": _Words, "days": _Words, "windows": _Windows, "hours": _Windows,
        "done": bool | _Number | _Text, "yes": bool | _Number | _Text,
        "whole": int, "degrees": _Number,
        "length": _Number | _Text, "mass": _Number | _Text, "money": _Number | _Text,
        "duration": _Number | _Text, "decimal": _Number | _Text,
    }
)  # fmt: skip
"""What JSON a cell may be, by its column's kind. A number in text may bring its unit."""

SINGULAR: Final[Mapping[str, str]] = MappingProxyType(
    {
        "orders": "order", "trucks": "truck", "drivers": "driver", "specialists": "specialist",
        "warehouses": "warehouse", "places": "place", "models": "model", "editions": "edition",
        "decks": "deck", "stock": "stock_car", "carriers": "carrier", SETTINGS: "settings",
    }
)  # fmt: skip
EXAMPLES: Final[Mapping[str, Mapping[str, object]]] = MappingProxyType(
    {
        "orders": {
            "order_id": "SO-20261120-0017", "vin": "LFBTEST08TA000001", "model": "通用中型SUV",
            "warehouse": "W1", "address": "河南省郑州市中牟县官渡镇", "insurance": True,
            "contact": "张示例", "phone": "13800000001",
        },
        "trucks": {"truck_id": "T1", "plate": "豫A00001", "kind": "one_car", "warehouse": "W1"},
        "drivers": {"driver_id": "D1", "name": "李示例", "warehouse": "W1", "licence": "B2"},
        "specialists": {
            "specialist_id": "S1", "name": "王示例", "warehouse": "W1", "skills": ["进口车讲解"],
        },
        "warehouses": {
            "warehouse_id": "W1", "name": "郑州中牟仓", "lat": 34.72, "lon": 113.98,
            "datum": "WGS-84", "bays": 2, "loading_hours": "06:00-20:00",
        },
        "places": {
            "place_id": "H1", "name": "登封合作网点", "kind": "hub", "lat": 34.46, "lon": 113.05,
            "datum": "WGS-84",
        },
        "models": {
            "model_id": "M7", "name": "示例七座", "length_mm": 5050, "width_mm": 1960,
            "height_mm": 1780, "mass_kg": 2250,
        },
        "editions": {"edition_id": "E1", "name": "示例改装版", "work_p50_min": 180},
        "decks": {
            "deck": "two-car", POSITIONS: [
                {"position": "bed", "length_mm": 5600, "height_mm": 2000, "mass_kg": 2600},
                {"position": "lift", "length_mm": 5200, "height_mm": 1900, "mass_kg": 2000,
                 "wheel_lift": True},
            ],
        },
        "stock": {"vin": "LFBTEST08TA000001", "model": "通用中型SUV", "warehouse": "W1"},
        "carriers": {
            "carrier_id": "C1", "name": "示例外协", "price_base": 600, "cars_per_day": 4,
        },
        SETTINGS: {"service_hours": "09:00-19:00", "slot_width_min": 120},
    }
)  # fmt: skip


@cache
def row_model(sheet: str) -> type[Wire]:
    """Make the message of one row of a sheet; of a deck that of all its positions."""
    if sheet == "decks":
        position: Any = _model("DeckPositionRow", sheet, without=frozenset({"deck"}))
        several = Field(min_length=1, max_length=POSITIONS_MOST)
        fields = {**_fields(sheet, only=frozenset({"deck"})), POSITIONS: (list[position], several)}
        return _made("DeckRow", sheet, fields)
    name = "".join(part.title() for part in SINGULAR[sheet].split("_"))
    return _model(f"{name}Row", sheet, without=OF_THE_DAY if sheet == SETTINGS else frozenset())


def _model(name: str, sheet: str, *, without: frozenset[str]) -> type[Wire]:
    return _made(name, sheet, _fields(sheet, without=without))


def _made(name: str, sheet: str, fields: Mapping[str, Any]) -> type[Wire]:
    example = dict(EXAMPLES[sheet])
    if name == "DeckPositionRow":
        example = {"position": "bed", "length_mm": 5600, "height_mm": 2000, "mass_kg": 2600}
    base = type(
        f"{name}Base",
        (Wire,),
        {
            "__module__": __name__,
            "__doc__": sheet_plans()[sheet].about_en + ".",
            "model_config": shown_as(example),
        },
    )
    made: type[Wire] = create_model(
        name, __base__=base, __doc__=base.__doc__, __module__=__name__, **fields
    )
    return made


def _fields(
    sheet: str,
    *,
    without: frozenset[str] = frozenset(),
    only: frozenset[str] | None = None,
) -> dict[str, Any]:
    return {
        column.en: (_KINDS[column.kind] | None, Field(default=None, description=_about(column)))
        for column in sheet_plans()[sheet].columns
        if column.en not in without and (only is None or column.en in only)
    }


def _about(column: Column) -> str:
    said = [column.about_en, column.about_zh]
    if column.choices:
        said.append("One of " + ", ".join(f"`{each.value}`" for each in CHOICES[column.choices]))
    if column.unit:
        said.append(f"A bare number is in {column.unit}")
    if column.default:
        said.append(f"Empty: {column.default}")
    return ". ".join(each for each in said if each)


def key_field(sheet: str) -> str:
    """Name the field of a row that says its id."""
    return KEY_COLUMNS[sheet]
