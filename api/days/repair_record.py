"""What a repaired plan's folder keeps so that its day can be made again: diff.json, before.json."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.days.documents.diff import DIFF_FILE
from api.days.event_text import ReadEvents, cut, read_events
from api.settings import Language
from routing.errors import BadPlan
from routing.plan import Plan
from routing.plan_json import read_plan
from routing.plan_weights import ChangeKind
from routing.repair.record import Record, Told, repaired_request
from routing.repair.verdicts import Proposed, Verdict

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.request import PlanRequest

BEFORE_FILE: Final = "before.json"
"""The plan that was repaired, byte for byte."""
ENGINE: Final = "repair:"
"""How the engine of a repaired plan begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRepair:
    """A repair as it lies in a folder: events and moment as they were typed, and what was held."""

    before_file: Path
    now: str
    events: tuple[str, ...]
    earlier: tuple[str, ...]
    max_changes: int | None
    verdicts: tuple[Verdict, ...]
    free: tuple[str, ...]
    held: tuple[str, ...]
    lines: tuple[Proposed, ...]

    @property
    def sheets(self) -> tuple[Path, ...]:
        """Sheets of added orders."""
        texts = (cut(raw) for raw in (*self.earlier, *self.events))
        return tuple(Path(text.file) for text in texts if text.file)


def is_repaired(plan: Plan) -> bool:
    """Tell whether a plan is a repair's."""
    return plan.provenance.engine.startswith(ENGINE)


def record_json(
    record: Record, *, now: str, events: Sequence[str], earlier: Sequence[str]
) -> dict[str, object]:
    """Say for diff.json what a repair was made from."""
    return {
        "before": BEFORE_FILE,
        "now": now,
        "events": list(events),
        "earlier": list(earlier),
        "max_changes": record.told.max_changes,
        "free": list(record.free),
        "held": list(record.held),
        "verdicts": [
            {
                "order_id": each.order_id,
                "accepted": each.accepted,
                "truck_id": each.truck_id,
                "stops": list(each.stops),
                "departs": each.departs.isoformat() if each.departs else None,
            }
            for each in record.told.verdicts
        ],
    }


def read_kept(plan_file: Path) -> KeptRepair:
    """Read what a repaired plan was made from, from the files beside it.

    Raises:
        BadPlan: they are not there, or not ours.
    """
    beside = plan_file.with_name(DIFF_FILE)
    try:
        told = json.loads(beside.read_text(encoding="utf-8"))
        made = told["made_from"]
        kept = KeptRepair(
            before_file=plan_file.with_name(str(made["before"])),
            now=str(made["now"]),
            events=tuple(map(str, made["events"])),
            earlier=tuple(map(str, made["earlier"])),
            max_changes=made["max_changes"],
            verdicts=tuple(_verdict(each) for each in made["verdicts"]),
            free=tuple(map(str, made["free"])),
            held=tuple(map(str, made["held"])),
            lines=tuple(
                Proposed(
                    number=each["number"],
                    order_id=each["order_id"],
                    kind=ChangeKind(each["kind"]),
                    truck_before=each["truck_before"],
                    stays=each["stays"],
                )
                for each in told["lines"]
            ),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadPlan(
            f"{beside.name} beside a repaired plan says what it was made from, and cannot be read:"
            " keep plan.json, diff.json and before.json together, or repair again"
        ) from error
    if not kept.before_file.is_file():
        raise BadPlan(f"{kept.before_file.name}, the plan before the repair, is gone: repair again")
    return kept


def audited_day(
    kept: KeptRepair, request: PlanRequest, travel: TravelMatrix, *, lang: Language
) -> tuple[PlanRequest, TravelMatrix]:
    """Make the day again that a repaired plan is for, from the day's own sheets.

    Raises:
        BadPlan: what is kept beside the plan does not fit the day any more.
    """
    before = read_plan(kept.before_file)
    told, earlier = events_of(kept.events, kept.earlier, kept.now, request, before, lang=lang)
    if told.faults or earlier.faults:
        names = ", ".join(fault.raw for fault in (*told.faults, *earlier.faults))
        raise BadPlan(f"events of the repair cannot be read any more: {names}: repair again")
    record = Record(
        told=Told(
            now=told.now,
            events=told.events,
            earlier=earlier.events,
            max_changes=kept.max_changes,
            verdicts=kept.verdicts,
        ),
        free=kept.free,
        held=kept.held,
    )
    return repaired_request(request, travel, before, record)


def events_of(
    events: Sequence[str],
    earlier: Sequence[str],
    now: str,
    request: PlanRequest,
    before: Plan,
    *,
    lang: Language,
) -> tuple[ReadEvents, ReadEvents]:
    """Read the events of a repair, and those that held already; `request` holds added rows."""
    texts, held = [cut(raw) for raw in events], [cut(raw) for raw in earlier]
    known = {stop.order_id for route in before.routes for stop in route.stops}
    known |= {each.order_id for each in before.left_behind} | {text.rest for text in texts}
    told = read_events(
        texts,
        now=now,
        request=request,
        new_orders=[order.id for order in request.orders if order.id not in known],
        lang=lang,
    )
    # Each carries its own moment.
    rows = [text for text in held if not text.file]
    return told, read_events(
        rows, now="00:00", request=request, new_orders=(), lang=lang, earlier=True
    )


def _verdict(told: dict[str, object]) -> Verdict:
    stops, departs = told["stops"], told["departs"]
    if not isinstance(stops, list):
        raise TypeError("stops of a verdict are no list")
    return Verdict(
        order_id=str(told["order_id"]),
        accepted=bool(told["accepted"]),
        truck_id=str(told["truck_id"]),
        stops=tuple(map(str, stops)),
        departs=datetime.fromisoformat(str(departs)) if departs else None,
    )
