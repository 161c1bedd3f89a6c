"""Orders: one row, one car, one buyer."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from api.days.intake.catalogue import STANDARD_EDITION
from api.days.intake.cells import RowReader
from api.days.intake.choices import spelling_of
from api.days.intake.columns import normal
from api.days.intake.contact_text import clean_note, with_numbers_from
from api.days.intake.desk import Desk
from api.days.intake.faults import Where
from api.days.intake.locating import FoundPlace, Setting
from api.days.intake.names import Named
from api.days.intake.order_readiness import read_missing, read_readiness
from api.days.intake.order_windows import read_order_windows
from api.days.intake.phone import PhoneFault, read_phone
from api.days.intake.place_cells import read_place
from api.days.intake.site_sheets import SharedPlace, Site
from api.days.intake.tables import Table
from routing.domain.fleet import TruckKind
from routing.domain.orders import UNKNOWN_OLD_CAR, Contact, DeliveryMode, Order, Priority, TradeIn
from routing.domain.readiness import Readiness
from routing.domain.vehicles import VIN_LENGTH, Edition, Model, Vehicle, vin_check_digit

ACCESS: Final = {
    Setting.TOWN: TruckKind.SHORT_CARRIER,
    Setting.TOWNSHIP: TruckKind.TWO_CAR,
    Setting.VILLAGE: TruckKind.ONE_CAR,
    Setting.UNCLEAR: TruckKind.ONE_CAR,
}
SETTING_NAMES: Final = {
    Setting.TOWN: ("城区、县城", "town"),
    Setting.TOWNSHIP: ("乡镇", "township"),
    Setting.VILLAGE: ("村", "village"),
    Setting.UNCLEAR: ("说不清的地方", "unclear place"),
}
ROWS_LISTED: Final = 12
OPEN_FROM_STOCK: Final = frozenset({"vin", "warehouse"})
"""What an order need not say where the plan chooses its car."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What orders may refer to."""

    sites: Named[Site]
    models: Named[Model]
    editions: Named[Edition]
    places: Named[SharedPlace]
    has_stock: bool = False
    """There is a stock sheet: an order may leave its car to the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Destination:
    found: FoundPlace
    mode: DeliveryMode
    access: TruckKind


def read_orders(table: Table, *, desk: Desk, known: Known) -> tuple[Order, ...]:
    """Read all orders without faults; every fault of every row is in the log."""
    rows = desk.rows(table, id_from=("id",))
    _note_repeated_vins([row for row, _ in rows])
    orders = [_order(row, id, table=table, desk=desk, known=known) for row, id in rows]
    _warn_of_missing_phones([row for row, _ in rows], desk=desk, where=table.where)
    return tuple(order for order in orders if order is not None)


def _trade_in(name: str, note: str, *, desk: Desk, known: Known) -> TradeIn:
    """Take an old car for the model it is called, or for an assumed one."""
    model = known.models.known(name)
    if model is None:
        size = f"{UNKNOWN_OLD_CAR.length_mm} × {UNKNOWN_OLD_CAR.height_mm} mm"
        desk.log.assume(
            f"旧车车型不在车型表里的，按 {size}、{UNKNOWN_OLD_CAR.mass_kg} kg 排",
            f"trade-ins of a model that is not listed: {size}, {UNKNOWN_OLD_CAR.mass_kg} kg taken",
        )
    return TradeIn(model_name=name, note=note, model=model or UNKNOWN_OLD_CAR)


def _order(row: RowReader, id: str, *, table: Table, desk: Desk, known: Known) -> Order | None:
    from_stock = known.has_stock and not row.has("vin")
    for column in table.plan.required:
        may_be_empty = column.key == "id" or (from_stock and column.key in OPEN_FROM_STOCK)
        if not may_be_empty and not row.has(column.key):
            row.missing(column)
    settings = desk.settings
    vin = read_vin(row)
    model = known.models.find(row, "model")
    edition = read_edition(row, desk=desk, editions=known.editions)
    site = known.sites.find(row, "warehouse")
    windows = read_order_windows(row, settings=settings)
    priority = row.choice("priority", Priority) or Priority.NORMAL
    unload_s = row.amount("unload", default=settings.unload_s)
    handover_s = row.amount("handover", default=settings.handover_s)
    if unload_s + handover_s == 0:
        row.fault("service.zero", "unload")
    contact, buyer = _contact(row), row.text("contact")
    trade_in, note, skills = row.text("trade_in"), row.text("note"), row.words("skills")
    trade_in_note = row.text("trade_in_note")
    destination = _destination(row, desk=desk, known=known)
    anywhere = from_stock and not row.has("warehouse")
    if edition is None or (site is None and not anywhere):
        return None
    if from_stock or site is None:
        readiness = Readiness(missing=read_missing(row, table=table, desk=desk))
    else:
        hours = site.work_hours
        readiness = read_readiness(row, table=table, desk=desk, hours=hours, edition=edition)
    if row.faulty or model is None or windows is None or destination is None:
        return None
    if windows.open_ended:
        desk.log.assume("没写时段，按全天可送", "no window given: all service hours accepted")
    if not row.has("unload"):
        desk.log.assume(
            f"没写卸车时长，按 {settings.unload_s // 60} 分钟",
            f"no unloading time: {settings.unload_s // 60} min taken",
        )
    if not row.has("handover"):
        desk.log.assume(
            f"没写交车时长，按 {settings.handover_s // 60} 分钟",
            f"no handover time: {settings.handover_s // 60} min taken",
        )
    return Order(
        id=id,
        vehicle=Vehicle(vin=vin, model=model, edition=edition, colour=row.text("colour")),
        warehouse_id=site.warehouse.id if site else "",
        place=destination.found.place,
        # Where the car is handed over: of a hub or meet point, not the buyer's home.
        address=destination.found.place.label,
        mode=destination.mode,
        access=destination.access,
        windows=windows.windows,
        promised=windows.promised,
        preferred=windows.preferred,
        priority=priority,
        readiness=readiness,
        unload_s=unload_s,
        handover_s=handover_s,
        skills=skills,
        contact=with_numbers_from(contact, row.text("address"), note, trade_in_note),
        trade_in=(
            _trade_in(trade_in, clean_note(trade_in_note, name=buyer), desk=desk, known=known)
            if trade_in
            else None
        ),
        note=clean_note(note, name=buyer),
    )


def read_vin(row: RowReader) -> str:
    """Read a VIN and check it; empty when the cell is."""
    vin = normal(row.text("vin")).upper()
    if not vin:
        return vin
    if len(vin) != VIN_LENGTH:
        row.fault("vin.length", "vin", length=len(vin))
        return vin
    try:
        expected = vin_check_digit(vin)
    except ValueError:
        wrong = sorted({char for char in vin if not _may_stand_in_vin(char)})
        row.fault("vin.characters", "vin", wrong="、".join(wrong))
        return vin
    if vin[8] != expected:
        row.fault("vin.check_digit", "vin", found=vin[8], expected=expected)
    return vin


def _may_stand_in_vin(char: str) -> bool:
    return char.isascii() and char.isalnum() and char not in "IOQ"


def read_edition(row: RowReader, *, desk: Desk, editions: Named[Edition]) -> Edition | None:
    """Read the edition a car is sold with: the standard one where none is named."""
    if row.has("edition"):
        return editions.find(row, "edition")
    desk.log.assume("没写版本，按标准版", "no edition given: standard taken")
    return editions.things[STANDARD_EDITION]


def _contact(row: RowReader) -> Contact | None:
    name = row.text("contact")
    value = row.raw("phone")
    if value is None:
        return Contact(name=name, phone="") if name else None
    phone = read_phone(value)
    if isinstance(phone, PhoneFault):
        row.fault(phone, "phone")
        return None
    if phone.masked:
        row.log.warn("phone.masked", row.where("phone"))
    return Contact(name=name, phone=phone.text)


def _destination(row: RowReader, *, desk: Desk, known: Known) -> _Destination | None:
    """Where the buyer takes over, and the largest truck that gets there."""
    mode = row.choice("mode", DeliveryMode)
    access = row.choice("access", TruckKind)
    shared = known.places.find(row, "place")
    if shared is not None and mode is not DeliveryMode.DOOR:
        found = FoundPlace(place=shared.place, setting=Setting.UNCLEAR)
        return _Destination(found=found, mode=mode or shared.mode, access=access or shared.access)
    if shared is None and row.has("place"):
        return None
    found_place = read_place(row, datum=desk.settings.datum, locator=desk.locator)
    if found_place is None:
        return None
    if access is None:
        access = ACCESS[found_place.setting]
        zh, en = SETTING_NAMES[found_place.setting]
        desk.log.assume(
            f"没写最大板车，{zh}按{spelling_of('kind', access)}",
            f"no access given, {en}: {access} taken",
        )
    return _Destination(found=found_place, mode=mode or DeliveryMode.DOOR, access=access)


def _note_repeated_vins(rows: list[RowReader]) -> None:
    """One car cannot go to two buyers: every row that names it is at fault."""
    by_vin: dict[str, list[RowReader]] = defaultdict(list)
    for row in rows:
        value = row.record.cells.get("vin")
        if value is not None and isinstance(value.value, str):
            by_vin[normal(value.value)].append(row)
    for same in by_vin.values():
        for row in same if len(same) > 1 else ():
            other = next(one for one in same if one is not row)
            row.fault("vin.twice", "vin", other=other.record.where.row)


def _warn_of_missing_phones(rows: list[RowReader], *, desk: Desk, where: Where) -> None:
    lacking = [row.record.where.row for row in rows if not row.has("phone")]
    if lacking:
        listed = "、".join(map(str, lacking[:ROWS_LISTED])) + ("…" * (len(lacking) > ROWS_LISTED))
        desk.log.warn("contact.missing", where, count=len(lacking), rows=listed)
