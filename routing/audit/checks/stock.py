"""A car of the stock goes to one order, of its kind, from its own warehouse, once it is ready."""

from collections import Counter
from collections.abc import Iterator

from routing.audit.case import Case, Check, Fault
from routing.audit.wording import clock
from routing.domain.orders import Order
from routing.domain.stock import kind_of
from routing.domain.warehouses import StockCar
from routing.plan import Route, Stop
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    asked = {order.id: order for order in case.asked.orders if order.from_stock}
    stock = {car.vehicle.vin: car for car in case.asked.stock}
    held = [(entry.order_id, entry.vin) for entry in case.plan.left_behind if entry.vin]
    given = [(s.order_id, s.vin) for route in case.plan.routes for s in route.stops]
    uses = Counter(vin for order_id, vin in (*given, *held) if order_id in asked)
    for vin, count in sorted(uses.items()):
        if count > 1:
            yield Fault(
                text=f"库存车 {vin} 分给了 {count} 个订单",
                text_en=f"car {vin} of the stock is given to {count} orders",
            )
    for route in case.plan.routes:
        for stop in route.stops:
            if stop.order_id in asked:
                yield from _car(route, stop, asked[stop.order_id], stock.get(stop.vin))


def _car(route: Route, stop: Stop, order: Order, car: StockCar | None) -> Iterator[Fault]:
    def fault(zh: str, en: str) -> Fault:
        return Fault(
            truck_id=route.truck_id,
            order_id=order.id,
            text=f"订单 {order.id} 的库存车 {stop.vin}:{zh}",
            text_en=f"car {stop.vin} of the stock, for order {order.id}: {en}",
        )

    if car is None:
        yield fault("不在库存表里", "is not in stock")
        return
    if kind_of(car.vehicle) != kind_of(order.vehicle):
        yield fault("车型、版本或颜色不对", "is of another model, edition or colour")
    if car.warehouse_id != route.warehouse_id:
        yield fault(
            f"在仓库 {car.warehouse_id},不在 {route.warehouse_id}",
            f"stands at {car.warehouse_id}, not at {route.warehouse_id}",
        )
    if order.warehouse_id not in ("", route.warehouse_id):
        yield fault(
            f"订单指定仓库 {order.warehouse_id}", f"the order names warehouse {order.warehouse_id}"
        )
    if car.readiness.missing:
        names = ", ".join(car.readiness.missing)
        yield fault(f"手续未齐:{names}", f"still lacks {names}")
    step = car.readiness.binding_step
    if step is not None and route.load.start < step.done_p90:
        ready = clock(step.done_p90)
        yield fault(f"{ready} 才就绪(p90)", f"is ready at {ready} only (p90)")


CHECK = Check(name="stock", reason=Reason.NO_STOCK, run=_run)
