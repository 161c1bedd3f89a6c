"""Warehouses and shared places (hubs, meet points)."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from api.days.intake.choices import PlaceKind
from api.days.intake.clock_text import clock_of
from api.days.intake.days_off import read_days_off
from api.days.intake.desk import Desk
from api.days.intake.locating import place_id
from api.days.intake.names import Named
from api.days.intake.place_cells import read_place
from api.days.intake.tables import Table
from geodata.places import Place
from routing.domain.fleet import TruckKind
from routing.domain.orders import DeliveryMode
from routing.domain.readiness_chain import WorkHours
from routing.domain.warehouses import Warehouse
from routing.domain.windows import Window

LOADING_S: Final = ((6 * 3_600, 20 * 3_600),)
EVENING_S: Final = ((17 * 3_600, 21 * 3_600),)
WORK_S: Final = ((8 * 3_600 + 1_800, 18 * 3_600),)
WORK_SHORTEST_S: Final = 4 * 3_600
"""Shorter days would let a chain of work run past any horizon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A warehouse and the hours of its workshop."""

    warehouse: Warehouse
    work_hours: WorkHours
    days_off: frozenset[date] = frozenset()
    """Planned days on which it is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPlace:
    """A hub or meet point: many orders share it, and its access."""

    place: Place
    mode: DeliveryMode
    access: TruckKind


def read_warehouses(table: Table | None, *, desk: Desk) -> Named[Site]:
    """Read warehouses with their bays; evening loading comes first in `loading`."""
    sites: Named[Site] = Named("warehouse")
    settings = desk.settings
    for row, id in desk.rows(table, id_from=("id", "name")):
        name = row.text("name") or id
        bays = row.whole("bays", default=1)
        loading_s = row.hours("loading", LOADING_S)
        evening_s = row.hours("evening_hours", EVENING_S)
        evening = row.yes("evening_loading", default=False)
        work_s = row.hours("work_hours", WORK_S)
        opens, closes = clock_of(work_s[0][0]), clock_of(work_s[-1][1])
        if work_s[-1][1] - work_s[0][0] < WORK_SHORTEST_S:
            row.fault("hours.too_short", "work_hours", hours=WORK_SHORTEST_S // 3_600)
        days_off = read_days_off(row, "days_off", days=settings.dates)
        if days_off >= set(settings.dates):
            row.fault("warehouse.closed", "days_off")
        found = read_place(row, datum=settings.datum, locator=desk.locator)
        if row.faulty or found is None or opens is None or closes is None:
            sites.spoil(id, name)
            continue
        if not row.has("bays"):
            desk.log.assume(f"仓库 {id} 按 1 个装车位", f"warehouse {id}: one loading bay taken")
        if not row.has("loading"):
            desk.log.assume(
                f"仓库 {id} 装车时间按 06:00-20:00", f"warehouse {id}: loading 06:00-20:00 taken"
            )
        day = timedelta(days=1)
        eve = [
            Window(start=settings.at(start) - day, end=settings.at(end) - day)
            for start, end in evening_s
        ]
        own = [Window(start=settings.at(start), end=settings.at(end)) for start, end in loading_s]
        warehouse = Warehouse(
            id=id,
            name=name,
            # Its own id: a warehouse and an order at the same pin are two places.
            place=replace(found.place, id=place_id(f"warehouse {id}"), label=name),
            bays=bays,
            loading=tuple([*eve, *own] if evening else own),
            evening_loading=evening,
        )
        site = Site(
            warehouse=warehouse,
            work_hours=WorkHours(opens=opens, closes=closes),
            days_off=days_off,
        )
        sites.add(id, site, names=(name,))
    return sites


def read_places(table: Table | None, *, desk: Desk) -> Named[SharedPlace]:
    """Read hubs and meet points; everything sent there shares one place."""
    places: Named[SharedPlace] = Named("place")
    for row, id in desk.rows(table, id_from=("id", "name")):
        name = row.text("name") or id
        kind = row.choice("kind", PlaceKind) or PlaceKind.MEET_POINT
        hub = kind is PlaceKind.HUB
        usual = TruckKind.CARRIER if hub else TruckKind.SHORT_CARRIER
        access = row.choice("access", TruckKind) or usual
        found = read_place(row, datum=desk.settings.datum, locator=desk.locator)
        if row.faulty or found is None:
            places.spoil(id, name)
            continue
        shared = SharedPlace(
            place=replace(found.place, id=place_id(f"place {id}"), label=name),
            mode=DeliveryMode.HUB if hub else DeliveryMode.MEET_POINT,
            access=access,
        )
        places.add(id, shared, names=(name,))
    return places
