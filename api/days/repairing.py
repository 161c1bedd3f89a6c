"""Repair a plan that lies in a file, for a day that lies in files, and write the papers again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from api.days.documents.diff import DIFF_FILE, diff_bytes, diff_json, events_in_force
from api.days.documents.write import write_documents
from api.days.event_text import END_OF_DAY, cut, lasting, with_whole_path
from api.days.planning import (
    DayOptions,
    PlannedDay,
    papers_of,
    read_prepared_day,
    warnings_of,
)
from api.days.repair_record import (
    BEFORE_FILE,
    events_of,
    is_repaired,
    read_kept,
    record_json,
)
from api.errors import Fault, FaultyInput
from api.settings import Language
from geodata.cache import write_whole
from routing.errors import BadPlan, BadRequest
from routing.plan import Plan
from routing.plan_json import read_plan
from routing.repair.events import OrderAdded, TruckLost
from routing.repair.record import Told
from routing.repair.verdicts import Verdict, not_wanted, verdicts_on
from routing.robustness.reliability import as_judged

if TYPE_CHECKING:
    from routing.repair.diff import Diff
    from routing.repair.mending import Repaired


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairedDay:
    """A repaired plan with its files, and what it changes."""

    day: PlannedDay
    diff: Diff
    document: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be repaired: a plan, what happened and when, and what was said of lines."""

    plan_file: Path
    events: tuple[str, ...]
    now: str
    max_changes: int | None
    earlier: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()


def asked_anew(
    plan_file: Path, *, events: Sequence[str], now: str, max_changes: int | None
) -> Asked:
    """Ask for the repair of a plan that people hold."""
    return Asked(
        plan_file=plan_file,
        events=tuple(events),
        now=now,
        max_changes=max_changes,
        earlier=events_in_force(plan_file),
    )


def asked_again(
    plan_file: Path,
    *,
    accept: Sequence[int],
    reject: Sequence[int],
    max_changes: int | None,
    lang: Language,
) -> Asked:
    """Ask for a repair once more, with what is said of its lines.

    Raises:
        BadPlan: the plan is no repair, or the files beside it are gone.
        FaultyInput: lines that are not there, or cannot go back; lists them all.
    """
    proposed = read_plan(plan_file)
    if not is_repaired(proposed):
        raise BadPlan(
            f"{plan_file.name} is no repair: --accept and --reject speak of the lines of one;"
            " repair with --event first"
        )
    kept = read_kept(plan_file)
    try:
        verdicts = verdicts_on(
            kept.lines,
            read_plan(kept.before_file),
            proposed,
            accept=accept,
            reject=reject,
            earlier=kept.verdicts,
        )
    except BadRequest as error:
        raise _faulty(tuple(_as_fault(text, "line") for text in error.faults), lang) from error
    return Asked(
        plan_file=kept.before_file,
        events=kept.events,
        now=kept.now,
        max_changes=kept.max_changes if max_changes is None else max_changes,
        earlier=kept.earlier,
        verdicts=verdicts,
    )


def repair_day_files(
    options: DayOptions,
    asked: Asked,
    out_dir: Path,
    *,
    seed: int,
    mask: bool,
    progress: Callable[[str], None],
) -> RepairedDay:
    """Repair a plan and write plan, papers, diff.json and before.json into a folder.

    Raises:
        FaultyInput: the day, events or verdicts have faults; lists them all.
        BadPlan: the file is no plan.
        OSError: the folder cannot be written.
    """
    from routing.compiled import keep_compiled_code_in

    before, before_bytes = read_plan(asked.plan_file), asked.plan_file.read_bytes()
    texts = [cut(raw) for raw in (*asked.earlier, *asked.events)]
    options = replace(
        options,
        day=options.day or before.day,
        days=before.days,
        skip_faulty=bool(before.skipped),
        added_orders=tuple(Path(text.file) for text in texts if text.file),
    )
    read = read_prepared_day(options, progress=progress)
    keep_compiled_code_in(options.cache_dir)
    from routing.repair.mending import repair

    request = as_judged(read.prepared.request, before)
    told, earlier = events_of(
        asked.events, asked.earlier, asked.now, request, before, lang=options.lang
    )
    if told.faults or earlier.faults:
        raise _faulty((*told.faults, *earlier.faults), options.lang)
    progress("修补" if options.lang is Language.CHINESE else "repairing")
    try:
        mended = repair(
            request,
            read.prepared.travel,
            before,
            told=Told(
                now=told.now,
                events=told.events,
                earlier=earlier.events,
                max_changes=asked.max_changes,
                verdicts=asked.verdicts,
            ),
            seed=seed,
        )
    except BadRequest as error:
        raise _faulty(tuple(map(_as_fault, error.faults)), options.lang) from error
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
    places = {house.id: house.place.id for house in request.warehouses}
    places |= {order.id: order.place.id for order in request.orders}
    document = _document(mended, plan, before, asked, places)
    write_whole(out_dir / BEFORE_FILE, before_bytes)
    write_whole(out_dir / DIFF_FILE, diff_bytes(document))
    return RepairedDay(
        day=PlannedDay(
            plan=plan,
            report=mended.report,
            files=(*files, out_dir / DIFF_FILE, out_dir / BEFORE_FILE),
            warnings=warnings_of(read, options.lang),
        ),
        diff=mended.diff,
        document=document,
    )


def _document(
    mended: Repaired, plan: Plan, before: Plan, asked: Asked, places: Mapping[str, str]
) -> dict[str, object]:
    """diff.json: what changes, what holds from now on, and what the day is made from; `places`
    are those of the day's orders and warehouses."""
    from routing.repair.world import stuck_orders

    told = mended.record.told
    stuck = [
        name
        for event in told.events
        if isinstance(event, TruckLost)
        for name in stuck_orders(before, event, told.now)
    ]
    added = {event.order_id for event in told.events if isinstance(event, OrderAdded)}
    unwanted = not_wanted(told.verdicts)
    in_force = [
        *(raw for raw in asked.earlier if raw not in {f"cancelled:{name}" for name in added}),
        *(lasting(cut(raw), now=asked.now, places=places) for raw in asked.events),
        *(f"late:{name}={END_OF_DAY}" for name in stuck),
        *(f"cancelled:{name}" for name in sorted(unwanted)),
    ]
    lasting_events = [with_whole_path(raw) for raw in asked.events]
    return {
        **diff_json(mended.diff, plan, events=asked.events),
        "accepted": [each.order_id for each in told.verdicts if each.accepted],
        "rejected": [each.order_id for each in told.verdicts if not each.accepted],
        "in_force": [text for text in in_force if text],
        "made_from": record_json(
            mended.record, now=asked.now, events=lasting_events, earlier=asked.earlier
        ),
    }


def _as_fault(text: str, about: str = "event") -> Fault:
    message, _, fix = text.partition(": ")
    return Fault(
        code=f"{about}.impossible", message=message, fix=fix or f"look at the {about} again"
    )


def _faulty(faults: tuple[Fault, ...], lang: Language) -> FaultyInput:
    return FaultyInput(
        faults,
        undone="nothing was repaired",
        undone_zh="没有修补",
        chinese=lang is Language.CHINESE,
    )
