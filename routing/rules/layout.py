"""The day's things in a fixed order, so that every rule numbers them alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geodata.matrix import TravelMatrix
    from routing.domain.fleet import DeckTemplate, Truck
    from routing.domain.orders import Order
    from routing.domain.request import PlanRequest
    from routing.domain.warehouses import Warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Orders, trucks, warehouses and decks by row; moments as seconds of the horizon."""

    request: PlanRequest
    travel: TravelMatrix
    orders: tuple[Order, ...]
    trucks: tuple[Truck, ...]
    warehouses: tuple[Warehouse, ...]
    decks: tuple[DeckTemplate, ...]
    warehouse_row: dict[str, int]
    deck_row: dict[str, int]
    place_row: dict[str, int]

    @classmethod
    def of(cls, request: PlanRequest, travel: TravelMatrix) -> Layout:
        """Number what the day holds. Trucks nobody drives are left out."""
        trucks = tuple(truck for truck in request.trucks if truck.driver_id)
        decks = {truck.deck.id: truck.deck for truck in trucks}
        return cls(
            request=request,
            travel=travel,
            orders=request.orders,
            trucks=trucks,
            warehouses=request.warehouses,
            decks=tuple(decks.values()),
            warehouse_row={house.id: row for row, house in enumerate(request.warehouses)},
            deck_row={deck: row for row, deck in enumerate(decks)},
            place_row={place: row for row, place in enumerate(travel.place_ids)},
        )

    def second(self, moment: datetime) -> int:
        """Turn a moment into whole seconds since the horizon's start (rounded up)."""
        delta = moment - self.request.horizon_start
        return delta.days * 86_400 + delta.seconds + (1 if delta.microseconds else 0)
