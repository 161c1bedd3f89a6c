"""One door for a day in files: the CLI, the import page and the plans endpoint all read here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from api.days.intake.car_sheets import read_decks, read_editions, read_models
from api.days.intake.carrier_sheet import read_carriers
from api.days.intake.crew_sheets import read_drivers, read_specialists
from api.days.intake.desk import Desk
from api.days.intake.faults import Fault, FaultLog, Where
from api.days.intake.grid import Grid
from api.days.intake.locating import Locator, RememberingLocator
from api.days.intake.lock_cells import read_locks
from api.days.intake.names import Named
from api.days.intake.order_sheet import Known, read_orders
from api.days.intake.settings_sheet import DaySettings, read_settings
from api.days.intake.site_sheets import read_places, read_warehouses
from api.days.intake.skipping import skipped_rows
from api.days.intake.sources import NEEDED, collect_grids, order_grid
from api.days.intake.stock_sheet import read_stock
from api.days.intake.tables import Table, read_table
from api.days.intake.truck_sheet import (
    TruckRow,
    crew_trucks,
    fit_trucks,
    read_trucks,
    specialist_names,
)
from api.kit.clock import CHINA
from routing.domain.fleet import Driver, Specialist, SpecialistTravel, Truck
from routing.domain.horizon import over_days
from routing.domain.locks import Locks
from routing.domain.orders import Order
from routing.domain.request import PlanRequest
from routing.domain.warehouses import Warehouse
from routing.plan_off_routes import SkippedRow

NEED_THE_DAY: Final = frozenset({"window.past", "window.other_day", "window.excel_date"})
"""Faults that cannot be told while nobody has named the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReading:
    """What reading a day gave. `request` is None exactly when nothing may be planned.

    With `skip_faulty` a request comes with its `skipped` rows; `faults` then repeats why. Faults
    of whole files, sheets, headers and settings cannot be skipped. Contacts are inside the orders.
    """

    request: PlanRequest | None
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    skipped: tuple[SkippedRow, ...] = ()


def read_day(
    path: Path,
    *,
    locator: Locator,
    date: date | None = None,
    days: int | None = None,
    skip_faulty: bool = False,
    added_orders: Sequence[Path] = (),
) -> DayReading:
    """Read a folder, a workbook or a JSON file into the request of one day.

    Every fault is collected, with its place and what to do; nothing is raised for a wrong file.
    `date` is the planned day where the settings name none, `days` how many are planned, whatever
    the settings say; `added_orders` are sheets whose rows
    are read as if they stood in the order sheet. Bans are added by `api.days.matrix`.
    """
    log = FaultLog()
    grids = collect_grids(path, log=log)
    return read_grids(
        grids,
        locator=locator,
        date=date,
        days=days,
        skip_faulty=skip_faulty,
        added_orders=added_orders,
        log=log,
    )


def read_grids(
    grids: Mapping[str, Grid],
    *,
    locator: Locator,
    date: date | None = None,
    days: int | None = None,
    skip_faulty: bool = False,
    added_orders: Sequence[Path] = (),
    log: FaultLog,
) -> DayReading:
    """Read sheets that were collected before, from files or from memory, as `read_day` does.

    `log` is the one that they were collected with: what it holds counts as well.
    """
    settings = read_settings(grids.get("settings"), day=date, days=days, zone=CHINA, log=log)
    tables = _with_more_orders(_read_tables(grids, log=log), added_orders, log=log)
    blocking = [fault for fault in log.faults if not _is_of_a_row(fault)]
    desk = Desk(settings=settings, locator=RememberingLocator(inner=locator), log=log)
    ground = _read_ground(tables, unread=set(grids) - set(tables), desk=desk)
    request = _read_rows(tables, ground, desk=desk)
    untold = frozenset() if settings.day_known else NEED_THE_DAY
    if "settings" not in grids and any(fault.code.startswith("file.") for fault in blocking):
        untold = untold | {"date.missing"}  # it may stand in the file that cannot be read
    faults = tuple(fault for fault in log.faults if fault.code not in untold)
    warnings = tuple(log.warnings)
    if blocking or (faults and not skip_faulty):
        return DayReading(request=None, faults=faults, warnings=warnings)
    ids = {_row_key(where): id for where, id in desk.row_ids.items()}
    skipped = skipped_rows((*faults, *log.cascades), ids=ids)
    return DayReading(request=request, faults=faults, warnings=warnings, skipped=skipped)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayGround:
    """A day that was read without its orders: what orders are read against, one at a time.

    `request` has no orders, locks or carriers. `faults` are those of the sheets it was read from;
    rows with faults are left out.
    """

    request: PlanRequest
    settings: DaySettings
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    known: Known


def read_ground(
    grids: Mapping[str, Grid], *, locator: Locator, date: date, log: FaultLog
) -> DayGround:
    """Read all sheets but the orders, for one day."""
    settings = read_settings(grids.get("settings"), day=date, days=1, zone=CHINA, log=log)
    tables = _read_tables({k: v for k, v in grids.items() if k != "orders"}, log=log)
    desk = Desk(settings=settings, locator=RememberingLocator(inner=locator), log=log)
    ground = _read_ground(tables, unread=set(grids) - set(tables) - {"orders"}, desk=desk)
    request = _read_rows(tables, ground, desk=desk)
    return DayGround(
        request=replace(request, locks=Locks(), carriers=()),
        settings=settings,
        faults=(*log.faults, *log.cascades),
        warnings=tuple(log.warnings),
        known=ground.known,
    )


def read_orders_on(
    ground: DayGround, grid: Grid, *, locator: Locator, log: FaultLog
) -> tuple[Order, ...]:
    """Read order rows against a day that was read before; faults and warnings go into the log."""
    table = read_table(grid, sheet="orders", log=log)
    if table is None:
        return ()
    desk = Desk(settings=ground.settings, locator=locator, log=log)
    return read_orders(table, desk=desk, known=ground.known)


def _read_tables(grids: Mapping[str, Grid], *, log: FaultLog) -> Mapping[str, Table]:
    tables: dict[str, Table] = {}
    for sheet, grid in grids.items():
        if sheet == "settings":
            continue
        table = read_table(grid, sheet=sheet, log=log)
        if table is None:
            continue
        tables[sheet] = table
        if table.empty and sheet in NEEDED:
            plan = table.plan
            log.fault("sheet.empty", table.where, sheet_zh=plan.zh, sheet_en=plan.key)
    return tables


def _with_more_orders(
    tables: Mapping[str, Table], files: Sequence[Path], *, log: FaultLog
) -> Mapping[str, Table]:
    """Put the rows of more order sheets after those of the day."""
    found = dict(tables)
    for file in files:
        grid = order_grid(file, log=log)
        table = None if grid is None else read_table(grid, sheet="orders", log=log)
        if table is not None and "orders" in found:
            first = found["orders"]
            found["orders"] = replace(
                first,
                records=(*first.records, *table.records),
                filled=first.filled | table.filled,
            )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """What orders refer to, and who brings them."""

    known: Known
    fleets: tuple[tuple[Truck, ...], ...]
    crew: tuple[Driver, ...]
    specialists: Named[Specialist]
    truck_rows: tuple[TruckRow, ...]
    fit: Named[Truck]


def _read_ground(tables: Mapping[str, Table], *, unread: set[str], desk: Desk) -> _Ground:
    """Read all sheets but orders and stock, the referred ones first; rows with faults are left
    out.

    `unread` sheets are there but could not be read: what refers to them is not to blame.
    """
    models = read_models(tables.get("models"), desk=desk)
    editions = read_editions(tables.get("editions"), desk=desk)
    decks = read_decks(tables.get("decks"), desk=desk)
    sites = read_warehouses(tables.get("warehouses"), desk=desk)
    places = read_places(tables.get("places"), desk=desk)
    models.unread, editions.unread = "models" in unread, "editions" in unread
    decks.unread, places.unread = "decks" in unread, "places" in unread
    sites.unread = "warehouses" not in tables
    driver_table = tables.get("drivers")
    drivers = read_drivers(driver_table, desk=desk, sites=sites) if driver_table else None
    truck_rows = read_trucks(tables.get("trucks"), desk=desk, sites=sites, decks=decks)
    fit = fit_trucks(truck_rows)
    fit.unread = "trucks" not in tables
    specialists = read_specialists(
        tables.get("specialists"),
        desk=desk,
        sites=sites,
        trucks=fit,
        named_by=specialist_names(truck_rows),
    )
    specialists.unread = "specialists" in unread
    fleets, crew = crew_trucks(truck_rows, drivers=drivers, specialists=specialists, desk=desk)
    known = Known(
        sites=sites,
        models=models,
        editions=editions,
        places=places,
        has_stock="stock" in unread or ("stock" in tables and not tables["stock"].empty),
    )
    return _Ground(
        known=known,
        fleets=fleets,
        crew=crew,
        specialists=specialists,
        truck_rows=truck_rows,
        fit=fit,
    )


def _read_rows(tables: Mapping[str, Table], ground: _Ground, *, desk: Desk) -> PlanRequest:
    """Read orders and stock, and put the day together."""
    known, fleets = ground.known, ground.fleets
    sites = known.sites
    order_table = tables.get("orders")
    orders = read_orders(order_table, desk=desk, known=known) if order_table else ()
    stock_table = tables.get("stock")
    stock = (
        read_stock(stock_table, desk=desk, known=known, orders=order_table) if stock_table else ()
    )
    warehouses = tuple(site.warehouse for site in sites.things.values())
    if "trucks" in tables and "warehouses" in tables:
        trucks = [truck for fleet in fleets for truck in fleet]
        _warn_of_stranded(orders, trucks, warehouses, desk=desk, table=tables["warehouses"])
    locks = read_locks(
        order_table,
        ground.truck_rows,
        orders=orders,
        trucks=fleets[0],
        named=ground.fit,
        desk=desk,
    )
    request = PlanRequest(
        day=desk.settings.day,
        horizon_start=desk.settings.horizon_start,
        orders=orders,
        trucks=fleets[0],
        drivers=ground.crew,
        specialists=_present(ground.specialists.things.values(), fleets),
        warehouses=warehouses,
        stock=stock,
        carriers=read_carriers(tables.get("carriers"), desk=desk, sites=sites),
        policy=desk.settings.policy,
        locks=locks,
        assumptions=desk.log.assumptions(),
    )
    return over_days(
        request,
        desk.settings.days,
        fleets=fleets,
        closed={id: site.days_off for id, site in sites.things.items()},
    )


def _present(
    specialists: Iterable[Specialist], fleets: Sequence[tuple[Truck, ...]]
) -> tuple[Specialist, ...]:
    """Leave out who rides with a truck that is never there."""
    out = {truck.vehicle for fleet in fleets for truck in fleet}
    return tuple(
        one for one in specialists if one.travel is SpecialistTravel.OWN_CAR or one.truck_id in out
    )


def _warn_of_stranded(
    orders: tuple[Order, ...],
    trucks: Sequence[Truck],
    warehouses: tuple[Warehouse, ...],
    *,
    desk: Desk,
    table: Table,
) -> None:
    """Say which warehouses have orders and no truck."""
    served = {truck.warehouse_id for truck in trucks}
    for warehouse in warehouses:
        count = sum(order.warehouse_id == warehouse.id for order in orders)
        if count and warehouse.id not in served:
            desk.log.warn("warehouse.no_truck", table.where, name=warehouse.id, orders=count)


def _is_of_a_row(fault: Fault) -> bool:
    """Tell a row that is no object from a file that cannot be read: only the row can be skipped."""
    return fault.code == "json.shape" and fault.where.row is not None


def _row_key(where: Where) -> tuple[str, str, int]:
    return where.file, where.sheet, where.row or 0
