"""What a pool-day stands on: its fleet, its houses, its policy and its roads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from routing.domain.request import PlanRequest
from routing.slots.roads import Roads
from routing.witness import Witness


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Basis:
    """A day without orders, and its roads.

    `request` names trucks, drivers, specialists, warehouses, bans (at every place that roads
    reach), stock and policy. It has no orders, and no locks, baseline or carriers: a promise
    rides on a truck of ours.
    """

    request: PlanRequest
    roads: Roads

    def __post_init__(self) -> None:
        asked = self.request
        locks = asked.locks.orders or asked.locks.held
        if asked.orders or asked.baseline or asked.carriers or locks:
            raise ValueError("a basis has no orders, locks, baseline or carriers")
        if asked.days != 1:
            raise ValueError("a basis is of one day")


class Bases(Protocol):
    """Hands out what a witness stands on."""

    def of(self, witness: Witness) -> Basis:
        """Find the basis of a pool-day.

        Raises:
            UnknownBasis: nobody knows it.
        """
        ...
