"""Orders on the wire."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import create_model

from api.days.intake.faults import Fault
from api.days.records.store import Record
from api.kit.schema import Day, Moment, Wire, shown_as
from api.orders.row_models import EXAMPLES, SINGULAR, row_model
from api.settings import Language
from routing.domain.orders import Order

WARNINGS_MOST: Final = 50
_AT: Final = "2026-11-20T18:04:00+08:00"


class WarningOut(Wire):
    """Something odd that does not stop anything: what, and what to do."""

    code: str
    message: str
    fix: str
    field: str

    @classmethod
    def of(cls, fault: Fault, language: Language) -> "WarningOut":
        """Say a warning."""
        said = fault.told(language)
        return cls(code=said.code, message=said.message, fix=said.fix, field=said.place)


class RowOut(Wire):
    """A row as it is kept: its id, its version (also the ETag), and since when it is so."""

    id: str
    version: int
    updated_at: Moment
    warnings: list[WarningOut]


def row_out(sheet: str) -> type[RowOut]:
    """Make the message of a kept row of a sheet."""
    name = "".join(part.title() for part in SINGULAR[sheet].split("_"))
    return _named(f"{name}Out", RowOut, {"row": (row_model(sheet), ...)}, _example(sheet))


def page_out(sheet: str) -> type[Wire]:
    """Make the message of a page of kept rows."""
    name = "".join(part.title() for part in SINGULAR[sheet].split("_"))
    fields = {"items": (list[row_out(sheet)], ...), "next_cursor": (str, ...)}  # type: ignore[misc]  # made from the columns
    return _named(f"{name}Page", Wire, fields, {"items": [_example(sheet)], "next_cursor": ""})


def told(
    record: Record,
    row: Mapping[str, Any] | None = None,
    *,
    warnings: Sequence[Fault] = (),
    language: Language,
) -> dict[str, Any]:
    """Give a kept row as its message says it; `row` in the place of the record's own."""
    return {
        "id": record.key,
        "version": record.version,
        "updated_at": record.updated_at,
        "row": record.body if row is None else row,
        "warnings": [WarningOut.of(each, language) for each in warnings[:WARNINGS_MOST]],
    }


class StepOut(Wire):
    """A step of the work on a car: half the cars are done by `done_p50`, nine in ten by
    `done_p90`."""

    step: str
    done_p50: Moment
    done_p90: Moment


class ReadinessOut(Wire):
    """How ready an order's car is for a day. Without `binding_step` it is ready now."""

    order_id: str
    day: Day
    steps: list[StepOut]
    binding_step: str
    missing: list[str]

    model_config = shown_as(
        {
            "order_id": "SO-20261120-0017",
            "day": "2026-12-05",
            "steps": [{"step": "pdi", "done_p50": _AT, "done_p90": _AT}],
            "binding_step": "pdi",
            "missing": ["insurance"],
        }
    )

    @classmethod
    def of(cls, order: Order, day: Day) -> "ReadinessOut":
        """Say how ready an order is."""
        binding = order.readiness.binding_step
        return cls(
            order_id=order.id,
            day=day,
            steps=[
                StepOut(step=each.kind, done_p50=each.done_p50, done_p90=each.done_p90)
                for each in order.readiness.steps
            ],
            binding_step=binding.kind if binding else "",
            missing=[each.value for each in order.readiness.missing],
        )


def _example(sheet: str) -> dict[str, object]:
    row = dict(EXAMPLES[sheet])
    key = next(iter(row.values())) if sheet != "settings" else "settings"
    if sheet == "orders":
        row |= {"contact": "张**", "phone": "138****0001"}
    return {"id": key, "version": 1, "updated_at": _AT, "row": row, "warnings": []}


def _named(
    name: str, base: type[Any], fields: Mapping[str, Any], example: Mapping[str, object]
) -> type[Any]:
    shown = type(
        f"{name}Base",
        (base,),
        {"__module__": __name__, "__doc__": base.__doc__, "model_config": shown_as(example)},
    )
    made: type[Any] = create_model(
        name, __base__=shown, __doc__=base.__doc__, __module__=__name__, **fields
    )
    return made
