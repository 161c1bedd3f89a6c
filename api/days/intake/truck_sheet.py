"""Trucks, and who drives them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from api.days.intake.catalogue import KindDefaults, shipped_catalogue
from api.days.intake.cells import RowReader
from api.days.intake.choices import spelling_of
from api.days.intake.crew_sheets import SHIFT, seconds_of
from api.days.intake.days_off import read_days_off
from api.days.intake.desk import Desk
from api.days.intake.names import Named
from api.days.intake.site_sheets import Site
from api.days.intake.tables import Table
from geodata.units import Minor
from routing.domain.crews import licence_covers, match_drivers, may_drive
from routing.domain.fleet import (
    MOST_NIGHTS,
    DeckTemplate,
    Driver,
    Specialist,
    SpecialistTravel,
    Truck,
    TruckCosts,
    TruckKind,
)
from routing.domain.horizon import on_day

DUTY_MAX_S: Final = 12 * 3_600
OVERTIME_AFTER_S: Final = 9 * 3_600
LOAD_BASE_S: Final = 10 * 60
LOAD_PER_CAR_S: Final = 10 * 60
"""20 minutes for one car, 70 to 90 for six to eight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckRow:
    """A truck before its crew is known, with what its row names."""

    truck: Truck
    row: RowReader
    driver_name: str
    specialist_name: str
    available: bool
    route_locked: bool
    departed_s: int | None
    """Seconds of the planned day at which it has left; None: it has not."""
    days_off: frozenset[date]


def read_trucks(
    table: Table | None, *, desk: Desk, sites: Named[Site], decks: Named[DeckTemplate]
) -> tuple[TruckRow, ...]:
    """Read the trucks; crews come later."""
    rows: list[TruckRow] = []
    for row, id in desk.rows(table, id_from=("id", "plate")):
        for column in table.plan.required if table else ():
            if not row.has(column.key):
                row.missing(column)
        kind = row.choice("kind", TruckKind) or TruckKind.ONE_CAR
        usual = shipped_catalogue().kinds[kind]
        site = sites.find(row, "warehouse")
        deck = decks.find(row, "deck") or usual.deck
        available = row.yes("available", default=True)
        starts, ends = row.clock("shift_start", SHIFT[0]), row.clock("shift_end", SHIFT[1])
        if ends <= starts:
            row.fault("truck.shift", "shift_end" if row.has("shift_end") else "shift_start")
            starts, ends = SHIFT
        truck = Truck(
            id=id or "?",
            plate=row.text("plate"),
            kind=kind,
            road_class=usual.road_class,
            warehouse_id=site.warehouse.id if site else "",
            deck=deck,
            shift_start=desk.settings.at(seconds_of(starts)),
            shift_end=desk.settings.at(seconds_of(ends)),
            duty_max_s=row.amount("duty_max", default=DUTY_MAX_S) or DUTY_MAX_S,
            overtime_after_s=row.amount("overtime_after", default=OVERTIME_AFTER_S)
            or OVERTIME_AFTER_S,
            load_base_s=max(0, row.amount("load_base", default=LOAD_BASE_S)),
            load_per_car_s=max(0, row.amount("load_per_car", default=LOAD_PER_CAR_S)),
            costs=_costs(row, usual),
            licence=row.licence("licence", usual.licence),
            skills=row.words("skills"),
            permits=frozenset(row.names("permits")),
            trips_max=row.whole("trips_max", default=1),
            nights_max=min(MOST_NIGHTS, max(0, row.whole("nights_max", default=0))),
        )
        read = TruckRow(
            truck=truck,
            row=row,
            driver_name=row.text("driver"),
            specialist_name=row.text("specialist"),
            available=available,
            route_locked=row.yes("route_locked", default=False),
            departed_s=seconds_of(row.clock("departed", SHIFT[0])) if row.has("departed") else None,
            days_off=read_days_off(row, "days_off", days=desk.settings.dates),
        )
        rows.append(read)
        if not row.faulty:
            _note_defaults(row, kind=kind, desk=desk)
    return tuple(rows)


def crew_trucks(
    rows: tuple[TruckRow, ...],
    *,
    drivers: Named[Driver] | None,
    specialists: Named[Specialist],
    desk: Desk,
) -> tuple[tuple[tuple[Truck, ...], ...], tuple[Driver, ...]]:
    """Put drivers and specialists on trucks; without a drivers sheet each truck has its own.

    Returns for each planned day the trucks that are there, of rows without faults, skills of the
    whole crew included; and the drivers. A truck keeps its driver from day to day, except on
    that driver's days off.
    """
    for read in rows:
        _check_specialist(read, specialists=specialists)
    rows = tuple(read for read in rows if read.available)
    if drivers is None:
        if rows:
            desk.log.assume(
                "没有司机表，每辆板车按各有一名合格司机计",
                "no drivers sheet: every truck has a fit driver of its own",
            )
        own = {read.truck.id: _own_driver(read) for read in rows}
        named: Mapping[str, str] = {id: driver.id for id, driver in own.items()}
        known = {driver.id: driver for driver in own.values()}
    else:
        named = _named_drivers(rows, drivers=drivers, desk=desk)
        known = dict(drivers.things)
    with_specialist = {
        one.truck_id: one
        for one in specialists.things.values()
        if one.travel is SpecialistTravel.WITH_TRUCK
    }
    fit = [read for read in rows if not read.row.faulty]
    usual = dict(named)
    fleets = []
    for number, day in enumerate(desk.settings.dates):
        here = {on_day(read.truck, number): read for read in fit if day not in read.days_off}
        manned = _manned(list(here), first=named, then=usual, known=known)
        fleet = []
        for truck, read in here.items():
            driver = known.get(manned.get(truck.id, ""))
            if driver is None and number == 0:
                desk.log.warn("truck.no_driver", read.row.where())
            elif driver is not None:
                usual.setdefault(truck.vehicle, driver.id)
            fleet.append(_crewed(truck, driver, with_specialist.get(truck.vehicle)))
        fleets.append(tuple(fleet))
    return tuple(fleets), tuple(known.values())


def _manned(
    trucks: Sequence[Truck],
    *,
    first: Mapping[str, str],
    then: Mapping[str, str],
    known: Mapping[str, Driver],
) -> Mapping[str, str]:
    """Give drivers to the trucks of one day: those their rows name, those of the days before, and
    whoever is left. `first` and `then` are by vehicle, the answer by truck."""
    given: dict[str, str] = {}
    for wishes in (first, then):
        for truck in trucks:
            driver = known.get(wishes.get(truck.vehicle, ""))
            if driver is None or truck.id in given or driver.id in given.values():
                continue
            if may_drive(driver, truck):
                given[truck.id] = driver.id
    wished = [replace(truck, driver_id=given.get(truck.id, "")) for truck in trucks]
    return match_drivers(wished, list(known.values()))


def _crewed(truck: Truck, driver: Driver | None, rider: Specialist | None) -> Truck:
    return replace(
        truck,
        driver_id=driver.id if driver else "",
        specialist_id=rider.id if rider else "",
        skills=truck.skills
        | (driver.skills if driver else frozenset())
        | (rider.skills if rider else frozenset()),
    )


def _named_drivers(
    rows: tuple[TruckRow, ...], *, drivers: Named[Driver], desk: Desk
) -> Mapping[str, str]:
    """Which truck has a driver of its own; days on which that one cannot come are warnings."""
    named: dict[str, str] = {}
    truck_of: dict[str, str] = {}
    for read in rows:
        row, truck = read.row, read.truck
        driver = drivers.find(row, "driver") if read.driver_name else None
        if driver is None:
            continue
        if driver.id in truck_of:
            row.fault("driver.twice", "driver", name=driver.id, truck=truck_of[driver.id])
        elif driver.warehouse_id != truck.warehouse_id:
            row.fault("driver.other_warehouse", "driver")
        elif not licence_covers(driver.licence, truck.licence):
            row.fault("driver.licence", "driver", held=driver.licence, needed=truck.licence)
        else:
            for day in sorted(driver.days_off - read.days_off):
                desk.log.warn("driver.off", row.where("driver"), day=day)
            if driver.rested_at is not None and driver.rested_at > truck.shift_start:
                desk.log.warn("driver.not_rested", row.where("driver"))
            named[truck.id] = driver.id
        truck_of.setdefault(driver.id, truck.id)
    return named


def _check_specialist(read: TruckRow, *, specialists: Named[Specialist]) -> None:
    """A truck and its specialist must name each other, where both name anybody."""
    if not read.specialist_name:
        return
    one = specialists.find(read.row, "specialist")
    if one is None:
        return
    if one.travel is SpecialistTravel.OWN_CAR:
        read.row.fault("specialist.truck_given", "specialist")
    elif one.truck_id != read.truck.id:
        read.row.fault("specialist.elsewhere", "specialist", name=one.id, truck=one.truck_id)


def specialist_names(rows: tuple[TruckRow, ...]) -> Mapping[str, str]:
    """Which truck names a specialist: name (or id) as written to truck id, the first one."""
    named: dict[str, str] = {}
    for read in rows:
        if read.specialist_name and not read.row.faulty:
            named.setdefault(read.specialist_name, read.truck.id)
    return named


def fit_trucks(rows: tuple[TruckRow, ...]) -> Named[Truck]:
    """Make the trucks known by id and plate; faulty rows are remembered as such."""
    trucks: Named[Truck] = Named("truck")
    for read in rows:
        if read.row.faulty:
            trucks.spoil(read.truck.id, read.truck.plate)
        else:
            trucks.add(read.truck.id, read.truck, names=(read.truck.plate,))
    return trucks


def _own_driver(read: TruckRow) -> Driver:
    truck = read.truck
    return Driver(
        id=f"driver {truck.id}",
        name=read.driver_name or f"{truck.plate} 司机",
        warehouse_id=truck.warehouse_id,
        licence=truck.licence,
    )


def _costs(row: RowReader, usual: KindDefaults) -> TruckCosts:
    costs = usual.costs
    per_hour = row.amount("cost_hour", default=costs.per_hour)
    # Overtime follows an hourly cost of the row's own: half of it on top.
    overtime = costs.per_overtime_hour if not row.has("cost_hour") else per_hour // 2
    return TruckCosts(
        per_km=Minor(max(0, row.amount("cost_km", default=costs.per_km))),
        per_hour=Minor(max(0, per_hour)),
        per_overtime_hour=Minor(max(0, row.amount("cost_overtime", default=overtime))),
        fixed=Minor(max(0, row.amount("cost_fixed", default=costs.fixed))),
        per_night=Minor(max(0, row.amount("cost_night", default=costs.per_night))),
    )


def _note_defaults(row: RowReader, *, kind: TruckKind, desk: Desk) -> None:
    name = spelling_of("kind", kind)
    if not any(row.has(key) for key in ("cost_km", "cost_hour", "cost_fixed")):
        desk.log.assume(f"{name}的费用按内置值", f"{kind}: built-in costs taken")
    if not row.has("deck"):
        desk.log.assume(f"{name}用内置板位", f"{kind}: built-in deck taken")
    if not (row.has("shift_start") and row.has("shift_end")):
        desk.log.assume("班次没写全，缺的按 07:00、20:00", "shift not given in full: 07:00, 20:00")
