"""A carrier takes what it can, for its price, as many as it has places, within the budget."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby

from geodata.units import UNREACHABLE_S, Minor
from routing.audit.case import Case, Check, Fault
from routing.audit.twin.reading import read_leg
from routing.audit.wording import clock
from routing.domain.carriers import Carrier
from routing.domain.orders import Order
from routing.plan_off_routes import Outsourced
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    carriers = {carrier.id: carrier for carrier in case.request.carriers}
    for entry in case.plan.outsourced:
        order = case.orders.get(entry.order_id)
        if entry.carrier_id not in carriers:
            yield Fault(
                order_id=entry.order_id,
                text=f"订单 {entry.order_id} 交给 {entry.carrier_id},外协表里没有",
                text_en=f"order {entry.order_id} goes to carrier {entry.carrier_id}, unknown here",
            )
        elif order is not None:
            for zh, en in (
                *_facts(entry, order, carriers[entry.carrier_id]),
                *_cannot(case, order, carriers[entry.carrier_id]),
                *_price(case, entry, order, carriers[entry.carrier_id]),
            ):
                yield Fault(
                    order_id=order.id,
                    text=f"订单 {order.id} 交外协 {entry.carrier_id}:{zh}",
                    text_en=f"order {order.id}, given to carrier {entry.carrier_id}: {en}",
                )
    yield from _held(case)
    yield from _shared(case, carriers)
    yield from _left_for_nothing(case, carriers)


def _facts(entry: Outsourced, order: Order, carrier: Carrier) -> Iterator[tuple[str, str]]:
    place, vehicle = order.place, order.vehicle
    facts: tuple[tuple[str, object, object], ...] = (
        ("vin", entry.vin, vehicle.vin),
        ("model_name", entry.model_name, vehicle.model.name),
        ("carrier_name", entry.carrier_name, carrier.name),
        ("warehouse_id", entry.warehouse_id, order.warehouse_id),
        ("address", entry.address, order.address),
        ("county_code", entry.county_code, place.county_code),
        ("lat", entry.lat, place.point.lat),
        ("lon", entry.lon, place.point.lon),
        ("promised", entry.promised, order.promised),
        ("accepted", entry.accepted, order.windows),
        ("collects", entry.collects, carrier.collects),
    )
    for name, stated, right in facts:
        if stated != right:
            yield f"{name} 写 {stated},应为 {right}", f"{name} is {stated}, not {right}"
    told = f"{clock(entry.window.start)}–{clock(entry.window.end)}"
    if entry.window not in carrier.windows:
        yield f"承运方不承诺 {told}", f"the carrier does not come within {told}"
    if not any(window.holds(entry.window) for window in order.windows):
        yield f"{told} 不在客户的时间窗内", f"{told} is outside the buyer's windows"


def _cannot(case: Case, order: Order, carrier: Carrier) -> Iterator[tuple[str, str]]:
    """Everything an order asks for and the carrier does not give."""
    if order.warehouse_id not in carrier.warehouse_ids:
        yield (
            f"不在仓库 {order.warehouse_id} 提车",
            f"it does not collect at warehouse {order.warehouse_id}",
        )
    if carrier.kind.size > order.access.size:
        yield f"{carrier.kind.value} 到不了", f"its {carrier.kind.value} does not get there"
    if missing := ", ".join(sorted(order.skills - carrier.skills)):
        yield f"不会 {missing}", f"it does not know {missing}"
    if order.trade_in is not None and not carrier.trade_ins:
        yield "不带旧车", "it takes no trade-in along"
    if order.readiness.missing:
        names = ", ".join(order.readiness.missing)
        yield f"手续未齐:{names}", f"the car still lacks {names}"
    step = order.readiness.binding_step
    if step is not None and step.done_p90 > carrier.collects:
        ready = clock(step.done_p90)
        yield f"车 {ready} 才就绪(p90)", f"the car is ready at {ready} only (p90)"
    locked = {lock.order_id for lock in case.request.locks.orders}
    locked.update(name for lock in case.request.locks.held for name in lock.orders)
    if order.id in locked:
        yield "已锁定在自有车上", "it is locked to a truck of our own"


def _price(
    case: Case, entry: Outsourced, order: Order, carrier: Carrier
) -> Iterator[tuple[str, str]]:
    metres = _road(case, order)
    if metres is None:
        yield "没有路", "there is no road"
        return
    if entry.metres != metres:
        yield (
            f"路程写 {entry.metres} 米,应为 {metres} 米",
            f"{entry.metres} m of road, not {metres}",
        )
    right = _bill(carrier, metres)
    if entry.price_minor != right:
        yield (
            f"费用写 {entry.price_minor} 分,应为 {right} 分",
            f"bills {entry.price_minor} fen, not {right}",
        )


def _road(case: Case, order: Order) -> int | None:
    """Shortest road of any class at any hour from the order's warehouse, None without any."""
    home = case.warehouses.get(order.warehouse_id)
    if home is None:
        return None
    lengths = []
    for name in case.travel.truck_classes:
        try:
            leg = read_leg(case.travel, name, home.place.id, order.place.id)
        except KeyError:
            return None
        lengths += [
            metres
            for metres, seconds in zip(leg.metres, leg.seconds, strict=True)
            if seconds < UNREACHABLE_S
        ]
    return min(lengths, default=None)


def _bill(carrier: Carrier, metres: int) -> Minor:
    by_km = (carrier.per_km * metres + 500) // 1000
    return Minor(max(carrier.base + by_km, carrier.minimum))


def _held(case: Case) -> Iterator[Fault]:
    """What a carrier was given for good is still with it."""
    given = {entry.order_id: entry.carrier_id for entry in case.plan.outsourced}
    for carrier in case.request.carriers:
        for name in carrier.holds:
            if name in case.orders and given.get(name) != carrier.id:
                yield Fault(
                    order_id=name,
                    text=f"订单 {name} 已交给外协 {carrier.id},计划没有保留",
                    text_en=f"order {name} is with carrier {carrier.id} for good; the plan has it"
                    " elsewhere",
                )


def _shared(case: Case, carriers: Mapping[str, Carrier]) -> Iterator[Fault]:
    """Places of each carrier, and the money of all of them."""
    taken = sorted(entry.carrier_id for entry in case.plan.outsourced)
    for name, its in groupby(taken):
        count = len(list(its))
        if name in carriers and count > carriers[name].cars:
            yield Fault(
                text=f"外协 {name} 分到 {count} 台,最多 {carriers[name].cars} 台",
                text_en=f"carrier {name} is given {count} cars and takes {carriers[name].cars}",
            )
    budget = case.request.policy.outsourcing.budget
    spent = sum(entry.price_minor for entry in case.plan.outsourced)
    if budget is not None and spent > budget:
        yield Fault(
            text=f"外协费用共 {spent} 分,预算 {budget} 分",
            text_en=f"carriers cost {spent} fen, and the budget is {budget}",
        )


def _left_for_nothing(case: Case, carriers: Mapping[str, Carrier]) -> Iterator[Fault]:
    """Orders left behind that a carrier with a place, and money left, would bring for less."""
    policy = case.request.policy
    budget = policy.outsourcing.budget
    spent = sum(entry.price_minor for entry in case.plan.outsourced)
    taken = Counter(entry.carrier_id for entry in case.plan.outsourced)
    known = {stop.order_id: stop.truck_id for stop in case.request.baseline}
    for left in case.plan.left_behind:
        order = case.orders.get(left.order_id)
        if order is None or order.from_stock:
            continue
        for carrier in carriers.values():
            bill = _bill_of(case, order, carrier)
            if bill is None or taken[carrier.id] >= carrier.cars:
                continue
            if budget is not None and spent + bill > budget:
                continue
            worth = int(policy.left_behind[order.priority])
            prices = policy.stability
            worth += int(prices.dropped + prices.per_change) if order.id in known else 0
            if known.get(order.id, carrier.id) != carrier.id:
                worth -= int(prices.truck_changed + prices.per_change)
            if order.promised or bill < worth:
                yield Fault(
                    order_id=order.id,
                    text=f"留下的订单 {order.id}:外协 {carrier.id} 有空位,{bill} 分可送",
                    text_en=f"order {order.id}, left behind: carrier {carrier.id} has a place and"
                    f" brings it for {bill} fen",
                )
                break


def _bill_of(case: Case, order: Order, carrier: Carrier) -> Minor | None:
    """What a carrier takes for an order, None where it may not have it."""
    keeps = any(each.holds(window) for window in carrier.windows for each in order.windows)
    metres = _road(case, order)
    if not keeps or metres is None or any(_cannot(case, order, carrier)):
        return None
    return _bill(carrier, metres)


def may_take(case: Case, order: Order) -> bool:
    """Tell whether any carrier could bring an order at all, places and money apart."""
    return any(_bill_of(case, order, each) is not None for each in case.request.carriers)


CHECK = Check(name="carriers", reason=Reason.CARRIER_FULL, run=_run)
