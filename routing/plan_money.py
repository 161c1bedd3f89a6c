"""What a route costs, as a plan says it."""

from __future__ import annotations

from dataclasses import dataclass

from geodata.units import Minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What something costs, in fen, by kind."""

    km: Minor = Minor(0)
    hours: Minor = Minor(0)
    overtime: Minor = Minor(0)
    fixed: Minor = Minor(0)
    tolls: Minor = Minor(0)
    shunts: Minor = Minor(0)
    nights: Minor = Minor(0)

    @property
    def total(self) -> Minor:
        """Sum of all kinds."""
        paid = self.km + self.hours + self.overtime + self.fixed + self.tolls
        return Minor(paid + self.shunts + self.nights)
