"""How a row of a sheet is named: the column that says its id, and what may stand there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from api.days.intake.columns import sheet_plans

KEY_COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "orders": "order_id",
        "trucks": "truck_id",
        "drivers": "driver_id",
        "specialists": "specialist_id",
        "warehouses": "warehouse_id",
        "places": "place_id",
        "models": "model_id",
        "editions": "edition_id",
        "decks": "deck",
        "stock": "vin",
        "carriers": "carrier_id",
    }
)
"""By sheet, in the words of JSON. A row without it is named by what the sheet takes instead."""

SUBSTITUTES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "trucks": "plate",
        "drivers": "name",
        "specialists": "name",
        "warehouses": "name",
        "places": "name",
        "models": "name",
        "editions": "name",
        "carriers": "name",
    }
)
SETTINGS: Final = "settings"
SETTINGS_KEY: Final = "settings"
"""The one record of the settings."""
KEY_PATTERN: Final = r"[^\x00-\x1f/\\?#%\x7f]{1,128}"
"""Ids of rows: what can stand in an address."""
_KEY: Final = re.compile(KEY_PATTERN)
_ORDER_KEY: Final = re.compile(r"[^\s\x00-\x20/\\?#%\x7f]{1,128}")
OF_THE_DAY: Final = frozenset({"date", "days"})
"""Settings that say which day is planned: they come with the question and are not kept."""
POSITIONS: Final = "positions"
"""The field of a deck's record that holds its rows, one for each position."""


def key_of(sheet: str, row: Mapping[str, Any]) -> str:
    """Give the id of a row as its sheet names it; empty where it has none."""
    for column in (KEY_COLUMNS[sheet], SUBSTITUTES.get(sheet, "")):
        value = row.get(column)
        if value is not None and str(value).strip():
            return str(value).strip()
    return ""


def is_fit(sheet: str, key: str) -> bool:
    """Tell whether an id can stand in an address; that of an order has no blanks either."""
    fit = _ORDER_KEY if sheet == "orders" else _KEY
    return fit.fullmatch(key) is not None


def json_names(sheet: str) -> tuple[str, ...]:
    """List the names of a sheet's columns in JSON, in the order of the documentation."""
    return tuple(column.en for column in sheet_plans()[sheet].columns)
