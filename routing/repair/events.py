"""What can happen to a day whose plan people already hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from routing.domain.windows import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAdded:
    """An order of the day that the plan is without, or left behind, is to be brought."""

    order_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled:
    """An order of the plan is not to be brought any more."""

    order_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckLost:
    """A truck does nothing any more from a moment on; what is on its deck then stays there."""

    truck_id: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadChanged:
    """Legs that begin from a moment on are closed, or take `permille` of their usual time.

    Those between a place of `places` and one of `towards`, either way; `towards` empty: all that
    lead to, from and between `places`. `permille` None: there is no road.
    """

    places: frozenset[str]
    towards: frozenset[str] = frozenset()
    permille: int | None = None
    since: datetime

    def __post_init__(self) -> None:
        if not self.places:
            raise ValueError("a road event needs at least one place")
        if self.permille is not None and not 1_000 < self.permille <= 20_000:
            raise ValueError(f"a road takes 1 to 20 times as long, not {self.permille / 1000:g}")


@dataclass(frozen=True, slots=True, kw_only=True)
class VinLate:
    """The car of an order may be loaded from another moment on."""

    order_id: str
    ready: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerAbsent:
    """A buyer is away from a moment on, or takes the car in other `windows` than were told."""

    order_id: str
    since: datetime | None = None
    windows: tuple[Window, ...] = ()

    def __post_init__(self) -> None:
        if (self.since is None) == (not self.windows):
            raise ValueError(f"buyer of {self.order_id}: away since a moment, or other windows")


Event = OrderAdded | OrderCancelled | TruckLost | RoadChanged | VinLate | BuyerAbsent


def order_of(event: Event) -> str:
    """Name the order an event is about; empty: it is about a truck or a road."""
    if isinstance(event, OrderAdded | OrderCancelled | VinLate | BuyerAbsent):
        return event.order_id
    return ""
