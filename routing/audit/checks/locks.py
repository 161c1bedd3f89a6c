"""What was locked beforehand is as it was: truck, sequence, first stops, departure."""

from collections.abc import Iterator

from routing.audit.case import Case, Check, Fault
from routing.domain.locks import Locks, SequenceLock, TruckLock
from routing.plan import Route
from routing.reasons import Reason


def locked_apart(locks: Locks, truck_id: str, order_id: str) -> bool:
    """Tell whether locks keep an order off a truck."""
    asked = _trucks_by_order(locks)
    if order_id in asked:
        return asked[order_id] != truck_id
    return any(lock.truck_id == truck_id for lock in locks.trucks) or any(
        lock.truck_id == truck_id and bool(lock.closed or lock.orders or lock.departs or lock.loads)
        for lock in locks.sequences
    )


def _trucks_by_order(locks: Locks) -> dict[str, str]:
    asked = {lock.order_id: lock.truck_id for lock in locks.orders}
    for lock in locks.held:
        asked.update(dict.fromkeys(lock.orders, lock.truck_id))
    return asked


def _run(case: Case) -> Iterator[Fault]:
    locks = case.request.locks
    routes = {route.truck_id: route for route in case.plan.routes}
    asked = _trucks_by_order(locks)
    for route in case.plan.routes:
        for stop in route.stops:
            wanted = asked.get(stop.order_id, route.truck_id)
            if wanted != route.truck_id:
                yield Fault(
                    truck_id=route.truck_id,
                    order_id=stop.order_id,
                    text=f"订单 {stop.order_id} 锁定在 {wanted},计划却由 {route.truck_id} 送",
                    text_en=f"order {stop.order_id} is locked to {wanted}, but rides on"
                    f" {route.truck_id}",
                )
    for lock in locks.trucks:
        yield from _of_truck(lock, routes.get(lock.truck_id))
    for held in locks.sequences:
        yield from _of_sequence(held, routes.get(held.truck_id), asked)


def _of_truck(lock: TruckLock, route: Route | None) -> Iterator[Fault]:
    found = _orders(route)
    if found != lock.orders:
        yield _broken(
            lock.truck_id,
            f"应依次送 {_list(lock.orders)},计划为 {_list(found)}",
            f"must bring {_list(lock.orders)} in this sequence, but brings {_list(found)}",
        )


def _of_sequence(lock: SequenceLock, route: Route | None, asked: dict[str, str]) -> Iterator[Fault]:
    found = _orders(route)
    mine = tuple(each for each in found if each in lock.orders)
    if mine != lock.orders:
        yield _broken(
            lock.truck_id,
            f"锁定的先后为 {_list(lock.orders)},计划为 {_list(mine)}",
            f"is locked to {_list(lock.orders)} in this sequence, found {_list(mine)}",
        )
    elif lock.first and found[: len(mine)] != mine:
        yield _broken(
            lock.truck_id,
            f"最先应送 {_list(lock.orders)},计划为 {_list(found)}",
            f"must bring {_list(lock.orders)} first, but brings {_list(found)}",
        )
    added = tuple(each for each in found if asked.get(each) != lock.truck_id)
    if lock.closed and added:
        yield _broken(
            lock.truck_id, f"不再加车,计划加了 {_list(added)}", f"is closed, but got {_list(added)}"
        )
    if route is None:
        return
    for what_zh, what_en, wanted, found_at in (
        ("出发", "leave", lock.departs, route.departs),
        ("装车", "load", lock.loads, route.load.start),
    ):
        if wanted is not None and wanted != found_at:
            yield _broken(
                lock.truck_id,
                f"{what_zh}锁定在 {wanted:%H:%M:%S},计划为 {found_at:%H:%M:%S}",
                f"is locked to {what_en} at {wanted:%H:%M:%S}, the plan says {found_at:%H:%M:%S}",
            )


def _orders(route: Route | None) -> tuple[str, ...]:
    return () if route is None else tuple(stop.order_id for stop in route.stops)


def _broken(truck_id: str, zh: str, en: str) -> Fault:
    return Fault(truck_id=truck_id, text=f"{truck_id} {zh}", text_en=f"truck {truck_id} {en}")


def _list(orders: tuple[str, ...]) -> str:
    return ", ".join(orders) if orders else "—"


CHECK = Check(name="locks", reason=Reason.LOCKED, run=_run)
