"""Drivers and specialists."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Final

from api.days.intake.cells import RowReader
from api.days.intake.days_off import read_days_off
from api.days.intake.desk import Desk
from api.days.intake.names import Named
from api.days.intake.site_sheets import Site
from api.days.intake.tables import Table
from routing.domain.fleet import Driver, Specialist, SpecialistTravel, Truck
from routing.domain.windows import Window

SHIFT: Final = (time(7), time(20))
"""When a truck or person is at work whose row does not say."""


def read_drivers(table: Table | None, *, desk: Desk, sites: Named[Site]) -> Named[Driver]:
    """Read drivers; `rested_at` is the last duty's end plus the rest the settings ask for."""
    drivers: Named[Driver] = Named("driver")
    for row, id in desk.rows(table, id_from=("id", "name")):
        for column in table.plan.required if table else ():
            if not row.has(column.key):
                row.missing(column)
        name = row.text("name")
        site = sites.find(row, "warehouse")
        licence = row.licence("licence", "")
        skills = row.words("skills")
        off = read_days_off(row, "days_off", days=desk.settings.dates)
        if row.yes("off_today", default=False):
            off = off | {desk.settings.day}
        ended = row.moment("last_duty_end")
        if row.faulty or site is None:
            drivers.spoil(id, name)
            continue
        rest = timedelta(seconds=desk.settings.driver_rest_s)
        driver = Driver(
            id=id,
            name=name,
            warehouse_id=site.warehouse.id,
            licence=licence,
            skills=skills,
            rested_at=None if ended is None else ended + rest,
            days_off=off,
        )
        drivers.add(id, driver, names=(name,))
    return drivers


def read_specialists(
    table: Table | None,
    *,
    desk: Desk,
    sites: Named[Site],
    trucks: Named[Truck],
    named_by: Mapping[str, str],
) -> Named[Specialist]:
    """Read specialists; `named_by` says which truck's row names a specialist (folded name)."""
    specialists: Named[Specialist] = Named("specialist")
    of_truck: dict[str, str] = {}
    for row, id in desk.rows(table, id_from=("id", "name")):
        for column in table.plan.required if table else ():
            if not row.has(column.key):
                row.missing(column)
        name = row.text("name")
        site = sites.find(row, "warehouse")
        skills = row.words("skills")
        truck = trucks.find(row, "truck")
        if truck is None and not row.has("truck"):
            truck_id = named_by.get(id, named_by.get(name, ""))
        else:
            truck_id = truck.id if truck else ""
        usual = SpecialistTravel.WITH_TRUCK if truck_id else SpecialistTravel.OWN_CAR
        travel = row.choice("travel", SpecialistTravel) or usual
        _check_travel(row, travel, truck_id=truck_id)
        shift = _shift(row, desk=desk)
        if truck_id and of_truck.setdefault(truck_id, id) != id:
            row.fault("specialist.twice", "truck", truck=truck_id, name=of_truck[truck_id])
        if row.faulty or site is None:
            specialists.spoil(id, name)
            continue
        specialist = Specialist(
            id=id,
            name=name,
            warehouse_id=site.warehouse.id,
            skills=skills,
            travel=travel,
            truck_id=truck_id,
            shift=shift,
        )
        specialists.add(id, specialist, names=(name,))
    return specialists


def _shift(row: RowReader, *, desk: Desk) -> Window | None:
    """Read when a specialist in an own car is at work; None when the row does not say."""
    if not (row.has("shift_start") or row.has("shift_end")):
        return None
    starts, ends = row.clock("shift_start", SHIFT[0]), row.clock("shift_end", SHIFT[1])
    if ends <= starts:
        row.fault("specialist.shift", "shift_end" if row.has("shift_end") else "shift_start")
        return None
    at = desk.settings.at
    return Window(start=at(seconds_of(starts)), end=at(seconds_of(ends)))


def _check_travel(row: RowReader, travel: SpecialistTravel, *, truck_id: str) -> None:
    if row.faulty:
        return
    if travel is SpecialistTravel.WITH_TRUCK and not truck_id:
        row.fault("specialist.truck_needed", "travel")
    if travel is SpecialistTravel.OWN_CAR and truck_id:
        row.fault("specialist.truck_given", "truck")


def seconds_of(clock: time) -> int:
    """Count the seconds since midnight; the last moment of the day is 24:00."""
    whole = clock.hour * 3_600 + clock.minute * 60 + clock.second
    return 86_400 if clock == time.max else whole
