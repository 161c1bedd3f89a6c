"""The settings of a day: what the company decides, with every default that was taken."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from api.days.intake.cells import HARMLESS_DAY, RowReader
from api.days.intake.columns import match_header, normal, sheet_plans
from api.days.intake.faults import FaultLog, Where
from api.days.intake.grid import Grid, is_blank
from api.days.intake.tables import Cell, Record
from api.days.intake.window_text import ServiceHours
from geodata.datum import Datum
from geodata.units import Minor
from routing.domain.orders import DeliveryMode, Priority
from routing.domain.policy import (
    BalancePolicy,
    BufferPolicy,
    DeckPolicy,
    DrivingPolicy,
    EmissionPolicy,
    OutsourcingPolicy,
    PlanPolicy,
    PreferencePolicy,
    SlotPolicy,
    StabilityPolicy,
)
from routing.domain.readiness import StepKind
from routing.domain.readiness_chain import StepWork
from routing.domain.uncertainty import Judge, TravelSpread, UncertaintyPolicy

HEADINGS: Final = frozenset(
    map(normal, ("名称", "设置", "项目", "参数", "name", "setting", "key", "设置项"))
)
SERVICE_HOURS_S: Final = (9 * 3_600, 19 * 3_600)
PREPARE_FROM: Final = time(15)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySettings:
    """Everything the settings say, defaults filled in; durations in seconds.

    `datum` is None where the file declares none. `prepare_from` is the moment, on the day before,
    from which open preparation work is counted.
    """

    day: date
    days: int
    """How many days are planned: `day` and those after it."""
    day_known: bool
    """False where nobody named the day: everything else is still read, to tell all faults."""
    zone: tzinfo
    datum: Datum | None
    service_hours: ServiceHours
    prepare_from: datetime
    unload_s: int
    handover_s: int
    arrival_spread_s: int
    pdi: StepWork
    charge: StepWork
    wash: StepWork
    driver_rest_s: int
    policy: PlanPolicy

    @property
    def dates(self) -> tuple[date, ...]:
        """The planned days."""
        return tuple(self.day + timedelta(days=number) for number in range(self.days))

    @property
    def horizon_start(self) -> datetime:
        """Midnight of the day before."""
        return self.at(0) - timedelta(days=1)

    def at(self, seconds: int) -> datetime:
        """Give the moment so many seconds into the planned day."""
        return datetime.combine(self.day, time(), tzinfo=self.zone) + timedelta(seconds=seconds)


def read_settings(
    grid: Grid | None,
    *,
    day: date | None,
    days: int | None = None,
    zone: tzinfo,
    log: FaultLog,
) -> DaySettings:
    """Read the settings; faults are noted and harmless values returned.

    `day` comes from outside (`--date`) and must agree with the sheet where both name one; `days`
    (`--days`) wins over the sheet.
    """
    record = _settings_record(grid, log=log) if grid else Record(where=Where(), cells={})
    row = RowReader(record=record, log=log, near=day, zone=zone)
    known = _planned_day(row, day=day)
    planned = known or HARMLESS_DAY
    row.near = planned
    hours = row.hours("service_hours", (SERVICE_HOURS_S,))
    prepare = row.clock("prepare_from", PREPARE_FROM)
    if not row.has("service_hours"):
        log.assume("可送时间按 09:00-19:00", "service hours: 09:00-19:00 taken")
    return DaySettings(
        day=planned,
        days=days or row.whole("days", default=1),
        day_known=known is not None,
        zone=zone,
        datum=row.choice("datum", Datum),
        service_hours=ServiceHours(start_s=hours[0][0], end_s=hours[-1][1]),
        prepare_from=datetime.combine(planned - timedelta(days=1), prepare, tzinfo=zone),
        unload_s=row.amount("unload", default=20 * 60),
        handover_s=row.amount("handover", default=60 * 60),
        arrival_spread_s=row.amount("arrival_spread", default=12 * 3_600),
        pdi=_work(row, "pdi", StepKind.PDI, default_min=(60, 90)),
        charge=_work(row, "charge", StepKind.CHARGE, default_min=(90, 240)),
        wash=_work(row, "wash", StepKind.WASH, default_min=(30, 45)),
        driver_rest_s=row.amount("driver_rest", default=8 * 3_600),
        policy=_policy(row),
    )


def _settings_record(grid: Grid, *, log: FaultLog) -> Record:
    """Gather name-value rows into one record; a title or a heading row is left out."""
    cells: dict[str, Cell] = {}
    for row in grid.rows:
        texts = [cell for cell in row.cells if not is_blank(cell)]
        name = row.cells[0] if row.cells else None
        if not isinstance(name, str) or is_blank(name) or normal(name) in HEADINGS:
            continue
        value = row.cells[1] if len(row.cells) > 1 else None
        title = "B" if grid.lettered else name
        where = Where(file=grid.file, sheet=grid.sheet, row=row.number, column=title)
        match = match_header("settings", name)
        if match is None or match.odd_unit:
            if len(texts) > 1 and not name.startswith(("说明", "#")):
                near = _nearest(name)
                log.fault("setting.unknown", where, value, name=name, near=near)
        elif match.column.key in cells:
            other = cells[match.column.key].where.row
            log.fault("id.twice", where, value, id=name, other=other)
        elif not is_blank(value):
            cells[match.column.key] = Cell(
                column=match.column, value=value, where=where, unit=match.unit
            )
    return Record(where=Where(file=grid.file, sheet=grid.sheet), cells=cells)


def _nearest(name: str) -> str:
    known = {normal(one): one for c in sheet_plans()["settings"].columns for one in (c.zh, c.en)}
    near = get_close_matches(normal(name), known, n=1, cutoff=0.3)
    return known[near[0]] if near else "date"


def _planned_day(row: RowReader, *, day: date | None) -> date | None:
    written = row.date("date")
    if row.faulty:
        return day
    if written is None and day is None:
        row.log.fault("date.missing", row.where("date"))
        return None
    if written is not None and day is not None and written != day:
        row.fault("date.conflict", "date", sheet=written, option=day)
    return day or written


def _work(row: RowReader, name: str, kind: StepKind, *, default_min: tuple[int, int]) -> StepWork:
    p50_s = row.amount(f"{name}_p50", default=default_min[0] * 60)
    # A company that gives its typical time only keeps the shipped proportion.
    spread = default_min[1] / default_min[0]
    p90_s = row.amount(f"{name}_p90", default=round(p50_s * spread))
    if p90_s < p50_s:
        row.fault("quantiles.order", f"{name}_p90")
        p90_s = p50_s
    return StepWork(kind=kind, p50_s=p50_s, p90_s=p90_s)


def _uncertainty(row: RowReader) -> UncertaintyPolicy:
    """A reliability in the sheet asks for slots judged by chance."""
    usual = UncertaintyPolicy()
    share, travel, handover = (
        None if (percent := row.decimal(name)) is None else percent / 100
        for name in ("reliability", "travel_cv", "handover_cv")
    )
    return UncertaintyPolicy(
        travel=usual.travel if travel is None else TravelSpread(cv=travel),
        handover_cv=usual.handover_cv
        if handover is None
        else MappingProxyType(dict.fromkeys(DeliveryMode, handover)),
        judge=Judge.BUFFERS if share is None else Judge.QUANTILE,
        quantile=usual.quantile if share is None else share,
    )


def _policy(row: RowReader) -> PlanPolicy:
    usual = PlanPolicy()
    left = {
        priority: Minor(row.amount(f"left_{priority.value}", default=usual.left_behind[priority]))
        for priority in Priority
    }
    try:
        percent = row.decimal("buffer_drive")
        permille = usual.buffers.drive_permille if percent is None else round(percent * 10)
        return PlanPolicy(
            driving=DrivingPolicy(
                drive_max_s=row.amount("drive_max", default=usual.driving.drive_max_s),
                rest_s=row.amount("rest", default=usual.driving.rest_s),
                handover_rests=row.yes("handover_rests", default=usual.driving.handover_rests),
                night_rest_s=row.amount("night_rest", default=usual.driving.night_rest_s),
            ),
            slots=SlotPolicy(
                width_s=row.amount("slot_width", default=usual.slots.width_s),
                grid_s=row.amount("slot_grid", default=usual.slots.grid_s),
                coarse_radius_m=row.amount(
                    "coarse_radius", default=usual.slots.coarse_radius_m * 1_000
                )
                // 1_000,
                coarse_width_s=row.amount("coarse_width", default=usual.slots.coarse_width_s),
            ),
            buffers=BufferPolicy(
                drive_permille=permille,
                service_s=row.amount("buffer_service", default=usual.buffers.service_s),
            ),
            deck=DeckPolicy(
                shunt_s=row.amount("shunt", default=usual.deck.shunt_s),
                shunt_fen=Minor(row.amount("shunt_cost", default=usual.deck.shunt_fen)),
                trade_in_load_s=row.amount("trade_in_load", default=usual.deck.trade_in_load_s),
            ),
            stability=StabilityPolicy(
                truck_changed=Minor(row.amount("change_truck", default=0)),
                per_minute=Minor(row.amount("change_minute", default=0)),
                dropped=Minor(row.amount("change_dropped", default=0)),
                tolerance_s=row.amount("change_tolerance", default=usual.stability.tolerance_s),
            ),
            preferences=PreferencePolicy(
                per_minute=Minor(row.amount("preferred_minute", default=0))
            ),
            emissions=EmissionPolicy(per_tonne=Minor(row.amount("co2_tonne", default=0))),
            balance=BalancePolicy(
                target_s=row.amount("duty_target", default=usual.balance.target_s),
                above_per_hour=Minor(row.amount("duty_above", default=0)),
                below_per_hour=Minor(row.amount("duty_below", default=0)),
            ),
            uncertainty=_uncertainty(row),
            outsourcing=OutsourcingPolicy(
                budget=Minor(row.amount("carrier_budget", default=0))
                if row.has("carrier_budget")
                else None
            ),
            left_behind=left,
            broken_promise=Minor(row.amount("broken_promise", default=usual.broken_promise)),
        )
    except ValueError as error:  # the policy's own checks: two settings that cannot both hold
        if not row.faulty:
            row.fault("settings.contradict", why=error)
        return usual
