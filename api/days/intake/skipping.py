"""Rows that are left out because they have faults, for the plan to list."""

from collections.abc import Iterable

from api.days.intake.faults import Fault
from routing.plan_off_routes import SkippedRow


def skipped_rows(
    faults: Iterable[Fault], *, ids: dict[tuple[str, str, int], str]
) -> tuple[SkippedRow, ...]:
    """Gather faults row by row; `ids` names the order (or truck ...) of a file, sheet and row.

    Only texts without personal cells are kept: the result travels with the plan.
    """
    by_row: dict[tuple[str, str, int], list[str]] = {}
    for fault in faults:
        where = fault.where
        if where.row is None:
            continue
        listed = by_row.setdefault((where.file, where.sheet, where.row), [])
        column = f" [{where.column}]" if where.column else ""
        listed.append(f"{fault.code}{column}: {fault.message} / {fault.message_en}")
    return tuple(
        SkippedRow(
            sheet=sheet or file,
            row=row,
            order_id=ids.get((file, sheet, row), ""),
            faults=tuple(dict.fromkeys(texts)),
        )
        for (file, sheet, row), texts in sorted(by_row.items())
    )
