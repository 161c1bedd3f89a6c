"""Warehouses (RDC) with their loading bays."""

from dataclasses import dataclass

from geodata.places import Place
from routing.domain.windows import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Warehouse:
    """Where vehicles and trucks stand.

    `loading` are the opening intervals of the bays within the horizon: the planned day's, and
    with `evening_loading` the evening before. With evening loading trucks are loaded in the
    first interval and leave next morning without visiting a bay.
    """

    id: str
    name: str
    place: Place
    bays: int
    loading: tuple[Window, ...]
    evening_loading: bool = False

    def __post_init__(self) -> None:
        if self.bays < 1:
            raise ValueError(f"warehouse {self.id}: needs at least one loading bay")
        if not self.loading:
            raise ValueError(f"warehouse {self.id}: has no loading hours")
