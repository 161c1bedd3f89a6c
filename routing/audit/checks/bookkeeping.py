"""Every order once, every truck once, nothing unknown, and the facts of the request unchanged."""

from collections import Counter
from collections.abc import Iterator

from routing.audit.case import Case, Check, Fault, RouteCase
from routing.domain.orders import Order
from routing.plan import FORMAT, Stop


def _run(case: Case) -> Iterator[Fault]:
    yield from _papers(case)
    yield from _orders(case)
    yield from _trucks(case)
    for each in case.routes:
        yield from _facts_of_route(each)
    for each, stop, order in case.stops():
        yield from _facts_of_stop(each, stop, order)


def _papers(case: Case) -> Iterator[Fault]:
    plan, made = case.plan, case.plan.provenance
    for zh, en, stated, right in (
        ("格式", "format", plan.format, FORMAT),
        ("日期", "day", plan.day, case.request.day),
        ("天数", "number of days", plan.days, case.request.days),
        ("输入指纹", "digest of the request", made.request_digest, case.asked.digest),
        ("路程表指纹", "digest of the matrix", made.matrix_digest, case.travel.digest),
    ):
        if stated != right:
            yield Fault(
                text=f"计划的{zh}是 {stated},应为 {right}",
                text_en=f"the {en} of the plan is {stated}, not {right}",
            )


def _orders(case: Case) -> Iterator[Fault]:
    counts = Counter(stop.order_id for route in case.plan.routes for stop in route.stops)
    counts.update(entry.order_id for entry in case.plan.left_behind)
    counts.update(entry.order_id for entry in case.plan.outsourced)
    for order_id in sorted(counts.keys() - case.orders.keys()):
        yield Fault(
            order_id=order_id,
            text=f"计划中的订单 {order_id} 不在订单表里",
            text_en=f"order {order_id} of the plan is not in the request",
        )
    for order_id in case.orders:
        if counts[order_id] != 1:
            yield Fault(
                order_id=order_id,
                text=f"订单 {order_id} 在计划中出现 {counts[order_id]} 次,应为 1 次",
                text_en=f"order {order_id} is in the plan {counts[order_id]} times, not once",
            )
    for entry in case.plan.left_behind:
        order = case.orders.get(entry.order_id)
        if order is not None and (entry.vin, entry.warehouse_id) != (
            order.vehicle.vin,
            order.warehouse_id,
        ):
            yield Fault(
                order_id=order.id,
                text=f"留下的订单 {order.id} 的 VIN 或仓库与订单表不符",
                text_en=f"VIN or warehouse of order {order.id}, left behind, is not the request's",
            )


def _trucks(case: Case) -> Iterator[Fault]:
    used = [route.truck_id for route in case.plan.routes]
    counts = Counter([*used, *(idle.truck_id for idle in case.plan.idle)])
    for truck_id in sorted(counts.keys() - case.trucks.keys()):
        yield Fault(
            truck_id=truck_id,
            text=f"计划中的板车 {truck_id} 不在车队里",
            text_en=f"truck {truck_id} of the plan is not in the request",
        )
    for truck_id in case.trucks:
        if counts[truck_id] != 1:
            yield Fault(
                truck_id=truck_id,
                text=f"板车 {truck_id} 出车或闲置共写 {counts[truck_id]} 次,应为 1 次",
                text_en=f"truck {truck_id} is on a route or idle {counts[truck_id]} times, "
                "not once",
            )
    for route in case.plan.routes:
        if not route.stops:
            yield Fault(
                truck_id=route.truck_id,
                text=f"{route.plate} 空跑,没有一站",
                text_en=f"{route.truck_id} goes out without a stop",
            )


def _facts_of_route(each: RouteCase) -> Iterator[Fault]:
    route, truck = each.route, each.truck
    for name, stated, right in (
        ("plate", route.plate, truck.plate),
        ("kind", route.kind, truck.kind.value),
        ("warehouse_id", route.warehouse_id, truck.warehouse_id),
        ("day", route.day, truck.shift_start.date()),
        ("vehicle_id", route.vehicle_id, truck.vehicle),
    ):
        if stated != right:
            yield Fault(
                truck_id=truck.id,
                text=f"{truck.plate} 的 {name} 写 {stated},应为 {right}",
                text_en=f"{name} of {truck.id} is {stated}, not {right}",
            )


def _facts_of_stop(each: RouteCase, stop: Stop, order: Order) -> Iterator[Fault]:
    place, vehicle = order.place, order.vehicle
    facts: tuple[tuple[str, object, object], ...] = (
        ("vin", stop.vin, vehicle.vin),
        ("model_name", stop.model_name, vehicle.model.name),
        ("place_id", stop.place_id, place.id),
        ("address", stop.address, order.address),
        ("mode", stop.mode, order.mode.value),
        ("lat", stop.lat, place.point.lat),
        ("lon", stop.lon, place.point.lon),
        ("radius_m", stop.radius_m, place.radius_m),
        ("county_code", stop.county_code, place.county_code),
        ("unload_s", stop.unload_s, order.unload_s),
        ("handover_s", stop.handover_s, order.handover_s),
        ("accepted", stop.accepted, order.windows),
        ("warehouse_id", each.home.id, order.warehouse_id),
    )
    for name, stated, right in facts:
        if stated != right:
            yield Fault(
                truck_id=each.truck.id,
                order_id=order.id,
                text=f"订单 {order.id} 的 {name} 写 {stated},应为 {right}",
                text_en=f"{name} of order {order.id} is {stated}, not {right}",
            )


CHECK = Check(name="bookkeeping", reason=None, run=_run)
