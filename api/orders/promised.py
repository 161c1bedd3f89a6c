"""What a live promise stands on: while it lives, its order's row keeps saying it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from routing.domain.orders import Order
from routing.slots.loads import load_of
from routing.witness import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePromise:
    """A hold or booking of an order, and the day that it is for."""

    id: str
    day: date


LivePromises = Callable[[Connection, str, str], Sequence[LivePromise]]
"""Gives the live promises of a tenant's order: the book knows them."""


def without_windows(row: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what the buyer accepts: the promise has its window, whatever comes after."""
    return {name: value for name, value in row.items() if name != "windows"}


def same_to_a_promise(before: Order | None, after: Order | None) -> bool:
    """Tell whether two readings of an order are one to a truck. Contact and note are free; what
    cannot be read may be anything."""
    return before is not None and after is not None and _stands_on(before) == _stands_on(after)


def _stands_on(order: Order) -> Told:
    return {name: value for name, value in load_of(order).items() if name != "note"}
