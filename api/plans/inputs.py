"""What a plan is made from, whole and unchangeable: the request, and what happened to its roads."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from api.kit.canonical import digest
from api.kit.clock import CHINA
from routing.domain.orders import Order
from routing.domain.request import PlanRequest
from routing.plan_json import heard, tell
from routing.repair.events import RoadChanged
from routing.repair.roads import with_road
from routing.slots.loads import order_of
from routing.witness import Promise, Witness

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadEvent:
    """A road that changed, and from which second of the horizon's second midnight on."""

    event: RoadChanged
    since_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanInput:
    """A request without personal data, and the roads that repairs were told of since."""

    request: PlanRequest
    roads: tuple[RoadEvent, ...] = ()

    def told(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {"request": tell(self.request), "roads": [tell(each) for each in self.roads]}

    @property
    def digest(self) -> str:
        """Hash of all of it."""
        return digest(self.told())

    def travel(self, travel: TravelMatrix) -> TravelMatrix:
        """Change the roads of the day by what has happened to them."""
        for each in self.roads:
            travel = with_road(travel, each.event, since_s=each.since_s)
        return travel


def input_of(request: PlanRequest) -> PlanInput:
    """Take a request as it is now, without anybody's name or number."""
    orders = tuple(replace(order, contact=None) for order in request.orders)
    return PlanInput(request=replace(request, orders=orders))


def input_told(told: Mapping[str, Any]) -> PlanInput:
    """Read back what was written.

    Raises:
        BadPlan: somebody changed it.
    """
    request = heard(told["request"], PlanRequest, "request")
    # JSON keeps the offset of a moment and not its zone; a plan names the zone.
    request = replace(request, horizon_start=request.horizon_start.astimezone(CHINA))
    roads = tuple(heard(each, RoadEvent, "road") for each in told["roads"])
    return PlanInput(request=request, roads=roads)


def with_promises(
    request: PlanRequest, witness: Witness, *, elsewhere: Collection[str] = ()
) -> PlanRequest:
    """Let the windows that are promised on a day bind its plan.

    An order that the day has not, but promises, is added; one whose promise is for another day
    (`elsewhere`) is left out.
    """
    live = {
        promise.ask.order_ref: promise
        for name, promise in witness.promises.items()
        if name in witness.owed or name in witness.served
    }
    orders: list[Order] = []
    for order in request.orders:
        if order.id in live:
            window = live[order.id].ask.window
            orders.append(replace(order, windows=(window,), promised=True, preferred=()))
        elif order.id not in elsewhere:
            orders.append(order)
    known = {order.id for order in request.orders}
    orders += _added([each for name, each in live.items() if name not in known])
    return replace(request, orders=tuple(orders))


def _added(promises: Sequence[Promise]) -> list[Order]:
    return [replace(order_of(each.ask), id=each.ask.order_ref) for each in promises]
