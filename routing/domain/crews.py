"""Who drives which truck: as many trucks manned as can be, the biggest first. Who comes apart."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from routing.domain.fleet import Driver, Specialist, Truck, TruckKind
from routing.domain.windows import Window

LICENCES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "A1": frozenset({"A1", "A3", "B1", "B2", "C1", "C2", "C3", "C4"}),
        "A2": frozenset({"A2", "B1", "B2", "C1", "C2", "C3", "C4"}),
        "A3": frozenset({"A3", "C1", "C2", "C3", "C4"}),
        "B1": frozenset({"B1", "C1", "C2", "C3", "C4"}),
        "B2": frozenset({"B2", "C1", "C2", "C3", "C4"}),
        "C1": frozenset({"C1", "C2", "C3"}),
        "C2": frozenset({"C2"}),
        "C3": frozenset({"C3", "C4"}),
        "C4": frozenset({"C4"}),
        "C6": frozenset({"C6"}),
    }
)
"""What each class may drive: 机动车驾驶证申领和使用规定 (2022), annex 1, four wheels and more."""


def licence_covers(held: str, needed: str) -> bool:
    """Tell whether a driver's classes ("A2", or several: "A1A2", "A2 E") allow a truck's class."""
    return any(needed in LICENCES.get(name, frozenset()) for name in split_licence(held))


def split_licence(text: str) -> tuple[str, ...]:
    """Split "A1A2" or "A1, A2" into classes, in the order written; unknown letters are kept."""
    compact = "".join(char for char in text.upper() if char.isalnum())
    classes: list[str] = []
    while compact:
        size = 2 if compact[1:2].isdigit() else 1
        classes.append(compact[:size])
        compact = compact[size:]
    return tuple(classes)


def may_drive(driver: Driver, truck: Truck) -> bool:
    """Tell whether this driver may take this truck on its day: home, licence, day off and rest."""
    return (
        driver.warehouse_id == truck.warehouse_id
        and truck.shift_start.date() not in driver.days_off
        and licence_covers(driver.licence, truck.licence)
        and (driver.rested_at is None or driver.rested_at <= truck.shift_start)
    )


def match_drivers(trucks: Sequence[Truck], drivers: Sequence[Driver]) -> Mapping[str, str]:
    """Give drivers to trucks, exactly: truck id to driver id.

    A truck that already names its driver keeps that one. Of the others as many as possible are
    manned, and among all such choices those with the most deck positions in all. Augmenting
    paths taken in the order of size give both at once: the sets of trucks that can be manned
    together form a matroid, on which greedy is optimal. Ties go by id.
    """
    manned = {truck.id: truck.driver_id for truck in trucks if truck.driver_id}
    taken = set(manned.values())
    free = sorted((one for one in drivers if one.id not in taken), key=lambda one: one.id)
    open_trucks = sorted(
        (truck for truck in trucks if not truck.driver_id),
        key=lambda truck: (-len(truck.deck.positions), truck.id),
    )
    choices = {
        truck.id: tuple(driver.id for driver in free if may_drive(driver, truck))
        for truck in open_trucks
    }
    truck_of: dict[str, str] = {}
    for truck in open_trucks:
        _augment(truck.id, choices=choices, truck_of=truck_of, tried=set())
    return manned | {truck_id: driver_id for driver_id, truck_id in truck_of.items()}


def _augment(
    truck_id: str,
    *,
    choices: Mapping[str, tuple[str, ...]],
    truck_of: dict[str, str],
    tried: set[str],
) -> bool:
    """Man one more truck, moving drivers between already manned ones where that helps."""
    for driver_id in choices[truck_id]:
        if driver_id in tried:
            continue
        tried.add(driver_id)
        holder = truck_of.get(driver_id)
        if holder is None or _augment(holder, choices=choices, truck_of=truck_of, tried=tried):
            truck_of[driver_id] = truck_id
            return True
    return False


def shift_of(person: Specialist, trucks: Sequence[Truck]) -> Window | None:
    """Tell when a specialist in an own car may be on the way; None: never, no truck goes out."""
    if person.shift is not None:
        return person.shift
    here = [truck for truck in trucks if truck.warehouse_id == person.warehouse_id]
    if not here:
        return None
    return Window(
        start=min(truck.shift_start for truck in here), end=max(truck.shift_end for truck in here)
    )


def own_car_class(truck_classes: Sequence[str]) -> str:
    """Choose the class of a travel matrix by which own cars drive: that of the smallest truck."""
    return next((kind.value for kind in TruckKind if kind.value in truck_classes), truck_classes[0])
