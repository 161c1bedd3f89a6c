"""The carriers sheet (外协): one row, one company that brings cars for us, with its price."""

from datetime import time
from typing import Final

from api.days.intake.cells import RowReader
from api.days.intake.crew_sheets import seconds_of
from api.days.intake.desk import Desk
from api.days.intake.names import Named
from api.days.intake.site_sheets import Site
from api.days.intake.tables import Table
from geodata.units import Minor
from routing.domain.carriers import Carrier
from routing.domain.fleet import TruckKind
from routing.domain.windows import Window

COLLECTS: Final = time(8)
"""When a carrier fetches the cars whose row does not say."""


def read_carriers(table: Table | None, *, desk: Desk, sites: Named[Site]) -> tuple[Carrier, ...]:
    """Read who else may bring orders; rows that are not available today are left out."""
    carriers = []
    for row, id in desk.rows(table, id_from=("id", "name")):
        for column in table.plan.required if table else ():
            if not row.has(column.key):
                row.missing(column)
        warehouses = _warehouses(row, sites=sites)
        kind = row.choice("kind", TruckKind) or TruckKind.ONE_CAR
        base, cars = row.amount("base", default=0), row.whole("cars", default=0)
        per_km, minimum = row.amount("per_km", default=0), row.amount("minimum", default=0)
        collects_s = seconds_of(row.clock("collects", COLLECTS))
        windows = _windows(row, desk=desk, collects_s=collects_s)
        skills, trade_ins = row.words("skills"), row.yes("trade_ins", default=False)
        available = row.yes("available", default=True)
        if row.faulty or not available or not warehouses:
            continue
        if not row.has("collects"):
            desk.log.assume(f"外协 {id} 按 08:00 提车", f"carrier {id}: collects at 08:00, taken")
        carriers.append(
            Carrier(
                id=id,
                name=row.text("name") or id,
                warehouse_ids=warehouses,
                base=Minor(base),
                per_km=Minor(per_km),
                minimum=Minor(minimum),
                cars=cars,
                collects=desk.settings.at(collects_s),
                windows=windows,
                kind=kind,
                skills=skills,
                trade_ins=trade_ins,
            )
        )
    return tuple(carriers)


def _warehouses(row: RowReader, *, sites: Named[Site]) -> tuple[str, ...]:
    """Where it collects: the warehouses named, all of them where none is."""
    names = row.names("warehouses")
    found = [sites.find_by(row, name, key="warehouses") for name in names]
    return tuple(
        dict.fromkeys(
            site.warehouse.id for site in (found if names else sites.things.values()) if site
        )
    )


def _windows(row: RowReader, *, desk: Desk, collects_s: int) -> tuple[Window, ...]:
    """Within which hours it comes: each a window it keeps as a whole."""
    service = desk.settings.service_hours
    spans = row.hours("windows", ((service.start_s, service.end_s),))
    if any(end <= collects_s for _, end in spans):
        row.fault("carrier.hours", "windows" if row.has("windows") else "collects")
    at = desk.settings.at
    return tuple(Window(start=at(start), end=at(end)) for start, end in spans)
