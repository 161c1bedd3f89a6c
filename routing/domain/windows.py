"""Delivery windows: half-open, zone-aware; service *begins* inside."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Window:
    """`[start, end)`, both aware. A service that begins at `end` is late."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError(f"window {self.start} to {self.end} has no time zone")
        if self.end <= self.start:
            raise ValueError(f"window ends {self.end} before it starts {self.start}")

    def contains(self, moment: datetime) -> bool:
        """Tell whether a service may begin at this moment."""
        return self.start <= moment < self.end

    def holds(self, other: "Window") -> bool:
        """Tell whether the other window lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end
