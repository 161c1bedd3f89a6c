"""Repair a plan that lies in a file, for a day that lies in files, and write the papers again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from api.days.documents.diff import DIFF_FILE, diff_bytes, diff_json, events_in_force
from api.days.documents.write import write_documents
from api.days.event_text import END_OF_DAY, cut, lasting, read_events
from api.days.planning import (
    DayOptions,
    PlannedDay,
    papers_of,
    read_prepared_day,
    warnings_of,
)
from api.errors import Fault, FaultyInput
from api.settings import Language
from routing.errors import BadRequest
from routing.plan_json import read_plan
from routing.repair.events import TruckLost
from routing.robustness.reliability import as_judged

if TYPE_CHECKING:
    from routing.repair.diff import Diff


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairedDay:
    """A repaired plan with its files, and what it changes."""

    day: PlannedDay
    diff: Diff
    document: dict[str, object]


def repair_day_files(
    options: DayOptions,
    plan_file: Path,
    out_dir: Path,
    *,
    events: Sequence[str],
    now: str,
    seed: int,
    max_changes: int | None,
    mask: bool,
    progress: Callable[[str], None],
) -> RepairedDay:
    """Repair a plan after the events and write plan, papers and diff.json into a folder.

    Raises:
        FaultyInput: the day, or events, have faults; lists them all.
        BadPlan: the file is no plan.
        OSError: the folder cannot be written.
    """
    from geodata.cache import write_whole
    from routing.compiled import keep_compiled_code_in

    before = read_plan(plan_file)
    texts = [cut(raw) for raw in events]
    held = [cut(raw) for raw in events_in_force(plan_file)]
    sheets = tuple(Path(text.file) for text in (*held, *texts) if text.file)
    options = replace(
        options,
        day=options.day or before.day,
        skip_faulty=bool(before.skipped),
        added_orders=sheets,
    )
    read = read_prepared_day(options, progress=progress)
    keep_compiled_code_in(options.cache_dir)
    from routing.repair.mending import repair
    from routing.repair.world import stuck_orders

    request = as_judged(read.prepared.request, before)
    known = {stop.order_id for route in before.routes for stop in route.stops}
    known |= {each.order_id for each in before.left_behind} | {text.rest for text in texts}
    told = read_events(
        texts,
        now=now,
        request=request,
        new_orders=[order.id for order in request.orders if order.id not in known],
        lang=options.lang,
    )
    earlier = read_events(
        [text for text in held if not text.file],
        now="00:00",  # each carries its own moment
        request=request,
        new_orders=(),
        lang=options.lang,
    )
    if told.faults:
        raise _faulty((*told.faults, *earlier.faults), options)
    progress("修补" if options.lang is Language.CHINESE else "repairing")
    try:
        mended = repair(
            request,
            read.prepared.travel,
            before,
            events=told.events,
            now=told.now,
            seed=seed,
            max_changes=max_changes,
            earlier=earlier.events,
        )
    except BadRequest as error:
        raise _faulty(tuple(_as_fault(text) for text in error.faults), options) from error
    plan = replace(mended.plan, skipped=read.reading.skipped)
    papers = papers_of(
        plan,
        read.prepared,
        mask=mask,
        lang=options.lang,
        cache_dir=options.cache_dir,
        audit_findings=len(mended.report.findings),
    )
    files = write_documents(plan, out_dir, papers=papers, progress=progress)
    stuck = [
        name
        for event in told.events
        if isinstance(event, TruckLost)
        for name in stuck_orders(before, event, told.now)
    ]
    in_force = [text.raw for text in held] + [lasting(text, now=now) for text in texts]
    in_force += [f"late:{name}={END_OF_DAY}" for name in stuck]
    document = diff_json(mended.diff, plan, events=events)
    document["in_force"] = [text for text in in_force if text]
    write_whole(out_dir / DIFF_FILE, diff_bytes(document))
    return RepairedDay(
        day=PlannedDay(
            plan=plan,
            report=mended.report,
            files=(*files, out_dir / DIFF_FILE),
            warnings=warnings_of(read, options.lang),
        ),
        diff=mended.diff,
        document=document,
    )


def _as_fault(text: str) -> Fault:
    message, _, fix = text.partition(": ")
    return Fault(code="event.impossible", message=message, fix=fix or "look at the event again")


def _faulty(faults: tuple[Fault, ...], options: DayOptions) -> FaultyInput:
    return FaultyInput(
        faults,
        undone="nothing was repaired",
        undone_zh="没有修补",
        chinese=options.lang is Language.CHINESE,
    )
