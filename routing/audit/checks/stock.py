"""A car of the stock goes to one order, of its kind, from its own warehouse, once it is ready."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from routing.audit.case import Case, Check, Fault
from routing.audit.wording import clock
from routing.domain.orders import Order
from routing.domain.stock import kind_of
from routing.domain.warehouses import StockCar
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    asked = {order.id: order for order in case.asked.orders if order.from_stock}
    stock = {car.vehicle.vin: car for car in case.asked.stock}
    held = [(entry.order_id, entry.vin) for entry in case.plan.left_behind if entry.vin]
    given = [(s.order_id, s.vin) for route in case.plan.routes for s in route.stops]
    given += [(entry.order_id, entry.vin) for entry in case.plan.outsourced]
    uses = Counter(vin for order_id, vin in (*given, *held) if order_id in asked)
    for vin, count in sorted(uses.items()):
        if count > 1:
            yield Fault(
                text=f"库存车 {vin} 分给了 {count} 个订单",
                text_en=f"car {vin} of the stock is given to {count} orders",
            )
    trips = [(route, trip) for route in case.plan.routes for trip in route.trips]
    for route, trip in trips:
        for stop in trip.stops:
            if stop.order_id in asked:
                yield from _car(
                    _Leaving(
                        vin=stop.vin,
                        warehouse_id=route.warehouse_id,
                        at=trip.load.start,
                        truck_id=route.truck_id,
                    ),
                    asked[stop.order_id],
                    stock.get(stop.vin),
                )
    for entry in case.plan.outsourced:
        if entry.order_id in asked:
            yield from _car(
                _Leaving(vin=entry.vin, warehouse_id=entry.warehouse_id, at=entry.collects),
                asked[entry.order_id],
                stock.get(entry.vin),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leaving:
    """A car that leaves a warehouse at a moment, on a truck or (no id) with a carrier."""

    vin: str
    warehouse_id: str
    at: datetime
    truck_id: str = ""


def _car(leaving: _Leaving, order: Order, car: StockCar | None) -> Iterator[Fault]:
    def fault(zh: str, en: str) -> Fault:
        return Fault(
            truck_id=leaving.truck_id,
            order_id=order.id,
            text=f"订单 {order.id} 的库存车 {leaving.vin}:{zh}",
            text_en=f"car {leaving.vin} of the stock, for order {order.id}: {en}",
        )

    if car is None:
        yield fault("不在库存表里", "is not in stock")
        return
    if kind_of(car.vehicle) != kind_of(order.vehicle):
        yield fault("车型、版本或颜色不对", "is of another model, edition or colour")
    if car.warehouse_id != leaving.warehouse_id:
        yield fault(
            f"在仓库 {car.warehouse_id},不在 {leaving.warehouse_id}",
            f"stands at {car.warehouse_id}, not at {leaving.warehouse_id}",
        )
    if order.warehouse_id not in ("", leaving.warehouse_id):
        yield fault(
            f"订单指定仓库 {order.warehouse_id}", f"the order names warehouse {order.warehouse_id}"
        )
    if car.readiness.missing:
        names = ", ".join(car.readiness.missing)
        yield fault(f"手续未齐:{names}", f"still lacks {names}")
    step = car.readiness.binding_step
    if step is not None and leaving.at < step.done_p90:
        ready = clock(step.done_p90)
        yield fault(f"{ready} 才就绪(p90)", f"is ready at {ready} only (p90)")


CHECK = Check(name="stock", reason=Reason.NO_STOCK, run=_run)
