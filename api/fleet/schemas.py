"""Imports on the wire. Rows of the fleet are made from the columns, as those of orders."""

from typing import Annotated, Final

from pydantic import Field, JsonValue, StringConstraints

from api.kit.schema import Day, Wire, shown_as
from api.orders.schemas import WarningOut

FILES_MOST: Final = 30
_Name = Annotated[str, StringConstraints(min_length=1, max_length=128)]
_Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/=\s]*$")]


class ImportIn(Wire):
    """A day's sheets: as one JSON object (`day`), as files, or both."""

    day: dict[_Name, JsonValue] | None = Field(
        default=None,
        description="Sheets by name, each a list of rows; `settings` is an object.",
    )
    files: dict[_Name, _Base64] = Field(
        default={},
        max_length=FILES_MOST,
        description="Files by name, in base64, as they would lie in a day's folder.",
    )

    model_config = shown_as(
        {
            "day": {
                "warehouses": [
                    {"warehouse_id": "W1", "lat": 34.72, "lon": 113.98, "datum": "WGS-84"}
                ],
                "trucks": [{"plate": "豫A00001", "kind": "one_car", "warehouse": "W1"}],
            }
        }
    )


class ImportOut(Wire):
    """How many rows of which sheet were kept; `day` is the one that the settings name."""

    counts: dict[str, int]
    day: Day | None
    warnings: list[WarningOut]

    model_config = shown_as(
        {"counts": {"warehouses": 1, "trucks": 1}, "day": "2026-12-05", "warnings": []}
    )
