"""What a dispatcher has fixed before the day is planned: orders, trucks and sequences.

Names refer to orders and trucks of the same request.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLock:
    """This order rides on this truck or on none, anywhere in its route.

    Leaving it behind weighs as much as breaking a promise.
    """

    order_id: str
    truck_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckLock:
    """This truck brings these orders in this sequence, and nothing else; none: it stays at home."""

    truck_id: str
    orders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceLock:
    """These orders ride on this truck in this relative order; others may ride between them.

    With `first` they are its first stops. With `closed` only orders locked to the truck ride on
    it. `departs` fixes the departure to the second, `loads` the start of loading: a truck that has
    left, or is being loaded. Where loading ends at departure, one of the two says it all.
    """

    truck_id: str
    orders: tuple[str, ...] = ()
    first: bool = False
    closed: bool = False
    departs: datetime | None = None
    loads: datetime | None = None

    def __post_init__(self) -> None:
        for moment in (self.departs, self.loads):
            if moment is not None and moment.tzinfo is None:
                raise ValueError(f"lock of truck {self.truck_id}: a moment has no time zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Locks:
    """All locks of a day. A truck has at most one truck lock or sequence lock."""

    orders: tuple[OrderLock, ...] = ()
    trucks: tuple[TruckLock, ...] = ()
    sequences: tuple[SequenceLock, ...] = ()

    @property
    def held(self) -> tuple[TruckLock | SequenceLock, ...]:
        """The locks of whole trucks and of sequences."""
        return (*self.trucks, *self.sequences)

    def contradictions(self, *, orders: Collection[str], trucks: Collection[str]) -> list[str]:
        """List what these locks say that cannot be; `trucks` are those somebody drives."""
        faults = []
        held = [(lock.truck_id, lock.orders) for lock in self.held]
        asked = [(lock.order_id, lock.truck_id) for lock in self.orders]
        asked += [(order, truck) for truck, sequence in held for order in sequence]
        for name in dict.fromkeys(order for order, _ in asked):
            if name not in orders:
                faults.append(
                    f"a lock names order {name}, which the day does not hold: take it out"
                )
        for name in dict.fromkeys(
            [*(truck for _, truck in asked), *(lock.truck_id for lock in self.sequences)]
        ):
            if name not in trucks:
                faults.append(f"a lock names truck {name}, which nobody drives today: take it out")
        for name, count in Counter(truck for truck, _ in held).items():
            if count > 1:
                faults.append(f"truck {name} is locked {count} times: keep one lock of it")
        wanted: dict[str, set[str]] = {}
        for order, truck in asked:
            wanted.setdefault(order, set()).add(truck)
        for order, names in wanted.items():
            if len(names) > 1:
                faults.append(
                    f"order {order} is locked to {' and '.join(sorted(names))}: choose one"
                )
        for order, count in Counter(order for _, sequence in held for order in sequence).items():
            if count > 1 and len(wanted[order]) == 1:
                faults.append(f"order {order} stands {count} times in its truck's lock")
        whole = {lock.truck_id: set(lock.orders) for lock in self.trucks}
        for lock in self.orders:
            if lock.truck_id in whole and lock.order_id not in whole[lock.truck_id]:
                faults.append(
                    f"order {lock.order_id} is locked to truck {lock.truck_id}, whose own lock is"
                    " without it"
                )
        return faults

    def part(self, *, orders: Collection[str], trucks: Collection[str]) -> "Locks":
        """Keep the locks between these orders and these trucks."""
        return Locks(
            orders=tuple(
                lock for lock in self.orders if lock.order_id in orders and lock.truck_id in trucks
            ),
            trucks=tuple(
                lock
                for lock in self.trucks
                if lock.truck_id in trucks and all(each in orders for each in lock.orders)
            ),
            sequences=tuple(
                lock
                for lock in self.sequences
                if lock.truck_id in trucks and all(each in orders for each in lock.orders)
            ),
        )
