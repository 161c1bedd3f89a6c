"""Seconds of the horizon back to aware moments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from geodata.units import Minor
from routing.domain.windows import Window
from routing.plan import Leg, Rest
from routing.trace import Pause, TracedLeg


@dataclass(frozen=True, slots=True)
class Moments:
    """The horizon's start turns seconds into moments."""

    horizon_start: datetime

    def at(self, second: int) -> datetime:
        """Moment of a second."""
        return self.horizon_start + timedelta(seconds=int(second))

    def window(self, start: int, end: int) -> Window:
        """Window between two seconds."""
        return Window(start=self.at(start), end=self.at(end))

    def rests(self, pauses: tuple[Pause, ...]) -> tuple[Rest, ...]:
        """Pauses as the plan shows them."""
        return tuple(
            Rest(start=self.at(pause.start), end=self.at(pause.end), place=pause.place)
            for pause in pauses
        )

    def leg(self, traced: TracedLeg) -> Leg:
        """A leg as the plan shows it."""
        return Leg(
            departs=self.at(traced.departs),
            arrives=self.at(traced.arrives),
            drive_s=traced.drive_s,
            metres=traced.metres,
            toll_minor=Minor(traced.toll),
            road_rests=self.rests(traced.pauses),
        )
