"""Plan a day that lies in files: read, find the roads, plan apart, audit, write the papers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.days.documents.backdrop import county_backdrop
from api.days.documents.write import Papers, write_documents
from api.days.drawing import draw_routes
from api.days.map_locator import MapLocator
from api.days.matrix import PreparedDay, prepare_travel
from api.days.pins import remember_pins
from api.days.request import DayReading, read_day
from api.days.solving import Solving, Watching, solve_day
from api.days.spread import Spread, is_large
from api.errors import Fault, FaultyInput
from api.settings import Language
from geodata.corrections import Corrections
from routing.isolate import Sandbox
from routing.plan import Plan

if TYPE_CHECKING:
    from routing.audit import AuditReport
    from routing.domain.request import PlanRequest
    from routing.planner import News
    from routing.scale.planner import Done
    from routing.search.budget import Budget

BANS_FILE: Final = "bans.geojson"
"""Truck bans of a day that is a folder, where no other file is named."""
CORRECTIONS_FILE: Final = "corrections.json"
"""Beside the day: shared by the days of one desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOptions:
    """Where a day lies and how it is to be read."""

    path: Path
    day: date | None = None
    days: int | None = None
    """How many days to plan; None: what the settings say."""
    skip_faulty: bool = False
    bans_file: Path | None = None
    cache_dir: Path
    lang: Language
    added_orders: tuple[Path, ...] = ()
    """Sheets with orders that came in later; their rows are read as those of the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDay:
    """A day that can be planned: its request, what was odd, its roads."""

    reading: DayReading
    prepared: PreparedDay
    learned: Corrections | None
    """Corrections with the pins of this day; None when it taught nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDay:
    """A plan, what the auditor says, and the files that were written."""

    plan: Plan
    report: AuditReport
    files: tuple[Path, ...]
    warnings: tuple[Fault, ...] = ()
    """What was odd about the day's files, in the language of the options."""


def read_prepared_day(
    options: DayOptions,
    *,
    apart: Callable[[PlanRequest], bool] = lambda request: False,
    progress: Callable[[str], None],
) -> ReadDay:
    """Read a day and prepare its roads, those of a day that is planned `apart` without a matrix of
    all its places; writes nothing beside the day.

    Raises:
        FaultyInput: the files have faults and none may be skipped; lists them all.
        UnsnappedPlace: a place lies too far from any road.
    """
    progress(_say(options, "读取当天的表", "reading the day"))
    corrections = Corrections.load(_memory(options))
    reading = _read(options, corrections)
    learned: Corrections | None = None
    if reading.request is not None:
        taught = remember_pins(corrections, reading.request, day=reading.request.day)
        if taught is not corrections:
            learned = taught
            reading = _read(options, learned)
    if reading.request is None:
        faults = tuple(fault.told(options.lang) for fault in reading.faults)
        raise FaultyInput(faults, chinese=options.lang is Language.CHINESE)
    prepared = prepare_travel(
        reading.request,
        cache_dir=options.cache_dir,
        bans_file=_bans_file(options),
        apart=apart,
        progress=progress,
    )
    return ReadDay(reading=reading, prepared=prepared, learned=learned)


def plan_day_files(
    options: DayOptions,
    out_dir: Path,
    *,
    budget: Callable[[int], Budget],
    seed: int,
    mask: bool,
    reliability: float | None = None,
    spread: Spread | None = None,
    progress: Callable[[str], None],
    on_news: Callable[[News], None],
    cancelled: Callable[[], bool] = lambda: False,
) -> PlannedDay:
    """Plan a day and write everything people hold. `budget` is sized from the number of orders.
    With a `reliability`, here or in the day's settings, the day is planned several times, and the
    trials are told in the plan. With
    a `spread` the parts of a day that has several are planned apart.

    The pins of the day are remembered beside it, where that folder can be written.
    The auditor's findings are in the result and in the papers; the plan is written all the same,
    so that it can be looked at.

    Raises:
        FaultyInput: as `read_prepared_day`.
        SolverCrashed: the search died before it had found anything.
        OSError: the folder cannot be written; then it is as it was before.
    """
    with ExitStack() as stack:
        # Started first: it loads and compiles while the sheets are read.
        sandbox = None if spread else stack.enter_context(Sandbox(cache_dir=options.cache_dir))
        large = is_large if spread is not None else (lambda request: False)
        read = read_prepared_day(options, apart=large, progress=progress)
        warnings = (*warnings_of(read, options.lang), *save_learned(options, read.learned))
        planned, written = solve_day(
            read.prepared,
            Solving(
                budget=budget,
                seed=seed,
                cache_dir=options.cache_dir,
                reliability=reliability,
                spread=spread,
            ),
            Watching(
                cancelled=cancelled,
                on_news=on_news,
                on_done=partial(_say_done, options, progress),
            ),
            sandbox=sandbox,
        )
    plan = replace(planned.plan, skipped=read.reading.skipped)
    progress(_say(options, "画路线", "drawing the roads"))
    papers = papers_of(
        plan,
        read.prepared,
        mask=mask,
        lang=options.lang,
        cache_dir=options.cache_dir,
        audit_findings=len(planned.report.findings),
    )
    writing = _say(options, "写", "writing")
    files = write_documents(
        plan, out_dir, papers=papers, progress=lambda name: progress(f"{writing} {name}")
    )
    written()
    return PlannedDay(plan=plan, report=planned.report, files=files, warnings=warnings)


def _say_done(options: DayOptions, progress: Callable[[str], None], done: Done) -> None:
    progress(
        _say(
            options,
            f"已完成 {done.done}/{done.of} 部分：{done.part}",
            f"{done.done} of {done.of} parts planned: {done.part}",
        )
    )


def warnings_of(read: ReadDay, lang: Language) -> tuple[Fault, ...]:
    """Say in one language what was odd about the day's files without stopping anything."""
    return tuple(warning.told(lang) for warning in read.reading.warnings)


def _memory(options: DayOptions) -> Path:
    # Resolved first: `flatbed plan .` inside the day means the same file as from outside.
    return options.path.resolve().parent / CORRECTIONS_FILE


def save_learned(options: DayOptions, learned: Corrections | None) -> tuple[Fault, ...]:
    """Save what the day taught; a folder that may not be written costs the memory, no plan.

    Returns a warning when it could not be saved.
    """
    if learned is None:
        return ()
    memory = _memory(options)
    try:
        learned.save(memory)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return (
            Fault(
                code="corrections.unsaved",
                message=_say(
                    options,
                    f"地址位置没能记住（{reason}），本次计划不受影响",
                    f"the pins of this day could not be remembered ({reason}); the plan has them",
                ),
                fix=_say(
                    options,
                    "让当天文件夹的上一级可写，或每天都带上经纬度",
                    "make the folder above the day writable, or give the pins every day",
                ),
                file=memory.name,
            ),
        )
    return ()


def _say(options: DayOptions, chinese: str, english: str) -> str:
    return chinese if options.lang is Language.CHINESE else english


def _bans_file(options: DayOptions) -> Path | None:
    beside = options.path / BANS_FILE
    return options.bans_file or (beside if beside.is_file() else None)


def papers_of(
    plan: Plan,
    day: PreparedDay,
    *,
    mask: bool,
    lang: Language,
    cache_dir: Path,
    audit_findings: int | None,
) -> Papers:
    """Gather what the papers of a plan take from its day: contacts, decks, roads to draw."""
    return Papers(
        contacts={order.id: order.contact for order in day.request.orders if order.contact},
        mask=mask,
        lang=lang,
        geometry=draw_routes(plan, day),
        decks={truck.id: truck.deck for truck in day.request.trucks},
        backdrop=partial(county_backdrop, directory=cache_dir),
        audit_findings=audit_findings,
    )


def _read(options: DayOptions, corrections: Corrections) -> DayReading:
    return read_day(
        options.path,
        locator=MapLocator(corrections=corrections, cache_dir=options.cache_dir),
        date=options.day,
        days=options.days,
        skip_faulty=options.skip_faulty,
        added_orders=options.added_orders,
    )
