"""One part of a day: a request of its own that shares no truck, no bay and no car with another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from geodata.units import Minor
from routing.domain.carriers import Carrier
from routing.domain.fleet import SpecialistTravel
from routing.domain.policy import OutsourcingPolicy
from routing.domain.request import PlanRequest
from routing.scale.carriers import put_together


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a day. `bays` holds, by warehouse, the real numbers of the bays that are its own:
    its request counts them from 1. `area` is 0 for all of its warehouses, else from 1."""

    name: str
    request: PlanRequest
    bays: Mapping[str, tuple[int, ...]]
    area: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a part has of a day, by id; `bays` as in `Part`, `max_changes` of its own."""

    name: str
    orders: Collection[str]
    trucks: Collection[str]
    own_cars: Collection[str]
    """Specialists who come by own car; who rides with a truck goes where it goes."""
    stock: Collection[str]
    """VINs."""
    bays: Mapping[str, tuple[int, ...]]
    max_changes: int | None = None
    carriers: Sequence[Carrier] = ()
    """With the places that are this part's."""
    carrier_budget: Minor | None = None
    spare_drivers: bool = True
    """With drivers of its warehouses who drive no truck today."""
    area: int = 0


def cut(request: PlanRequest, share: Share) -> Part:
    """Cut a share out of a day."""
    orders, trucks, stock = set(share.orders), set(share.trucks), set(share.stock)
    own_cars = set(share.own_cars)
    crew = {truck.driver_id for truck in request.trucks if truck.id in trucks}
    driving = {truck.driver_id for truck in request.trucks}
    part = replace(
        request,
        orders=tuple(each for each in request.orders if each.id in orders),
        trucks=tuple(each for each in request.trucks if each.id in trucks),
        drivers=tuple(
            each
            for each in request.drivers
            if each.id in crew
            or (
                share.spare_drivers
                and each.id not in driving
                and each.warehouse_id in share.bays
            )
        ),
        specialists=tuple(
            each
            for each in request.specialists
            if (each.id in own_cars if each.travel is SpecialistTravel.OWN_CAR
                else each.truck_id in trucks)
        ),
        warehouses=tuple(
            replace(each, bays=len(share.bays[each.id]))
            for each in request.warehouses
            if each.id in share.bays
        ),
        bans=tuple(ban for ban in request.bans if ban.truck_id in trucks),
        stock=tuple(car for car in request.stock if car.vehicle.vin in stock),
        locks=request.locks.part(orders=orders, trucks=trucks),
        baseline=tuple(stop for stop in request.baseline if stop.order_id in orders),
        max_changes=share.max_changes,
        carriers=tuple(share.carriers),
        policy=replace(
            request.policy, outsourcing=OutsourcingPolicy(budget=share.carrier_budget)
        ),
    )  # fmt: skip
    return Part(
        name=share.name, request=part, bays=MappingProxyType(dict(share.bays)), area=share.area
    )


def joined(request: PlanRequest, one: Part, other: Part) -> Part:
    """Put two areas of one warehouse together: all that both have."""
    both = (one.request, other.request)
    changes = [each.max_changes for each in both if each.max_changes is not None]
    money = [part.policy.outsourcing.budget for part in both]
    return cut(
        request,
        Share(
            name=f"{one.name}+{other.area}",
            orders={each.id for part in both for each in part.orders},
            trucks={each.id for part in both for each in part.trucks},
            own_cars={each.id for part in both for each in part.specialists},
            stock={each.vehicle.vin for part in both for each in part.stock},
            bays={
                house: tuple(sorted({*one.bays[house], *other.bays[house]})) for house in one.bays
            },
            max_changes=sum(changes) if changes else None,
            carriers=put_together([carrier for part in both for carrier in part.carriers]),
            carrier_budget=None
            if None in money
            else Minor(sum(int(each) for each in money if each is not None)),
            spare_drivers=1 in (one.area, other.area),
            area=one.area,
        ),
    )
