"""Every car stands on a position that takes it, and the truck carries them all."""

from collections import Counter
from collections.abc import Iterator

from routing.audit.case import Case, Check, Fault, RouteCase
from routing.domain.fleet import DeckPosition
from routing.domain.vehicles import Model
from routing.plan import Trip
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    for each in case.routes:
        for trip in each.route.trips:
            yield from _who_stands_where(each, trip)
            yield from _fit(each, trip)


def _who_stands_where(each: RouteCase, trip: Trip) -> Iterator[Fault]:
    truck, loaded = each.truck, trip.deck
    known = {position.id for position in truck.deck.positions}
    for place, count in Counter(car.position_id for car in loaded).items():
        if place not in known:
            yield Fault(
                truck_id=truck.id,
                text=f"{truck.plate} 没有车位 {place}",
                text_en=f"{truck.id} has no deck position {place}",
            )
        elif count > 1:
            yield Fault(
                truck_id=truck.id,
                text=f"{truck.plate} 车位 {place} 上放了 {count} 台车",
                text_en=f"{count} cars stand on position {place} of {truck.id}",
            )
    on_deck = Counter((car.order_id, car.vin) for car in loaded)
    to_deliver = Counter((stop.order_id, stop.vin) for stop in trip.stops)
    for (order_id, vin), count in (to_deliver - on_deck).items():
        yield Fault(
            truck_id=truck.id,
            order_id=order_id,
            text=f"订单 {order_id} 的车 {vin} 有 {count} 台不在 {truck.plate} 板上",
            text_en=f"car {vin} of order {order_id} is missing on the deck {count} time(s)",
        )
    for (order_id, vin), count in (on_deck - to_deliver).items():
        yield Fault(
            truck_id=truck.id,
            order_id=order_id,
            text=f"{truck.plate} 板上多出 {count} 台车 {vin}(订单 {order_id}),这趟不送它",
            text_en=f"car {vin} of order {order_id} is {count} time(s) too many on the deck",
        )


def _fit(each: RouteCase, trip: Trip) -> Iterator[Fault]:
    truck = each.truck
    positions = {position.id: position for position in truck.deck.positions}
    models = {order.id: order.vehicle.model for _, order in each.stops}
    mass_kg = sum(models[car.order_id].mass_kg for car in trip.deck if car.order_id in models)
    over_kg = mass_kg - truck.deck.payload_kg
    if over_kg > 0:
        yield Fault(
            truck_id=truck.id,
            text=f"{truck.plate} 超载 {over_kg} 公斤(载重 {truck.deck.payload_kg} 公斤)",
            text_en=f"{truck.id} carries {over_kg} kg more than its {truck.deck.payload_kg} kg",
        )
    for car in trip.deck:
        if car.order_id in models and car.position_id in positions:
            for what, what_en in _too_much(models[car.order_id], positions[car.position_id]):
                yield Fault(
                    truck_id=truck.id,
                    order_id=car.order_id,
                    text=f"订单 {car.order_id} 的车放不进车位 {car.position_id}:{what}",
                    text_en=f"the car of order {car.order_id} does not fit on position "
                    f"{car.position_id}: {what_en}",
                )


def _too_much(model: Model, position: DeckPosition) -> Iterator[tuple[str, str]]:
    for zh, en, unit_zh, unit, excess in (
        ("超长", "too long by", "毫米", "mm", model.length_mm - position.length_mm),
        ("超高", "too high by", "毫米", "mm", model.height_mm - position.height_mm),
        ("超重", "too heavy by", "公斤", "kg", model.mass_kg - position.mass_kg),
    ):
        if excess > 0:
            yield f"{zh} {excess} {unit_zh}", f"{en} {excess} {unit}"
    if position.wheel_lift and not model.wheel_lift_ok:
        yield "该车型不得用托臂拖行", "this model must not ride on a wheel lift"


CHECK = Check(name="deck", reason=Reason.DECK_NO_FIT, run=_run)
