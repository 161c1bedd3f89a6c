"""The stock sheet: one row, one car that no order names."""

from api.days.intake.columns import normal
from api.days.intake.desk import Desk
from api.days.intake.order_readiness import read_steps
from api.days.intake.order_sheet import Known, read_edition, read_vin
from api.days.intake.tables import Table
from routing.domain.readiness import Readiness
from routing.domain.vehicles import Vehicle
from routing.domain.warehouses import StockCar


def read_stock(
    table: Table, *, desk: Desk, known: Known, orders: Table | None
) -> tuple[StockCar, ...]:
    """Read the cars that may still be given to an order; those that orders name, even in a row
    that is skipped for its faults, are left out."""
    rows = [desk.reader(record) for record in orders.records] if orders else []
    named = {normal(row.text("vin")).upper() for row in rows}
    cars, sold = [], 0
    for row, _ in desk.rows(table, id_from=("vin",)):
        for column in table.plan.required:
            if column.key != "vin" and not row.has(column.key):
                row.missing(column)
        vin = read_vin(row)
        model = known.models.find(row, "model")
        edition = read_edition(row, desk=desk, editions=known.editions)
        site = known.sites.find(row, "warehouse")
        if row.faulty or model is None or edition is None or site is None:
            continue
        steps = read_steps(row, desk=desk, hours=site.work_hours, edition=edition)
        if row.faulty:
            continue
        if vin in named:
            sold += 1
            continue
        vehicle = Vehicle(vin=vin, model=model, edition=edition, colour=row.text("colour"))
        cars.append(
            StockCar(
                vehicle=vehicle, warehouse_id=site.warehouse.id, readiness=Readiness(steps=steps)
            )
        )
    if sold:
        desk.log.warn("stock.sold", table.where, count=sold)
    return tuple(cars)
