"""What every sheet's reader needs: the day's settings, the map, and the log of faults."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from api.days.intake.cells import RowReader
from api.days.intake.columns import normal
from api.days.intake.faults import FaultLog, Where
from api.days.intake.locating import Locator
from api.days.intake.settings_sheet import DaySettings
from api.days.intake.tables import Record, Table

EXAMPLE_IDS = ("示例", "example")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Handed from reader to reader. `row_ids` remembers which order or truck a row is."""

    settings: DaySettings
    locator: Locator
    log: FaultLog
    row_ids: dict[Where, str] = field(default_factory=dict)

    def reader(self, record: Record) -> RowReader:
        """Open a record for reading."""
        return RowReader(
            record=record, log=self.log, near=self.settings.day, zone=self.settings.zone
        )

    def rows(self, table: Table | None, *, id_from: Sequence[str]) -> list[tuple[RowReader, str]]:
        """Open all rows with their ids: the first of these columns that is filled.

        A missing id is noted, and a repeated one in every row that has it: nobody here knows
        which of them is right.
        """
        if table is None:
            return []
        rows = [self.reader(record) for record in table.records]
        named = [(row, _first_text(row, id_from)) for row in rows]
        by_id: dict[str, list[RowReader]] = defaultdict(list)
        for row, id in named:
            if id:
                by_id[normal(id)].append(row)
                self.row_ids[row.record.where] = id
            elif not row.faulty:
                row.missing(table.plan.column(id_from[0]))
        for row, id in named:
            key = next((key for key in id_from if row.has(key)), id_from[0])
            same = by_id.get(normal(id), [])
            other = next((one for one in same if one is not row), None)
            if other is not None:
                row.fault("id.twice", key, id=id, other=other.record.where.row)
            if normal(id).startswith(EXAMPLE_IDS):
                self.log.warn("row.example", row.record.where)
        return named


def _first_text(row: RowReader, keys: Sequence[str]) -> str:
    return next((row.text(key) for key in keys if row.has(key)), "")
