"""The plan that people already know, order by order: what a new plan should change little of."""

from dataclasses import dataclass
from datetime import datetime

from routing.domain.windows import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineStop:
    """Which truck was to bring an order, and when its service was to begin (typical moment).

    The truck may be one that today's request does not hold any more. `slot` is what the buyer
    was told. `forced`: something has happened that may keep it from truck and time, and its change
    takes nothing from the budget.
    """

    order_id: str
    truck_id: str
    begins: datetime
    slot: Window | None = None
    forced: bool = False

    def __post_init__(self) -> None:
        if self.begins.tzinfo is None:
            raise ValueError(f"baseline of order {self.order_id}: begins has no time zone")
