"""Pools: warehouses that share trucks, drivers or specialists, and so are planned together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from routing.domain.fleet import SpecialistTravel
from routing.domain.locks import Locks
from routing.domain.request import PlanRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A connected set of warehouses; its id is the first of theirs."""

    warehouse_ids: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.warehouse_ids or list(self.warehouse_ids) != sorted(set(self.warehouse_ids)):
            raise ValueError(f"a pool has warehouses, each once and sorted: {self.warehouse_ids}")

    @property
    def id(self) -> str:
        """Name of the pool."""
        return self.warehouse_ids[0]


def pools_of(request: PlanRequest, houses: Iterable[str]) -> tuple[Pool, ...]:
    """Divide warehouses of a day, by id, into pools, by name."""
    drivers = {driver.id: driver.warehouse_id for driver in request.drivers}
    homes = {truck.vehicle: truck.warehouse_id for truck in request.trucks}
    links = [
        (truck.warehouse_id, drivers[truck.driver_id])
        for truck in request.trucks
        if truck.driver_id in drivers
    ]
    links += [
        (one.warehouse_id, homes[one.truck_id])
        for one in request.specialists
        if one.travel is SpecialistTravel.WITH_TRUCK and one.truck_id in homes
    ]
    joined = _joined(houses, links)
    groups: dict[str, list[str]] = {}
    for its_house, root in joined.items():
        groups.setdefault(root, []).append(its_house)
    found = [Pool(warehouse_ids=tuple(sorted(its))) for its in groups.values()]
    return tuple(sorted(found, key=lambda pool: pool.id))


def pool_day(request: PlanRequest, pool: Pool) -> PlanRequest:
    """Cut a pool's part out of a day, without orders, locks, carriers and a known plan.

    What was assumed of other sheets is left out: it is the same world with other words.
    """
    houses = frozenset(pool.warehouse_ids)
    trucks = tuple(truck for truck in request.trucks if truck.warehouse_id in houses)
    driving = {truck.driver_id for truck in trucks}
    riding = {truck.vehicle for truck in trucks} | {truck.id for truck in trucks}
    return replace(
        request,
        orders=(),
        trucks=trucks,
        drivers=tuple(one for one in request.drivers if one.id in driving),
        specialists=tuple(
            one
            for one in request.specialists
            if (one.truck_id in riding if one.truck_id else one.warehouse_id in houses)
        ),
        warehouses=tuple(house for house in request.warehouses if house.id in houses),
        bans=tuple(ban for ban in request.bans if ban.truck_id in riding),
        stock=tuple(car for car in request.stock if car.warehouse_id in houses),
        assumptions=(),
        locks=Locks(),
        baseline=(),
        max_changes=None,
        carriers=(),
    )


def _joined(houses: Iterable[str], links: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Give each warehouse the first one of those it is linked with, over however many others."""
    root = {house: house for house in houses}

    def first(house: str) -> str:
        while root[house] != house:
            house = root[house]
        return house

    for one, other in links:
        if one in root and other in root:
            low, high = sorted((first(one), first(other)))
            root[high] = low
    return {house: first(house) for house in root}
