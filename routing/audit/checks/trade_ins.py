"""Every trade-in of a served order is on board from its stop on, on a position that takes it."""

from collections.abc import Iterator

from routing.audit.case import Case, Check, Fault, RouteCase
from routing.audit.twin.deck import masses_on_board, standing_room
from routing.domain.orders import Order, TradeIn
from routing.plan import Stop, Trip
from routing.plan_deck import LoadedTradeIn
from routing.reasons import Reason


def _run(case: Case) -> Iterator[Fault]:
    for each in case.routes:
        for stop, order in each.stops:
            trip = next(trip for trip in each.route.trips if stop in trip.stops)
            for zh, en in _faults(each, trip, stop, order):
                yield Fault(
                    truck_id=each.truck.id,
                    order_id=order.id,
                    text=f"订单 {order.id} 的置换车:{zh}",
                    text_en=f"the trade-in of order {order.id} {en}",
                )
        for trip in each.route.trips:
            yield from _payload(each, trip)


def _faults(each: RouteCase, trip: Trip, stop: Stop, order: Order) -> Iterator[tuple[str, str]]:
    wanted, loaded = order.trade_in, stop.trade_in
    if wanted is None or loaded is None:
        if wanted is not None:
            yield "没有装车", "is not taken along"
        elif loaded is not None:
            yield "订单里没有,却装了车", "is taken along, though the order has none"
        return
    yield from _stands(each, wanted, loaded)
    index = trip.stops.index(stop)
    later = {after.order_id for after in trip.stops[index + 1 :]}
    for name, holder in (
        *((car.position_id, car.order_id) for car in trip.deck if car.order_id in later),
        *((s.trade_in.position_id, s.order_id) for s in trip.stops[:index] if s.trade_in),
    ):
        if name == loaded.position_id:
            yield (
                f"车位 {name} 上还有订单 {holder} 的车",
                f"is put on position {name}, where a car of order {holder} still stands",
            )


def _stands(each: RouteCase, wanted: TradeIn, loaded: LoadedTradeIn) -> Iterator[tuple[str, str]]:
    if loaded.model_name != wanted.model_name:
        yield (
            f"车型写 {loaded.model_name},应为 {wanted.model_name}",
            f"is called {loaded.model_name}, not {wanted.model_name}",
        )
    if loaded.position_id not in standing_room(each.truck.deck, wanted.model):
        yield (
            f"放不进 {each.truck.plate} 的车位 {loaded.position_id}",
            f"cannot stand on position {loaded.position_id} of {each.truck.id}",
        )


def _payload(each: RouteCase, trip: Trip) -> Iterator[Fault]:
    here = [(stop, order) for stop, order in each.stops if stop in trip.stops]
    cars = [order.vehicle.model for _, order in here]
    old_cars = [
        None if order.trade_in is None or stop.trade_in is None else order.trade_in.model
        for stop, order in here
    ]
    departing, *along = masses_on_board(cars, old_cars)
    over_kg = max(along, default=0) - each.truck.deck.payload_kg
    # Too much at departure is the matter of the deck.
    if over_kg > 0 and max(along) > departing:
        yield Fault(
            truck_id=each.truck.id,
            text=f"{each.truck.plate} 装上置换车后超载 {over_kg} 公斤",
            text_en=f"{each.truck.id} carries {over_kg} kg too much once trade-ins are on board",
        )


CHECK = Check(name="trade_ins", reason=Reason.TRADE_IN_NO_ROOM, run=_run)
