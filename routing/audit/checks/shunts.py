"""The deck, played through stop by stop: what is in the way is moved, nothing else, and no way of
loading needs fewer moves."""

from collections.abc import Iterator
from typing import Final

from routing.audit.case import Case, Check, Fault, RouteCase
from routing.audit.twin.deck import blocked_by, in_the_way, least_moves
from routing.audit.twin.reading import deck_seconds
from routing.plan import Stop, Trip

MOST_CARS: Final = 10
"""Beyond this many cars and trade-ins the least is not looked for again: it takes seconds."""

Said = tuple[str, str, str]
"""Order, and the fault in Chinese and English."""


def _run(case: Case) -> Iterator[Fault]:
    for each in case.routes:
        faults = [*_time(case, each)]
        for trip in each.route.trips:
            faults += [*_moves(each, trip), *_fewest(each, trip)]
        for order_id, zh, en in faults:
            yield Fault(
                truck_id=each.truck.id,
                order_id=order_id,
                text=f"{each.truck.plate} {f'订单 {order_id} ' if order_id else ''}{zh}",
                text_en=f"{each.truck.id}{f', order {order_id}' if order_id else ''}: {en}",
            )


def _moves(each: RouteCase, trip: Trip) -> Iterator[Said]:
    blocked = blocked_by(each.truck.deck)
    standing: dict[str, tuple[str, str, bool]] = {
        car.position_id: (car.order_id, car.vin, False) for car in trip.deck
    }
    for stop in trip.stops:
        own = [name for name, who in standing.items() if who == (stop.order_id, stop.vin, False)]
        for name in own:
            del standing[name]
        leaves_by = [*own, *([stop.trade_in.position_id] if stop.trade_in else [])]
        needed = in_the_way((name for name in leaves_by if name in blocked), standing, blocked)
        moved = [move.position_id for move in stop.shunts]
        for name in sorted(needed - set(moved)):
            yield (
                stop.order_id,
                f"车位 {name} 上的车挡路,却没有倒车",
                f"the car on position {name} is in the way and is not moved",
            )
        for name in sorted(set(moved) - needed):
            yield (
                stop.order_id,
                f"车位 {name} 不挡路,却要倒车",
                f"position {name} is moved, though nothing there is in the way",
            )
        yield from _move_by_move(each, stop, standing)
        if stop.trade_in is not None:
            standing[stop.trade_in.position_id] = (stop.order_id, "", True)


def _move_by_move(
    each: RouteCase, stop: Stop, standing: dict[str, tuple[str, str, bool]]
) -> Iterator[Said]:
    blocked, still = blocked_by(each.truck.deck), dict(standing)
    for move in stop.shunts:
        there = still.pop(move.position_id, None)
        if there is not None and there != (move.order_id, move.vin, move.trade_in):
            yield (
                stop.order_id,
                f"倒车写的不是车位 {move.position_id} 上的车",
                f"names another car than the one on position {move.position_id}",
            )
        ahead = blocked.get(move.position_id, frozenset()) & still.keys()
        mutual = in_the_way(ahead, {*still, move.position_id}, blocked)
        if there is not None and ahead and move.position_id not in mutual:
            yield (
                stop.order_id,
                f"车位 {move.position_id} 的车开不下来:{'、'.join(sorted(ahead))} 还挡着",
                f"the car on {move.position_id} cannot be driven off: "
                f"{', '.join(sorted(ahead))} still in its way",
            )


def _time(case: Case, each: RouteCase) -> Iterator[Said]:
    moved = [len(stop.shunts) for stop, _ in each.stops]
    seconds = deck_seconds(case.request, moved, [order for _, order in each.stops])
    for (stop, order), right_s in zip(each.stops, seconds, strict=True):
        if stop.deck_s != right_s:
            yield (
                order.id,
                f"倒车用时写 {stop.deck_s} 秒,应为 {right_s} 秒",
                f"states {stop.deck_s} s of work at the deck, not {right_s}",
            )


def _fewest(each: RouteCase, trip: Trip) -> Iterator[Said]:
    known = {order.id: order for _, order in each.stops}
    if any(stop.order_id not in known for stop in trip.stops):
        return
    orders = [known[stop.order_id] for stop in trip.stops]
    old_cars = tuple(order.trade_in.model if order.trade_in else None for order in orders)
    if len(orders) + sum(old_car is not None for old_car in old_cars) > MOST_CARS:
        return
    cars = tuple(order.vehicle.model for order in orders)
    least = least_moves(each.truck.deck, cars, old_cars)
    moved = tuple(len(stop.shunts) for stop in trip.stops)
    if least is not None and moved != least.moved:
        yield (
            "",
            f"倒车次数写 {list(moved)},最少是 {list(least.moved)}",
            f"moves {list(moved)} cars stop by stop, the least is {list(least.moved)}",
        )


CHECK = Check(name="shunts", reason=None, run=_run)
